"""What becomes of a visit: worked examples, and what holds however it is said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.meetings import MeetingKind, MeetingStatus
from contracts.visits import AxisComment, AxisGrade, BookCheck, StepCheck
from rules.guidance import Criterion, guidances
from services.inspection.checklists import checklist_on
from services.inspection.faults import FaultsFound
from services.inspection.visits import domain
from services.inspection.visits.domain import Meeting, Report, Surroundings, Visitor, Words
from services.inspection.visits.requests import VisitCorrecting

VISIT, MEETING, CELL, HOME, TEAM, ANN, BEN = (UUID(int=number) for number in range(1, 8))
DAY, TODAY = date(2020, 6, 3), date(2020, 11, 30)
LIST = checklist_on(DAY)
FULL = dict(guidances().on(DAY).rubric)
HELD = Meeting(
    id=MEETING,
    cell_id=CELL,
    kind=MeetingKind.REGULAR,
    month=date(2020, 6, 1),
    day=DAY,
    status=MeetingStatus.HELD,
)
AROUND = Surroundings(
    team_id=TEAM,
    team_code="TCT-1",
    team_is_there=True,
    visitors={
        ANN: Visitor(cells=frozenset({HOME}), seated=True),
        BEN: Visitor(cells=frozenset({HOME, CELL}), seated=False),
    },
    checklist=LIST,
    guidance=guidances().on(DAY),
    today=TODAY,
)

points = st.fixed_dictionaries(
    {
        criterion: st.integers(0, most * 4).map(lambda quarters: Decimal(quarters) / 4)
        for criterion, most in FULL.items()
    }
)
three = st.none() | st.booleans()
reports = st.builds(
    Report,
    visited_on=st.dates(DAY, TODAY) | st.none(),
    visitor_ids=st.sampled_from([(), (ANN,)]),
    books=st.lists(
        st.builds(
            BookCheck, book=st.sampled_from([one.code for one in LIST.books]), up_to_date=three, correct=three
        ),
        unique_by=lambda one: one.book,
    ).map(tuple),
    steps=st.lists(
        st.builds(StepCheck, step=st.sampled_from([one.code for one in LIST.steps]), followed=st.booleans()),
        unique_by=lambda one: one.step,
    ).map(tuple),
    axes=st.lists(
        st.builds(AxisComment, axis=st.sampled_from([one.code for one in LIST.axes])),
        unique_by=lambda one: one.axis,
    ).map(tuple),
    points=st.none() | points,
)


def visited(report=Report(), meeting=HELD, around=AROUND):  # noqa: B008 - frozen
    return domain.decide_visit(report, meeting=meeting, around=around, new_id=VISIT)


def refused(report=Report(), **of):  # noqa: B008 - frozen
    with pytest.raises(FaultsFound) as found:
        visited(report, **of)
    return [fault.code for fault in found.value.faults]


def test_a_visit_cites_the_rubric_of_the_meetings_day():
    decided = visited(Report(points={**FULL, Criterion.CLOSING: Decimal("2.25")}))
    score = decided.event.after.score
    assert score is not None
    assert (score.total, score.grade, score.guidance.number) == (97.25, "good", "12-HD/BTCTW")
    later = guidances().on(date(2026, 1, 5))
    meeting = replace(HELD, day=date(2026, 1, 5), month=date(2026, 1, 1))
    around = replace(AROUND, guidance=later, today=date(2026, 2, 1))
    score = visited(Report(points=FULL), meeting, around).event.after.score
    assert score is not None
    assert score.guidance.number == "42-HD/BTCTW"


@pytest.mark.parametrize(
    ("report", "of", "codes"),
    [
        (Report(visited_on=date(2020, 12, 1)), {}, ["visit-to-come"]),
        (Report(visitor_ids=(BEN,)), {}, ["own-cell"]),
        (Report(visitor_ids=(ANN, ANN)), {}, ["said-twice"]),
        (Report(), {"meeting": replace(HELD, status=MeetingStatus.CANCELLED)}, ["meeting-cancelled"]),
        (Report(), {"meeting": replace(HELD, status=MeetingStatus.POSTPONED, day=None)}, ["meeting-put-off"]),
        (Report(), {"around": replace(AROUND, team_is_there=False)}, ["outside-team"]),
        (
            Report(assignment_id=VISIT),
            {"around": replace(AROUND, is_assigned=False)},
            ["unknown-assignment"],
        ),
        (Report(steps=(StepCheck(step="sung", followed=True),)), {}, ["not-on-checklist"]),
        (Report(points={Criterion.CONTENT: Decimal(25)}), {}, ["points-impossible"]),
        (Report(points={**FULL, Criterion.CLOSING: Decimal("0.1")}), {}, ["points-impossible"]),
    ],
)
def test_what_cannot_be_is_refused_by_name(report, of, codes):
    assert refused(report, **of) == codes


def test_whoever_is_in_no_register_or_team_is_told_of():
    nobody = {ANN: Visitor(cells=None, seated=False)}
    assert refused(Report(visitor_ids=(ANN,)), around=replace(AROUND, visitors=nobody)) == ["not-in-register"]
    stranger = {ANN: Visitor(cells=frozenset({HOME}), seated=False)}
    decided = visited(
        Report(visitor_ids=(ANN,), visited_on=date(2020, 6, 4)),
        replace(HELD, status=MeetingStatus.PLANNED),
        replace(AROUND, visitors=stranger),
    )
    assert [one.code for one in decided.warnings] == [
        "not-the-meetings-day",
        "meeting-not-held",
        "not-in-team",
    ]


def test_words_are_taken_back_by_null_and_stay_where_they_are_left_out():
    before = Report(assignment_id=MEETING, words=Words(guidance="Gửi trước.", comment="Ông A nói dài."))
    kept = VisitCorrecting.model_validate({"axes": []}).report(before)
    assert (kept.words, kept.assignment_id) == (before.words, MEETING)
    silent = VisitCorrecting.model_validate({"comment": None, "assignment_id": None}).report(before)
    assert (silent.words.comment, silent.words.guidance, silent.assignment_id) == (None, "Gửi trước.", None)


def test_words_are_in_no_event():
    words = Words(guidance="Ông A", comment="bà B", axes={"content": "anh C"})
    axes = (AxisComment(axis="content", grade=AxisGrade.POOR),)
    decided = visited(Report(axes=axes, words=words))
    assert decided.state.words == words
    assert not [one for one in ("Ông A", "bà B", "anh C") if one in decided.event.as_json()]
    again = replace(decided.state.report(), words=Words(comment="khác"))
    restated = domain.decide_correction(decided.state, again, meeting=HELD, around=AROUND, findings=0)
    assert restated.event.before == restated.event.after


@settings(max_examples=40)
@given(reports, reports)
def test_what_is_said_is_what_is_told_and_each_event_begins_where_the_last_ended(first, second):
    decided = visited(first)
    assert visited(decided.state.report()).event == decided.event, "a report comes back out of its visit"
    shuffled = replace(first, axes=first.axes[::-1], books=first.books[::-1], steps=first.steps[::-1])
    assert visited(shuffled).event == decided.event, "in whatever order it was said"
    said = {"meeting": HELD, "around": AROUND, "findings": 0}
    if visited(second).event.after == decided.event.after:
        with pytest.raises(FaultsFound, match="nothing-changes"):
            domain.decide_correction(decided.state, second, **said)
        return
    then = domain.decide_correction(decided.state, second, **said)
    assert then.event.before == decided.event.after
    assert then.event.after == visited(second).event.after
    gone = domain.decide_withdrawal(then.state, findings=0)
    assert (gone.event.before, gone.event.after, gone.state.version) == (then.event.after, None, 3)


@settings(max_examples=30)
@given(reports, st.integers(1, 5))
def test_a_visit_with_findings_keeps_its_day_and_is_not_taken_back(report, findings):
    visit = visited(replace(report, visited_on=DAY)).state
    with pytest.raises(FaultsFound):
        domain.decide_withdrawal(visit, findings=findings)
    other = replace(visit.report(), visited_on=date(2020, 6, 4))
    with pytest.raises(FaultsFound):
        domain.decide_correction(visit, other, meeting=HELD, around=AROUND, findings=findings)
