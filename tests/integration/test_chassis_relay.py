"""The relay on real servers: whatever happens to it, the broker or the database, consumers are exact."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, KafkaTimeoutError

from chassis import broker, metrics, relay, sequences
from chassis.cloudevents import decode_headers
from chassis.publications import Publication, whole
from chassis.publisher import Publisher
from chassis.relay import producing
from chassis.sequencer import read_stream, sequence_queued, verify_stream
from chassis.stream_consumer import StreamConsumer
from tests.integration.chassis_way import Recorder, Way, until


@asynccontextmanager
async def administering(way: Way):
    admin = AIOKafkaAdminClient(bootstrap_servers=way.kafka)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def delete_topic(way: Way):
    async with administering(way) as admin:
        await admin.delete_topics([way.topic])

        async def gone():
            return way.topic not in await admin.list_topics()

        await until(gone)


async def fresh_effects(way: Way) -> None:
    """Apply the whole topic once more, by a consumer that has seen nothing, and expect the same."""
    await way.pool.execute("DELETE FROM effects")
    await way.consumer(Recorder(name=f"fresh-{uuid4()}")).process(await way.records())
    assert await way.exact()


async def test_writers_that_commit_against_the_order_of_their_positions_lose_nothing(way: Way):
    early, late = way.event(), way.event()
    async with way.relaying(), way.consuming(), way.pool.acquire() as one, way.pool.acquire() as two:
        first, second = one.transaction(), two.transaction()
        await first.start()
        await way.log.append(one, [early])
        await second.start()
        await way.log.append(two, [late])
        await second.commit()
        way.note(late)
        await until(way.exact)
        assert await way.mark_of_any() > 0
        await first.commit()
        way.note(early)
        await until(way.exact)
    positions = await way.pool.fetch("SELECT position FROM event_stream ORDER BY sequence")
    assert [row["position"] for row in positions] == [2, 1]


async def test_many_writers_held_open_at_random_lose_nothing(way: Way):
    keys = [uuid4() for _ in range(5)]
    locks = {key: asyncio.Lock() for key in keys}

    async def write(number: int):
        key = keys[number % len(keys)]
        async with locks[key], way.pool.acquire() as connection:
            event = way.event(key)
            async with connection.transaction():
                await way.log.append(connection, [event])
                await asyncio.sleep((number * 7919 % 13) / 1000)
            way.note(event)

    async with way.relaying(), way.consuming():
        await asyncio.gather(*(write(number) for number in range(60)))
        await until(way.exact)


class Faulty:
    """A real producer of which chosen records fail: before they are sent, or after the broker took them."""

    def __init__(self, real, lost=(), late=()):
        self.real = real
        self.lost = set(lost)
        self.late = set(late)
        self.count = 0

    async def send(
        self, topic: str, value: bytes, key: bytes, partition: int, *, headers: Sequence
    ) -> Awaitable:
        self.count += 1
        number = self.count

        async def timed_out(sent: Awaitable):
            await sent
            raise KafkaTimeoutError

        async def failed():
            raise KafkaError("failed")

        if number in self.lost:
            return failed()
        sent = await self.real.send(topic, value, key, partition, headers=headers)
        return timed_out(sent) if number in self.late else sent


async def publish_once(way: Way, lost=(), late=()):
    """Do one round as the relay does, with a producer that fails; raises what the round raised."""
    await broker.ensure_topics(way.kafka, [way.topic])
    async with way.pool.acquire() as connection, producing(way.kafka) as real:
        publisher = Publisher(Faulty(real, lost, late), [way.publication])
        await publisher.load(connection)
        await sequence_queued(connection, 1000)
        await publisher.publish(connection, await read_stream(connection, publisher.cursor, 1000))


async def test_a_publish_that_fails_in_the_middle_is_a_gap_until_the_relay_sends_again(way: Way):
    one_key = [uuid4()]
    await way.append(6, one_key)
    with pytest.raises(KafkaError):
        await publish_once(way, lost={3})
    assert len(await way.records()) == 5
    consumer = way.consumer()
    await consumer.process(await way.records())
    # Without the retry: what came before the missing one is applied, nothing after it, and it is told.
    assert await way.effects() == way.appended[:2]
    (partition, gap), *none = consumer.gaps.items()
    assert not none
    assert (gap.mark, gap.expected) == (10**15 + 2, 10**15 + 3)
    labels = (consumer.handler.name, way.topic, str(partition))
    assert metrics.CONSUMER_GAP.labels(*labels)._value.get() == 1
    await consumer.process(await way.records())
    assert await way.effects() == way.appended[:2]
    # With it: exact, and the alarm is over.
    await publish_once(way)
    await consumer.process(await way.records())
    assert await way.exact()
    assert consumer.gaps == {}
    assert metrics.CONSUMER_GAP.labels(*labels)._value.get() == 0


async def test_a_producer_that_times_out_though_the_broker_took_the_records_doubles_nothing(way: Way):
    await way.append(20)
    with pytest.raises(KafkaError):
        await publish_once(way, late={1, 7, 20})
    assert len(await way.records()) == 20
    assert not await way.published()
    await publish_once(way)
    assert await way.published()
    assert len(await way.records()) == 40
    await way.consumer().process(await way.records())
    assert await way.exact()


async def test_the_running_relay_gets_over_failures_by_itself(way: Way, monkeypatch):
    rounds = iter([{"lost": {2, 5}}, {"late": {1}}, {"lost": {1}, "late": {3}}])

    @asynccontextmanager
    async def faulty(bootstrap):
        async with producing(bootstrap) as real:
            yield Faulty(real, **next(rounds, {}))

    monkeypatch.setattr(relay, "producing", faulty)
    monkeypatch.setattr("chassis.failures.backoff", lambda _: 0.01)
    failures = metrics.RELAY_FAILURES._value.get()
    keys = [uuid4() for _ in range(4)]
    async with way.consuming(), way.relaying():
        await way.append(40, keys)
        await until(way.exact)
        await until(way.published)
        await way.append(40, keys)
        await until(way.exact)
    assert metrics.RELAY_FAILURES._value.get() - failures == 3


async def test_a_crash_between_sequencing_and_publishing_loses_nothing(way: Way):
    await way.append(10)
    async with way.pool.acquire() as connection:
        await sequence_queued(connection, 1000)
    assert not await way.published()
    async with way.relaying(), way.consuming():
        await until(way.exact)


async def test_a_crash_between_publishing_and_moving_the_cursor_gives_duplicates_only(way: Way, monkeypatch):
    await way.append(10)

    async def crash(*_):
        raise asyncpg.ConnectionDoesNotExistError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(Publisher, "_save", crash)
        with pytest.raises(asyncpg.ConnectionDoesNotExistError):
            await publish_once(way)
    assert len(await way.records()) == 10
    async with way.relaying(), way.consuming():
        await way.append(5)
        await until(way.exact)
    assert len(await way.records()) == 25


async def test_of_two_relays_one_leads_and_the_other_takes_over_when_its_session_ends(way: Way):
    relays = [way.relay(), way.relay()]

    async def one_leads():
        return sum(r.is_leader for r in relays) == 1

    async with way.consuming(), way.relaying(relays[0]), way.relaying(relays[1]):
        await until(one_leads)
        await way.append(50)
        await until(way.exact)
        for _ in range(3):
            leader = next(r for r in relays if r.is_leader)
            await way.append(50)
            killed = await way.pool.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_locks"
                " WHERE locktype = 'advisory' AND classid <> 0 AND granted"
                " AND pid IN (SELECT pid FROM pg_stat_activity WHERE application_name = 'relay'"
                " AND datname = current_database())"
            )
            assert killed == 1

            async def stepped_down(leader=leader):
                return not leader.is_leader

            await until(stepped_down)
            await until(one_leads)
            await way.append(50)
            await until(way.exact)
    assert not any(r.is_leader for r in relays)
    async with way.pool.acquire() as connection:
        assert await verify_stream(connection) == len(way.appended)


async def test_a_relay_that_is_cancelled_gives_the_lead_back_at_once(way: Way):
    relays = [way.relay(), way.relay()]
    async with way.relaying(relays[0]):

        async def leads():
            return relays[0].is_leader

        await until(leads)
    locks = await way.pool.fetchval(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON database = oid"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    )
    assert locks == 0


async def test_a_relay_leaves_no_tasks_behind(way: Way):
    before = asyncio.all_tasks()
    await way.append(3)
    async with way.relaying():
        await until(way.published)
    left = {task for task in asyncio.all_tasks() - before if not task.done()}
    assert not left


async def test_a_producer_whose_broker_is_gone_leaves_no_tasks_behind(way: Way):
    before = asyncio.all_tasks()
    async with producing(way.kafka) as producer:
        # What is sent waits in the producer, as it does while a broker is away.
        producer.client.ready = _never
        await broker.ensure_topics(way.kafka, [way.topic])
        sent = await producer.send(way.topic, b"{}", b"key", 0)
    with pytest.raises(KafkaError):
        await sent
    assert not {task for task in asyncio.all_tasks() - before if not task.done()}


async def _never(*_, **__) -> bool:
    return False


async def test_a_broker_that_lost_a_topic_while_nobody_led_is_refilled(way: Way):
    await way.append(30)
    consumer = way.consumer()
    async with way.relaying():
        await until(way.published)
    await consumer.process(await way.records())
    await delete_topic(way)
    await way.append(10)
    refills = metrics.RELAY_REFILLS._value.get()
    async with way.relaying():
        await until(way.published)
    assert metrics.RELAY_REFILLS._value.get() == refills + 1
    records = await way.records()
    assert len(records) == 40
    await consumer.process(records)
    assert await way.exact()
    await fresh_effects(way)


async def test_a_broker_that_loses_a_topic_under_a_running_relay_and_consumer_is_refilled(way: Way):
    keys = [uuid4() for _ in range(12)]
    async with way.relaying(), way.consuming(reread_seconds=0.2):
        await way.append(60, keys)
        await until(way.exact)
        await delete_topic(way)
        await way.append(30, keys)
        await until(way.exact, seconds=90)
        await way.append(30, keys)
        await until(way.exact)
    await fresh_effects(way)


async def test_a_broker_that_loses_a_topic_is_refilled_even_when_nothing_new_happens(way: Way, monkeypatch):
    monkeypatch.setattr(relay, "_COMPARE_SECONDS", 0.0)
    await way.append(30)
    async with way.relaying():
        await until(way.published)
        await delete_topic(way)
        async with administering(way) as admin:
            await admin.create_topics([NewTopic(way.topic, broker.PARTITIONS, 1)])

        async def refilled():
            return len(await way.records()) >= 30

        await until(refilled, seconds=90)
    await fresh_effects(way)


async def test_a_consumer_set_beyond_what_it_has_seen_goes_back(way: Way):
    """As after a refill that left fewer duplicates before its place, or an offset set by hand."""
    one_key = [uuid4()]
    await way.append(10, one_key)
    async with way.relaying():
        await until(way.published)
        consumer = way.consumer()
        await consumer.process((await way.records())[:4])
        partition = (await way.records())[0].partition
        member = AIOKafkaConsumer(
            bootstrap_servers=way.kafka, group_id=f"chibo.{consumer.handler.name}", enable_auto_commit=False
        )
        await member.start()
        place = TopicPartition(way.topic, partition)
        member.assign([place])
        await member.commit({place: 8})
        await member.stop()
        async with way.consuming(consumer, reread_seconds=0.1):
            await until(way.exact)
        assert consumer.gaps == {}


async def test_a_database_restored_to_an_earlier_point_begins_a_new_epoch(way: Way):
    consumer = way.consumer()
    await way.append(10)
    async with way.relaying():
        await until(way.published)
    backup = {
        table: await way.pool.fetch(f"SELECT * FROM {table}")
        for table in ("relay_cursor", "relay_partitions")
    }
    await way.append(10)
    async with way.relaying():
        await until(way.published)
    await consumer.process(await way.records())
    assert await way.exact()
    # Back to the first ten.
    async with way.pool.acquire() as connection:
        await connection.execute("GRANT DELETE ON event_log, event_stream TO CURRENT_USER")
        await connection.execute("DELETE FROM event_log WHERE position > 10")
        await connection.execute("DELETE FROM event_stream WHERE position > 10")
        await connection.execute("ALTER TABLE event_log ALTER COLUMN position RESTART WITH 11")
        for table, rows in backup.items():
            await connection.execute(f"DELETE FROM {table}")
            await connection.copy_records_to_table(table, records=[tuple(row) for row in rows])
    await way.append(10)
    async with way.relaying():
        await until(way.published)
    await consumer.process(await way.records())
    assert await way.exact()
    assert consumer.gaps == {}
    newest = await way.pool.fetchval("SELECT max(sequence) FROM event_stream")
    assert sequences.epoch_of(newest) == 2
    async with way.pool.acquire() as connection:
        assert await verify_stream(connection) == 20


async def test_an_untouched_database_stays_in_its_epoch(way: Way):
    for _ in range(3):
        await way.append(5)
        async with way.relaying():
            await until(way.published)
    assert await way.pool.fetchval("SELECT max(epoch) FROM event_stream_epochs") == 1
    assert len(await way.records()) == 15


async def test_a_topic_that_somebody_created_with_one_partition_gets_all(way: Way):
    async with administering(way) as admin:
        await admin.create_topics([NewTopic(way.topic, 1, 1)])
    keys = [uuid4() for _ in range(20)]
    async with way.relaying(), way.consuming():
        await way.append(20, keys)
        await until(way.exact)
    assert len({record.partition for record in await way.records()}) > 1


async def test_both_topics_get_their_part_with_the_same_sequences(way: Way):
    def even(event):
        return whole(event) if int(event.payload[5:-1]) % 2 == 0 else None

    public = Publication(f"{way.topic}.public", way.publication.source, even)
    both = relay.Relay(way.database_url, way.kafka, [way.publication, public])
    await way.append(20)
    async with way.relaying(both):
        await until(way.published)
    inside = {(r.key, r.value, dict(r.headers)["ce_sequence"]) for r in await way.records()}
    way.topic = public.topic
    outside = {(r.key, r.value, dict(r.headers)["ce_sequence"]) for r in await way.records()}
    assert len(outside) == 10
    assert outside < inside
    source = way.source.__class__(public.topic, way.source.source, way.source.known_types)
    consumer = StreamConsumer(way.pool, source, Recorder())
    await consumer.process(await way.records())
    assert consumer.gaps == {}
    assert len(await way.effects()) == 10


async def test_a_standing_relay_says_that_it_lives_and_a_stuck_one_that_it_does_not(way: Way, monkeypatch):
    one = way.relay()
    async with way.relaying(one):

        async def leads():
            return one.is_leader

        await until(leads)
        assert await one.is_live()
    monkeypatch.setattr(relay, "_STALLED_SECONDS", 0.0)
    assert not await one.is_live()


async def test_a_leader_that_is_frozen_loses_its_session(way: Way, monkeypatch):
    assert relay._SESSION["idle_session_timeout"] == "60s"
    monkeypatch.setitem(relay._SESSION, "idle_session_timeout", "300ms")
    frozen, next_ = way.relay(), way.relay()
    await way.append(5)

    stop = asyncio.Event()

    async def freeze(self, connection, publisher, wake):
        await stop.wait()

    with monkeypatch.context() as patch:
        patch.setattr(relay.Relay, "_drain_forever", freeze)
        task = asyncio.create_task(frozen.run())

        async def leads():
            return frozen.is_leader

        await until(leads)
    async with way.consuming(), way.relaying(next_):
        await until(way.exact)
    stop.set()
    await asyncio.gather(task, return_exceptions=True)


async def test_each_record_names_the_one_before_it_through_rounds_and_leaders(way: Way):
    keys = [uuid4() for _ in range(10)]
    for _ in range(3):
        async with way.relaying():
            for _ in range(3):
                await way.append(10, keys)
                await until(way.published)
    last: dict[int, int] = {}
    for record in await way.records():
        attributes = decode_headers(record.headers)
        assert attributes.previous == last.get(record.partition, 0)
        last[record.partition] = attributes.sequence
    assert len(last) > 1


async def test_an_offset_that_falls_back_makes_the_running_relay_send_everything_again(way: Way, monkeypatch):
    fallen = [0]

    class Forgetful(Faulty):
        async def send(self, *place, **headers):
            sent = await super().send(*place, **headers)

            async def answered():
                metadata = await sent
                return metadata._replace(offset=fallen.pop()) if fallen and metadata.offset > 5 else metadata

            return answered()

    @asynccontextmanager
    async def forgetful(bootstrap):
        async with producing(bootstrap) as real:
            yield Forgetful(real)

    monkeypatch.setattr(relay, "producing", forgetful)
    monkeypatch.setattr("chassis.failures.backoff", lambda _: 0.01)
    refills = metrics.RELAY_REFILLS._value.get()
    one_key = [uuid4()]
    async with way.relaying(), way.consuming():
        await way.append(5, one_key)
        await until(way.published)
        for _ in range(3):
            await way.append(1, one_key)
            await until(way.published)
        await until(way.exact)

        async def sent_again():
            return len(await way.records()) >= 15

        await until(sent_again)
    assert metrics.RELAY_REFILLS._value.get() == refills + 1
    assert await way.exact()
