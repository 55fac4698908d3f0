"""The projection *meeting facts*: the events of meetings as versions of meetings, tasks and orders (versions.py).

A version of a meeting has all that is counted of it in one row, found by its cell and month. What becomes of a month
that is owed is told by no row: it follows from the meetings, the orders and the tree, as of the day that is asked
about (figures/months.py). The months that the service itself has told to be missed are kept beside, to compare.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from chassis.database import Connection
from contracts import cell_months, corrections, interruptions, meeting_plans, meetings, resolutions
from services.reporting.meetings import readers
from services.reporting.meetings.readers import READERS
from services.reporting.recorded import Recorded, instant, local_day
from services.reporting.versions import Change, Table

MEETINGS: Final = Table(
    "meeting_states",
    "meeting_id",
    {
        "cell_id": None, "month": None, "kind": None, "thematic": False, "status": None, "day": None,
        "put_off_from": None, "put_off_by": None, "minutes": None, "counted": 0, "present": 0, "excused": 0,
        "unexcused": 0, "book_opinions": 0, "book_tasks": 0, "book_tasks_on_time": 0, "opinions": 0,
        "resolutions": 0, "rejected": 0, "approved": 0, "reported_up": 0, "reported_in_time": 0,
        "self_points": None, "self_grade": None, "official_points": None, "official_grade": None,
    },
)  # fmt: skip
TASKS: Final = Table(
    "task_states",
    "task_id",
    dict.fromkeys(("cell_id", "month", "due_on", "status", "done_on", "result")),
)
ORDERS: Final = Table(
    "interruption_states",
    "interruption_id",
    {"unit_ids": (), "from_on": None, "until_on": None, "withdrawn": False},
)
WATCHES: Final = Table("watch_states", "monthly_watch_id", {"first_month": None})
TOLD_MISSED: Final = Table("missed_months", "cell_month_id", {"cell_id": None, "month": None, "missed": True})


_Told = tuple[Table, str, dict[str, Any], dict[str, int], bool]
"""A table, the id of a thing in it, what is set, what grows, and whether the thing begins with it."""


def _planned(event: readers.Planned) -> _Told:
    return MEETINGS, event.meeting_id, _plan(event.after) | {"status": "planned"}, {}, True


def _postponed(event: readers.Postponed) -> _Told:
    was_for = event.effective_date if event.before.starts_at is None else local_day(event.before.starts_at)
    put_off = {"status": "postponed", "put_off_from": was_for, "put_off_by": event.interruption_id}
    return MEETINGS, event.meeting_id, _plan(event.after) | put_off, {}, True


def _cancelled(event: readers.Cancelled) -> _Told:
    return MEETINGS, event.meeting_id, _plan(event.before) | {"status": "cancelled"}, {}, True


def _held(event: readers.Held) -> _Told:
    book = event.book or readers.Book(0, 0, 0)
    held = {
        "status": "held", "minutes": event.minutes, "book_opinions": book.opinions,
        "book_tasks": book.tasks, "book_tasks_on_time": book.tasks_on_time,
    }  # fmt: skip
    return MEETINGS, event.meeting_id, _plan(event.plan) | _came(event.attendance) | held, {}, True


def _corrected(event: readers.Corrected) -> _Told:
    record = event.after
    told = {"minutes": record.minutes, "opinions": record.proceedings.opinions}
    return MEETINGS, event.meeting_id, _plan(record.plan) | _came(record.attendance) | told, {}, False


def _scored(event: readers.Scored) -> _Told:
    score = {f"{event.kind}_points": event.total, f"{event.kind}_grade": event.grade}
    return MEETINGS, event.meeting_id, score, {}, False


def _proceedings(event: readers.Proceedings) -> _Told:
    return MEETINGS, event.meeting_id, {"opinions": event.after.opinions}, {}, False


def _reported_up(event: readers.ReportedUp) -> _Told:
    in_time = int(event.effective_date <= event.due_on)
    return MEETINGS, event.meeting_id, {"reported_up": 1, "reported_in_time": in_time}, {}, False


def _counting(column: str) -> Callable[[readers.OfMeeting], _Told]:
    return lambda event: (MEETINGS, event.meeting_id, {}, {column: 1}, False)


def _task(event: readers.Task) -> _Told:
    state = event.after
    sets = {
        "cell_id": event.cell_id, "month": state.first_due_on.replace(day=1), "due_on": state.due_on,
        "status": state.status, "done_on": state.done_on, "result": state.result,
    }  # fmt: skip
    return TASKS, event.task_id, sets, {}, True


def _ordered(event: readers.Interruption) -> _Told:
    return ORDERS, event.interruption_id, _terms(event.after) | {"withdrawn": False}, {}, True


def _withdrawn(event: readers.Withdrawn) -> _Told:
    return ORDERS, event.interruption_id, _terms(event.before) | {"withdrawn": True}, {}, True


def _watched(event: readers.Watch) -> _Told:
    return WATCHES, event.monthly_watch_id, {"first_month": event.after}, {}, True


def _of_month(missed: bool) -> Callable[[readers.OfMonth], _Told]:
    return lambda event: (
        TOLD_MISSED,
        event.cell_month_id,
        {"cell_id": event.cell_id, "month": event.month, "missed": missed},
        {},
        True,
    )


def _plan(plan: readers.Plan) -> dict[str, Any]:
    return {
        "cell_id": plan.cell_id, "month": plan.month, "kind": plan.kind, "thematic": plan.thematic,
        "day": None if plan.starts_at is None else local_day(plan.starts_at),
    }  # fmt: skip


def _came(came: readers.Attendance) -> dict[str, Any]:
    return {name: getattr(came, name) for name in ("counted", "present", "excused", "unexcused")}


def _terms(terms: readers.Terms) -> dict[str, Any]:
    return {"unit_ids": terms.unit_ids, "from_on": terms.from_on, "until_on": terms.until_on}


_TOLD: Final[dict[str, Callable[[Any], _Told]]] = {
    meetings.MeetingPlanned.TYPE: _planned,
    meetings.MeetingRescheduled.TYPE: _planned,
    meetings.MeetingPostponed.TYPE: _postponed,
    meetings.MeetingCancelled.TYPE: _cancelled,
    meetings.MeetingHeld.TYPE: _held,
    meetings.MeetingScored.TYPE: _scored,
    resolutions.ProceedingsRecorded.TYPE: _proceedings,
    resolutions.ResolutionAdopted.TYPE: _counting("resolutions"),
    resolutions.ResolutionRejected.TYPE: _counting("rejected"),
    resolutions.MinutesApproved.TYPE: _counting("approved"),
    resolutions.MeetingReportedUp.TYPE: _reported_up,
    resolutions.TaskAssigned.TYPE: _task,
    resolutions.TaskReported.TYPE: _task,
    resolutions.TaskEvaluated.TYPE: _task,
    corrections.MinutesCorrected.TYPE: _corrected,
    corrections.TaskCorrected.TYPE: _task,
    interruptions.InterruptionOrdered.TYPE: _ordered,
    interruptions.InterruptionRevised.TYPE: _ordered,
    interruptions.InterruptionWithdrawn.TYPE: _withdrawn,
    meeting_plans.MonthlyWatchSet.TYPE: _watched,
    cell_months.MonthMissed.TYPE: _of_month(missed=True),
    cell_months.MonthMadeGood.TYPE: _of_month(missed=False),
}
_DECODE: Final = {type_: msgspec.json.Decoder(reader).decode for type_, reader in READERS.items()}


@dataclass(slots=True)
class Facts:
    """The changes that a batch of events comes to, by the table that they are made in, in their order."""

    changes: dict[str, list[Change]] = field(default_factory=dict)


def fold(events: Sequence[Recorded]) -> Facts:
    """Return the changes of these events.

    Raises ValueError where an event is not JSON, lacks a field, has a value outside its type, or an instant of
    recording without its offset; KeyError for a type that is none of `READERS`.
    """
    facts = Facts()
    for event in events:
        table, id_, sets, adds, begins = _TOLD[event.type](_DECODE[event.type](event.value))
        change = Change(id_, event.sequence, instant(event.time), sets, adds, begins)
        facts.changes.setdefault(table.name, []).append(change)
    return facts


_TABLES: Final = (MEETINGS, TASKS, ORDERS, WATCHES, TOLD_MISSED)


class MeetingFacts:
    """Handler of the meetings stream that keeps the versions."""

    name = "reporting.meeting-facts"
    types = frozenset(READERS)
    tables = tuple(table.name for table in _TABLES)

    fold = staticmethod(fold)

    async def write(self, connection: Connection, folded: Sequence[Facts]) -> None:
        """Write the versions, in the caller's transaction: two round trips a table that is changed.

        Raises UnknownThingError for what happens to a meeting of which nothing was told before, and
        asyncpg.DataError for an id that is no UUID.
        """
        for table in _TABLES:
            changes = [change for facts in folded for change in facts.changes.get(table.name, ())]
            await table.write(connection, changes)
