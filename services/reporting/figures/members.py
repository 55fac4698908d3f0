"""Members and units on some days, told apart as asked.

Facts are signed, so one scan gives all days: a fact counts from the first day that is not before it, for as long as
its unit belongs to the row. The query returns by how much each sum changes from day to day, and they are added up
here: what it costs grows with the facts, and hardly with the days.

People grow older without an event, and so does their party age: for ages a fact is taken out and put in again on
each day on which its age is another than on the day looked at before. Which days these are depends on the birthday
alone, and all birthdays between two of the days looked at are alike (`turns`).

Few days are counted one by one instead, from the checkpoint before each (standing.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from chassis.database import Connection
from services.reporting.background import UNSTATED, Bits
from services.reporting.domain import AGE_BANDS, OLDEST, PARTY_AGE_BANDS, AgeBand, day_number
from services.reporting.figures import standing
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.frame import Frame, Sums
from services.reporting.figures.standing import COLUMN_BITS, OF_BACKGROUND, OF_PROFILE, scale_of

COLUMNS: Final[Mapping[str, str]] = {
    "total": "true",
    **{name: f"profile & {bit} {'<>' if is_set else '='} 0" for name, (bit, is_set) in COLUMN_BITS.items()},
}
"""Which members a column counts; `years` sums their ages."""
_YEARS: Final = "years"


def _age(since: str) -> str:
    return f"least(greatest(($8::int[])[at + 1] - {since}, 0) / 10000, {OLDEST})"


def _band(since: str, bands: Sequence[AgeBand]) -> str:
    labels = ",".join(band.label for band in bands)
    lowest = ",".join(str(band.lowest) for band in bands)
    return f"('{{{labels}}}'::text[])[width_bucket({_age(since)}, '{{{lowest}}}'::int[])]"


_BORN: Final = "born"
_JOINED: Final = "party_since"
_AGES: Final[Mapping[Dimension, str]] = {Dimension.AGE_BAND: _BORN, Dimension.PARTY_AGE: _JOINED}
"""Since when the years of a dimension count."""
_FEW: Final = 12
"""Days up to which it is quicker to count them one by one."""


def _value_of(bits: Bits) -> str:
    values = ",".join((UNSTATED, *bits.values))
    return f"('{{{values}}}'::text[])[(background >> {bits.shift} & {bits.mask}) + 1]"


_KEYS: Final[Mapping[Dimension, str]] = {
    **{
        dimension: f"CASE WHEN profile & {bit} = 0 THEN '{without}' ELSE '{with_}' END"
        for dimension, (bit, with_, without) in OF_PROFILE.items()
    },
    **{dimension: _value_of(bits) for dimension, bits in OF_BACKGROUND.items()},
    Dimension.AGE_BAND: _band(_BORN, AGE_BANDS),
    Dimension.PARTY_AGE: f"CASE WHEN {_JOINED} = 0 THEN '{UNSTATED}' ELSE {_band(_JOINED, PARTY_AGE_BANDS)} END",
}
# Facts alike are one: most questions tell members apart by very little.
_ALIKE: Final = """
    SELECT p.row, p.last, greatest(p.first, width_bucket(f.effective_date - 1, $5::date[])) AS first{columns},
           sum(f.delta) AS change
    FROM unnest($1::int[], $2::uuid[], $3::int[], $4::int[]) AS p (row, cell_id, first, last)
    JOIN member_facts f ON f.cell_id = p.cell_id
    -- An array, too: an index scan for a few cells.
    WHERE f.cell_id = ANY ($2::uuid[]) AND f.effective_date <= ($5::date[])[p.last + 1]
      AND ($6::timestamptz IS NULL OR f.recorded_at <= $6)
    GROUP BY p.row, p.last, 3{columns}
    HAVING sum(f.delta) <> 0
"""
# `slot` is the day on which a sum changes, `at` the one whose age counts.
_CHANGES: Final = """
    SELECT row{columns}, first AS slot, first AS at, change FROM alike
    UNION ALL
    SELECT row{columns}, last + 1, last, -change FROM alike WHERE last + 1 < cardinality($5::date[])
"""
_TURNED: Final = """
    SELECT alike.*, turns.slot
    FROM alike
    JOIN unnest($9::int[], $10::int[]) AS turns (birthday, slot)
      ON turns.birthday = width_bucket(alike.{age} % 10000 - 1, $7::int[])
     AND turns.slot > alike.first AND turns.slot <= alike.last
"""
# Who turns older in two ways on a day turns once.
_TURNS: Final = """
    UNION ALL
    SELECT turned.row{{columns}}, turned.slot, one.at, one.change
    FROM ({turned}) AS turned,
    LATERAL (VALUES (turned.slot - 1, -turned.change), (turned.slot, turned.change)) AS one (at, change)
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
    # Rows of units are many, and what was known at an instant no checkpoint tells.
    if len(days) <= (_FEW if frame.level is None and known_at is None else min(_FEW, 2)):
        return await _one_by_one(connection, frame, days, by=by, columns=wanted, known_at=known_at)
    pieces = frame.pieces(days)
    ages = sorted({_AGES[one] for one in by if one in _AGES} | ({_BORN} if _YEARS in wanted else set()))
    parts = ["profile"]
    if not OF_BACKGROUND.keys().isdisjoint(by):
        parts.append("background")
    given: list[Any] = [
        [piece.row for piece in pieces], [piece.unit for piece in pieces], [piece.first for piece in pieces],
        [piece.last for piece in pieces], list(days), known_at,
    ]  # fmt: skip
    if ages:
        parts += ages
        numbers = [day_number(day) for day in days]
        within_year = sorted({number % 10_000 for number in numbers})
        births, slots = turns(numbers, within_year)
        given += [within_year, numbers, births, slots]
    columns_ = "".join(f", {part}" for part in parts)
    keys = "".join(f", {_KEYS[dimension]} AS d{number}" for number, dimension in enumerate(by))
    sums = ", ".join(
        f"sum(change * {_age(_BORN)}) AS {name}" if name == _YEARS
        else f"coalesce(sum(change) FILTER (WHERE {COLUMNS[name]}), 0) AS {name}"
        for name in wanted
    )  # fmt: skip
    turned = " UNION ".join(_TURNED.format(age=age) for age in ages)
    changes = _CHANGES + (_TURNS.format(turned=turned) if ages else "")
    rows = await connection.fetch(
        f"WITH alike AS ({_ALIKE.format(columns=columns_)}), changes AS ({changes.format(columns=columns_)})"
        f" SELECT row, slot{keys}, {sums} FROM changes"
        f" GROUP BY {', '.join(str(number + 1) for number in range(2 + len(by)))}",
        *given,
    )
    found = ((row["row"], row["slot"], tuple(row[2 : 2 + len(by)]), row) for row in rows)
    return _added_up(found, wanted, len(days))


async def _one_by_one(
    connection: Connection,
    frame: Frame,
    days: Sequence[date],
    *,
    by: Sequence[Dimension],
    columns: Sequence[str],
    known_at: datetime | None,
) -> Sums:
    scale = scale_of(tuple(by))
    sums: Sums = {}
    for slot, day in enumerate(days):
        rows = list(frame.rows_on(day))
        if not rows:
            continue
        packed = await standing.read(connection, [units for _, units in rows], day, known_at)
        numbers, of_columns = standing.counted(packed, scale, day, columns)
        for number, *values in zip(numbers.tolist(), *(its.tolist() for its in of_columns), strict=True):
            place, group = divmod(number, scale.size)
            sums[frame.row(rows[place][0]), slot, scale.words(group)] = dict(
                zip(columns, values, strict=True)
            )
    return sums


def turns(days: Sequence[int], within_year: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return on which of some days, numbers YYYYMMDD in their order, people are older than on the day before.

    `within_year` are the months and days among them, MMDD, in order. All who were born after as many of these in
    the year are alike: returned are that number, and the place of a day on which they have turned older.
    """
    births, places = [], []
    for birthday in range(len(within_year) + 1):
        before = set(within_year[:birthday])  # in a year, all of these come before the birthday
        years = [day // 10_000 - (day % 10_000 in before) for day in days]
        for place in range(1, len(days)):
            if years[place] != years[place - 1]:
                births.append(birthday)
                places.append(place)
    return births, places


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
