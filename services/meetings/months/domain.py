"""What became of a month in which a cell owed a regular meeting, and when that is to be told. Pure.

    owed = held + postponed + excused + missed + open

A month without a regular meeting is missed once it is over in Asia/Ho_Chi_Minh, unless a reasoned postponement stands
or an order excuses it (DOMAIN: interruptions). Facts come late, so that a month missed may be made good later, and
the other way round.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from contracts.cell_months import CellMonthEvent, MadeGoodBy, MonthMadeGood, MonthMissed
from contracts.meeting_plans import MonthlyWatchSet
from contracts.meetings import MeetingStatus
from services.meetings.calendar import Month, local_day
from services.meetings.faults import Fault, FaultsFound
from services.meetings.interruptions.domain import Span

_CELL_MONTHS: Final = UUID("5d1d7f4e-3c1b-5c0e-9b8a-2f6a54d1c0a3")


class MonthStatus(StrEnum):
    """What became of a month that is owed."""

    HELD = "held"
    POSTPONED = "postponed"
    """Its meeting was put off with a reason, and its new time is not over."""
    EXCUSED = "excused"
    """An order interrupted the cell's meetings."""
    MISSED = "missed"
    OPEN = "open"
    """It is not over yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularMeeting:
    """What counts of a month's regular meeting that was not cancelled."""

    status: MeetingStatus
    day: date | None
    """In Asia/Ho_Chi_Minh; None without a time."""
    put_off: bool = False
    """Whether a reasoned postponement of it stands, though it may have a new time."""


def status_of(
    month: Month, meeting: RegularMeeting | None, interrupted: Collection[Span], *, now: datetime
) -> MonthStatus:
    """Return what became of a month that a cell owes; `interrupted` are the days of the orders that mean the cell."""
    if meeting is not None and meeting.status is MeetingStatus.HELD:
        return MonthStatus.HELD
    if meeting is not None and meeting.put_off and _waits(meeting, month, local_day(now)):
        return MonthStatus.POSTPONED
    if any(_excuses(span, month, meeting) for span in interrupted):
        return MonthStatus.EXCUSED
    return MonthStatus.MISSED if now >= month.ends_at else MonthStatus.OPEN


def _waits(meeting: RegularMeeting, month: Month, today: date) -> bool:
    """Return whether a meeting put off has no new time, or one in a later month that is still to come."""
    return meeting.day is None or (meeting.day > month.last and meeting.day >= today)


def _excuses(span: Span, month: Month, meeting: RegularMeeting | None) -> bool:
    """Return whether days of an order excuse a month: not one that has its meeting on a day outside them."""
    return span.touches(month) and (meeting is None or meeting.day is None or span.covers(meeting.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class CellMonth:
    """A month of a cell of which was told that it was missed; `version` counts its events."""

    cell_id: UUID
    month: Month
    missed: bool = False
    version: int = 0

    @property
    def id(self) -> UUID:
        """The same for the same cell and month, whoever makes it."""
        return uuid5(_CELL_MONTHS, f"{self.cell_id} {self.month.first.isoformat()}")


@dataclass(frozen=True, slots=True)
class MonthDecided:
    """A month as it is now told, and the event that tells so."""

    state: CellMonth
    event: CellMonthEvent


_MADE_GOOD: Final[Mapping[MonthStatus | None, MadeGoodBy]] = {
    MonthStatus.HELD: MadeGoodBy.HELD,
    MonthStatus.POSTPONED: MadeGoodBy.POSTPONED,
    MonthStatus.EXCUSED: MadeGoodBy.EXCUSED,
    None: MadeGoodBy.NOT_OWED,
}


def decide_month(told: CellMonth, status: MonthStatus | None, *, held_on: date | None) -> MonthDecided | None:
    """Return what is to be told of a month; None where that was told already. `status` is None where it is not owed.

    It is missed, or turns out not to be, from the first day after it; made good by a meeting from the meeting's day,
    if that is later.
    """
    over = told.month.following.first
    if status is MonthStatus.MISSED and not told.missed:
        state = replace(told, missed=True, version=told.version + 1)
        event = MonthMissed(
            effective_date=over, cell_month_id=told.id, cell_id=told.cell_id, month=told.month.first
        )
        return MonthDecided(state, event)
    by = _MADE_GOOD.get(status)
    if not told.missed or by is None:
        return None
    good = MonthMadeGood(
        effective_date=max(over, held_on) if held_on and by is MadeGoodBy.HELD else over,
        cell_month_id=told.id,
        cell_id=told.cell_id,
        month=told.month.first,
        by=by,
    )
    return MonthDecided(replace(told, missed=False, version=told.version + 1), good)


@dataclass(frozen=True, slots=True)
class Watch:
    """From which month on months without a meeting are looked for; `version` counts its events."""

    first: Month | None = None
    version: int = 0


WATCH_ID: Final = UUID("5d1d7f4e-3c1b-5c0e-9b8a-2f6a54d1c0a4")


def decide_watch(watch: Watch, first: Month) -> tuple[Watch, MonthlyWatchSet]:
    """Return the watch from another month on, and its event. Raises FaultsFound `nothing-changes`."""
    if watch.first == first:
        raise FaultsFound([Fault("nothing-changes", None)])
    event = MonthlyWatchSet(
        effective_date=first.first,
        monthly_watch_id=WATCH_ID,
        before=watch.first and watch.first.first,
        after=first.first,
    )
    return Watch(first, watch.version + 1), event
