"""Members and units on some days, told apart as asked.

Facts are signed, so one scan gives all days: a fact counts from the first day that is not before it, for as long as
its unit belongs to the row. The query returns by how much each sum changes from day to day, and they are added up
here. By age there is no such short way, since people grow older without an event: then each fact is looked at on each
day.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from chassis.database import Connection
from services.reporting.background import EDUCATION, OCCUPATION, QUALIFICATION, THEORY, UNSTATED, Bits
from services.reporting.domain import AGE_BANDS, OLDEST, day_number
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.frame import Frame, Sums

COLUMNS: Final[Mapping[str, str]] = {
    "total": "true",
    "women": "profile & 1 <> 0",
    "official": "profile & 2 <> 0",
    "probationary": "profile & 2 = 0",
    "ethnic_minority": "profile & 4 <> 0",
    "with_religion": "profile & 8 <> 0",
    "youth": "profile & 16 <> 0",
}
"""Which members a column counts; `years` sums their ages."""
_YEARS: Final = "years"
_AGE: Final = f"least(greatest(($8::int[])[slot + 1] - born, 0) / 10000, {OLDEST})"
_BAND_LABELS: Final = [band.label for band in AGE_BANDS]
_BANDS: Final = [band.lowest for band in AGE_BANDS]

_BACKGROUND: Final[Mapping[Dimension, Bits]] = {
    Dimension.EDUCATION: EDUCATION,
    Dimension.QUALIFICATION: QUALIFICATION,
    Dimension.THEORY: THEORY,
    Dimension.OCCUPATION: OCCUPATION,
}


def _value_of(bits: Bits) -> str:
    values = ",".join((UNSTATED, *bits.values))
    return f"('{{{values}}}'::text[])[(background >> {bits.shift} & {bits.mask}) + 1]"


_KEYS: Final[Mapping[Dimension, str]] = {
    Dimension.GENDER: "CASE WHEN profile & 1 = 0 THEN 'male' ELSE 'female' END",
    Dimension.STANDING: "CASE WHEN profile & 2 = 0 THEN 'probationary' ELSE 'official' END",
    Dimension.ETHNIC_MINORITY: "(profile & 4 <> 0)::text",
    Dimension.RELIGION: "(profile & 8 <> 0)::text",
    Dimension.YOUTH: "(profile & 16 <> 0)::text",
    **{dimension: _value_of(bits) for dimension, bits in _BACKGROUND.items()},
    Dimension.AGE_BAND: f"($7::text[])[width_bucket({_AGE}, $9::int[])]",
}
_CHANGES: Final = """
    SELECT p.row, f.profile, f.background, f.born, f.delta, p.last,
           greatest(p.first, width_bucket(f.effective_date - 1, $5::date[])) AS first
    FROM unnest($1::int[], $2::uuid[], $3::int[], $4::int[]) AS p (row, cell_id, first, last)
    JOIN member_facts f ON f.cell_id = p.cell_id
    -- An array, too: an index scan for a few cells.
    WHERE f.cell_id = ANY ($2::uuid[]) AND f.effective_date <= ($5::date[])[p.last + 1]
      AND ($6::timestamptz IS NULL OR f.recorded_at <= $6)
"""


async def members(
    connection: Connection,
    frame: Frame,
    days: Sequence[date],
    *,
    by: Sequence[Dimension],
    columns: Iterable[str],
    known_at: datetime | None,
) -> Sums:
    """Return the sums of some columns on some days, given in their order and none twice, told apart by dimensions."""
    wanted = list(columns)
    pieces = frame.pieces(days)
    by_age = Dimension.AGE_BAND in by or _YEARS in wanted
    keys = "".join(f", {_KEYS[dimension]} AS d{number}" for number, dimension in enumerate(by))
    grouped = "".join(f", d{number}" for number in range(len(by)))
    sums = ", ".join(
        f"sum(change * {_AGE}) AS {name}" if name == _YEARS
        else f"coalesce(sum(change) FILTER (WHERE {COLUMNS[name]}), 0) AS {name}"
        for name in wanted
    )  # fmt: skip
    over = _ON_EACH_DAY if by_age else _BY_CHANGES
    given: list[Any] = [
        [piece.row for piece in pieces], [piece.unit for piece in pieces], [piece.first for piece in pieces],
        [piece.last for piece in pieces], list(days), known_at,
    ]  # fmt: skip
    if by_age:
        given += [_BAND_LABELS, [day_number(day) for day in days], _BANDS]
    rows = await connection.fetch(
        f"WITH facts AS ({_CHANGES}) SELECT row, slot{keys}, {sums} FROM facts, LATERAL {over}"
        + (_USED if by_age else " WHERE slot < cardinality($5::date[])")
        + f" GROUP BY row, slot{grouped}",
        *given,
    )
    found = [(row["row"], row["slot"], tuple(row[2 : 2 + len(by)]), row) for row in rows]
    if by_age:
        return {
            (row, slot, values): {name: int(sums_[name]) for name in wanted}
            for row, slot, values, sums_ in found
        }
    return _added_up(found, wanted, len(days))


_ON_EACH_DAY: Final = "(SELECT slot, delta FROM generate_series(first, last) AS slot) AS one (slot, change)"
_BY_CHANGES: Final = "(VALUES (first, delta), (last + 1, -delta)) AS one (slot, change)"
_USED: Final = " WHERE $7::text[] IS NOT NULL AND $8::int[] IS NOT NULL AND $9::int[] IS NOT NULL"
"""So that PostgreSQL knows the type of each parameter, whether or not a key or sum needs it."""


def _added_up(
    found: Iterable[tuple[int, int, tuple[str, ...], Mapping[str, Any]]], columns: Sequence[str], days: int
) -> Sums:
    """Return what changes from day to day come to on each day."""
    changes: defaultdict[tuple[int, tuple[str, ...]], dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for row, slot, values, sums in found:
        changes[row, values][slot] = sums
    added: Sums = {}
    for (row, values), its in changes.items():
        now: Counter[str] = Counter()
        for slot in range(days):
            if slot in its:
                for name in columns:
                    now[name] += int(its[slot][name])
            added[row, slot, values] = dict(now)
    return added


def units(frame: Frame, days: Sequence[date], *, by: Sequence[Dimension]) -> Sums:
    """Return how many units there are of each type on some days; told apart by type, if asked."""
    sums: Sums = {}
    there: dict[tuple[Any, int], list[str]] = {}
    for piece in frame.pieces(days):
        for place in range(piece.first, piece.last + 1):
            types = there.get((piece.unit, place))
            if types is None:
                types = there[piece.unit, place] = frame.tree.types_on(piece.unit, days[place])
            for type_ in types:
                values = (type_,) if Dimension.TYPE in by else ()
                counts = sums.setdefault((piece.row, place, values), {})
                counts[type_] = counts.get(type_, 0) + 1
    return sums
