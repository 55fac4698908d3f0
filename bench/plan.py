"""Planning a month of visits: 242 cells and 40 people, as the solver does it and as a careful person would.

Against: a greedy peer in the same process that takes the most deserving meeting first and sends whoever of its own
team, else whoever is free, has the fewest visits. It keeps to the same rules; compared are time and points.
"""

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from bench.figures import Aim, Baseline, Figure, median
from bench.sizes import Size
from bench.system import Systems
from rules.guidance import MeetingGrade
from services.inspection.plans.assignment import assign, value, worth
from services.inspection.plans.policy import policy_of
from services.inspection.plans.rules import Limits, breaches, hindrance
from services.inspection.plans.situation import Kind, Meeting, Rule, Situation, Standing, Whereabouts

_MONTH: Final = date(2020, 6, 1)
_CELLS, _GRASSROOTS, _PEOPLE, _TEAMS, _THEMATIC = 242, 36, 40, 8, 80
_AIM: Final = Aim(2.0)


def measure(systems: Systems, size: Size) -> Iterator[Figure]:
    """Yield the seconds that a month takes, and its points, beside those of the greedy peer."""
    del systems
    limits = Limits(per_person=2)
    taken, greedy_taken, points, greedy_points = [], [], [], []
    for seed in range(size.plans):
        situation = month_of_bloc(seed)
        began = time.perf_counter()
        chosen = assign(situation, limits).chosen
        taken.append(time.perf_counter() - began)
        began = time.perf_counter()
        peer = greedy(situation, limits)
        greedy_taken.append(time.perf_counter() - began)
        for plan in (chosen, peer):
            if any(breaches(situation, limits, plan)):
                raise AssertionError("a plan breaks a rule")
        points.append(float(value(situation, limits, chosen)))
        greedy_points.append(float(value(situation, limits, peer)))
    what = f"plan: {_CELLS} cells, {_PEOPLE} people"
    yield Figure(f"{what}, median", median(taken), "s", Baseline("greedy", median(greedy_taken)), _AIM)
    yield Figure(
        f"{what}, slowest of {size.plans}", max(taken), "s", Baseline("greedy", max(greedy_taken)), _AIM
    )
    yield Figure(f"{what}, points", sum(points), "points", Baseline("greedy", sum(greedy_points)))


def month_of_bloc(seed: int) -> Situation:
    """Return a made-up month of a bloc: each cell has a regular meeting, some combined, a third a thematic one."""
    chance = random.Random(seed)
    cells = [UUID(int=1 + number) for number in range(_CELLS)]
    meetings: dict[UUID, Meeting] = {}

    def meet(number: int, day: int, kinds: set[Kind]) -> None:
        of_cell = Kind.GRASSROOTS if number < _GRASSROOTS else Kind.SUBORDINATE
        hour, minute = chance.choice([(8, 0), (8, 30), (14, 0), (14, 30)])
        id_ = UUID(int=10_000 + len(meetings))
        meetings[id_] = Meeting(
            id=id_,
            cell_id=cells[number],
            starts_at=datetime(2020, 6, day, hour, minute, tzinfo=UTC) - timedelta(hours=7),
            kinds=frozenset(kinds | {of_cell}),
        )

    for number in range(_CELLS):
        combined = chance.random() < 0.1
        kinds = {Kind.REGULAR, Kind.THEMATIC} if combined else {Kind.REGULAR}
        meet(number, chance.choice([1, 2, 3, 3, 4, 5, 5, 8, 9, 10]), kinds)
    for number in chance.sample(range(_CELLS), _THEMATIC):
        meet(number, chance.randrange(15, 27), {Kind.THEMATIC})
    return Situation(
        month=_MONTH,
        policy=policy_of(_MONTH),
        meetings=meetings,
        people=dict(_person(number, cells, chance) for number in range(_PEOPLE)),
        cells={cell: _standing(chance) for cell in cells},
        load={UUID(int=1_000 + number): chance.randrange(4) for number in range(_PEOPLE)},
    )


def _person(number: int, cells: list[UUID], chance: random.Random) -> tuple[UUID, dict[date, Whereabouts]]:
    team = UUID(int=5_000 + number % _TEAMS)
    areas = dict.fromkeys(cells[number % _TEAMS :: _TEAMS], team)
    homes = frozenset({chance.choice(cells)})
    away = set(range(first, first + 5)) if (first := chance.randrange(1, 80)) < 27 else set()
    return UUID(int=1_000 + number), {
        date(2020, 6, day): Whereabouts(
            team_id=team, hindrance=Rule.ABSENT if day in away else None, homes=homes, areas=areas
        )
        for day in range(1, 31)
    }


def _standing(chance: random.Random) -> Standing:
    findings = chance.choice([0, 0, 0, 1, 2, 4])
    return Standing(
        months=chance.choice([None, 1, 2, 4, 6, 9, 12, 18]),
        findings=findings,
        overdue=chance.randint(0, findings),
        grade=chance.choice([None, *MeetingGrade]),
    )


def greedy(situation: Situation, limits: Limits) -> dict[UUID, UUID]:
    """Return the plan of the peer."""
    visits: dict[UUID, list[Meeting]] = {who: [] for who in situation.people}
    chosen: dict[UUID, UUID] = {}
    visited: set[UUID] = set()
    for meeting in sorted(
        situation.open_meetings(), key=lambda one: (-worth(situation, one.cell_id), one.id)
    ):
        span = situation.span(meeting)
        free = [
            who
            for who, its in visits.items()
            if meeting.cell_id not in visited
            and len(its) < limits.per_person
            and not any(span.meets(situation.span(other)) for other in its)
            and hindrance(situation, limits, meeting, who) is None
        ]
        if free:
            best = min(free, key=lambda who: (not situation.in_area(who, meeting), len(visits[who]), who))
            chosen[meeting.id] = best
            visits[best].append(meeting)
            visited.add(meeting.cell_id)
    return chosen
