"""Days that have not come are warned of, wherever an event says that something happens on one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.examples import EXAMPLES
from contracts.membership import (
    MemberAdmitted,
    MemberConfirmed,
    MemberHistoryRestatedV2,
    MemberLeft,
    OrganisationEstablished,
    OrganisationRenamed,
)
from services.membership.future import future_warning, future_warnings

LEFT, RESTATED = EXAMPLES[MemberLeft.TYPE], EXAMPLES[MemberHistoryRestatedV2.TYPE]
DAY = LEFT.effective_date


@given(st.integers(-800, 800))
def test_a_day_is_warned_of_until_it_comes(days):
    found = future_warnings([LEFT], DAY + timedelta(days))
    assert [fault.code for fault in found] == (["in-the-future"] if days < 0 else [])
    assert future_warning(DAY, DAY + timedelta(days), "left_on") == found


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        (MemberAdmitted, "admitted_on"),
        (MemberConfirmed, "official_on"),
        (MemberLeft, "left_on"),
        (OrganisationEstablished, "established_on"),
        (OrganisationRenamed, "effective_date"),
    ],
)
def test_the_warning_names_the_day_and_where_it_was_given(kind, column):
    event = EXAMPLES[kind.TYPE]
    [fault] = future_warnings([event], event.effective_date - timedelta(1))
    assert fault.column == column
    assert f"{event.effective_date:%d/%m/%Y}" in fault.message


def test_several_events_of_a_day_are_one_warning():
    later = LEFT.model_copy(update={"effective_date": DAY + timedelta(1)})
    found = future_warnings([LEFT, LEFT, later], DAY - timedelta(1))
    assert [fault.parameters["day"] for fault in found] == [DAY, DAY + timedelta(1)]


def test_a_restated_history_is_judged_by_the_fact_and_not_where_the_fact_never_was():
    today = RESTATED.effective_date
    assert RESTATED.fact.effective_date > today
    assert [fault.parameters["day"] for fault in future_warnings([RESTATED], today)] == [
        RESTATED.fact.effective_date
    ]
    withdrawn = RESTATED.model_copy(update={"fact": None})
    assert future_warnings([withdrawn], today - timedelta(800)) == []
