"""Rebuilds as rows: what was asked for, by whom, and what became of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from chassis.database import Connection, Pool
from chassis.rebuilding.comparison import Compared

_COLUMNS: Final = (
    "id, projections, verify, source, started_by, started_at, fed_at, state, finished_at, error, tables"
)


@dataclass(frozen=True, slots=True)
class Rebuild:
    """One rebuild; `state` is running, swapped, same, differs, cancelled or failed."""

    id: int
    projections: list[str]
    verify: bool
    source: str
    started_by: str
    started_at: datetime
    fed_at: datetime
    state: str
    finished_at: datetime | None
    error: str | None
    tables: list[dict[str, Any]]


def _of(row: asyncpg.Record) -> Rebuild:
    return Rebuild(**{**dict(row), "tables": json.loads(row["tables"])})


async def begin(
    connection: Connection, projections: Sequence[str], *, verify: bool, source: str, by: str
) -> Rebuild | None:
    """Write down a new rebuild; return None where one is running."""
    row = await connection.fetchrow(
        "INSERT INTO rebuilds (projections, verify, source, started_by) VALUES ($1, $2, $3, $4)"
        f" ON CONFLICT DO NOTHING RETURNING {_COLUMNS}",
        list(projections), verify, source, by,
    )  # fmt: skip
    return None if row is None else _of(row)


async def running(database: Pool | Connection) -> Rebuild | None:
    """Return the rebuild that is under way."""
    row = await database.fetchrow(f"SELECT {_COLUMNS} FROM rebuilds WHERE state = 'running'")
    return None if row is None else _of(row)


async def find(database: Pool | Connection, rebuild_id: int) -> Rebuild | None:
    """Return one rebuild."""
    row = await database.fetchrow(f"SELECT {_COLUMNS} FROM rebuilds WHERE id = $1", rebuild_id)
    return None if row is None else _of(row)


async def last(database: Pool | Connection, limit: int) -> list[Rebuild]:
    """Return the last rebuilds, newest first."""
    rows = await database.fetch(f"SELECT {_COLUMNS} FROM rebuilds ORDER BY id DESC LIMIT $1", limit)
    return [_of(row) for row in rows]


async def is_running(database: Pool | Connection, rebuild_id: int) -> bool:
    """Return whether it is still wanted."""
    return bool(
        await database.fetchval("SELECT true FROM rebuilds WHERE id = $1 AND state = 'running'", rebuild_id)
    )


async def fed(database: Pool | Connection, rebuild_id: int) -> None:
    """Note that somebody feeds it."""
    await database.execute("UPDATE rebuilds SET fed_at = now() WHERE id = $1", rebuild_id)


async def finish(
    database: Pool | Connection,
    rebuild_id: int,
    state: str,
    *,
    tables: Sequence[Compared] = (),
    error: str | None = None,
) -> bool:
    """End a rebuild; return False where it had ended already, and nothing is changed."""
    status = await database.execute(
        "UPDATE rebuilds SET state = $2, finished_at = now(), tables = $3, error = $4"
        " WHERE id = $1 AND state = 'running'",
        rebuild_id, state, json.dumps([table.as_json() for table in tables]), error,
    )  # fmt: skip
    return bool(status == "UPDATE 1")


async def finish_compared(database: Pool | Connection, rebuild_id: int, tables: Sequence[Compared]) -> bool:
    """End a rebuild that was only to be compared, by what the comparison came to."""
    state = "differs" if any(table.differing for table in tables) else "same"
    return await finish(database, rebuild_id, state, tables=tables)
