"""Checkpoints: who counts as what on some days, so that a question about a day reads one and the facts between.

A member is packed into twelve bytes. The first eight are a number: from its lowest bit on one that says whether to
take away, five of `profile`, sixteen of `background`, and the birth date as YYYYMMDD; then comes `party_since`. So is
a fact, and a checkpoint is a few of these for each cell. Members of a day are those of the nearest checkpoint and the
facts between, summed: facts are added to one before the day, and taken from one after it.

A checkpoint is always exact, as far as the facts of its own database go:

- it is made while no delivery is applied, in one transaction (`make`);
- facts of days before it that come later are added to it with them, in their transaction (`follow`); where they are
  so many that this would cost more than to make it anew, it is dropped with them;
- it names the very table that it is made of, so that none holds once that was emptied, or another took its place.

What was known at an instant no checkpoint can tell: such questions are answered from facts alone.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from chassis.database import Connection
from services.reporting.member_rows import MemberRow

BACKGROUND_SHIFT, PROFILE_SHIFT, BORN_SHIFT = 6, 1, 22
"""Where each part of a packed member begins."""
BYTES: Final = 12
_MEMBER: Final = " + ".join(
    (
        f"(born::bigint << {BORN_SHIFT})",
        f"(background::bigint << {BACKGROUND_SHIFT})",
        f"(profile << {PROFILE_SHIFT})",
    )
)
PACKED: Final = f"int8send({_MEMBER} + (delta < 0)::int) || int4send(party_since)"
"""A fact, packed, in SQL."""
PACKED_AWAY: Final = f"int8send({_MEMBER} + (delta > 0)::int) || int4send(party_since)"
"""A fact as it is taken from a checkpoint after it."""

_HOLDS: Final = "facts = pg_relation_filenode('member_facts')"
_ALL: Final = f"SELECT id, day FROM member_checkpoints WHERE {_HOLDS} ORDER BY day"
_NEWEST: Final = f"SELECT max(day) FROM member_checkpoints WHERE {_HOLDS}"
_FOLLOW: Final = f"""
    INSERT INTO member_standings (checkpoint, cell_id, packed)
    SELECT c.id, f.cell_id, string_agg({PACKED}, ''::bytea)
    FROM member_checkpoints c JOIN member_facts f ON f.effective_date <= c.day
    WHERE {_HOLDS} AND f.sequence = ANY ($1::bigint[])
    GROUP BY 1, 2
"""
_DROP_FROM: Final = "DELETE FROM member_checkpoints WHERE day >= $1"
_MANY: Final = 1_000
"""Late facts of one transaction from which on checkpoints are rather made anew than followed up."""
_SWEEP: Final = f"""
    WITH gone AS (
        DELETE FROM member_checkpoints c
        WHERE NOT {_HOLDS} OR (SELECT count(*) FROM member_standings WHERE checkpoint = c.id) > 2 * cells + {_MANY}
        RETURNING id
    )
    DELETE FROM member_standings
    WHERE checkpoint IN (SELECT id FROM gone)
       OR checkpoint NOT IN (SELECT id FROM member_checkpoints)
"""
"""Those of another table, and those that so many late facts were added to that they are read slowly."""
_YEARS: Final = """
    SELECT extract(year FROM effective_date)::int AS year, count(*) AS facts, sum(delta) AS members
    FROM member_facts GROUP BY 1 ORDER BY 1
"""
_MAKE: Final = f"""
    WITH summed AS (
        SELECT cell_id, {_MEMBER} AS member, party_since, sum(delta) AS times
        FROM member_facts WHERE effective_date <= $1
        GROUP BY 1, 2, 3 HAVING sum(delta) <> 0
    ), cells AS (
        SELECT cell_id,
               string_agg(int8send(member + (times < 0)::int) || int4send(party_since), ''::bytea) AS packed
        FROM summed, generate_series(1, abs(times))
        GROUP BY 1
    ), made AS (
        INSERT INTO member_checkpoints (day, facts, cells)
        SELECT $1, pg_relation_filenode('member_facts'), count(*) FROM cells
        RETURNING id
    )
    INSERT INTO member_standings (checkpoint, cell_id, packed)
    SELECT made.id, cells.cell_id, cells.packed FROM made, cells ORDER BY cells.cell_id
"""
_FEWEST: Final = 5_000
"""Facts that are read as soon as a checkpoint with them."""
_SHARE: Final = 4
"""A checkpoint is worth while where the facts since the last are a quarter of the members."""


class Checkpoint(NamedTuple):
    """A day up to which all facts are summed."""

    id: int
    day: date


class Year(NamedTuple):
    """Facts of the days of a year, and by how many members they came to more."""

    year: int
    facts: int
    members: int


async def nearest(connection: Connection, day: date) -> Checkpoint | None:
    """Return the checkpoint that the fewest days lie between it and a day, in the connection's snapshot."""
    return min(await _all(connection), key=lambda its: abs(its.day - day), default=None)


async def _all(connection: Connection) -> list[Checkpoint]:
    return [Checkpoint(*row) for row in await connection.fetch(_ALL)]


async def follow(connection: Connection, rows: Sequence[MemberRow]) -> None:
    """Let checkpoints follow facts that were just written, in the transaction of `connection`."""
    newest: date | None = await connection.fetchval(_NEWEST) if rows else None
    late = [row for row in rows if row[3] <= newest] if newest else []
    if len(late) > _MANY:
        await connection.execute(_DROP_FROM, min(row[3] for row in late))
    elif late:
        await connection.execute(_FOLLOW, list({row[0] for row in late}))


def wanted(years: Sequence[Year], days: frozenset[date], today: date) -> date | None:
    """Return the next day that is worth a checkpoint, beside those that there are: the last of some past year."""
    since = members = 0
    for one in years:
        day = date(one.year, 12, 31)
        since, members = since + one.facts, members + one.members
        if day in days:
            since = 0
        elif since >= max(_FEWEST, members // _SHARE) and day < today:
            return day
    return None


async def next_day(connection: Connection, today: date) -> date | None:
    """Drop what does not hold; return the next day that is worth a checkpoint."""
    await connection.execute(_SWEEP)
    years = [Year(*row) for row in await connection.fetch(_YEARS)]
    return wanted(years, frozenset(its.day for its in await _all(connection)), today)


async def make(connection: Connection, day: date) -> None:
    """Make the checkpoint of a day.

    No delivery may be applied from before this until the transaction of `connection` ends.
    """
    await connection.execute(_MAKE, day)
