"""What the pages of a book say: minutes and resolutions as they were approved, as canonical JSON. Pure.

A resolution has its four parts (DOMAIN: minutes hold): the tasks evaluated, what comes next, the tasks given, the
self-score; then the votes. Members go by their ids: who they are membership knows.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from contracts.meetings import Attender
from services.meetings.resolutions.domain import Record

_SCORE: Final = ("guidance", "points", "total", "grade", "decided_on")
_VOTES: Final = ("majority", "in_favour", "against", "abstained", "voters", "base", "carried")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """All that is approved of a meeting."""

    record: Record
    cell_code: str
    cell_name: str
    contents: Mapping[str, Any]
    """As `contents_of` gives them."""
    self_score: Mapping[str, Any] | None
    """The last that the cell proposed, None where it did not."""
    documents: Sequence[str]
    """SHA-256 of what was attached to the meeting, in hexadecimal digits."""
    approved_on: date | None
    """None of a draft, which is in no book."""
    above_name: str | None = None
    """What the unit above the cell was called on the day; None where it is not known."""
    chair_positions: Sequence[str] = ()
    """What who led the meeting was in the cell on the day, which says how they sign."""


def resolution_content(approved: Approved, resolution: Mapping[str, Any]) -> str:
    """Return what the page of a resolution says that was carried."""
    contents = approved.contents
    return canonical(
        {
            **heading(approved),
            **{name: resolution[name] for name in ("id", "series", "number", "subject", "text", "voted_on")},
            "evaluations": contents["evaluations"],
            "directions": contents["proceedings"]["directions"],
            "tasks": contents["tasks"],
            "self_score": _score(approved.self_score),
            "votes": {name: resolution[name] for name in _VOTES},
        }
    )


def minutes_content(approved: Approved, *, series: str, number: int) -> str:
    """Return what the page of the minutes says."""
    meeting, contents = approved.record.meeting, approved.contents
    return canonical(
        {
            **heading(approved),
            "series": series,
            "number": number,
            "minutes": meeting.minutes,
            "place": meeting.place,
            "theme": meeting.theme,
            "agenda": meeting.agenda,
            "prepared_by": meeting.prepared_by,
            "roll": [attender_json(one) for one in approved.record.roll],
            **contents["proceedings"],
            "resolutions": [
                {name: one[name] for name in ("id", "series", "number", "subject", "text", *_VOTES)}
                for one in contents["resolutions"]
            ],
            "evaluations": contents["evaluations"],
            "tasks": contents["tasks"],
            "self_score": _score(approved.self_score),
        }
    )


def canonical(value: object) -> str:
    """Return JSON that is the same text for the same value: names sorted, no spaces, nothing escaped needlessly.

    Raises TypeError for what it has no form of.
    """
    return json.dumps(
        value, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def _plain(value: object) -> str:
    match value:
        case date() | datetime():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
    raise TypeError(f"no canonical form of {type(value).__name__}")


def heading(approved: Approved) -> dict[str, Any]:
    """Return what every page of a meeting begins with."""
    plan = approved.record.meeting.plan
    return {
        "cell": {"id": plan.cell_id, "code": approved.cell_code, "name": approved.cell_name},
        "above_name": approved.above_name,
        "chair": {
            "member_id": approved.contents["proceedings"]["chair_id"],
            "positions": approved.chair_positions,
        },
        "meeting": {
            "id": approved.record.meeting.id,
            "kind": plan.kind,
            "month": plan.month,
            "began_at": plan.starts_at,
        },
        "documents": sorted(approved.documents),
        "approved_on": approved.approved_on,
    }


def attender_json(one: Attender) -> dict[str, Any]:
    """Return somebody on a roll as pages have them."""
    return {
        "member_id": one.member_id,
        "roll": one.roll,
        "presence": one.presence,
        "exempt": one.exempt,
        "special_duty": one.special_duty,
    }


def _score(score: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if score is None else {name: score[name] for name in _SCORE}
