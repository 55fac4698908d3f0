"""The log: what is written, what is refused, and what its hash chain shows."""

import asyncio
import json
from uuid import uuid4

import asyncpg
import pytest

from chassis import broker, tracing
from chassis.event_log import HEADERS_ALLOWANCE, ConcurrentChange, EventLog, EventTooLarge, NewEvent
from chassis.publications import message
from chassis.relay import producing
from chassis.sequencer import Tampered, read_stream, sequence_queued, verify_stream
from tests.integration.chassis_way import Way, until


async def written(way):
    return await way.pool.fetchval(
        "SELECT (SELECT count(*) FROM event_log) + (SELECT count(*) FROM event_queue)"
    )


async def sequence_all(way):
    async with way.pool.acquire() as connection:
        while await sequence_queued(connection, 7):
            pass


async def verify(way):
    async with way.pool.acquire() as connection:
        return await verify_stream(connection, page=4)


async def tamper(way, statement):
    """Do what only the owner of the tables can, having given itself back the right."""
    async with way.pool.acquire() as connection:
        await connection.execute("GRANT UPDATE, DELETE ON event_log, event_stream TO CURRENT_USER")
        assert int((await connection.execute(statement)).split()[-1]) > 0


async def test_a_version_taken_already_is_a_concurrent_change_and_nothing_is_written(way: Way):
    first = way.event()
    async with way.pool.acquire() as connection:
        async with connection.transaction():
            await way.log.append(connection, [first])
        before = await written(way)
        with pytest.raises(ConcurrentChange) as refused:
            async with connection.transaction():
                await way.log.append(connection, [way.event(), first])
    assert refused.value.status == 409
    assert await written(way) == before == 2


async def test_of_two_writers_of_one_version_the_second_is_refused(way: Way):
    aggregate = uuid4()
    event = NewEvent(aggregate, 1, "vn.chibo.test.counted.v1", "{}")
    async with way.pool.acquire() as one, way.pool.acquire() as two:
        transaction = one.transaction()
        await transaction.start()
        await way.log.append(one, [event])

        async def second():
            async with two.transaction():
                await way.log.append(two, [event])

        task = asyncio.create_task(second())
        await transaction.commit()
        with pytest.raises(ConcurrentChange):
            await task
    assert await written(way) == 2


async def test_what_waited_for_another_change_is_recorded_after_it(way: Way):
    """Else it would be known at an instant at which what it follows from is not known yet."""
    aggregate = uuid4()
    async with way.pool.acquire() as one, way.pool.acquire() as two:
        transaction = one.transaction()
        await transaction.start()
        async with two.transaction():
            await way.log.append(two, [NewEvent(aggregate, 1, "vn.chibo.test.counted.v1", "{}")])
        await way.log.append(one, [NewEvent(aggregate, 2, "vn.chibo.test.counted.v1", "{}")])
        await transaction.commit()
    first, second = await recorded(way, aggregate)
    assert first < second


async def test_one_transaction_is_recorded_at_one_instant_unless_it_waits_in_its_midst(way: Way):
    told, other = uuid4(), uuid4()
    async with way.pool.acquire() as one, way.pool.acquire() as two:
        transaction = one.transaction()
        await transaction.start()
        await way.log.append(one, [NewEvent(told, 1, "vn.chibo.test.counted.v1", "{}")])
        async with two.transaction():
            await way.log.append(two, [NewEvent(other, 1, "vn.chibo.test.counted.v1", "{}")])
        await way.log.append(one, [NewEvent(told, 2, "vn.chibo.test.counted.v1", "{}")])
        await way.log.append(one, [NewEvent(other, 2, "vn.chibo.test.counted.v1", "{}")])
        await transaction.commit()
        async with one.transaction():
            await way.log.append(one, [NewEvent(told, 3, "vn.chibo.test.counted.v1", "{}")])
    first, second, later = await recorded(way, told)
    assert first == second < later
    before, after = await recorded(way, other)
    assert first < before <= after < later


async def recorded(way: Way, aggregate):
    rows = await way.pool.fetch(
        "SELECT recorded_at FROM event_log WHERE aggregate_id = $1 ORDER BY aggregate_version", aggregate
    )
    return [row["recorded_at"] for row in rows]


async def test_outside_of_a_transaction_nothing_is_appended(way: Way):
    async with way.pool.acquire() as connection:
        with pytest.raises(RuntimeError, match="transaction"):
            await way.log.append(connection, [way.event()])
    assert await written(way) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event_log SET payload = '{}'",
        "DELETE FROM event_log",
        "TRUNCATE event_log",
        "UPDATE event_stream SET hash = ''",
        "DELETE FROM event_stream",
        "TRUNCATE event_stream",
    ],
)
async def test_the_services_own_role_can_only_append(way: Way, statement):
    await way.append(2)
    await sequence_all(way)
    async with way.pool.acquire() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_an_event_too_large_for_kafka_is_refused_before_anything_is_written(way: Way):
    limit = broker.MAX_RECORD_BYTES - HEADERS_ALLOWANCE - len(way.event().type)
    large = way.event(payload=json.dumps("ế" * (limit // 3), ensure_ascii=False))
    assert len(large.payload) < limit < len(large.payload.encode())
    async with way.pool.acquire() as connection, connection.transaction():
        with pytest.raises(EventTooLarge):
            await way.log.append(connection, [way.event(), large])
        # The transaction goes on, so it was not the server that refused.
        assert await connection.fetchval("SELECT count(*) FROM event_log") == 0


async def test_the_largest_event_that_is_accepted_fits_into_kafka(way: Way):
    type_ = "vn.chibo.test." + "rất-dài-" * 40 + "v1"
    room = broker.MAX_RECORD_BYTES - HEADERS_ALLOWANCE - len(type_.encode())
    event = way.event(payload='"' + "a" * (room - 2) + '"', type_=type_)
    tracing.begin(None)
    async with way.pool.acquire() as connection:
        async with connection.transaction():
            await way.log.append(connection, [event])
        with pytest.raises(EventTooLarge):
            async with connection.transaction():
                await way.log.append(
                    connection, [way.event(payload='"' + "a" * (room - 1) + '"', type_=type_)]
                )
        (streamed,) = await sequence_queued(connection, 10)
    assert streamed.traceparent
    await broker.ensure_topics(way.kafka, [way.topic])
    record = message(way.publication, streamed, {})
    assert record is not None
    async with producing(way.kafka) as producer:
        queued = await producer.send(
            record.topic, record.value, record.key, record.partition, headers=record.headers
        )
        await queued
    (read,) = await way.records()
    assert read.value.decode() == event.payload


async def test_a_smaller_limit_of_the_settings_holds(way: Way):
    async with way.pool.acquire() as connection, connection.transaction():
        with pytest.raises(EventTooLarge):
            await EventLog(4096).append(connection, [way.event(payload='"' + "a" * 4096 + '"')])


async def test_events_are_sequenced_in_the_order_of_their_list(way: Way):
    aggregate = uuid4()
    await way.append(20, [aggregate])
    await sequence_all(way)
    async with way.pool.acquire() as connection:
        events = await read_stream(connection, 0, 100)
    assert [event.aggregate_version for event in events] == list(range(1, 21))
    assert [event.sequence for event in events] == [10**15 + n for n in range(1, 21)]


async def test_an_untouched_log_is_intact(way: Way):
    await way.append(10)
    await sequence_all(way)
    await way.append(3)
    await sequence_all(way)
    assert await verify(way) == 13


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE event_log SET payload = '{\"n\":999}' WHERE position = 6", 6),
        ("UPDATE event_log SET recorded_at = recorded_at - interval '1 microsecond' WHERE position = 6", 6),
        ('UPDATE event_log SET metadata = \'{"by":"somebody"}\' WHERE position = 6', 6),
        ("DELETE FROM event_log WHERE position = 6", 6),
        ("DELETE FROM event_stream WHERE position = 6", 7),
        ("UPDATE event_stream SET position = 13 - position WHERE position IN (6, 7)", 6),
    ],
)
async def test_the_hash_chain_shows_where_the_log_was_altered(way: Way, statement, found):
    await way.append(10)
    await sequence_all(way)
    await tamper(way, statement)
    assert await verify(way) == Tampered(10**15 + found)


async def test_an_end_that_was_cut_off_shows_by_what_was_published(way: Way):
    await way.append(10)
    await sequence_all(way)
    await way.pool.execute("UPDATE relay_cursor SET sequence = (SELECT max(sequence) FROM event_stream)")
    assert await verify(way) == 10
    await tamper(way, "DELETE FROM event_stream WHERE position = 10")
    assert await verify(way) == Tampered(10**15 + 10)


async def test_sequencing_reads_what_waits_and_not_the_whole_log(way: Way):
    """A new database has no statistics yet; a plan made then is kept as long as the leader leads."""
    await way.append(300)
    await sequence_all(way)
    assert await way.pool.fetchval("SELECT count(*) FROM event_stream") == 300
    async with way.pool.acquire() as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
    read = "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'event_log'"
    assert await way.pool.fetchval(read) == 0


@pytest.mark.parametrize("taken", [1, 4])
async def test_of_events_that_somebody_else_takes_from_the_queue_none_is_moved(way: Way, taken):
    await way.append(4)
    async with way.pool.acquire() as one, way.pool.acquire() as other:
        taking = other.transaction()
        await taking.start()
        await other.execute("DELETE FROM event_queue WHERE position <= $1", taken)
        moving = asyncio.create_task(sequence_queued(one, 10))

        async def waits():
            return await way.pool.fetchval(
                "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $1", one.get_server_pid()
            )

        await until(waits)
        await taking.commit()
        with pytest.raises(asyncpg.NotNullViolationError):
            await moving
    assert await way.pool.fetchval("SELECT count(*) FROM event_queue") == 4 - taken
    assert await way.pool.fetchval("SELECT count(*) FROM event_stream") == 0
