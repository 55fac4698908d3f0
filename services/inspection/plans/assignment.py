"""Who attends which meeting of a month: a linear programme in whole numbers, solved by HiGHS through SciPy. Pure.

What is looked for. x[m, p] is 1 where person p attends meeting m, for each pair that no rule forbids (`rules.py`).
Of all x that keep

    each meeting, and each cell, has one visitor at most
    a person has `per_person` visits at most, and of meetings that are at once one
    the plan has `at_most` visits
    what is fixed is 1

that is wanted for which the sum of these is highest (weights in `data/planning.toml`):

    + for each visit: `visit`, `month` for each month since the cell was last visited, `finding` for each finding of
      it that is not closed and again for each that is overdue, `poor` or `average` for its last score (`worth`)
    + `area` for each visit in the area of a team of the visitor
    - `load` x (k - 1 + b) for the k-th visit of a person, b being how many more than others they had before
    - `kind` for each visit that is missing to the least share of a kind of meeting or cell
    + what outweighs all that: each meeting that must be visited, and each visit that stays as it was

Load is convex and kinds have slack, so that only rules make a month infeasible, and only those that must be visited
can be left out: they are returned. Nearly all of the matrix is that of a flow (meetings that are at once follow one
another in time), so that the relaxation is whole, or almost: HiGHS ends at the root. Presolving such a month takes it
ten times as long as solving it. Rows and columns are in a fixed order, and so the same month has the same plan.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from rules.guidance import MeetingGrade
from services.inspection.plans.policy import Weights
from services.inspection.plans.rules import Chosen, Limits, hindrance
from services.inspection.plans.situation import Kind, Meeting, Situation, Span

_WHOLE: Final = 0.5


class NoPlanError(RuntimeError):
    """The solver gave up: what was fixed breaks a rule, which the caller is to look at before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a plan is to have, beside keeping to the rules."""

    fixed: Chosen = field(default_factory=dict)
    """Visits that stay; together they break no rule."""
    required: frozenset[UUID] = frozenset()
    """Meetings that must be visited, by whomever."""
    kept: Chosen = field(default_factory=dict)
    """Visits that stay if they can."""
    only: frozenset[UUID] | None = None
    """Meetings that may be visited; None for all."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who attends what, and the meetings that must be visited for which nobody is left."""

    chosen: dict[UUID, UUID]
    unserved: tuple[UUID, ...] = ()


def worth(situation: Situation, cell_id: UUID) -> int:
    """Return how many points a visit of a cell is worth, whoever makes it."""
    weights, cell = situation.policy.weights, situation.standing(cell_id)
    months = weights.most_months if cell.months is None else min(cell.months, weights.most_months)
    findings = min(cell.findings, weights.most_findings) + min(cell.overdue, weights.most_findings)
    graded = {MeetingGrade.POOR: weights.poor, MeetingGrade.AVERAGE: weights.average}
    return (
        weights.visit
        + weights.month * months
        + weights.finding * findings
        + (0 if cell.grade is None else graded.get(cell.grade, 0))
    )


def value(situation: Situation, limits: Limits, chosen: Chosen) -> int:
    """Return the points of a plan: what `assign` makes as high as can be where nothing is fixed, required or kept."""
    weights, steps = situation.policy.weights, _load_steps(situation, limits)
    visits: dict[UUID, int] = {}
    for member_id in chosen.values():
        visits[member_id] = visits.get(member_id, 0) + 1
    points = sum(_points(situation, situation.meetings[one], who) for one, who in chosen.items())
    points -= sum(sum(steps[who][:count]) for who, count in visits.items())
    for kind, least in least_of_kinds(situation, limits).items():
        has = sum(kind in situation.meetings[one].kinds for one in chosen)
        points -= weights.kind * max(0, least - has)
    return points


def least_of_kinds(situation: Situation, limits: Limits) -> dict[Kind, int]:
    """Return how many visits of each kind a plan is to have: its share, and not more than there are cells for."""
    cells: dict[Kind, set[UUID]] = {kind: set() for kind in Kind}
    for meeting in situation.open_meetings():
        for kind in meeting.kinds:
            cells[kind].add(meeting.cell_id)
    everywhere = len(set().union(*cells.values()))
    room = min(len(situation.people) * limits.per_person, everywhere)
    if limits.at_most is not None:
        room = min(room, limits.at_most)
    share = math.ceil(room * situation.policy.weights.kind_percent / 100)
    return {kind: min(share, len(its)) for kind, its in cells.items()}


def assign(situation: Situation, limits: Limits, wanted: Wanted | None = None) -> Assigned:
    """Return the plan of a month. Raises NoPlanError where what is fixed breaks a rule."""
    wanted = wanted or Wanted()
    pairs = list(_pairs(situation, limits, wanted))
    if not pairs:
        return Assigned({}, tuple(sorted(wanted.required)))
    programme = _Programme(situation, limits, wanted, pairs)
    found = programme.solve()
    chosen = {meeting.id: who for (meeting, who), x in zip(pairs, found, strict=True) if x > _WHOLE}
    return Assigned(chosen, tuple(sorted(wanted.required - chosen.keys())))


_Pair = tuple[Meeting, UUID]


def _pairs(situation: Situation, limits: Limits, wanted: Wanted) -> Iterator[_Pair]:
    """Yield who could attend what, in a fixed order; of a meeting that is fixed, only that."""
    people = sorted(situation.people)
    for meeting_id, member_id in sorted(wanted.fixed.items()):
        yield situation.meetings[meeting_id], member_id
    for meeting in situation.open_meetings():
        if meeting.id in wanted.fixed or (wanted.only is not None and meeting.id not in wanted.only):
            continue
        for member_id in people:
            if hindrance(situation, limits, meeting, member_id) is None:
                yield meeting, member_id


def _points(situation: Situation, meeting: Meeting, member_id: UUID) -> int:
    area = situation.policy.weights.area if situation.in_area(member_id, meeting) else 0
    return worth(situation, meeting.cell_id) + area


def _load_steps(situation: Situation, limits: Limits) -> dict[UUID, list[int]]:
    """Return what the first, second … visit of each person costs; what they had before counts like `per_person`."""
    weights: Weights = situation.policy.weights
    least = min((situation.load.get(who, 0) for who in situation.people), default=0)

    def before(member_id: UUID) -> int:
        return min(max(situation.load.get(member_id, 0) - least, 0), limits.per_person)

    everybody = {*situation.people, *situation.load}
    return {who: [weights.load * (before(who) + k) for k in range(limits.per_person)] for who in everybody}


class _Programme:
    """The programme of a month: columns for pairs, then loads, kinds, and meetings that must be visited."""

    def __init__(self, situation: Situation, limits: Limits, wanted: Wanted, pairs: Sequence[_Pair]) -> None:
        self._situation, self._limits, self._wanted, self._pairs = situation, limits, wanted, pairs
        self._of_person: dict[UUID, list[int]] = {}
        self._of_meeting: dict[UUID, list[int]] = {}
        self._of_cell: dict[UUID, list[int]] = {}
        for column, (meeting, member_id) in enumerate(pairs):
            self._of_person.setdefault(member_id, []).append(column)
            self._of_meeting.setdefault(meeting.id, []).append(column)
            self._of_cell.setdefault(meeting.cell_id, []).append(column)
        self._cost: list[float] = []
        self._upper: list[float] = []
        self._rows: list[tuple[dict[int, float], float, float]] = []
        points = [_points(situation, meeting, who) for meeting, who in pairs]
        # More than anything else can come to: first what must be, then what is to stay, then how good it is.
        self._stays = 1.0 + sum(max(points[column] for column in its) for its in self._of_meeting.values())
        self._stays += sum(situation.policy.weights.kind * least for least in self._least().values())
        self._must = self._stays * (len(wanted.kept) + 1)
        for column, (meeting, who) in enumerate(pairs):
            stays = self._stays if wanted.kept.get(meeting.id) == who else 0.0
            self._column(-(points[column] + stays), 1.0)
        self._visits()
        self._people()
        self._kinds()

    def _least(self) -> Mapping[Kind, int]:
        return least_of_kinds(self._situation, self._limits)

    def _column(self, cost: float, upper: float) -> int:
        self._cost.append(cost)
        self._upper.append(upper)
        return len(self._cost) - 1

    def _row(self, columns: Collection[int], low: float, high: float) -> None:
        self._rows.append((dict.fromkeys(columns, 1.0), low, high))

    def _visits(self) -> None:
        for meeting_id, columns in self._of_meeting.items():
            if meeting_id in self._wanted.fixed:
                self._row(columns, 1, 1)
            elif meeting_id in self._wanted.required:
                self._row([*columns, self._column(self._must, 1.0)], 1, 1)
        for columns in self._of_cell.values():
            if len(columns) > 1:
                self._row(columns, 0, 1)
        if self._limits.at_most is not None:
            self._row(range(len(self._pairs)), 0, self._limits.at_most)

    def _people(self) -> None:
        steps = _load_steps(self._situation, self._limits)
        together = _together({(meeting.id, self._situation.span(meeting)) for meeting, _ in self._pairs})
        for member_id, columns in self._of_person.items():
            loads = [self._column(cost, 1.0) for cost in steps.get(member_id, [0] * self._limits.per_person)]
            self._rows.append((dict.fromkeys(columns, 1.0) | dict.fromkeys(loads, -1.0), 0, 0))
            column_of = {self._pairs[column][0].id: column for column in columns}
            for meetings in together:
                its = [column_of[one] for one in meetings if one in column_of]
                if len(its) > 1:
                    self._row(its, 0, 1)

    def _kinds(self) -> None:
        for kind, least in self._least().items():
            columns = [number for number, (meeting, _) in enumerate(self._pairs) if kind in meeting.kinds]
            missing = self._column(float(self._situation.policy.weights.kind), math.inf)
            self._row([*columns, missing], least, math.inf)

    def solve(self) -> list[float]:
        """Return 1 for each pair that is chosen, 0 for others. Raises NoPlanError."""
        rows = [number for number, (its, _, _) in enumerate(self._rows) for _ in its]
        columns = [column for its, _, _ in self._rows for column in its]
        values = [entry for its, _, _ in self._rows for entry in its.values()]
        matrix = csr_array((values, (rows, columns)), shape=(len(self._rows), len(self._cost)))
        whole = np.zeros(len(self._cost))
        whole[: len(self._pairs)] = 1
        found = milp(
            np.array(self._cost),
            constraints=LinearConstraint(
                matrix, [low for _, low, _ in self._rows], [high for *_, high in self._rows]
            ),
            bounds=Bounds(0, np.array(self._upper)),
            integrality=whole,
            options={"presolve": False, "mip_rel_gap": 0.0},
        )
        if found.x is None:
            raise NoPlanError(found.message)
        return [float(x) for x in found.x[: len(self._pairs)]]


def _together(meetings: Collection[tuple[UUID, Span]]) -> list[list[UUID]]:
    """Return the largest sets of meetings of which nobody can attend two, by time."""
    ordered = sorted(meetings, key=lambda one: (one[1].begins, one[0]))
    sets = [
        [one for one, other in ordered if other.begins <= span.begins < other.ends] for _, span in ordered
    ]
    following = [*sets[1:], []]
    return [its for its, after in zip(sets, following, strict=True) if not set(its) <= set(after)]
