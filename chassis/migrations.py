"""Migrations: SQL files in dbmate's format, applied once each, in the order of their numbers.

Already here: the tables of the chassis itself, in the folder of the same name.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from chassis.database import Connection

_FOLDER: Final = Path(__file__).with_name("migrations")
EVENT_LOG: Final = _FOLDER / "00000000000001_event_log.sql"
STREAM_CONSUMERS: Final = _FOLDER / "00000000000002_stream_consumers.sql"
IDEMPOTENCY_KEYS: Final = _FOLDER / "00000000000003_idempotency_keys.sql"
REBUILDS: Final = _FOLDER / "00000000000004_rebuilds.sql"

LOCK: Final = 0x6368_6962_6F00_0002
"""The advisory lock of whoever migrates a database."""
_NAME: Final = re.compile(r"(\d{14})_[a-z0-9_]+\.sql")
_UP: Final = re.compile(r"^-- migrate:up\s*$(.*?)(?=^-- migrate:down\s*$|\Z)", re.MULTILINE | re.DOTALL)


class MigrationError(Exception):
    """A migration file is malformed, or was changed after it had been applied."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its version (14 digits), the SQL of its way up, and the SHA-256 of the whole file."""

    version: str
    up: str
    checksum: str


def read_migration(path: Path) -> Migration:
    """Return the migration in a file. Raises MigrationError where its name or marks are not dbmate's."""
    name = _NAME.fullmatch(path.name)
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise MigrationError(f"{path.name}: not UTF-8") from error
    up = _UP.search(text)
    if not name or not up:
        raise MigrationError(f"{path.name}: expected <14 digits>_<name>.sql with a line '-- migrate:up'")
    return Migration(name[1], up[1], hashlib.sha256(text.encode()).hexdigest())


async def migrate(connection: Connection, paths: Sequence[Path]) -> list[str]:
    """Apply what has not been applied, all of it in one transaction; return the versions applied now.

    Several processes may start at once: they wait for one another. Raises MigrationError where a file that
    was applied has other text now (mend it with a new migration), or two files have one version.
    """
    migrations = sorted((read_migration(path) for path in paths), key=lambda m: m.version)
    for one, next_ in pairwise(migrations):
        if one.version == next_.version:
            raise MigrationError(f"two files have the version {one.version}")
    applied = []
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version text PRIMARY KEY, checksum text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now())"
        )
        done = {
            row["version"]: row["checksum"]
            for row in await connection.fetch("SELECT version, checksum FROM schema_migrations")
        }
        for migration in migrations:
            if migration.version not in done:
                await connection.execute(migration.up)
                await connection.execute(
                    "INSERT INTO schema_migrations (version, checksum) VALUES ($1, $2)",
                    migration.version,
                    migration.checksum,
                )
                applied.append(migration.version)
            elif done[migration.version] != migration.checksum:
                raise MigrationError(
                    f"{migration.version} was changed after it had been applied; add a new file"
                )
    return applied
