"""What the routes of snapshots are asked and answer, with examples, as their OpenAPI document has it."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from chassis.cursors import invalid_cursor
from chassis.event_log import ConcurrentChange
from chassis.idempotency import key_invalid, key_reused
from chassis.openapi import (
    NOT_MODIFIED,
    Answers,
    example,
    invalid_at,
    problem_answers,
    resource_answer,
    unreadable_body,
)
from chassis.preconditions import documented_if_none_match
from chassis.problems import Problem, unavailable
from services.reporting.parameters import unknown_unit, wrong

_UP_TO: Final[dict[str, JsonValue]] = {
    "chibo.membership.internal.v1": {"0": 1000000000000098, "5": 1000000000000099}
}
_REVISION: Final[dict[str, JsonValue]] = {
    "revision": 2,
    "known_at": "2020-12-15T01:00:00Z",
    "up_to": _UP_TO,
    "unit": {"code": "K.01", "name": "Đảng bộ Sở Y tế", "type": "grassroots_committee"},
    "figures": {"whole": {"members.total": 98}, "below": {"K.01.02": {"members.total": 12}}},
    "hash": "9f" * 32,
    "previous_hash": "1c" * 32,
}
_SNAPSHOT: Final[dict[str, JsonValue]] = {
    "id": "3f1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b77",
    "unit_code": "K.01",
    "from": "2020-11-01",
    "to": "2020-11-30",
    "version": 2,
    "latest": _REVISION,
}
_ID: Final = UUID("3f1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b77")


class _Said(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, serialize_by_alias=True, validate_by_name=True)


class SnapshotAsked(_Said):
    """Figures to be frozen."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra=example({"unit": "K.01", "from": "2020-11-01", "to": "2020-11-30"})
    )

    unit: str | None = Field(default=None, min_length=1, max_length=100)
    """Code of a unit, counted with all below it; left out: the whole register."""
    from_: date = Field(alias="from")
    to: date
    """Last day, included; it must be over in Asia/Ho_Chi_Minh."""


class FrozenUnit(_Said):
    """The unit as it was called on the last day."""

    code: str
    name: str
    type: str


class FrozenFigures(_Said):
    """Figures by the codes of `/v1/measures`; null where a ratio has no base."""

    whole: dict[str, float | None]
    below: dict[str, dict[str, float | None]]
    """Members of each unit directly below, by its code."""
    types: dict[str, str] = {}
    """What each of these is, by its code."""


class RevisionAnswer(_Said):
    """Figures as they were known at an instant."""

    model_config = ConfigDict(json_schema_extra=example(_REVISION))

    revision: int
    known_at: datetime
    up_to: dict[str, dict[str, int]]
    """Topic -> partition -> sequence of the last event counted."""
    unit: FrozenUnit | None
    figures: FrozenFigures
    hash: str
    """SHA-256, hexadecimal, over all of the revision and the hash before it."""
    previous_hash: str


class SnapshotTerms(_Said):
    """What a snapshot is of."""

    id: UUID
    unit_code: str | None
    from_: date = Field(alias="from")
    to: date


class SnapshotAnswer(SnapshotTerms):
    """A snapshot with the revision that holds; its version is that revision's number."""

    model_config = ConfigDict(json_schema_extra=example(_SNAPSHOT))

    version: int
    latest: RevisionAnswer


class SnapshotPage(_Said):
    """Snapshots, those of the latest periods first."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"items": [{k: v for k, v in _SNAPSHOT.items() if k not in {"latest", "version"}}], "next": None}
        )
    )

    items: list[SnapshotTerms]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class Revisions(_Said):
    """All revisions, in their order."""

    model_config = ConfigDict(json_schema_extra=example({"revisions": [_REVISION]}))

    revisions: list[RevisionAnswer]


class ChangedFigure(_Said):
    """A figure that is another than in the revision before."""

    unit: str | None
    """Code of a unit directly below; null for the whole."""
    measure: str
    before: float | None
    after: float | None


class LateEvent(_Said):
    """An event that bears on the unit and the period and came in since the figures were last those of the revision
    before; nothing of any person."""

    topic: str
    sequence: int
    """By it the event is found in the service's log."""
    type: str | None = None
    """CloudEvents type; null of an event that was on its topic no more, and in revisions made before it was told."""
    effective_date: date | None = None
    """The day from which it is true; null as the type."""
    recorded_at: datetime
    about: list[str]
    """What it is about: the causes of its steps, such as `admitted`; or `organisation`, `meeting`, `task`."""


class Diff(_Said):
    """What made a revision."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "revision": 2,
                "previous": 1,
                "figures": [{"unit": None, "measure": "members.total", "before": 97, "after": 98}],
                "events": [
                    {
                        "topic": "chibo.membership.internal.v1",
                        "sequence": 1000000000000099,
                        "type": "vn.chibo.membership.member-admitted.v1",
                        "effective_date": "2020-11-19",
                        "recorded_at": "2020-12-15T00:59:58Z",
                        "about": ["admitted"],
                    }
                ],
            }
        )
    )

    revision: int
    previous: int | None
    """None of the first one, of which there is nothing to tell."""
    figures: list[ChangedFigure]
    events: list[LateEvent]


class SnapshotVerification(_Said):
    """Whether the revisions are as they were made."""

    model_config = ConfigDict(
        json_schema_extra=example({"intact": True, "revisions": 2, "first_altered": None})
    )

    intact: bool
    revisions: int
    first_altered: int | None
    """The first revision that was altered or is missing."""


def unknown_snapshot() -> Problem:
    """Return the answer where no snapshot has that id."""
    return Problem(
        "unknown-snapshot", 404, title="Không có bản số liệu đã chốt này", title_en="Unknown snapshot",
        detail="Hãy xem danh sách ở /v1/snapshots.",
    )  # fmt: skip


def unknown_revision(last: int) -> Problem:
    """Return the answer where a snapshot has no revision of that number."""
    return Problem(
        "unknown-revision", 404, title="Không có lần chốt này", title_en="Unknown revision",
        detail=f"Các lần chốt có số từ 1 đến {last}.", last=last,
    )  # fmt: skip


def snapshot_exists(snapshot_id: UUID) -> Problem:
    """Return the answer where the unit's period is frozen already."""
    return Problem(
        "snapshot-exists", 409, title="Kỳ này đã chốt số liệu", title_en="Snapshot exists",
        detail="Bản đã chốt được giữ nguyên; khi có sự kiện đến muộn, lần chốt sau tự lập.", id=str(snapshot_id),
    )  # fmt: skip


def period_not_over(last: date) -> Problem:
    """Return the answer where a period is not over yet."""
    return Problem(
        "period-not-over", 409, title="Kỳ chưa kết thúc", title_en="Period not over",
        detail=f"Chỉ chốt được sau ngày {last:%d/%m/%Y}.", to=last.isoformat(),
    )  # fmt: skip


def period_invalid(detail: str) -> Problem:
    """Return the answer where the days are no period."""
    return Problem("period-invalid", 422, title="Kỳ không đúng", title_en="Invalid period", detail=detail)


def made() -> dict[str, Any]:
    """Return what the decorator of the route says that freezes figures."""
    return {
        "response_model": None,
        "status_code": 201,
        "responses": {
            **resource_answer(201, SnapshotAnswer, "Frozen"),
            **problem_answers(
                key_invalid(), unreadable_body(), unknown_unit("K.99"), snapshot_exists(_ID), ConcurrentChange(),
                period_not_over(date(2020, 11, 30)), period_invalid("…"), key_reused(), invalid_at("body.to"),
                unavailable(),
            ),
        },
    }  # fmt: skip


def one() -> dict[str, Any]:
    """Return what the decorator of the route says that reads a snapshot."""
    return {
        "dependencies": [Depends(documented_if_none_match)],
        "response_model": None,
        "responses": {
            **resource_answer(200, SnapshotAnswer, "The snapshot"),
            **NOT_MODIFIED,
            **OF_ONE,
        },
    }


OF_ONE: Final[Answers] = problem_answers(unknown_snapshot(), invalid_at("path.id"), unavailable())
OF_REVISION: Final[Answers] = problem_answers(
    unknown_snapshot(), unknown_revision(2), invalid_at("path.revision"), unavailable()
)
OF_PAGE: Final[Answers] = problem_answers(
    invalid_cursor(), wrong("units", "…"), unknown_unit("K.99"), invalid_at("query.limit"), unavailable()
)
