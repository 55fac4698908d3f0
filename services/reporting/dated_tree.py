"""All units at once, by their days: what hangs below which, what each is and is called. Pure, but for `read`.

What a unit is and where it hangs is what the fact nearest to the day says, from the past before the future;
dissolving changes neither, so that what was counted below a unit stays there. Whether a unit is there itself is told
by the sum of its facts.

Figures of many days ask the same of days between which nothing moved: days alike share one *age* of the tree, and
what is below a unit is looked up once for each.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from chassis.database import Connection
from services.reporting.tree import CELL_TYPES, Unit, stands


class Place(NamedTuple):
    """What a unit is and where it hangs from a day on."""

    since: date
    type: str
    parent: UUID | None


class Name(NamedTuple):
    """What a unit is called from a day on."""

    since: date
    sequence: int
    code: str
    name: str


class Span(NamedTuple):
    """Days on which a unit is there, as one type; `until` is the first on which it is not, None for no end."""

    since: date
    until: date | None

    def covers(self, first: date, last: date) -> bool:
        """Return whether every day from one to another is in it."""
        return self.since <= first and (self.until is None or self.until > last)


@dataclass(slots=True)
class DatedTree:
    """Units by their days; each list is in the order of the days."""

    places: Mapping[UUID, Sequence[Place]]
    names: Mapping[UUID, Sequence[Name]]
    spans: Mapping[UUID, Mapping[str, Sequence[Span]]]
    """When a unit is there, by type."""
    turns: Sequence[date] = field(init=False)
    """The days on which something moved, or became of another type."""
    _renamings: Sequence[date] = field(init=False)
    """The days on which something is called otherwise, or became of another type."""
    _comings: Sequence[date] = field(init=False)
    """The days on which something came to be there, or is there no more."""
    _bearers: Mapping[str, Sequence[tuple[Name, UUID]]] = field(init=False)
    """Which units are ever called by a code."""
    _below: dict[tuple[int, UUID | None], frozenset[UUID]] = field(default_factory=dict)
    _always: dict[UUID, Unit] = field(default_factory=dict)
    """Units that are called and are the same at all times."""
    _children: dict[int, Mapping[UUID | None, Sequence[UUID]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.turns = sorted({place.since for places in self.places.values() for place in places[1:]})
        renamed = {name.since for names in self.names.values() for name in names[1:]}
        self._renamings = sorted(renamed.union(self.turns))
        lives = (span for by_type in self.spans.values() for its in by_type.values() for span in its)
        self._comings = sorted({day for span in lives for day in span if day})
        bearers: defaultdict[str, list[tuple[Name, UUID]]] = defaultdict(list)
        for unit, names in self.names.items():
            for name in names:
                bearers[name.code].append((name, unit))
        self._bearers = dict(bearers)

    def age(self, day: date) -> int:
        """Return a number that is the same for days on which the tree is the same."""
        return bisect_right(self.turns, day)

    def naming_age(self, day: date) -> int:
        """Return a number that is the same for days on which all units are called the same."""
        return bisect_right(self._renamings, day)

    def presence_age(self, day: date) -> int:
        """Return a number that is the same for days on which the same units are there."""
        return bisect_right(self._comings, day)

    def place(self, unit: UUID, day: date) -> Place | None:
        """Return what a unit is and where it hangs on a day; None where nothing was told of it."""
        found = self.places.get(unit)
        if found is None or len(found) == 1:
            return found[0] if found else None
        return found[max(0, bisect_right(found, day, key=_since) - 1)]

    def unit(self, unit: UUID, day: date) -> Unit | None:
        """Return a unit as it is called on a day; None where nothing was told of it."""
        always = self._always.get(unit)
        if always:
            return always
        names, place = self.names.get(unit), self.place(unit, day)
        if not names or place is None:
            return None
        name = names[max(0, bisect_right(names, day, key=_named_since) - 1)]
        found = Unit(name.code, name.name, place.type)
        if len(names) == len(self.places[unit]) == 1:
            self._always[unit] = found
        return found

    def of_code(self, code: str, day: date) -> UUID | None:
        """Return the unit that has a code on a day, or has had it last, or will first; None where none ever does."""
        bearers = [
            (name.since > day, abs((name.since - day).days), -name.sequence, unit)
            for name, unit in self._bearers.get(code, ())
        ]
        return min(bearers)[3] if bearers else None

    def children(self, unit: UUID | None, day: date) -> Sequence[UUID]:
        """Return the units that hang directly under one on a day; for None those that hang under none."""
        return self._hanging(day).get(unit, ())

    def there_under(self, unit: UUID | None, day: date) -> list[Unit]:
        """Return those of `children` that are there themselves and have a name, as they are called on the day."""
        there = (self.unit(child, day) for child in self.children(unit, day) if self.is_on(child, day))
        return [one for one in there if one]

    def below(self, unit: UUID | None, day: date) -> frozenset[UUID]:
        """Return a unit with all below it on a day; for None all units."""
        if unit is None:
            return frozenset(self.places)
        key = (self.age(day), unit)
        found = self._below.get(key)
        if found is None:
            hanging = self._hanging(day)
            reached, waiting = {unit}, [unit]
            while waiting:
                # A unit met before is passed over: a tree told in pieces may have a circle for a moment.
                new = [child for child in hanging.get(waiting.pop(), ()) if child not in reached]
                reached.update(new)
                waiting += new
            found = self._below[key] = frozenset(reached)
        return found

    def types_on(self, unit: UUID, day: date) -> list[str]:
        """Return the types as which a unit is there on a day: one or none, or more where facts are at odds."""
        return [
            type_
            for type_, spans in self.spans.get(unit, {}).items()
            for since, until in spans  # none of them meets another
            if since <= day and (until is None or day < until)
        ]

    def is_on(self, unit: UUID, day: date, types: Collection[str] | None = None) -> bool:
        """Return whether a unit is there on a day as one of some types, None for any."""
        for type_, spans in self.spans.get(unit, {}).items():
            if types is None or type_ in types:
                for since, until in spans:
                    if since <= day and (until is None or day < until):
                        return True
        return False

    def cell_spans(self, unit: UUID) -> list[Span]:
        """Return when a unit is a cell of either type, without a break where it passes from one to the other."""
        joined: list[Span] = []
        its = [
            span for type_, spans in self.spans.get(unit, {}).items() if type_ in CELL_TYPES for span in spans
        ]
        for span in sorted(its, key=_since):
            last = joined[-1] if joined else None
            if last and last.until is not None and span.since <= last.until:
                until = None if span.until is None else max(span.until, last.until)
                joined[-1] = Span(last.since, until)
            elif not last or last.until is not None:
                joined.append(span)
        return joined

    def _hanging(self, day: date) -> Mapping[UUID | None, Sequence[UUID]]:
        age = self.age(day)
        found = self._children.get(age)
        if found is None:
            hanging: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
            for unit in self.places:
                place = self.place(unit, day)
                hanging[place.parent if place else None].append(unit)
            found = self._children[age] = dict(hanging)
        return found


def _since(dated: Place | Span) -> date:
    return dated.since


def _named_since(name: Name) -> date:
    return name.since


def spans(changes: Iterable[tuple[date, int]]) -> list[Span]:
    """Return when the sum of dated changes, given by their days, is above nothing."""
    found, since, there = [], None, 0
    for day, change in changes:
        before, there = there, there + change
        if before <= 0 < there:
            since = day
        elif there <= 0 < before and since is not None:
            found.append(Span(since, day))
            since = None
    return [*found, Span(since, None)] if since is not None else found


_KNOWN: Final = "($1::timestamptz IS NULL OR {0}.recorded_at <= $1)"
_PLACES: Final = f"""
    SELECT DISTINCT ON (f.organisation_id, f.effective_date) f.organisation_id, f.effective_date, f.type, f.parent_id
    FROM organisation_facts f
    WHERE f.delta = 1 AND {stands("organisation_facts", "f", _KNOWN)}
    ORDER BY f.organisation_id, f.effective_date, f.sequence DESC
"""
_NAMES: Final = f"""
    SELECT DISTINCT ON (n.organisation_id, n.effective_date)
           n.organisation_id, n.effective_date, n.sequence, n.code, n.name
    FROM organisations n
    WHERE {stands("organisations", "n", _KNOWN)}
    ORDER BY n.organisation_id, n.effective_date, n.sequence DESC
"""
_CHANGES: Final = f"""
    SELECT f.organisation_id, f.type, f.effective_date, sum(f.delta)::int AS change
    FROM organisation_facts f
    WHERE {_KNOWN.format("f")}
    GROUP BY 1, 2, 3 HAVING sum(f.delta) <> 0
    ORDER BY f.effective_date
"""
# A table that was built anew has another number, and may have mended rows.
_STATE: Final = """
    SELECT 'organisation_facts'::regclass::oid::bigint, 'organisations'::regclass::oid::bigint,
           (SELECT max(sequence) FROM organisation_facts), (SELECT count(*) FROM organisation_facts),
           (SELECT max(sequence) FROM organisations), (SELECT count(*) FROM organisations)
"""
_KEPT: Final = 8


class Trees:
    """Trees that were read, kept while no event of a unit was counted: most questions ask for the same one."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], DatedTree] = {}

    async def read(self, connection: Connection, known_at: datetime | None) -> DatedTree:
        """Return the tree as it is in the connection's snapshot, of what was recorded by an instant."""
        row = await connection.fetchrow(_STATE)
        key = (known_at, *(row or ()))
        tree = self._kept.pop(key, None)
        if tree is None:
            tree = await read(connection, known_at)
        self._kept[key] = tree
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return tree


async def read(connection: Connection, known_at: datetime | None) -> DatedTree:
    """Return the tree, of what was recorded by an instant, or of everything for None."""
    places: defaultdict[UUID, list[Place]] = defaultdict(list)
    for unit, day, type_, parent in await connection.fetch(_PLACES, known_at):
        places[unit].append(Place(day, type_, parent))
    names: defaultdict[UUID, list[Name]] = defaultdict(list)
    for unit, day, sequence, code, name in await connection.fetch(_NAMES, known_at):
        names[unit].append(Name(day, sequence, code, name))
    changes: defaultdict[UUID, defaultdict[str, Counter[date]]] = defaultdict(lambda: defaultdict(Counter))
    for unit, type_, day, change in await connection.fetch(_CHANGES, known_at):
        changes[unit][type_][day] += change
    return DatedTree(
        dict(places),
        dict(names),
        {
            unit: {type_: spans(its.items()) for type_, its in by_type.items()}
            for unit, by_type in changes.items()
        },
    )
