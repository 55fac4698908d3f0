"""The replica of meetings: their events as rows that say which cell meets when, how far that is, and how it scored.

That an agenda was agreed is left out: whoever visits waits for the announcement. Of minutes that were put right it
keeps when the meeting began.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, get_args
from uuid import UUID

import msgspec

from chassis.database import Connection
from contracts.corrections import MinutesCorrected
from contracts.meetings import (
    MeetingAnnounced,
    MeetingCancelled,
    MeetingHeld,
    MeetingPlan,
    MeetingPlanned,
    MeetingPostponed,
    MeetingRescheduled,
    MeetingScored,
    MeetingStatus,
)

_Event = (
    MeetingPlanned
    | MeetingRescheduled
    | MeetingAnnounced
    | MeetingPostponed
    | MeetingCancelled
    | MeetingHeld
    | MeetingScored
    | MinutesCorrected
)
_EVENTS: Final = {event.TYPE: event for event in get_args(_Event)}

_KEEP: Final = """
    INSERT INTO meetings (id, sequence, cell_id, kind, month, starts_at, thematic, status)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (id) DO UPDATE
    SET sequence = excluded.sequence, cell_id = excluded.cell_id, kind = excluded.kind, month = excluded.month,
        starts_at = excluded.starts_at, thematic = excluded.thematic, status = excluded.status
    WHERE meetings.sequence < excluded.sequence
"""
_SCORE: Final = """
    INSERT INTO meeting_scores (meeting_id, kind, sequence, guidance_number, guidance_date, points, total, grade)
    VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)
    ON CONFLICT (meeting_id, kind) DO UPDATE
    SET sequence = excluded.sequence, guidance_number = excluded.guidance_number,
        guidance_date = excluded.guidance_date, points = excluded.points, total = excluded.total,
        grade = excluded.grade
    WHERE meeting_scores.sequence < excluded.sequence
"""


class Recorded(Protocol):
    """What the replica needs of a received event."""

    @property
    def type(self) -> str:
        """CloudEvents type."""

    @property
    def sequence(self) -> int:
        """Place in the stream."""

    @property
    def value(self) -> bytes:
        """The event's JSON."""


@dataclass(slots=True)
class Rows:
    """What a batch of events comes to: the last row of each meeting, and of each kind of score."""

    meetings: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)
    scores: dict[tuple[UUID, str], tuple[Any, ...]] = field(default_factory=dict)


class MeetingsReplica:
    """Handler of the stream of meetings that keeps when cells meet, and how that scored."""

    name = "inspection.meetings-replica"
    types = frozenset(_EVENTS)

    @staticmethod
    def fold(events: Sequence[Recorded]) -> Rows:
        """Return the rows of these events. Raises pydantic.ValidationError, KeyError for a type it does not know."""
        rows = Rows()
        for received in events:
            _fold(received.sequence, _EVENTS[received.type].model_validate_json(received.value), rows)
        return rows

    async def write(self, connection: Connection, folded: Sequence[Rows]) -> None:
        """Keep these rows in the caller's transaction."""
        for rows in folded:
            if rows.meetings:
                await connection.executemany(_KEEP, list(rows.meetings.values()))
            if rows.scores:
                await connection.executemany(_SCORE, list(rows.scores.values()))


def _fold(sequence: int, event: _Event, rows: Rows) -> None:
    match event:
        case MeetingPlanned() | MeetingRescheduled():
            _keep(sequence, event.meeting_id, event.after, MeetingStatus.PLANNED, rows)
        case MeetingAnnounced():
            _keep(sequence, event.meeting_id, event.plan, MeetingStatus.ANNOUNCED, rows)
        case MeetingPostponed():
            _keep(sequence, event.meeting_id, event.after, MeetingStatus.POSTPONED, rows)
        case MeetingCancelled():
            _keep(sequence, event.meeting_id, event.before, MeetingStatus.CANCELLED, rows)
        case MeetingHeld():
            _keep(sequence, event.meeting_id, event.plan, MeetingStatus.HELD, rows)
        case MinutesCorrected():
            _keep(sequence, event.meeting_id, event.after.plan, MeetingStatus.HELD, rows)
        case MeetingScored():
            points = msgspec.json.encode({one.criterion: one.points for one in event.points})
            rows.scores[event.meeting_id, event.kind.value] = (
                event.meeting_id, event.kind.value, sequence, event.guidance.number, event.guidance.date,
                points.decode(), event.total, event.grade,
            )  # fmt: skip


def _keep(sequence: int, id_: UUID, plan: MeetingPlan, status: MeetingStatus, rows: Rows) -> None:
    rows.meetings[id_] = (
        id_, sequence, plan.cell_id, plan.kind.value, plan.month, plan.starts_at, plan.thematic, status.value,
    )  # fmt: skip
