"""Each source of figures, asked once for all periods of a question, those of the year before among them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from chassis.database import Connection
from services.reporting.figures import findings, meetings, members, months, movement, ratings, visits
from services.reporting.figures.cubes import Cube, Spans
from services.reporting.figures.frame import Frame, Sums
from services.reporting.figures.measure import Source
from services.reporting.figures.months import Rules
from services.reporting.figures.periods import Period, month_start
from services.reporting.figures.question import Question
from services.reporting.recorded import local_day

Key = tuple[int, tuple[str, ...]]
"""A row of the frame and values of dimensions."""
OfPeriod = Callable[[Period], Mapping[Key, Mapping[str, float]]]
"""The sums of a source, by period."""


class Asker:
    """Asks the sources in one snapshot."""

    def __init__(
        self,
        connection: Connection,
        frame: Frame,
        question: Question,
        *,
        now: datetime,
    ) -> None:
        self._connection, self._frame, self._question = connection, frame, question
        self._today = local_day(now)
        before = [period.year_before for period in question.periods] if question.compare else []
        self._periods = list(dict.fromkeys([*before, *question.periods]))
        self._days = sorted({period.last for period in self._periods})
        self._spans = Spans.of_periods(self._periods)

    async def ask(self, source: Source) -> OfPeriod:
        """Return the sums of a source."""
        cube = CUBES.get(source)
        return await (_ASK[source](self) if cube is None else self.cube(source, cube))

    async def members(self) -> OfPeriod:
        """Ask how many members there are on the last day of each period."""
        found = await members.members(
            self._connection, self._frame, self._days, by=self._question.dimensions,
            columns=self._columns(Source.MEMBERS), known_at=self._question.known_at,
        )  # fmt: skip
        return self._on_last_days(found)

    async def units(self) -> OfPeriod:
        """Ask how many units there are then."""
        return self._on_last_days(members.units(self._frame, self._days, by=self._question.dimensions))

    async def movement(self) -> OfPeriod:
        """Ask who came and went in each period."""
        found = await movement.movement(
            self._connection, self._frame, self._periods, known_at=self._question.known_at
        )
        return _over({period: [place] for place, period in enumerate(self._periods)}, found)

    async def tasks(self) -> OfPeriod:
        """Ask which tasks were due."""
        found = await meetings.tasks(
            self._connection, self._frame, self._spans, today=self._today, known_at=self._question.known_at
        )
        return _over(self._spans.of, found)

    async def months(self) -> OfPeriod:
        """Ask what became of the months owed."""
        spans = Spans.of_periods(self._periods, also=[month_start(self._today)])
        found = await months.became(
            self._connection, self._frame, spans, await self._rules(), known_at=self._question.known_at
        )
        return _over(spans.of, found)

    async def quarters(self) -> OfPeriod:
        """Ask in which quarters there was a theme."""
        found = await months.quarters(
            self._connection,
            self._frame,
            self._periods,
            await self._rules(),
            known_at=self._question.known_at,
        )
        return lambda period: {(row, ()): sums for row, sums in found[period].items()}

    async def coverage(self) -> OfPeriod:
        """Ask which cells were visited."""
        found = await visits.coverage(
            self._connection, self._frame, self._spans, self._periods, known_at=self._question.known_at
        )
        return lambda period: {(row, ()): sums for row, sums in found[period].items()}

    async def findings_then(self) -> OfPeriod:
        """Ask how findings stood on the last day of each period."""
        found = await findings.findings_then(
            self._connection, self._frame, self._days, by=self._question.dimensions, today=self._today,
            known_at=self._question.known_at,
        )  # fmt: skip
        return self._on_last_days(found)

    async def cube(self, source: Source, cube: Cube) -> OfPeriod:
        """Ask a cube what happened in each period."""
        found = await cube.sums(
            self._connection, self._frame, self._spans, by=self._question.dimensions,
            columns=self._columns(source), known_at=self._question.known_at,
        )  # fmt: skip
        return _over(self._spans.of, found)

    async def _rules(self) -> Rules:
        return await months.rules(self._connection, self._question.known_at, self._today)

    def _columns(self, source: Source) -> list[str]:
        its = [measure for measure in self._question.measures if measure.source is source]
        return list(dict.fromkeys(column for measure in its for column in measure.all_columns))

    def _on_last_days(self, found: Sums) -> OfPeriod:
        places = {day: [place] for place, day in enumerate(self._days)}
        return _over({period: places[period.last] for period in self._periods}, found)


_ASK: Final[Mapping[Source, Callable[[Asker], Awaitable[OfPeriod]]]] = {
    Source.MEMBERS: Asker.members,
    Source.UNITS: Asker.units,
    Source.MOVEMENT: Asker.movement,
    Source.MONTHS: Asker.months,
    Source.QUARTERS: Asker.quarters,
    Source.TASKS: Asker.tasks,
    Source.COVERAGE: Asker.coverage,
    Source.FINDINGS_THEN: Asker.findings_then,
}
CUBES: Final[Mapping[Source, Cube]] = {
    Source.MEETINGS: meetings.MEETINGS_CUBE,
    Source.VISITS: visits.VISITS_CUBE,
    Source.AXES: visits.AXES_CUBE,
    Source.FINDINGS: findings.FINDINGS_CUBE,
    Source.RATINGS: ratings.RATINGS_CUBE,
    Source.AWARDS: ratings.AWARDS_CUBE,
}
"""What is asked of rows that each are of a unit and a month."""


def _over(places: Mapping[Period, Sequence[int]], found: Sums) -> OfPeriod:
    """Return how the sums at some places come to those of a period."""
    at: dict[int, dict[Key, Mapping[str, float]]] = {}
    for (row, place, values), sums in found.items():
        at.setdefault(place, {})[row, values] = sums

    def of(period: Period) -> Mapping[Key, Mapping[str, float]]:
        its = places[period]
        if len(its) == 1:
            return at.get(its[0], {})
        added: dict[Key, dict[str, float]] = {}
        for place in its:
            for key, sums in at.get(place, {}).items():
                total = added.setdefault(key, {})
                for name, value in sums.items():
                    total[name] = total.get(name, 0) + value
        return added

    return of
