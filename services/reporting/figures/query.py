"""The answer to a question: each source is asked once, in one snapshot, and measures are made of sums."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, overload

import msgspec

from chassis.database import Connection, Pool
from services.reporting.dated_tree import Trees
from services.reporting.figures.dimensions import VALUES
from services.reporting.figures.frame import Frame
from services.reporting.figures.groups import Groups
from services.reporting.figures.measure import Kind, Measure, Source
from services.reporting.figures.periods import Period
from services.reporting.figures.question import Question
from services.reporting.figures.sources import Asker, Key, OfPeriod
from services.reporting.tree import Unit

Values = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one period, of the whole or of what is told apart."""

    period: Period
    unit: Unit | None
    """Where units are told apart: which one."""
    group: dict[str, str]
    """Where figures are told apart by other dimensions: their values."""
    values: Values
    last_year: Values | None = None
    rank: int | None = None
    """From 1, within its period; those alike share one. None where the measure has no value."""


@dataclass(frozen=True, slots=True)
class GroupRows(Sequence[Row]):
    """The rows of groups, made when they are looked at: there may be some ten thousand."""

    question: Question
    groups: Groups

    def __len__(self) -> int:
        return len(self.groups)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        [period], [measure] = self.question.periods, self.question.measures
        words = self.groups.scale.words(self.groups.numbers[place])
        group = dict(zip(map(str, self.groups.scale.by), words, strict=True))
        return Row(period, None, group, {measure.code: self.groups.values[place]})


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to which event of each partition of each topic something is true, and at which instant that was so."""

    up_to: Mapping[str, Mapping[str, int]]
    at: datetime
    generation: int = 0
    """The rebuild that put the tables in place: of the same events, but of rows that it may have mended."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything of one snapshot."""

    unit: Unit | None
    rows: Sequence[Row]
    mark: Mark


_MARKS: Final = """
    SELECT now() AS at, (SELECT coalesce(max(id), 0) FROM rebuilds WHERE state = 'swapped') AS generation, (
        SELECT json_object_agg(topic, sequences) FROM (
            SELECT topic, json_object_agg(partition, sequence ORDER BY partition) AS sequences
            FROM (
                -- What all that counts has applied: of the slowest, where several read one topic.
                SELECT topic, partition, min(sequence) AS sequence FROM stream_marks
                WHERE consumer = ANY ($1::text[]) GROUP BY topic, partition
            ) slowest
            GROUP BY topic
        ) topics
    ) AS marks
"""
_read_marks = msgspec.json.Decoder(dict[str, dict[str, int]]).decode


async def mark(connection: Connection | Pool, consumers: Sequence[str]) -> Mark:
    """Return up to which event these consumers have counted."""
    [row] = await connection.fetch(_MARKS, list(consumers))
    return Mark(_read_marks(row["marks"] or "{}"), row["at"], row["generation"])


async def answer(connection: Connection, trees: Trees, question: Question, marked: Mark) -> Answer | None:
    """Return the figures in the connection's snapshot, of which `marked` is the mark.

    Returns None where no unit of that code is known.
    """
    tree = await trees.read(connection, question.known_at)
    root = None if question.unit is None else tree.of_code(question.unit, question.last)
    if question.unit is not None and root is None:
        return None
    frame = Frame(tree, root, question.level)
    asker = Asker(connection, frame, question, now=question.known_at or marked.at)
    unit = None if root is None else tree.unit(root, question.last)
    if Groups.answer(question):
        groups = await Groups.read(connection, frame, question)
        return Answer(unit, GroupRows(question, groups), marked)
    sums = {
        source: await asker.ask(source) for source in dict.fromkeys(one.source for one in question.measures)
    }
    rows = list(_rows(question, frame, sums))
    return Answer(unit, rows, marked)


def _rows(question: Question, frame: Frame, sums: Mapping[Source, OfPeriod]) -> Iterator[Row]:
    units = _Units(question, frame)
    for period in question.periods:
        now = {source: of(period) for source, of in sums.items()}
        before = {source: of(period.year_before) for source, of in sums.items()} if question.compare else {}
        there = units.there(period.last)
        rows = {}
        of_now, of_before = _Valued(question.measures, now), _Valued(question.measures, before)
        for key in there.union(*now.values(), *before.values()):
            values = of_now.values(key)
            last_year = of_before.values(key) if question.compare else None
            if key in there or any(values.values()) or any((last_year or {}).values()):
                rows[key] = values, last_year
        named = _in_order(question, units.named(period.last), period, rows)
        if question.rank:
            named = _ranked(named, question.rank.measure.code, ascending=question.rank.ascending)
        yield from named[: question.limit]


class _Units:
    """The units of a frame's rows, looked up once for all days on which they are the same."""

    def __init__(self, question: Question, frame: Frame) -> None:
        self._question, self._frame = question, frame
        self._there: dict[tuple[int, int], frozenset[Key]] = {}
        self._named: dict[int, Sequence[tuple[int, Unit | None]]] = {}

    def there(self, day: date) -> frozenset[Key]:
        """Return what has a row though all be nothing: the whole, and the units that there are on a day."""
        frame = self._frame
        if self._question.dimensions:
            return frozenset()
        if self._question.level is None:
            return frozenset({(frame.row(None), ())})
        age = frame.tree.age(day), frame.tree.presence_age(day)
        found = self._there.get(age)
        if found is None:
            found = self._there[age] = frozenset(
                (row, ()) for unit, row in frame.rows.items() if frame.is_one(unit, day)
            )
        return found

    def named(self, day: date) -> Sequence[tuple[int, Unit | None]]:
        """Return the rows with their units as they are called on a day, by their codes.

        A unit that has no name yet is left out: its own event is still to come.
        """
        age = self._frame.tree.naming_age(day)
        found = self._named.get(age)
        if found is None:
            rows = self._frame.rows.items()
            units = [(row, None if unit is None else self._frame.tree.unit(unit, day)) for unit, row in rows]
            if self._question.level is not None:
                units = [(row, unit) for row, unit in units if unit]
            found = self._named[age] = sorted(units, key=lambda one: one[1].code if one[1] else "")
        return found


_NOTHING: Final[Mapping[str, float]] = {}


class _Valued:
    """Measures of the sums of a period. Sums that are one object have their values once."""

    def __init__(self, measures: Sequence[Measure], sums: Mapping[Source, Mapping[Key, Any]]) -> None:
        self._measures, self._sums = measures, sums
        self._of_one = next(iter(sums.values())) if len(sums) == 1 else None
        self._valued: dict[int, Values] = {}

    def values(self, key: Key) -> Values:
        """Return the value of each measure."""
        if self._of_one is None:
            of_key = {source: its.get(key, _NOTHING) for source, its in self._sums.items()}
            return {measure.code: measure.value(of_key[measure.source]) for measure in self._measures}
        sums = self._of_one.get(key, _NOTHING)
        found = self._valued.get(id(sums))
        if found is None:
            found = {measure.code: measure.value(sums) for measure in self._measures}
            self._valued[id(sums)] = found
        return found


def _in_order(
    question: Question,
    named: Sequence[tuple[int, Unit | None]],
    period: Period,
    found: Mapping[Key, tuple[Values, Values | None]],
) -> list[Row]:
    """Return rows by code of unit and in the order of dimensions' values."""
    dimensions = question.dimensions
    if not dimensions:
        group: dict[str, str] = {}
        return [Row(period, unit, group, *found[row, ()]) for row, unit in named if (row, ()) in found]
    places = [{value: place for place, value in enumerate(VALUES[one])} for one in dimensions]
    units = {row: (place, unit) for place, (row, unit) in enumerate(named)}
    rows = []
    for (row, values), its in found.items():
        if row in units:
            place, unit = units[row]
            order = (place, *(by.get(v, 0) for by, v in zip(places, values, strict=True)))
            group = dict(zip(map(str, dimensions), values, strict=True))
            rows.append((order, Row(period, unit, group, *its)))
    return [row for _, row in sorted(rows, key=lambda one: one[0])]


def _ranked(rows: Iterable[Row], code: str, *, ascending: bool) -> list[Row]:
    """Return rows with their ranks, in order: those alike share one, those without a value come last."""
    sign = 1 if ascending else -1
    with_value = [row for row in rows if row.values[code] is not None]
    rest = [row for row in rows if row.values[code] is None]
    with_value.sort(key=lambda row: sign * (row.values[code] or 0))
    found: list[Row] = []
    for place, row in enumerate(with_value):
        same = found and found[-1].values[code] == row.values[code]
        found.append(replace(row, rank=found[-1].rank if same else place + 1))
    return [*found, *rest]


def difference(
    measure: Measure, now: float | None, before: float | None
) -> tuple[float | None, float | None]:
    """Return by how much a value differs from another, and by how many per cent of that; None where it cannot be
    said.

    A share in per cent differs by percentage points alone.
    """
    if now is None or before is None:
        return None, None
    by = round(now - before, 1) if measure.kind is Kind.RATIO else now - before
    if not before or (measure.kind is Kind.RATIO and measure.scale != 1):
        return by, None
    return by, round(100 * (now - before) / abs(before), 1)
