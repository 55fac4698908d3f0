"""A projection built anew while commands and questions go on: no answer is wrong or missing."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from chassis import migrations
from chassis.database import open_pool
from chassis.failures import keep_running
from chassis.parked_events import discard
from chassis.publications import partition_of
from chassis.rebuilding import reading, store
from chassis.rebuilding.projections import BuildingConsumer, Projection
from chassis.rebuilding.worker import Rebuilder
from tests.integration.chassis_way import Recorder, Way, in_background, record, until

EFFECTS = """-- What the recorder writes.
-- migrate:up
CREATE TABLE effects (
    sequence bigint PRIMARY KEY,
    key bytea NOT NULL,
    value text NOT NULL
);
CREATE INDEX effects_of_key ON effects (key);

-- migrate:down
DROP TABLE effects;
"""


class Rebuilding(Way):
    """A way whose effects are a table that migrations made, and a rebuilder of it."""

    def __init__(self, way: Way, paths: list[Path]) -> None:
        super().__init__(way.pool, way.database_url, way.kafka, way.topic)
        self.paths = paths
        self.recorder = Recorder()

    def rebuilder(self) -> Rebuilder:
        projection = Projection(self.source, self.recorder, ("effects",))
        return Rebuilder(
            self.database_url, self.kafka, self.pool, {self.recorder.name: projection}, self.paths
        )

    def rebuilding(self):
        return in_background(keep_running("rebuilds", self.rebuilder().run))

    async def begin(self, *, verify: bool = False) -> int:
        async with self.pool.acquire() as connection:
            begun = await store.begin(
                connection, [self.recorder.name], verify=verify, source="kafka", by="tran.van.b"
            )
        return begun.id

    async def ended(self, rebuild_id: int) -> store.Rebuild:
        async def found():
            rebuild = await store.find(self.pool, rebuild_id)
            return rebuild if rebuild.state != "running" else None

        return await until(found)

    async def table(self) -> int:
        """The table's own number: another one after a swap."""
        return await self.pool.fetchval("SELECT 'effects'::regclass::oid::bigint")

    async def generations(self) -> int:
        return await self.pool.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'rebuild_%'")


@pytest.fixture
async def way(way: Way, tmp_path: Path) -> Rebuilding:
    own = tmp_path / "20260101000001_effects.sql"
    own.write_text(EFFECTS)
    paths = [
        migrations.EVENT_LOG, migrations.STREAM_CONSUMERS, migrations.IDEMPOTENCY_KEYS, migrations.REBUILDS, own,
    ]  # fmt: skip
    async with way.pool.acquire() as connection:
        await connection.execute("DROP TABLE effects")
        await migrations.migrate(connection, paths)
    return Rebuilding(way, paths)


_ANSWER = """
    SELECT (SELECT count(*) FROM effects) AS counted,
           (SELECT json_object_agg(partition, sequence)::text FROM stream_marks WHERE consumer = 'recorder') AS marks
"""


class Asker:
    """Asks without a pause, and holds each answer against a plain count of the log up to its marks."""

    def __init__(self, way: Rebuilding) -> None:
        self.way = way
        self.answers: list[tuple[int, str]] = []
        self.tables: set[int] = set()

    async def ask(self) -> None:
        async with await open_pool(self.way.database_url, application_name="asker", size=2) as pool:
            for turn in itertools.count():
                if turn % 2:  # in one statement, prepared long before
                    row = await pool.fetchrow(_ANSWER)
                else:  # in several, of one snapshot
                    async with reading(pool) as connection:
                        marks = (await connection.fetchrow(_ANSWER))["marks"]
                        await asyncio.sleep(0)
                        row = await connection.fetchrow(_ANSWER)
                        assert row["marks"] == marks
                self.answers.append((row["counted"], row["marks"] or "{}"))
                self.tables.add(await pool.fetchval("SELECT 'effects'::regclass::oid::bigint"))

    async def assert_exact(self) -> None:
        events = [
            (partition_of(str(row["aggregate_id"]).encode()), row["sequence"])
            for row in await self.way.pool.fetch(
                "SELECT sequence, aggregate_id FROM event_stream JOIN event_log USING (position)"
            )
        ]
        for counted, text in set(self.answers):
            marks = {int(place): mark for place, mark in json.loads(text).items()}
            assert counted == sum(sequence <= marks.get(place, 0) for place, sequence in events)


@asynccontextmanager
async def commands(way: Rebuilding) -> AsyncIterator[None]:
    ended = asyncio.Event()

    async def go_on() -> None:
        keys = [uuid4() for _ in range(20)]
        while not ended.is_set():
            await way.append(7, keys)
            await asyncio.sleep(0.01)

    async with in_background(go_on()) as task:
        yield
        assert not task.done(), "commands stopped"
        # Not cancelled: what is committed by then would not be expected.
        ended.set()
        await task


async def test_no_answer_is_wrong_or_missing_while_a_projection_is_rebuilt_and_swapped(way):
    await way.append(2_000, [uuid4() for _ in range(50)])
    async with way.relaying(), way.consuming(way.consumer(way.recorder)):
        await until(way.exact)
        before, asker = await way.table(), Asker(way)
        async with way.rebuilding(), commands(way), in_background(asker.ask()) as asking:
            rebuild = await way.ended(await way.begin())
            again = await way.ended(await way.begin())
            assert not asking.done() or asking.result()
        assert (rebuild.state, again.state) == ("swapped", "swapped")
        assert len(asker.tables) >= 2, "questions before the first swap and after it"
        await until(way.exact)
    assert await way.table() != before
    await asker.assert_exact()
    assert len(set(asker.answers)) > 1
    assert await way.generations() == 0
    # Made by the same migrations, so the next migration finds what it expects.
    assert await way.pool.fetchval("SELECT 'effects_of_key'::regclass IS NOT NULL")


async def test_nothing_beyond_the_live_marks_is_built_however_late_it_was_judged(way):
    """Judged while an earlier delivery was still to come, all of it seems to have a gap before it."""
    projection = Projection(way.source, way.recorder, ("effects",))
    consumer, behind = (BuildingConsumer(way.pool, way.pool, projection) for _ in range(2))
    records = [record(n, n - 1, topic=way.topic) for n in range(1, 9)]
    stale = behind.judge(records[3:])
    assert stale.judged.set_aside == 5
    move = """
        INSERT INTO stream_marks (consumer, topic, partition, sequence) VALUES ($1, $2, 0, $3)
        ON CONFLICT (consumer, topic, partition) DO UPDATE SET sequence = excluded.sequence
    """
    await way.pool.execute(move, projection.name, way.topic, 5)
    await consumer.apply([consumer.judge(records[:3])])

    async def built() -> int:
        return await way.pool.fetchval("SELECT count(*) FROM effects")

    async def more_is_built() -> bool:
        return await built() > 3

    async with in_background(consumer.apply([stale])) as applying:
        await until(more_is_built)
        assert await built() == 5
        assert not applying.done()
        await way.pool.execute(move, projection.name, way.topic, 8)
        await applying
    assert await built() == 8


async def test_a_rebuild_that_was_killed_in_the_middle_goes_on(way):
    await way.append(1_000, [uuid4() for _ in range(50)])
    async with way.relaying(), way.consuming(way.consumer(way.recorder)):
        await until(way.exact)
        before = await way.table()
        rebuild_id = await way.begin()

        async def is_building() -> bool:
            return await way.pool.fetchval(
                "SELECT count(*) FROM pg_tables WHERE schemaname = $1 AND tablename = 'effects'",
                f"rebuild_{rebuild_id}",
            )

        async with way.rebuilding():
            await until(is_building)
        assert (await store.find(way.pool, rebuild_id)).state == "running"
        assert await way.table() == before
        async with way.rebuilding():
            assert (await way.ended(rebuild_id)).state == "swapped"
        assert await way.exact()


async def test_one_that_is_cancelled_leaves_everything_as_it_was(way):
    await way.append(10)
    async with way.relaying(), way.consuming(way.consumer(way.recorder)):
        await until(way.exact)
        before, rebuild_id = await way.table(), await way.begin()
        async with way.pool.acquire() as connection:
            assert await store.begin(connection, ["recorder"], verify=True, source="kafka", by="x") is None
        async with way.pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "LOCK TABLE effects IN ACCESS SHARE MODE"
            )  # a long question: no swap past it
            async with way.rebuilding():
                await until(way.generations)
                assert await store.finish(way.pool, rebuild_id, "cancelled")

                async def is_gone() -> bool:
                    return await way.generations() == 0

                await until(is_gone)
        assert await way.table() == before
        assert await way.exact()


async def test_a_planted_difference_is_found_and_named_by_its_event(way):
    await way.append(200, [uuid4() for _ in range(5)])
    async with way.relaying(), way.consuming(way.consumer(way.recorder)), way.rebuilding():
        await until(way.exact)
        assert (await way.ended(await way.begin(verify=True))).state == "same"
        first, second, third = await way.pool.fetch(
            "SELECT sequence FROM effects ORDER BY 1 OFFSET 50 LIMIT 3"
        )
        await way.pool.execute("UPDATE effects SET value = value || ' ' WHERE sequence = $1", second[0])
        await way.pool.execute("DELETE FROM effects WHERE sequence = $1", first[0])
        await way.pool.execute("INSERT INTO effects VALUES (7, 'k', '{}')")
        found = await way.ended(await way.begin(verify=True))
    assert found.state == "differs"
    [effects] = found.tables
    assert (effects["live_rows"], effects["rebuilt_rows"], effects["differing"]) == (200, 200, 3)
    told = [(row["sequence"], row["live"], row["rebuilt"], row["columns"]) for row in effects["first"]]
    assert told == [(7, True, False, []), (first[0], False, True, []), (second[0], True, True, ["value"])]
    assert third[0] not in {row["sequence"] for row in effects["first"]}
    # Nothing was mended by looking.
    assert await way.pool.fetchval("SELECT count(*) FROM effects WHERE sequence = 7") == 1


async def test_parked_events_are_treated_alike(way):
    one, two, three = uuid4(), uuid4(), uuid4()
    poison = [way.event(key, f'{{"poison": {n}}}') for n, key in enumerate((one, two, three))]
    async with way.pool.acquire() as connection, connection.transaction():
        await way.log.append(connection, poison)
    way.recorder.poison = {event.payload.encode() for event in poison}
    consumer = way.consumer(way.recorder)
    async with way.relaying(), way.consuming(consumer), way.rebuilding():
        await way.append(6, [one, two, three])

        async def all_parked() -> bool:
            return len(await way.parked()) == 9

        await until(all_parked)
        first, second, third = [row for row in await way.parked() if row["reason"] == "poison"]
        # Given up, and who waited behind it applied; given up, and who waited still waiting; and left alone.
        for row, retried in ((first, True), (second, False)):
            async with way.pool.acquire() as connection:
                assert await discard(connection, row["id"])
            if retried:
                assert await consumer.retry_parked(row["key"]) == 2
        applied, waiting = await way.effects(), {row["id"] for row in await way.parked()}
        rebuild = await way.ended(await way.begin())
        assert rebuild.state == "swapped"
        after = await way.effects()
        # Behind the one that was given up nothing waits any more: it is not there to wait for.
        behind_second = [(key, value) for key, value in way.appended if key == second["key"].decode()]
        assert sorted(after) == sorted([*applied, *behind_second])
        # The rest waits as it did, under the numbers that somebody may have written down.
        still = await way.parked()
        assert {row["key"] for row in still} == {third["key"]}
        assert {row["id"] for row in still} < waiting
        way.recorder.poison = set()
        assert await consumer.retry_parked(third["key"]) == 3


async def test_a_database_that_was_migrated_meanwhile_is_not_given_tables_of_before(way, tmp_path):
    await way.append(10)
    async with way.relaying(), way.consuming(way.consumer(way.recorder)):
        await until(way.exact)
        later = tmp_path / "20270101000001_later.sql"
        later.write_text("-- migrate:up\nALTER TABLE effects ADD COLUMN later text;\n")
        async with way.pool.acquire() as connection:
            await migrations.migrate(connection, [*way.paths, later])
        async with way.rebuilding():
            failed = await way.ended(await way.begin())
    assert failed.state == "failed"
    assert "migrated" in failed.error
    assert await way.pool.fetchval("SELECT count(later) FROM effects") == 0
