"""The projection *inspection facts*: visits as versions (versions.py), findings as dated, signed rows.

A visit is one thing that may be restated. A finding has a life, and how many were unsettled on a day is asked of any
day: each step is a row of -1 of the finding as it was, and of +1 as it is from that day on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import msgspec

from chassis.database import Connection, add_rows
from services.reporting.inspection import readers
from services.reporting.inspection.readers import FINDINGS, READERS
from services.reporting.inspection.readers import VISITS as VISIT_READERS
from services.reporting.recorded import Recorded, instant
from services.reporting.versions import Change, Table

VISITS: Final = Table(
    "visit_states",
    "visit_id",
    {
        "cell_id": None, "month": None, "kind": None, "withdrawn": False, "books": 0, "books_in_order": 0, "steps": 0,
        "steps_followed": 0, "axes": (), "grades": (), "points": None, "grade": None,
    },
)  # fmt: skip
FINDING_TABLE: Final = "finding_facts"
FINDING_COLUMNS: Final = (
    "sequence", "ordinal", "recorded_at", "effective_date", "delta", "cell_id", "found_on", "due_on", "axis",
    "severity", "state", "recurrent", "reopened",
)  # fmt: skip
FindingRow = tuple[int, int, datetime, date, int, str, date, date, str, str, str, bool, int]

_VISIT: Final = {type_: msgspec.json.Decoder(reader).decode for type_, reader in VISIT_READERS.items()}
_FINDING: Final = {type_: msgspec.json.Decoder(reader).decode for type_, reader in FINDINGS.items()}


@dataclass(slots=True)
class Facts:
    """What a batch of events comes to."""

    visits: list[Change] = field(default_factory=list)
    findings: list[FindingRow] = field(default_factory=list)


def fold(events: Sequence[Recorded]) -> Facts:
    """Return what these events come to.

    Raises ValueError where an event is not JSON, lacks a field, has a value outside its type, or an instant of
    recording without its offset; KeyError for a type that is none of `READERS`.
    """
    facts = Facts()
    for event in events:
        at = instant(event.time)
        if event.type in _VISIT:
            told = _VISIT[event.type](event.value)
            sets = _of_nothing(told) if told.after is None else _visit(told.after)
            facts.visits.append(Change(told.visit_id, event.sequence, at, sets, begins=True))
        else:
            facts.findings += _finding(event, at)
    return facts


def _visit(visit: readers.Visit) -> dict[str, Any]:
    looked_at = [book for book in visit.books if (book.present, book.up_to_date, book.correct) != (None,) * 3]
    in_order = [book for book in looked_at if False not in {book.present, book.up_to_date, book.correct}]
    return {
        "cell_id": visit.cell_id, "month": visit.month, "kind": visit.kind, "withdrawn": False,
        "books": len(looked_at), "books_in_order": len(in_order), "steps": len(visit.steps),
        "steps_followed": sum(step.followed for step in visit.steps),
        "axes": [comment.axis for comment in visit.axes], "grades": [comment.grade for comment in visit.axes],
        "points": visit.score and visit.score.total, "grade": visit.score and visit.score.grade,
    }  # fmt: skip


def _of_nothing(told: readers.Recorded | readers.Restated) -> dict[str, Any]:
    """Return what stands of a visit that never was."""
    if not isinstance(told, readers.Restated):
        raise TypeError("only a restatement takes a visit back")
    return _visit(told.before) | {"withdrawn": True}


def _finding(event: Recorded, at: datetime) -> Iterator[FindingRow]:
    for ordinal, (day, delta, side) in enumerate(_sides(_FINDING[event.type](event.value))):
        if side is not None:
            yield (event.sequence, ordinal, at, day, delta, side.cell_id, side.found_on, side.due_on,
                   side.axis, side.severity, side.state, side.recurrence_of is not None, side.reopened)  # fmt: skip


def _sides(told: readers.FindingEvent) -> Iterator[tuple[date, int, readers.Finding | None]]:
    """Yield what a step adds and takes away; a restatement takes back and states steps, where it names any."""
    signed: Sequence[tuple[int, readers.FindingStep | readers.FindingEvent]]
    if isinstance(told, readers.FindingRestated) and told.retracted:
        signed = [(-1, step) for step in told.retracted] + [(+1, step) for step in told.stated]
    else:
        signed = [(+1, told)]
    for sign, step in signed:
        yield step.effective_date, -sign, step.before
        yield step.effective_date, +sign, step.after


class InspectionFacts:
    """Handler of the inspection stream that keeps both."""

    name = "reporting.inspection-facts"
    types = frozenset(READERS)
    tables = (VISITS.name, FINDING_TABLE)

    fold = staticmethod(fold)

    async def write(self, connection: Connection, folded: Sequence[Facts]) -> None:
        """Write the rows, in the caller's transaction. Raises asyncpg.DataError for an id that is no UUID."""
        await VISITS.write(connection, [change for facts in folded for change in facts.visits])
        findings = [row for facts in folded for row in facts.findings]
        await add_rows(connection, FINDING_TABLE, FINDING_COLUMNS, findings)
