"""Snapshots and their revisions in the tables that only grow."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from chassis.database import Connection, Pool
from services.reporting.snapshots.domain import GENESIS, Revision, Terms, hash_of
from services.reporting.snapshots.freezing import Counted

_REVISION: Final = "revision, unit, known_at, up_to, seen, figures, events, previous_hash, hash, nonce"
_NONCE_BYTES: Final = 16
_PAGE: Final = """
    SELECT id, unit_code, first, last FROM snapshots
    WHERE ($1::date IS NULL OR (last, id) < ($1, $2)) AND ($3::text IS NULL OR unit_code = $3)
    ORDER BY last DESC, id DESC
    LIMIT $4
"""
# Those that have not been held against all that is counted by now.
_UNCHECKED: Final = """
    SELECT id, unit_code, first, last FROM snapshots
    LEFT JOIN snapshot_checks ON snapshot_id = id
    WHERE up_to IS DISTINCT FROM $1
    ORDER BY id
    LIMIT $2
"""


async def insert(connection: Connection, terms: Terms) -> UUID | None:
    """Write down a snapshot; return the id of the one that there is of the same unit and period, if there is one."""
    written = await connection.fetchval(
        "INSERT INTO snapshots (id, unit_code, first, last) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING RETURNING id",
        terms.id, terms.unit_code, terms.first, terms.last,
    )  # fmt: skip
    if written is not None:
        return None
    found: UUID | None = await connection.fetchval(
        "SELECT id FROM snapshots WHERE unit_code IS NOT DISTINCT FROM $1 AND first = $2 AND last = $3",
        terms.unit_code, terms.first, terms.last,
    )  # fmt: skip
    return found


async def find(database: Pool | Connection, snapshot_id: UUID) -> Terms | None:
    """Return what a snapshot is of."""
    row = await database.fetchrow(
        "SELECT id, unit_code, first, last FROM snapshots WHERE id = $1", snapshot_id
    )
    return None if row is None else Terms(*row)


async def page(
    database: Pool | Connection, after: tuple[Any, Any], unit_code: str | None, limit: int
) -> list[Terms]:
    """Return snapshots, those of the latest periods first."""
    return [Terms(*row) for row in await database.fetch(_PAGE, *after, unit_code, limit)]


async def unchecked(connection: Connection, up_to: str, limit: int) -> list[Terms]:
    """Return snapshots that were not held against what is counted up to these marks."""
    return [Terms(*row) for row in await connection.fetch(_UNCHECKED, up_to, limit)]


async def note_checked(
    connection: Connection, snapshot_id: UUID, up_to: str, *, seen: Mapping[str, Any] | None
) -> None:
    """Note that a snapshot was held against what is counted up to these marks.

    `seen` tells which events had been counted where these changed nothing; None where the last revision tells.
    """
    await connection.execute(
        "INSERT INTO snapshot_checks (snapshot_id, up_to, seen) VALUES ($1, $2, $3)"
        " ON CONFLICT (snapshot_id) DO UPDATE SET up_to = $2, seen = $3",
        snapshot_id, up_to, _text(seen),
    )  # fmt: skip


async def checked(connection: Connection, snapshot_id: UUID) -> Mapping[str, Any] | None:
    """Return which events had been counted when figures were last found to be the same as in the last revision."""
    found: str | None = await connection.fetchval(
        "SELECT seen FROM snapshot_checks WHERE snapshot_id = $1", snapshot_id
    )
    return None if found is None else json.loads(found)


async def revisions(database: Pool | Connection, snapshot_id: UUID) -> list[Revision]:
    """Return all revisions of a snapshot, in their order."""
    rows = await database.fetch(
        f"SELECT {_REVISION} FROM snapshot_revisions WHERE snapshot_id = $1 ORDER BY revision", snapshot_id
    )
    return [_revision(row) for row in rows]


async def last_revision(database: Pool | Connection, snapshot_id: UUID) -> Revision:
    """Return the revision that holds. Raises LookupError where there is none."""
    row = await database.fetchrow(
        f"SELECT {_REVISION} FROM snapshot_revisions WHERE snapshot_id = $1 ORDER BY revision DESC LIMIT 1",
        snapshot_id,
    )
    if row is None:
        raise LookupError(snapshot_id)
    return _revision(row)


def _revision(row: asyncpg.Record) -> Revision:
    return Revision(
        number=row["revision"],
        unit=row["unit"] and json.loads(row["unit"]),
        known_at=row["known_at"],
        up_to=json.loads(row["up_to"]),
        seen=json.loads(row["seen"]),
        figures=json.loads(row["figures"]),
        events=json.loads(row["events"]),
        previous_hash=row["previous_hash"],
        hash=row["hash"],
        nonce=row["nonce"],
    )


async def add_revision(
    connection: Connection,
    terms: Terms,
    counted: Counted,
    *,
    former: Revision | None,
    events: Sequence[dict[str, Any]] = (),
) -> Revision:
    """Freeze figures as the revision after `former`, or the first; return it."""
    draft = Revision(
        number=1 if former is None else former.number + 1,
        unit=counted.unit,
        known_at=counted.mark.at,
        up_to={topic: dict(its) for topic, its in counted.mark.up_to.items()},
        seen=counted.seen,
        figures=counted.figures,
        events=list(events),
        previous_hash=GENESIS if former is None else former.hash,
        hash=b"",
        nonce=secrets.token_bytes(_NONCE_BYTES),
    )
    made = _hashed(terms, draft)
    await connection.execute(
        f"INSERT INTO snapshot_revisions (snapshot_id, {_REVISION})"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        terms.id, made.number, _text(made.unit), made.known_at, _text(made.up_to), _text(made.seen),
        _text(made.figures), _text(list(made.events)), made.previous_hash, made.hash, made.nonce,
    )  # fmt: skip
    return made


def _hashed(terms: Terms, draft: Revision) -> Revision:
    whole = {name: getattr(draft, name) for name in Revision.__slots__}
    return Revision(**{**whole, "hash": hash_of(terms, draft)})


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


async def first_known_at(database: Pool | Connection, snapshot_id: UUID) -> datetime | None:
    """Return the instant of a snapshot's first revision."""
    found: datetime | None = await database.fetchval(
        "SELECT known_at FROM snapshot_revisions WHERE snapshot_id = $1 AND revision = 1", snapshot_id
    )
    return found
