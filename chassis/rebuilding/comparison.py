"""Live tables against built ones: which rows differ, told without their values, which may describe somebody."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from chassis.database import Connection
from chassis.rebuilding.generation import LIVE, RebuildError

_SHOWN: Final = 20
_KEY: Final = """
    SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute a USING (attnum)
    WHERE i.indrelid = $1::text::regclass AND i.indisprimary AND a.attrelid = i.indrelid
    ORDER BY k.place
"""
_IS_SEQUENCED: Final = """
    SELECT EXISTS (SELECT FROM pg_attribute
                   WHERE attrelid = $1::text::regclass AND attname = 'sequence' AND NOT attisdropped)
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not alike on both sides."""

    key: dict[str, Any]
    """Its primary key."""
    sequence: int | None
    """The event that made it, where the table tells."""
    live: bool
    """Whether it stands in the live table."""
    rebuilt: bool
    """Whether it stands in the built one."""
    columns: list[str]
    """Where both have it: the columns that differ."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One table: rows on both sides, how many differ, and the first of them, in the order of events."""

    table: str
    live_rows: int
    rebuilt_rows: int
    differing: int
    first: list[Difference]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


async def compare(connection: Connection, schema: str, table: str) -> Compared:
    """Compare a live table with the built one in `schema`, as the snapshot of `connection` has both.

    Raises RebuildError where the table has no primary key to match rows by.
    """
    live, built = f"{LIVE}.{table}", f"{schema}.{table}"
    key = [row[0] for row in await connection.fetch(_KEY, live)]
    if not key:
        raise RebuildError(f"{table} has no primary key")
    same = " AND ".join(f"l.{column} = r.{column}" for column in key)
    told = ", ".join(f"'{column}', coalesce(l.{column}, r.{column})" for column in key)
    sequenced = await connection.fetchval(_IS_SEQUENCED, live)
    sequence = "coalesce(r.sequence, l.sequence)" if sequenced else "NULL::bigint"
    order = [*(["sequence"] if sequenced else []), *(f"l.{c}, r.{c}" for c in key)]
    rows = await connection.fetch(
        f"""
        SELECT json_build_object({told}) AS key, {sequence} AS sequence,
               l.{key[0]} IS NOT NULL AS live, r.{key[0]} IS NOT NULL AS rebuilt,
               ARRAY(SELECT name FROM json_each_text(to_json(l)) a (name, value)
                     JOIN json_each_text(to_json(r)) b (name, value) USING (name)
                     WHERE a.value IS DISTINCT FROM b.value ORDER BY name) AS columns,
               count(*) OVER () AS differing
        FROM {live} l FULL JOIN {built} r ON {same}
        WHERE l.{key[0]} IS NULL OR r.{key[0]} IS NULL OR l::text <> r::text
        ORDER BY {", ".join(order)}
        LIMIT {_SHOWN}
        """
    )
    return Compared(
        table=table,
        live_rows=await connection.fetchval(f"SELECT count(*) FROM {live}"),
        rebuilt_rows=await connection.fetchval(f"SELECT count(*) FROM {built}"),
        differing=rows[0]["differing"] if rows else 0,
        first=[
            Difference(
                json.loads(row["key"]), row["sequence"], row["live"], row["rebuilt"], list(row["columns"])
            )
            for row in rows
        ],
    )
