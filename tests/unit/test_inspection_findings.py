"""The life of a finding: worked examples, and what holds whatever is done in whatever order."""

from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contracts.findings import UNSETTLED, FindingState, Owner, Severity
from services.inspection.checklists import checklist_on
from services.inspection.faults import FaultsFound
from services.inspection.findings import domain, restating
from services.inspection.findings.finding import Finding, FindingDecided, Found, Seen
from services.reporting.inspection.facts import FINDING_COLUMNS, fold

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
        for id_, last in restating.links(known).items():
            place = [one.id for one in known].index(id_)
            known[place] = restating.decide_link(known[place], last, told=()).state

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
    assert restating.links(known) == {}


ALLOWED = {
    FindingState.OPEN: {FindingState.REMEDYING, FindingState.REPORTED},
    FindingState.REMEDYING: {FindingState.REPORTED},
    FindingState.REPORTED: {FindingState.CLOSED, FindingState.OPEN},
    FindingState.CLOSED: {FindingState.OPEN},
}  # fmt: skip


class Received(NamedTuple):
    """An event as reporting reads it."""

    type: str
    sequence: int
    value: bytes
    time: str = "2030-01-01T00:00:00Z"


def rows_of(events):
    received = [Received(event.TYPE, place, event.as_json().encode()) for place, event in enumerate(events)]
    return [dict(zip(FINDING_COLUMNS, row, strict=True)) for row in fold(received).findings]


def counted(events, day):
    """How findings stood on a day, as reporting sums it up from signed rows."""
    sums = Counter()
    for row in rows_of(events):
        if row["effective_date"] <= day:
            names = ("axis", "severity", "state", "recurrent", "due_on", "reopened")
            sums[tuple(row[name] for name in names)] += row["delta"]
    return {key: count for key, count in sums.items() if count}


class Life(RuleBasedStateMachine):
    """Whatever is tried: the order of life is kept, each event begins where the last one ended, and sums are right.

    What is true of each day is kept beside: how far it was, until when it was to be mended, how often reopened.
    """

    def __init__(self) -> None:
        super().__init__()
        decided = opened()
        self.finding, self.events, self.day = decided.state, [decided.event], DAY
        self.states = [(DAY, "open", 0)]
        self.dues = [decided.state.facts.due_on]

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
        if step == "reopen":
            self.dues.append(decided.state.facts.due_on)
        self.states.append((on, wanted.value, len(self.dues) - 1))
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

    @rule(
        severity=st.sampled_from(Severity),
        said=st.sampled_from([("verbosity", None), (None, "quality"), (None, "content")]),
        later=st.integers(-20, 60),
        summary=st.sampled_from(["Dài dòng", "Khác"]),
    )
    def correct(self, severity, said, later, summary):
        before = self.finding
        due = max(before.facts.due_on + timedelta(days=later), DAY)
        found = Found(
            summary=summary, severity=severity, limitation=said[0], axis=said[1], owner=before.facts.owner,
            due_on=min(due, DAY + timedelta(days=700)),
        )  # fmt: skip
        codes, decided = [], None
        try:
            decided = restating.decide_correction(before, found, its=LIST, same=[], told=self.events)
        except FaultsFound as refusal:
            codes = [fault.code for fault in refusal.faults]
        if decided is None:
            assert codes == ["nothing-changes"]
            return
        self.dues[-1] = decided.state.facts.due_on
        self.take(decided, self.day)

    @rule(last=st.none() | st.just(UUID(int=77)))
    def come_again(self, last):
        if last != self.finding.facts.recurrence_of:
            self.take(restating.decide_link(self.finding, last, told=self.events), self.day)

    def teardown(self):
        """Withdrawn, nothing of it is left on any day, whoever sums up."""
        steps = restating.life(self.events)
        taken_back = restating.decide_withdrawal(self.finding, self.events)
        events = [*self.events, *(decided.event for decided in taken_back)]
        assert [event.before for event in events[1:]] == [event.after for event in events[:-1]]
        sums = Counter()
        for row in rows_of(events):
            delta, _, __ = row.pop("delta"), row.pop("sequence"), row.pop("ordinal")
            sums[tuple(row.values())] += delta
        assert not any(sums.values())
        gone = taken_back[-1].state
        assert (gone.withdrawn, gone.version) == (True, len(self.events) + len(steps))
        assert refused(restating.decide_withdrawal, gone, events) == ["finding-withdrawn"]

    def take(self, decided, on):
        self.finding, self.day = decided.state, on
        self.events.append(decided.event)

    @invariant()
    def each_event_begins_where_the_last_one_ended(self):
        assert [event.before for event in self.events[1:]] == [event.after for event in self.events[:-1]]
        assert self.finding.facts == self.events[-1].after
        assert self.finding.version == len(self.events)

    @invariant()
    def figures_of_every_day_are_those_of_a_plain_count(self):
        facts = self.finding.facts
        for day in {day for on, _, __ in self.states for day in (on - timedelta(days=1), on)}:
            held = [(state, epoch) for on, state, epoch in self.states if on <= day]
            now = (facts.axis, facts.severity, facts.recurrence_of is not None)
            truth = {
                (now[0], now[1], state, now[2], self.dues[epoch], epoch): 1 for state, epoch in held[-1:]
            }
            assert counted(self.events, day) == truth

    @invariant()
    def nothing_settled_is_overdue(self):
        if self.finding.facts.state in {FindingState.REPORTED, FindingState.CLOSED}:
            assert not self.finding.facts.overdue


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=25)
