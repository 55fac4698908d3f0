"""Months owed, held, put off, excused and missed: by examples, and over random lives of a cell."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cell_months import MadeGoodBy, MonthMadeGood, MonthMissed
from contracts.interruptions import InterruptionTerms
from contracts.meetings import InterruptionReason, MeetingStatus
from contracts.membership import DocumentRef
from replicas.membership.existence import Existence
from services.meetings.calendar import VIETNAM, Month, due_between, months, months_due
from services.meetings.faults import FaultsFound
from services.meetings.interruptions.domain import (
    Interruption,
    Span,
    decide_order,
    decide_revision,
    decide_withdrawal,
    still_puts_off,
)
from services.meetings.months.domain import (
    CellMonth,
    MonthStatus,
    RegularMeeting,
    Watch,
    decide_month,
    decide_watch,
    status_of,
)

CELL = UUID(int=1)
MARCH = Month(2020, 3)
AFTER = MARCH.ends_at


def meeting(status=MeetingStatus.PLANNED, day=date(2020, 3, 3), *, put_off=False):
    return RegularMeeting(status=status, day=day, put_off=put_off)


@pytest.mark.parametrize(
    ("found", "interrupted", "now", "status"),
    [
        (None, [], AFTER - timedelta(microseconds=1), MonthStatus.OPEN),
        (None, [], AFTER, MonthStatus.MISSED),
        (meeting(MeetingStatus.ANNOUNCED), [], AFTER, MonthStatus.MISSED),
        (meeting(MeetingStatus.HELD, date(2020, 4, 9)), [], AFTER, MonthStatus.HELD),
        (meeting(MeetingStatus.POSTPONED, None, put_off=True), [], AFTER, MonthStatus.POSTPONED),
        # Its order was withdrawn.
        (meeting(MeetingStatus.POSTPONED, None), [], AFTER, MonthStatus.MISSED),
        # Put off to a day of the next month: that day is awaited, and no longer.
        (meeting(day=date(2020, 4, 9), put_off=True), [], AFTER, MonthStatus.POSTPONED),
        (meeting(day=date(2020, 4, 9), put_off=True), [], AFTER + timedelta(days=9, hours=-1), MonthStatus.POSTPONED),
        (meeting(day=date(2020, 4, 9), put_off=True), [], AFTER + timedelta(days=9), MonthStatus.MISSED),
        # Moved there without a reason.
        (meeting(day=date(2020, 4, 9)), [], AFTER, MonthStatus.MISSED),
        # Put off within the month.
        (meeting(day=date(2020, 3, 20), put_off=True), [], AFTER, MonthStatus.MISSED),
        (meeting(day=date(2020, 3, 20), put_off=True), [], AFTER - timedelta(days=20), MonthStatus.OPEN),
        (None, [Span(date(2020, 3, 31), date(2020, 4, 22))], AFTER, MonthStatus.EXCUSED),
        (None, [Span(date(2020, 2, 1))], AFTER, MonthStatus.EXCUSED),
        (None, [Span(date(2020, 4, 1), date(2020, 4, 22))], AFTER, MonthStatus.MISSED),
        # Its meeting was to be before the order.
        (meeting(), [Span(date(2020, 3, 15), date(2020, 4, 22))], AFTER, MonthStatus.MISSED),
        (meeting(), [Span(date(2020, 3, 1), date(2020, 3, 3))], AFTER, MonthStatus.EXCUSED),
    ],
)  # fmt: skip
def test_what_became_of_a_month(found, interrupted, now, status):
    assert status_of(MARCH, found, interrupted, now=now) is status


days = st.dates(date(2018, 12, 1), date(2021, 2, 1))
spans = st.builds(
    lambda day, length: Span(day, None if length is None else day + timedelta(length)),
    days,
    st.none() | st.integers(0, 90),
)
existences = st.builds(
    lambda day, length: Existence(day, None if length is None else day + timedelta(length)),
    days,
    st.none() | st.integers(1, 600),
)
regulars = st.builds(
    lambda status, day, put_off: RegularMeeting(
        status=status, day=None if status is MeetingStatus.POSTPONED else day, put_off=put_off
    ),
    st.sampled_from([one for one in MeetingStatus if one is not MeetingStatus.CANCELLED]),
    days,
    st.booleans(),
)
FIRST, LAST = Month(2019, 1), Month(2020, 12)
all_months = st.sampled_from(list(months(FIRST, LAST)))


@given(
    existence=existences,
    meetings=st.dictionaries(all_months, regulars),
    orders=st.lists(spans, max_size=3),
    at=st.integers(0, 800 * 24).map(lambda hours: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
)
def test_each_month_that_a_cell_owes_became_one_thing_over_its_whole_life(existence, meetings, orders, at):
    owed = months_due(existence, FIRST, LAST)
    became = {month: status_of(month, meetings.get(month), orders, now=at) for month in owed}
    for month in owed:
        # Said once more, by the words of the rule instead of by its order.
        there = meetings.get(month)
        over = at.astimezone(VIETNAM).date() > month.last
        held = there is not None and there.status is MeetingStatus.HELD
        excused = any(
            span.from_on <= month.last and (span.until_on is None or span.until_on >= month.first)
            and (there is None or there.day is None or span.from_on <= there.day <= (span.until_on or date.max))
            for span in orders
        )  # fmt: skip
        awaited = (
            there is not None
            and there.put_off
            and (there.day is None or month.last < there.day >= at.astimezone(VIETNAM).date())
        )
        assert (became[month] is MonthStatus.HELD) == held
        assert (became[month] is MonthStatus.MISSED) == (over and not (held or awaited or excused))
        assert (became[month] is MonthStatus.OPEN) == (not over and not (held or awaited or excused))
    for month in set(months(FIRST, LAST)) - set(owed):
        assert existence.since > month.first or (
            existence.until is not None and existence.until <= month.last
        )


@given(existences, all_months, all_months)
def test_the_first_and_last_month_owed_are_those_of_the_list(existence, first, last):
    due = months_due(existence, first, last)
    assert due_between(existence, first, last) == ((due[0], due[-1]) if due else None)


some_month = st.builds(Month, st.integers(1990, 2090), st.integers(1, 12))


@given(some_month)
def test_the_month_before_the_next_is_the_month(month):
    assert month.following.preceding == month == month.preceding.following


@given(st.lists(st.sampled_from([*MonthStatus, None])))
def test_what_is_told_of_a_month_is_what_it_last_was_and_nothing_twice(statuses):
    told, events = CellMonth(cell_id=CELL, month=MARCH), []
    for status in statuses:
        decided = decide_month(told, status, held_on=date(2020, 4, 9))
        if decided:
            told = decided.state
            events.append(decided.event)
            assert decide_month(told, status, held_on=date(2020, 4, 9)) is None
        # A month is not open again: a clock that is behind tells nothing.
        if status is not MonthStatus.OPEN:
            assert told.missed == (status is MonthStatus.MISSED)
    assert [type(event) for event in events] == [MonthMissed, MonthMadeGood] * (len(events) // 2) + [
        MonthMissed
    ] * (len(events) % 2)
    assert told.version == len(events)
    assert {event.cell_month_id for event in events} <= {CellMonth(cell_id=CELL, month=MARCH).id}


def test_a_month_is_made_good_from_the_day_of_its_meeting_or_never_was_missed():
    missed = CellMonth(cell_id=CELL, month=MARCH, missed=True, version=1)
    held = decide_month(missed, MonthStatus.HELD, held_on=date(2020, 4, 9))
    assert (held.event.by, held.event.effective_date) == (MadeGoodBy.HELD, date(2020, 4, 9))
    recorded_late = decide_month(missed, MonthStatus.HELD, held_on=date(2020, 3, 9))
    assert recorded_late.event.effective_date == date(2020, 4, 1)
    excused = decide_month(missed, MonthStatus.EXCUSED, held_on=None)
    assert (excused.event.by, excused.event.effective_date) == (MadeGoodBy.EXCUSED, date(2020, 4, 1))


def test_the_watch_says_from_which_month_on():
    watch, event = decide_watch(Watch(), MARCH)
    assert (event.before, event.after) == (None, date(2020, 3, 1))
    with pytest.raises(FaultsFound, match="nothing-changes"):
        decide_watch(watch, MARCH)


# Orders.

TERMS = InterruptionTerms(
    unit_ids=(UUID(int=7),),
    from_on=date(2020, 4, 1),
    until_on=date(2020, 4, 15),
    reason=InterruptionReason.EPIDEMIC,
    document=DocumentRef(number="16/CT-TTg", date=date(2020, 3, 31)),
)


def until(day):
    return TERMS.model_copy(update={"until_on": day})


def test_the_life_of_an_order():
    decided = decide_order(TERMS, new_id=CELL, decision_date=None, postponed=206)
    assert (decided.event.decision_date, decided.event.postponed) == (date(2020, 3, 31), 206)
    longer = decide_revision(decided.state, until(date(2020, 4, 22)), decision_date=None, postponed=3)
    assert (longer.event.before, longer.event.after) == (TERMS, until(date(2020, 4, 22)))
    gone = decide_withdrawal(longer.state, decision_date=None)
    assert (gone.state.withdrawn, gone.state.version, gone.event.before) == (
        True,
        3,
        until(date(2020, 4, 22)),
    )
    for refused in (
        lambda: decide_revision(gone.state, TERMS, decision_date=None, postponed=0),
        lambda: decide_withdrawal(gone.state, decision_date=None),
    ):
        with pytest.raises(FaultsFound, match="interruption-withdrawn"):
            refused()


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2020, 3, 31), "ends-before-it-starts"), (date(2023, 6, 1), "interruption-too-long")],
)
def test_days_of_an_order_that_cannot_be(day, code):
    with pytest.raises(FaultsFound, match=code):
        decide_order(until(day), new_id=CELL, decision_date=None, postponed=0)


def test_what_an_order_put_off_stands_as_long_as_it_covers_the_day():
    order = Interruption(id=CELL, terms=TERMS)
    assert still_puts_off([order], CELL, date(2020, 4, 15))
    assert not still_puts_off([order], CELL, date(2020, 4, 16))
    assert not still_puts_off([decide_withdrawal(order, decision_date=None).state], CELL, date(2020, 4, 15))
    assert not still_puts_off([order], UUID(int=9), date(2020, 4, 15))
    assert still_puts_off([], None, date(2020, 4, 15))


@given(spans, days, all_months)
def test_an_order_touches_a_month_if_it_covers_one_of_its_days(span, day, month):
    its = [month.first + timedelta(number) for number in range(month.last.day)]
    assert span.touches(month) == any(span.covers(one) for one in its)
    if span.touches(month):
        assert span.covers(span.scope_day(month))
        assert Month.of(span.scope_day(month)) == month
