"""What visits and findings of a period come to: worked examples, and what holds whatever was seen."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.findings import FindingState, Severity
from contracts.visits import AxisGrade
from services.inspection.evaluations.figures import (
    FindingStep,
    Grain,
    SeenFinding,
    SeenVisit,
    Span,
    evaluate,
    label,
    spans,
)
from services.inspection.evaluations.limitations import Lacking, grouped, unsettled

FIRST, LAST, TODAY = date(2019, 1, 1), date(2020, 12, 31), date(2021, 6, 1)
A, B, C = (UUID(int=number) for number in range(1, 4))
CLOSED, OPEN, REPORTED = FindingState.CLOSED, FindingState.OPEN, FindingState.REPORTED
DAY = date(2020, 6, 3)


def finding(*steps, on=DAY, due=date(2020, 7, 1), recurrent=False):
    lived = [FindingStep(on, OPEN, due), *(FindingStep(when, state, due) for when, state in steps)]
    return SeenFinding(cell_id=A, found_on=on, recurrent=recurrent, steps=lived)


def of(*, visits=(), findings=(), first=date(2020, 6, 1), last=date(2020, 6, 30), today=TODAY):
    return evaluate(visits, findings, {A, B, C}, Span(first, last), today=today)


def test_coverage_means_and_distances():
    seen = [
        SeenVisit(cell_id=A, on=DAY, grades={"content": AxisGrade.GOOD}, own=95, inspector=90.5, official=92),
        SeenVisit(cell_id=A, on=DAY, grades={"content": AxisGrade.POOR}, own=85, inspector=90),
        SeenVisit(cell_id=UUID(int=9), on=DAY, grades={"quality": AxisGrade.FAIR}),
        SeenVisit(cell_id=B, on=date(2020, 7, 1), grades={}),
    ]
    found = of(visits=seen)
    assert (found.visits, found.cells, found.visited) == (3, 3, 1)
    assert found.axes == {"content": Fraction(5, 2), "quality": 3}
    assert (found.own_from_inspector.mean, found.own_from_inspector.mean_absolute) == (
        Fraction(-1, 4),
        Fraction(19, 4),
    )
    assert (found.official_from_inspector.visits, found.official_from_inspector.mean) == (1, Fraction(3, 2))


def test_a_finding_is_overdue_at_a_periods_end_whatever_became_of_it_since():
    late = finding((date(2020, 8, 10), REPORTED), (date(2020, 8, 20), CLOSED), recurrent=True)
    june, july, august = (
        of(findings=[late], first=date(2020, month, 1), last=date(2020, month + 1, 1) - timedelta(days=1))
        for month in (6, 7, 8)
    )
    assert (june.opened, june.overdue, june.recurrent, june.unsettled) == (1, 0, 1, 1)
    assert (july.opened, july.overdue, july.closed) == (0, 1, 0)
    assert (august.overdue, august.closed, august.unsettled) == (0, 1, 0)
    assert of(findings=[finding(due=date(2020, 6, 10))], today=date(2020, 6, 10)).overdue == 0


def test_what_was_closed_and_reopened_in_one_period_is_not_closed():
    again = finding((date(2020, 6, 10), REPORTED), (date(2020, 6, 11), CLOSED), (date(2020, 6, 20), OPEN))
    assert (of(findings=[again]).closed, of(findings=[again]).unsettled) == (0, 1)


def test_what_is_put_right_later_says_nothing_of_how_far_the_finding_was_before():
    """A correction takes effect on the day of the visit, and finds it closed: it was open all the same."""
    closed = [(date(2020, 7, 10), REPORTED), (date(2020, 8, 20), CLOSED)]
    told_late = finding(*closed, (DAY, CLOSED))
    june, july, august = (
        of(
            findings=[told_late],
            first=date(2020, month, 1),
            last=date(2020, month + 1, 1) - timedelta(days=1),
        )
        for month in (6, 7, 8)
    )
    assert [(one.closed, one.unsettled) for one in (june, july, august)] == [(0, 1), (0, 1), (1, 0)]


def test_another_due_day_holds_since_the_finding_was_opened_or_reopened():
    early, late = date(2020, 6, 10), date(2020, 9, 1)
    steps = [FindingStep(DAY, OPEN, early), FindingStep(DAY, OPEN, late)]
    put_right = SeenFinding(cell_id=A, found_on=DAY, recurrent=False, steps=steps)
    assert of(findings=[put_right]).overdue == 0
    again = [
        *steps,
        FindingStep(date(2020, 6, 20), REPORTED, late),
        FindingStep(date(2020, 7, 1), OPEN, date(2020, 10, 1)),
        FindingStep(DAY, OPEN, date(2020, 11, 1)),
    ]
    reopened = SeenFinding(cell_id=A, found_on=DAY, recurrent=False, steps=again)
    assert reopened.at(date(2020, 6, 5)).due_on == late
    assert reopened.at(date(2020, 7, 5)).due_on == date(2020, 11, 1)


days = st.dates(FIRST, LAST)
seen_visits = st.builds(
    SeenVisit,
    cell_id=st.sampled_from([A, B, C]),
    on=days,
    grades=st.dictionaries(st.sampled_from(["content", "quality"]), st.sampled_from(AxisGrade)),
    own=st.none() | st.integers(0, 100).map(float),
    inspector=st.none() | st.integers(0, 100).map(float),
)


@st.composite
def lives(draw):
    on = draw(days)
    gaps = draw(st.lists(st.integers(0, 200), max_size=4))
    steps, when = [], on
    for gap, state in zip(gaps, (REPORTED, CLOSED, OPEN, REPORTED), strict=False):
        when += timedelta(days=gap)
        steps.append((when, state))
    return finding(
        *steps, on=on, due=on + timedelta(days=draw(st.integers(0, 90))), recurrent=draw(st.booleans())
    )


@settings(max_examples=60)
@given(st.lists(seen_visits, max_size=12), st.lists(lives(), max_size=12), st.sampled_from(Grain))
def test_the_parts_of_a_period_make_up_the_whole(visits, findings, grain):
    parts = list(spans(FIRST, LAST, grain))
    assert parts[0].first == FIRST
    assert parts[-1].last == LAST
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(parts))
    assert len({label(part, grain) for part in parts}) == len(parts)
    whole = evaluate(visits, findings, {A, B, C}, Span(FIRST, LAST), today=TODAY)
    found = [evaluate(visits, findings, {A, B, C}, part, today=TODAY) for part in parts]
    assert sum(one.visits for one in found) == whole.visits == len(visits)
    assert sum(one.opened for one in found) == whole.opened == len(findings)
    assert sum(one.recurrent for one in found) == whole.recurrent
    assert max((one.visited for one in found), default=0) <= whole.visited <= 3
    assert found[-1].overdue == whole.overdue
    assert whole.overdue <= whole.unsettled
    assert whole.unsettled + whole.closed == len(findings), "each is settled within, or is not"


def lacking(cell, limitation, state=CLOSED, on=DAY, severity=Severity.MINOR):
    return Lacking(
        id=UUID(int=on.toordinal()), cell_id=cell, found_on=on, axis="chairing", limitation=limitation,
        severity=severity, summary="", recurrent=False, state=state,
    )  # fmt: skip


def test_the_list_for_next_year_has_what_is_left_first():
    found = [
        lacking(A, "verbosity"),
        lacking(B, "verbosity"),
        lacking(A, "awkwardness", OPEN, date(2019, 12, 1)),
        lacking(C, None, REPORTED, severity=Severity.SERIOUS),
    ]
    groups = grouped(found, 2020)
    assert [(one.limitation, one.found, one.cells, one.unsettled) for one in groups] == [
        (None, 1, 1, 1), ("awkwardness", 0, 1, 1), ("verbosity", 2, 2, 0),
    ]  # fmt: skip
    assert [one.limitation for one in unsettled(found)] == [None, "awkwardness"]
