"""Internal events of the months in which a cell owed a regular meeting and had none."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.event import PUBLIC, Event


class MonthMissed(Event):
    """A month ended without the regular meeting that the cell owed, and nothing excuses it."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.month-missed.v1"
    AGGREGATE: ClassVar[str] = "cell_month"
    KEY: ClassVar[str] = "cell_month_id"

    cell_month_id: Annotated[UUID, PUBLIC]
    """The same whenever it is made from the same cell and month."""
    cell_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    """Its first day."""


class MadeGoodBy(StrEnum):
    """Why a month is not missed any more."""

    HELD = "held"
    """Its meeting was held, or recorded, later."""
    POSTPONED = "postponed"
    """It turns out to have been put off with a reason."""
    EXCUSED = "excused"
    """An order turns out to have covered it."""
    NOT_OWED = "not_owed"
    """The cell turns out not to have owed it, or the record to begin later."""


class MonthMadeGood(Event):
    """A month that was missed is so no more."""

    TYPE: ClassVar[str] = "vn.chibo.meetings.month-made-good.v1"
    AGGREGATE: ClassVar[str] = "cell_month"
    KEY: ClassVar[str] = "cell_month_id"

    cell_month_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    """Its first day."""
    by: Annotated[MadeGoodBy, PUBLIC]


CellMonthEvent = MonthMissed | MonthMadeGood

EVENTS: tuple[type[Event], ...] = (MonthMissed, MonthMadeGood)
