"""What becomes of absences of those who sit in teams."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.inspection import Absence
from services.inspection.faults import FaultsFound
from services.inspection.teams.absences import (
    AbsenceReason,
    decide_absence,
    decide_absence_correction,
    decide_absence_withdrawal,
)

ANN, NEW = UUID(int=11), UUID(int=1)
FIRST, LAST = date(2020, 7, 6), date(2020, 7, 17)


def days(first=FIRST, last=LAST):
    return Absence(member_id=ANN, first_on=first, last_on=last)


def recorded(first=FIRST, last=LAST, *, others=(), sits=True, id_=NEW):
    return decide_absence(days(first, last), AbsenceReason.STUDY, new_id=id_, others=others, sits=sits)


def refused(decide, *arguments, **named):
    with pytest.raises(FaultsFound) as found:
        decide(*arguments, **named)
    return [fault.code for fault in found.value.faults]


def test_an_absence_is_recorded_and_its_reason_told_nobody():
    decided = recorded()
    assert (decided.state.reason, decided.event.after) == (AbsenceReason.STUDY, days())
    assert "study" not in decided.event.as_json()


def test_days_that_cannot_be_are_refused():
    assert refused(recorded, LAST, FIRST) == ["last-before-first"]
    assert refused(recorded, FIRST, FIRST + timedelta(days=732)) == ["away-too-long"]
    assert refused(recorded, sits=False) == ["in-no-team"]
    assert recorded(FIRST, FIRST).event.after.last_on == FIRST


def test_nobody_is_away_twice_on_a_day():
    before = recorded().state
    assert refused(recorded, LAST, LAST + timedelta(days=3), others=[before]) == ["away-already"]
    assert recorded(LAST + timedelta(days=1), LAST + timedelta(days=3), others=[before])


def test_an_absence_is_put_right_and_taken_back():
    before = recorded().state
    longer = decide_absence_correction(
        before, days(last=date(2020, 7, 24)), before.reason, others=(), sits=True
    )
    assert (longer.event.before, longer.event.after) == (days(), days(last=date(2020, 7, 24)))
    reason = decide_absence_correction(before, days(), AbsenceReason.LEAVE, others=(), sits=True)
    assert (reason.event.before, reason.event.after) == (days(), days())
    same = (before, days(), before.reason)
    assert refused(decide_absence_correction, *same, others=(), sits=True) == ["nothing-changes"]
    gone = decide_absence_withdrawal(before)
    assert (gone.event.after, gone.state.withdrawn, gone.state.version) == (None, True, 2)
    assert refused(decide_absence_withdrawal, gone.state) == ["absence-withdrawn"]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10)), max_size=8))
def test_whatever_is_recorded_nobody_is_away_twice_on_a_day(asked):
    away = []
    for number, (first, length) in enumerate(asked):
        begins = FIRST + timedelta(days=first)
        try:
            away.append(
                recorded(
                    begins, begins + timedelta(days=length), others=away, id_=UUID(int=100 + number)
                ).state
            )
        except FaultsFound:
            continue
    told = [
        one.days.first_on + timedelta(days=number)
        for one in away
        for number in range((one.days.last_on - one.days.first_on).days + 1)
    ]
    assert len(told) == len(set(told))
