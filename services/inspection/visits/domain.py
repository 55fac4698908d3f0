"""What becomes of a visit to a meeting: pure functions from a state and a command to an event.

A visit is held against the meeting as others told it, the checklist in force on the day, the rubric of the meeting's
day, and who was where. Words stay in the state; the event has what can be counted.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from contracts.meetings import CriterionPoints, MeetingKind, MeetingStatus
from contracts.membership import DocumentRef
from contracts.visits import (
    AxisComment,
    BookCheck,
    InspectorScore,
    StepCheck,
    VisitEvent,
    VisitFacts,
    VisitRecorded,
    VisitRestated,
)
from rules.guidance import Criterion, Guidance
from rules.scores import Score, ScoreError
from services.inspection.checklists import Checklist
from services.inspection.faults import Fault, FaultsFound

_Check = TypeVar("_Check", BookCheck, StepCheck, AxisComment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What visitors said in words, by the checklist's codes where it is about one of them."""

    guidance: str | None = None
    """What they advised the cell on the spot."""
    comment: str | None = None
    """On the meeting as a whole."""
    books: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting, as the service of meetings told it."""

    id: UUID
    cell_id: UUID
    kind: MeetingKind
    month: date
    day: date | None
    """In Asia/Ho_Chi_Minh; None while it is put off without a new time."""
    status: MeetingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What visitors bring back from a meeting."""

    visited_on: date | None = None
    """The meeting's day, where it is left out."""
    visitor_ids: tuple[UUID, ...] = ()
    assignment_id: UUID | None = None
    books: tuple[BookCheck, ...] = ()
    steps: tuple[StepCheck, ...] = ()
    axes: tuple[AxisComment, ...] = ()
    points: Mapping[Criterion, Decimal] | None = None
    """The inspector's score; None where none was given."""
    words: Words = Words()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who somebody who visits is, on the day of the visit."""

    cells: frozenset[UUID] | None
    """Where they belong and where they stay for a time; None where they are not in the register."""
    seated: bool
    """Whether they sit in the team."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a visit is held against, on its day."""

    team_id: UUID
    team_code: str
    team_is_there: bool
    visitors: Mapping[UUID, Visitor]
    checklist: Checklist
    guidance: Guidance
    """In force on the meeting's day."""
    today: date
    is_assigned: bool = True
    """Whether the assignment that the report names is one to this meeting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit; `version` counts its events."""

    id: UUID
    facts: VisitFacts
    words: Words = Words()
    withdrawn: bool = False
    """It never was."""
    version: int = 1

    def report(self) -> Report:
        """Return what it was told by, so that a part of it can be put right."""
        facts, score = self.facts, self.facts.score
        return Report(
            visited_on=facts.visited_on,
            visitor_ids=facts.visitor_ids,
            assignment_id=facts.assignment_id,
            books=facts.books,
            steps=facts.steps,
            axes=facts.axes,
            points=None if score is None else points_of(score),
            words=self.words,
        )


@dataclass(frozen=True, slots=True)
class VisitDecided:
    """A visit as a command leaves it, its event, and what is unusual about it."""

    state: Visit
    event: VisitEvent
    warnings: tuple[Fault, ...] = ()


def points_of(score: InspectorScore) -> dict[Criterion, Decimal]:
    """Return the points of a score by criterion."""
    return {Criterion(one.criterion): Decimal(str(one.points)) for one in score.points}


def visit_day(report: Report, meeting: Meeting) -> date:
    """Return the day of a visit. Raises FaultsFound where its meeting was called off, or is put off."""
    if meeting.status is MeetingStatus.CANCELLED:
        raise FaultsFound([Fault("meeting-cancelled", "meeting_id")])
    if meeting.day is None:
        raise FaultsFound([Fault("meeting-put-off", "meeting_id")])
    return report.visited_on or meeting.day


def decide_visit(report: Report, *, meeting: Meeting, around: Surroundings, new_id: UUID) -> VisitDecided:
    """Return a new visit. Raises FaultsFound where it could not have been so."""
    facts = _facts(report, meeting, around)
    event = VisitRecorded(effective_date=facts.visited_on, visit_id=new_id, after=facts)
    state = Visit(id=new_id, facts=facts, words=report.words)
    return VisitDecided(state, event, tuple(_unusual(facts, meeting, around)))


def decide_correction(
    visit: Visit, report: Report, *, meeting: Meeting, around: Surroundings, findings: int
) -> VisitDecided:
    """Return a visit of which something else is true than was said; `findings` is how many stand upon it.

    Raises FaultsFound as `decide_visit`, `visit-withdrawn`, `nothing-changes`, and `visit-has-findings` where its day
    becomes another.
    """
    _check_standing(visit)
    facts, before = _facts(report, meeting, around), visit.facts
    if (facts, report.words) == (before, visit.words):
        raise FaultsFound([Fault("nothing-changes")])
    if findings and facts.visited_on != before.visited_on:
        raise FaultsFound([Fault("visit-has-findings", "visited_on", {"count": findings})])
    event = VisitRestated(
        effective_date=min(before.visited_on, facts.visited_on),
        visit_id=visit.id,
        before=before,
        after=facts,
    )
    state = replace(visit, facts=facts, words=report.words, version=visit.version + 1)
    return VisitDecided(state, event, tuple(_unusual(facts, meeting, around)))


def decide_withdrawal(visit: Visit, *, findings: int) -> VisitDecided:
    """Return that a visit never was. Raises FaultsFound `visit-withdrawn`, and where findings stand upon it."""
    _check_standing(visit)
    if findings:
        raise FaultsFound([Fault("visit-has-findings", None, {"count": findings})])
    event = VisitRestated(
        effective_date=visit.facts.visited_on, visit_id=visit.id, before=visit.facts, after=None
    )
    return VisitDecided(replace(visit, withdrawn=True, version=visit.version + 1), event)


def _check_standing(visit: Visit) -> None:
    if visit.withdrawn:
        raise FaultsFound([Fault("visit-withdrawn")])


def _facts(report: Report, meeting: Meeting, around: Surroundings) -> VisitFacts:
    """Return what a report comes to, as events carry it. Raises FaultsFound with all that is impossible about it."""
    day, its = visit_day(report, meeting), around.checklist
    faults = [
        *_impossible(report, day, meeting, around),
        *_off_list("books", [one.book for one in report.books], [one.code for one in its.books]),
        *_off_list("steps", [one.step for one in report.steps], [one.code for one in its.steps]),
        *_off_list("axes", [one.axis for one in report.axes], [one.code for one in its.axes]),
    ]
    score = None
    try:
        score = report.points and _score(report.points, around.guidance)
    except ScoreError as error:
        faults.append(_points_fault(error, around.guidance))
    if faults:
        raise FaultsFound(faults)
    return VisitFacts(
        meeting_id=meeting.id,
        cell_id=meeting.cell_id,
        month=meeting.month,
        kind=meeting.kind,
        team_id=around.team_id,
        visited_on=day,
        visitor_ids=tuple(sorted(report.visitor_ids)),
        assignment_id=report.assignment_id,
        checklist=its.in_force_from,
        books=_in_order(report.books, lambda one: one.book, [one.code for one in its.books]),
        steps=_in_order(report.steps, lambda one: one.step, [one.code for one in its.steps]),
        axes=_in_order(report.axes, lambda one: one.axis, [one.code for one in its.axes]),
        score=score or None,
    )


def _impossible(report: Report, day: date, meeting: Meeting, around: Surroundings) -> Iterator[Fault]:
    if day > around.today:
        yield Fault("visit-to-come", "visited_on", {"day": day})
    if not around.team_is_there:
        yield Fault("outside-team", "team_code", {"day": day, "team": around.team_code})
    if report.assignment_id is not None and not around.is_assigned:
        yield Fault("unknown-assignment", "assignment_id")
    if len(set(report.visitor_ids)) < len(report.visitor_ids):
        yield Fault("said-twice", "visitor_ids", {"code": "visitor_ids"})
    for visitor in (around.visitors[id_] for id_ in report.visitor_ids):
        if visitor.cells is None:
            yield Fault("not-in-register", "visitor_ids", {"day": day})
        elif meeting.cell_id in visitor.cells:
            yield Fault("own-cell", "visitor_ids", {"day": day})
    for one in report.books:
        if one.present is False and (one.up_to_date or one.correct):
            yield Fault("book-not-there", "books", {"code": one.book})


def _unusual(facts: VisitFacts, meeting: Meeting, around: Surroundings) -> Iterator[Fault]:
    if meeting.day != facts.visited_on:
        yield Fault("not-the-meetings-day", "visited_on", {"day": meeting.day})
    if meeting.status is not MeetingStatus.HELD:
        yield Fault("meeting-not-held", "meeting_id")
    for visitor in (around.visitors[id_] for id_ in facts.visitor_ids):
        if not visitor.seated:
            facts_ = {"day": facts.visited_on, "team": around.team_code}
            yield Fault("not-in-team", "visitor_ids", facts_)


def _off_list(column: str, codes: Sequence[str], known: Collection[str]) -> Iterator[Fault]:
    """Yield which codes the checklist does not have, and which are said twice."""
    for code, count in Counter(codes).items():
        if code not in known:
            yield Fault("not-on-checklist", column, {"code": code, "allowed": ", ".join(known)})
        elif count > 1:
            yield Fault("said-twice", column, {"code": code})


def _in_order(
    checks: Sequence[_Check], code: Callable[[_Check], str], known: Sequence[str]
) -> tuple[_Check, ...]:
    """Return checks in the order of the checklist: however they were said, they are the same."""
    return tuple(sorted(checks, key=lambda one: known.index(code(one))))


def _score(points: Mapping[Criterion, Decimal], guidance: Guidance) -> InspectorScore:
    """Return what points come to by a rubric. Raises ScoreError."""
    score = Score(points, guidance)
    return InspectorScore(
        guidance=DocumentRef(number=guidance.number, date=guidance.date),
        points=tuple(
            CriterionPoints(criterion=criterion.value, points=float(points[criterion]))
            for criterion in Criterion
        ),
        total=float(score.total),
        grade=score.grade.value,
    )


def _points_fault(error: ScoreError, guidance: Guidance) -> Fault:
    criterion = error.criterion
    most = guidance.rubric[criterion] if criterion else 100
    facts = {"criterion": criterion, "most": most, "source": guidance.source}
    return Fault("points-impossible", "points", facts)
