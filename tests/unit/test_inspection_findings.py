"""The life of a finding: worked examples, and what holds whatever is done in whatever order."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contracts.findings import UNSETTLED, FindingState, Owner, Severity
from services.inspection.checklists import checklist_on
from services.inspection.faults import FaultsFound
from services.inspection.findings import domain
from services.inspection.findings.domain import Finding, FindingDecided, Found, Seen

CELL, VISIT = UUID(int=1), UUID(int=2)
DAY, TODAY = date(2020, 6, 3), date(2030, 1, 1)
LIST = checklist_on(DAY)
VERBOSE = Found(summary="Dài dòng", severity=Severity.MINOR, limitation="verbosity")


def opened(found=VERBOSE, on=DAY, same=(), visit=VISIT) -> FindingDecided:
    seen = Seen(visit_id=visit, cell_id=CELL, on=on)
    return domain.decide_opening(found, seen, its=LIST, same=same, new_id=uuid4())


def refused(decide, *arguments, **named):
    with pytest.raises(FaultsFound) as found:
        decide(*arguments, **named)
    return [fault.code for fault in found.value.faults]


def test_a_finding_has_its_axis_day_and_owner_by_itself():
    facts = opened().event.after
    assert (facts.axis, facts.due_on, facts.state) == (
        "chairing",
        DAY + timedelta(days=60),
        FindingState.OPEN,
    )
    assert (facts.owner.unit_id, facts.owner.position) == (CELL, "secretary")
    serious = Found(summary="Khác", severity=Severity.SERIOUS, axis="quality")
    assert opened(serious).event.after.due_on == DAY + timedelta(days=15)


@pytest.mark.parametrize(
    ("found", "codes"),
    [
        (Found(summary="", severity=Severity.MINOR), ["axis-missing"]),
        (Found(summary="", severity=Severity.MINOR, axis="colour"), ["not-on-checklist"]),
        (Found(summary="", severity=Severity.MINOR, limitation="noise"), ["not-on-checklist"]),
        (
            Found(summary="", severity=Severity.MINOR, limitation="verbosity", axis="quality"),
            ["axis-differs"],
        ),
        (
            Found(summary="", severity=Severity.MINOR, axis="quality", due_on=date(2020, 6, 2)),
            ["due-before-found"],
        ),
        (
            Found(summary="", severity=Severity.MINOR, axis="quality", due_on=date(2023, 6, 2)),
            ["due-too-late"],
        ),
        (Found(summary="", severity=Severity.MINOR, axis="quality", owner=Owner()), ["owner-unclear"]),
    ],
)
def test_what_cannot_be_is_refused_by_name(found, codes):
    assert refused(opened, found) == codes


def test_a_day_that_went_by_is_told_once_and_a_report_ends_it():
    finding = opened().state
    due = finding.facts.due_on
    assert domain.decide_overdue(finding, escalated_to=None, today=due) is None
    decided = domain.decide_overdue(finding, escalated_to=CELL, today=due + timedelta(days=9))
    assert decided is not None
    assert decided.event.effective_date == due + timedelta(days=1)
    assert domain.decide_overdue(decided.state, escalated_to=CELL, today=TODAY) is None
    reported = domain.decide_report(decided.state, due + timedelta(days=20), evidence=True, today=TODAY)
    assert not reported.state.facts.overdue
    assert domain.decide_overdue(reported.state, escalated_to=CELL, today=TODAY) is None


def test_nothing_is_carried_past_the_next_year():
    domain.check_year(2021, today=date(2020, 11, 30))
    assert refused(domain.check_year, 2121, today=date(2020, 11, 30)) == ["year-to-come"]


def test_what_is_unsettled_goes_into_the_next_years_plan_once():
    finding = opened().state
    assert domain.decide_carry_over(finding, 2020) is None
    carried = domain.decide_carry_over(finding, 2021)
    assert carried is not None
    assert domain.decide_carry_over(carried.state, 2021) is None
    assert domain.decide_carry_over(carried.state, 2022) is not None


days = st.lists(st.dates(date(2020, 1, 1), date(2020, 1, 20)), min_size=1, max_size=8, unique=True)


@given(days, st.data())
def test_recurrence_is_the_same_in_whatever_order_findings_become_known(on, data):
    """Each finding points to the last one before it, also after some were taken back."""
    known: list[Finding] = []

    def link() -> None:
        for decided in domain.decide_links(known):
            known[[one.id for one in known].index(decided.state.id)] = decided.state

    for day in on:
        known.append(opened(on=day, same=known, visit=uuid4()).state)
        link()
    for gone in data.draw(st.lists(st.sampled_from(on), unique=True)):
        known = [one for one in known if one.facts.found_on != gone]
        link()
    ordered = sorted(known, key=lambda one: one.facts.found_on)
    assert [one.facts.recurrence_of for one in ordered] == [None, *(one.id for one in ordered)][
        : len(ordered)
    ]
    assert domain.decide_links(known) == []


ALLOWED = {
    FindingState.OPEN: {FindingState.REMEDYING, FindingState.REPORTED},
    FindingState.REMEDYING: {FindingState.REPORTED},
    FindingState.REPORTED: {FindingState.CLOSED, FindingState.OPEN},
    FindingState.CLOSED: {FindingState.OPEN},
}  # fmt: skip


class Life(RuleBasedStateMachine):
    """Whatever is tried: the order of life is kept, and each event begins where the last one ended."""

    def __init__(self) -> None:
        super().__init__()
        decided = opened()
        self.finding, self.events, self.day = decided.state, [decided.event], DAY

    @rule(step=st.sampled_from(["begin", "report", "confirm", "reopen"]), days=st.integers(0, 50))
    def go_on(self, step, days):
        on = self.day + timedelta(days=days)
        before = self.finding.facts.state
        wanted = {
            "begin": FindingState.REMEDYING, "report": FindingState.REPORTED, "confirm": FindingState.CLOSED,
            "reopen": FindingState.OPEN,
        }[step]  # fmt: skip
        steps = {
            "begin": lambda: domain.decide_begin(self.finding, on, today=TODAY),
            "report": lambda: domain.decide_report(self.finding, on, evidence=True, today=TODAY),
            "confirm": lambda: domain.decide_confirmation(self.finding, on, today=TODAY),
            "reopen": lambda: domain.decide_reopening(
                self.finding, on, on + timedelta(days=30), reason=True, today=TODAY
            ),
        }
        if wanted not in ALLOWED[before]:
            assert refused(steps[step]) == ["finding-out-of-order"]
            return
        decided = steps[step]()
        self.take(decided, on)

    @rule()
    def wait(self):
        today = self.finding.facts.due_on + timedelta(days=1)
        if decided := domain.decide_overdue(self.finding, escalated_to=None, today=today):
            self.take(decided, self.day)

    @precondition(lambda self: self.finding.facts.state in UNSETTLED)
    @rule(year=st.integers(2021, 2024))
    def carry_over(self, year):
        if decided := domain.decide_carry_over(self.finding, year):
            self.take(decided, self.day)

    def teardown(self):
        """Withdrawn, nothing of it is left on any day, whoever sums up."""
        taken_back = domain.decide_withdrawal(self.finding, self.events)
        events = [*self.events, *(decided.event for decided in taken_back)]
        assert [event.before for event in events[1:]] == [event.after for event in events[:-1]]
        sums = Counter()
        for event in events:
            for delta, side in ((-1, event.before), (+1, event.after)):
                sums[event.effective_date, side and side.model_dump_json()] += delta if side else 0
        assert not any(sums.values())
        gone = taken_back[-1].state
        assert (gone.withdrawn, gone.version) == (True, 2 * len(self.events))
        assert refused(domain.decide_withdrawal, gone, events) == ["finding-withdrawn"]

    def take(self, decided, on):
        self.finding, self.day = decided.state, on
        self.events.append(decided.event)

    @invariant()
    def each_event_begins_where_the_last_one_ended(self):
        assert [event.before for event in self.events[1:]] == [event.after for event in self.events[:-1]]
        assert self.finding.facts == self.events[-1].after
        assert self.finding.version == len(self.events)

    @invariant()
    def nothing_settled_is_overdue(self):
        if self.finding.facts.state in {FindingState.REPORTED, FindingState.CLOSED}:
            assert not self.finding.facts.overdue


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=25)
