"""One made-up event of each type about plans, interruptions and months missed: the spring of 2020."""

from datetime import date, time
from typing import Final
from uuid import UUID

from contracts.cell_months import MadeGoodBy, MonthMadeGood, MonthMissed
from contracts.event import Event
from contracts.interruptions import (
    InterruptionOrdered,
    InterruptionRevised,
    InterruptionTerms,
    InterruptionWithdrawn,
)
from contracts.meeting_plans import CellCalendarSet, MonthlyWatchSet, RegularDay, ThematicMonth, YearPlanSet
from contracts.meetings import InterruptionReason
from contracts.meetings_public import public_form
from contracts.membership import DocumentRef

_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_MONTH: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f1")
_ORDER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f2")
_TERMS: Final = InterruptionTerms(
    unit_ids=(UUID("01937b2e-5f00-7a10-8c00-0000000000b1"),),
    from_on=date(2020, 4, 1),
    until_on=date(2020, 4, 15),
    reason=InterruptionReason.EPIDEMIC,
    document=DocumentRef(number="16/CT-TTg", date=date(2020, 3, 31)),
)
_EXTENDED: Final = _TERMS.model_copy(update={"until_on": date(2020, 4, 22)})

_INTERNAL: Final[tuple[Event, ...]] = (
    CellCalendarSet(
        effective_date=date(2020, 1, 1),
        cell_calendar_id=UUID("01937b2e-5f00-7a10-8c00-0000000000f3"),
        cell_id=_CELL,
        after=RegularDay(day=3, starts_at=time(14, 30)),
    ),
    YearPlanSet(
        effective_date=date(2020, 1, 1),
        year_plan_id=UUID("01937b2e-5f00-7a10-8c00-0000000000f4"),
        cell_id=_CELL,
        year=2020,
        after=(ThematicMonth(month=date(2020, 3, 1), topic="2020-chat-luong-sinh-hoat"),),
    ),
    MonthlyWatchSet(
        effective_date=date(2020, 1, 1),
        monthly_watch_id=UUID("01937b2e-5f00-7a10-8c00-0000000000f5"),
        after=date(2020, 1, 1),
    ),
    InterruptionOrdered(
        effective_date=date(2020, 4, 1),
        decision_date=date(2020, 3, 31),
        interruption_id=_ORDER,
        after=_TERMS,
        postponed=206,
    ),
    InterruptionRevised(
        effective_date=date(2020, 4, 1),
        decision_date=date(2020, 4, 15),
        interruption_id=_ORDER,
        before=_TERMS,
        after=_EXTENDED,
        postponed=36,
    ),
    InterruptionWithdrawn(effective_date=date(2020, 4, 1), interruption_id=_ORDER, before=_EXTENDED),
    MonthMissed(effective_date=date(2020, 4, 1), cell_month_id=_MONTH, cell_id=_CELL, month=date(2020, 3, 1)),
    MonthMadeGood(
        effective_date=date(2020, 4, 1),
        cell_month_id=_MONTH,
        cell_id=_CELL,
        month=date(2020, 3, 1),
        by=MadeGoodBy.EXCUSED,
    ),
)
_PUBLIC: Final = {told.TYPE: told for event in _INTERNAL if (told := public_form(event)) is not None}

INTERRUPTION_EXAMPLES: Final[tuple[Event, ...]] = (*_INTERNAL, *_PUBLIC.values())
