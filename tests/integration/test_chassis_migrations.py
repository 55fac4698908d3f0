"""Migrations on a real database."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from chassis.migrations import EVENT_LOG, IDEMPOTENCY_KEYS, STREAM_CONSUMERS, MigrationError, migrate

ALL = [EVENT_LOG, STREAM_CONSUMERS, IDEMPOTENCY_KEYS]


def write(folder: Path, name: str, up: str) -> Path:
    path = folder / name
    path.write_text(f"-- what it is for\n-- migrate:up\n{up}\n-- migrate:down\nDROP TABLE nothing;\n")
    return path


async def test_several_processes_at_once_apply_each_once(database_url: str):
    async def one():
        connection = await asyncpg.connect(database_url)
        try:
            return await migrate(connection, ALL)
        finally:
            await connection.close()

    applied = await asyncio.gather(*(one() for _ in range(5)))
    assert sorted(version for versions in applied for version in versions) == [
        "00000000000001",
        "00000000000002",
        "00000000000003",
    ]


async def test_only_what_is_new_is_applied_and_in_order(connection, tmp_path: Path):
    first = write(tmp_path, "20260101000001_first.sql", "CREATE TABLE t (a int);")
    second = write(
        tmp_path, "20260101000002_second.sql", "ALTER TABLE t ADD b int; INSERT INTO t VALUES (1, 2);"
    )
    assert await migrate(connection, [first]) == ["20260101000001"]
    assert await migrate(connection, [second, first]) == ["20260101000002"]
    assert await migrate(connection, [second, first]) == []
    assert await connection.fetchval("SELECT count(*) FROM t") == 1


async def test_a_file_changed_after_it_was_applied_is_refused(connection, tmp_path: Path):
    path = write(tmp_path, "20260101000001_first.sql", "CREATE TABLE t (a int);")
    await migrate(connection, [path])
    path.write_text(path.read_text() + "\n")
    with pytest.raises(MigrationError, match="20260101000001 was changed"):
        await migrate(connection, [path])


async def test_a_migration_that_fails_leaves_nothing(connection, tmp_path: Path):
    good = write(tmp_path, "20260101000001_good.sql", "CREATE TABLE t (a int);")
    bad = write(tmp_path, "20260101000002_bad.sql", "CREATE TABLE u (a int); SELECT 1/0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(connection, [good, bad])
    assert await connection.fetchval("SELECT to_regclass('t') IS NULL AND to_regclass('u') IS NULL")
    assert await migrate(connection, [good]) == ["20260101000001"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("1_short.sql", b"-- migrate:up\n"),
        ("20260101000001-dash.sql", b"-- migrate:up\n"),
        ("20260101000001_Upper.sql", b"-- migrate:up\n"),
        ("20260101000001_no_mark.sql", b"CREATE TABLE t (a int);\n"),
        ("20260101000001_latin.sql", b"-- migrate:up\n-- \xe9\n"),
    ],
)
async def test_a_malformed_file_is_refused(connection, tmp_path: Path, name, text):
    path = tmp_path / name
    path.write_bytes(text)
    with pytest.raises(MigrationError, match=name):
        await migrate(connection, [path])
    assert await connection.fetchval("SELECT to_regclass('schema_migrations') IS NULL")


async def test_two_files_with_one_version_are_refused(connection, tmp_path: Path):
    paths = [write(tmp_path, f"20260101000001_{name}.sql", f"CREATE TABLE {name} (a int);") for name in "ab"]
    with pytest.raises(MigrationError, match="two files"):
        await migrate(connection, paths)
