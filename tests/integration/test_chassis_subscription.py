"""Consumer groups on a real broker: joining, leaving, failing, and records that somebody else wrote."""

import asyncio
import struct
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.record.util import calc_crc32c
from faststream.kafka import KafkaBroker
from prometheus_client import REGISTRY

from chassis import broker, subscription
from chassis.parked_events import Reason
from chassis.subscription import Subscription
from deploy.local.stack import Stack
from tests.integration.chassis_way import Recorder, Way, in_background, record, until


async def test_two_members_of_a_group_while_one_is_stopped_and_comes_back(way: Way):
    keys = [uuid4() for _ in range(20)]
    await way.append(50, keys)
    async with way.relaying(), way.consuming(max_records=7):
        for _ in range(2):
            async with way.consuming(max_records=7):
                for _ in range(5):
                    await way.append(20, keys)
                    await asyncio.sleep(0.02)  # spread over the rebalance, whenever that is
        await until(way.exact)
    assert await way.parked() == []


async def test_a_member_cancelled_in_the_middle_of_a_batch_leaves_it_to_the_next(way: Way):
    entered = asyncio.Event()

    async def hang(*_):
        entered.set()
        await asyncio.Event().wait()

    await way.append(30)
    async with way.relaying():
        async with way.consuming(way.consumer(Recorder(fail=hang))):
            await entered.wait()
        assert await way.effects() == []
        async with way.consuming():
            await until(way.exact)


async def test_one_that_does_not_come_to_its_end_is_not_live(way: Way, monkeypatch):
    stop, entered, go_on = KafkaBroker.stop, asyncio.Event(), asyncio.Event()

    async def slowly(its, *given):
        entered.set()
        await go_on.wait()
        await stop(its, *given)

    monkeypatch.setattr(KafkaBroker, "stop", slowly)
    one = Subscription(way.kafka, way.consumer())
    async with in_background(one.run()) as running:

        async def ready():
            return one.is_ready

        await until(ready)
        running.cancel()
        await entered.wait()
        assert await one.is_live()
        monkeypatch.setattr(subscription, "_STALLED_SECONDS", 0.0)
        assert not await one.is_live()
        go_on.set()
        await asyncio.wait([running])
    assert await one.is_live()


async def test_the_lag_of_a_consumer_that_hangs_grows_and_it_is_not_called_fresh(way: Way):
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def hang(*_):
        entered.set()
        await go_on.wait()

    recorder = Recorder(name=f"r-{uuid4()}", fail=hang)
    one = Subscription(way.kafka, way.consumer(recorder))
    labels = {"consumer": recorder.name, "topic": way.topic}

    def fresh():
        return REGISTRY.get_sample_value("chibo_consumer_fresh_timestamp_seconds", labels)

    async def lag():
        await one.measure()
        of_each = [
            REGISTRY.get_sample_value("chibo_consumer_lag_records", {**labels, "partition": str(partition)})
            for partition in range(broker.PARTITIONS)
        ]
        return None if None in of_each else sum(of_each)

    async def measured():
        return await lag() is not None

    async with way.relaying(), in_background(one.run()):
        await until(measured)
        assert await lag() == 0
        for appended in (10, 20):
            await way.append(10)
            await entered.wait()
            before = fresh()

            async def all_wait(appended=appended):
                return await lag() == appended

            await until(all_wait)
            assert fresh() == before
        go_on.set()
        await until(way.exact)

        async def caught_up():
            return await lag() == 0

        await until(caught_up)
        assert fresh() > before
    assert fresh() is None


async def test_a_batch_that_fails_is_given_again_until_it_is_done(way: Way, monkeypatch):
    monkeypatch.setattr(subscription, "backoff", lambda _: 0.001)
    failures = [OSError("gone"), RuntimeError("unforeseen")] * 3

    class Failing(way.consumer().__class__):
        async def apply(self, deliveries):
            if failures:
                raise failures.pop()
            await super().apply(deliveries)

    consumer = Failing(way.pool, way.source, Recorder())
    await way.append(10)
    # Not begun anew by anybody: the subscription itself must not let go of what it read.
    async with way.relaying(), in_background(Subscription(way.kafka, consumer).run()):
        await until(way.exact)
        await way.append(10)
        await until(way.exact)
    assert not failures


async def test_a_consumer_may_be_there_before_the_topic(way: Way):
    one = Subscription(way.kafka, way.consumer())
    async with in_background(one.run()):

        async def joined():
            return one.is_ready

        await until(joined)
        async with way.relaying():
            await way.append(10)
            await until(way.exact)
    assert not one.is_ready


async def committed(way, consumer):
    member = AIOKafkaConsumer(
        bootstrap_servers=way.kafka, group_id=f"chibo.{consumer.handler.name}", enable_auto_commit=False
    )
    await member.start()
    try:
        return {n: await member.committed(TopicPartition(way.topic, n)) for n in range(broker.PARTITIONS)}
    finally:
        await member.stop()


async def test_offsets_stay_before_a_gap_so_that_the_next_process_sees_it_too(way: Way):
    await broker.ensure_topics(way.kafka, [way.topic])
    consumer = way.consumer(Recorder(name=f"r-{uuid4()}"))
    async with way.foreign_producer() as producer:
        for sequence, previous in [(1, 0), (3, 2), (4, 3)]:
            r = record(sequence, previous)
            await producer.send_and_wait(way.topic, r.value, r.key, 0, headers=list(r.headers))
        labels = {"consumer": consumer.handler.name, "topic": way.topic, "partition": "0"}

        def sample(name):
            return REGISTRY.get_sample_value(name, labels)

        async with way.consuming(consumer):

            async def gap():
                return consumer.gaps

            await until(gap)
            assert sample("chibo_consumer_gap") == 1

            async def told():
                return sample("chibo_consumer_lag_records") is not None

            await until(told)
        # It left the group: what it measured says nothing any more.
        assert sample("chibo_consumer_gap") == 0
        assert sample("chibo_consumer_lag_records") is None
        assert (await committed(way, consumer))[0] == 1
        again = way.consumer(Recorder(name=consumer.handler.name))
        async with way.consuming(again):

            async def seen_again():
                return again.gaps

            await until(seen_again)
            for sequence, previous in [(2, 1), (3, 2), (4, 3)]:
                r = record(sequence, previous)
                await producer.send_and_wait(way.topic, r.value, r.key, 0, headers=list(r.headers))

            async def closed():
                return not again.gaps

            await until(closed)

        async def all_done():
            return (await committed(way, consumer))[0] == 6

        await until(all_done)
    assert len(await way.effects()) == 4


async def test_malformed_records_of_a_foreign_producer_are_parked_and_the_rest_goes_on(way: Way):
    good = {name: value for name, value in record(10**15 + 500, 0).headers}  # noqa: C416
    keys = [uuid4() for _ in range(6)]

    def but(**changes):
        headers = {**good, "ce_source": b"urn:somebody", **changes}
        return [(name, value) for name, value in headers.items() if value is not ...]

    records = [
        ([], b"k", b"{}", Reason.UNREADABLE),
        ([("ce_type", None)], b"k", b"{}", Reason.UNREADABLE),
        (but(ce_type=None), b"k", b"{}", Reason.UNREADABLE),
        (but(ce_source=b"\xff"), b"k", b"{}", Reason.UNREADABLE),
        (but(ce_sequence=b"-1"), b"k", b"{}", Reason.UNREADABLE),
        (but(), b"k", b"not json", Reason.FOREIGN),
        (but(), None, b"{}", Reason.FOREIGN),
        (but(), b"k", None, Reason.FOREIGN),
        (but(ce_type=b"vn.chibo.unknown.v1"), b"k", b"{}", Reason.FOREIGN),
        ([], None, b"\x00\xff", Reason.UNREADABLE),
        ([], b"k", None, Reason.UNREADABLE),
    ]
    async with way.relaying(), way.consuming(max_records=3), way.foreign_producer() as producer:
        await way.append(10, keys)
        await until(way.exact)
        for headers, key, value, _ in records:
            for partition in range(broker.PARTITIONS):
                await producer.send(way.topic, value, key, partition, headers=headers)
        await producer.flush()
        await way.append(10, keys)
        await until(way.exact)

        async def all_parked():
            return len(await way.parked()) == len(records) * broker.PARTITIONS

        await until(all_parked)
    found = sorted(
        (row["key"], row["value"], row["reason"]) for row in await way.parked() if row["key"] and row["value"]
    )
    expected = [(key, value, str(reason)) for _, key, value, reason in records if key and value]
    assert found == sorted(expected * broker.PARTITIONS)
    # The whole topic once more: nothing is parked twice.
    count = len(await way.parked())
    await way.pool.execute("TRUNCATE effects, stream_marks")
    await way.consumer().process(await way.records())
    assert await way.exact()
    assert len(await way.parked()) == count


async def test_a_subscription_leaves_no_tasks_behind(way: Way):
    await way.append(5)
    async with way.relaying():
        await until(way.published)
    before = asyncio.all_tasks()
    async with way.consuming():
        await until(way.exact)
    assert not {task for task in asyncio.all_tasks() - before if not task.done()}


async def test_a_consumer_that_stands_still_while_records_wait_is_not_live(way: Way, monkeypatch):
    monkeypatch.setattr(subscription, "_STALLED_SECONDS", 0.0)
    stuck, entered = asyncio.Event(), asyncio.Event()

    async def hang(*_):
        entered.set()
        await stuck.wait()

    recorder = Recorder()
    one = Subscription(way.kafka, way.consumer(recorder), max_records=1)
    key = [uuid4()]
    await way.append(1, key)
    async with way.relaying(), in_background(one.run()):
        await until(way.exact)
        assert await one.is_live()
        recorder.fail = hang
        await way.append(3, key)
        await entered.wait()

        async def not_live():
            return not await one.is_live()

        await until(not_live)
        stuck.set()
        recorder.fail = None
        await until(way.exact)
        await until(one.is_live)


async def test_one_that_gets_records_after_a_long_time_without_any_is_live(way: Way):
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def wait(*_):
        entered.set()
        await go_on.wait()

    recorder = Recorder()
    one = Subscription(way.kafka, way.consumer(recorder))
    await way.append()
    async with way.relaying(), in_background(one.run()):
        await until(way.exact)
        one._progressed -= 3600
        recorder.fail = wait
        await way.append()
        await entered.wait()
        assert await one.is_live()
        one._progressed -= 3600
        assert not await one.is_live()
        go_on.set()
        await until(way.exact)


async def test_an_idle_reader_sleeps(way: Way, monkeypatch):
    """Each read waits for its records inside the client; none is a turn of a busy loop."""
    one = Subscription(way.kafka, way.consumer())
    reads = 0
    real = AIOKafkaConsumer.getmany

    async def counted(self, *places, **options):
        nonlocal reads
        reads += 1
        assert options["timeout_ms"] >= 1000
        return await real(self, *places, **options)

    monkeypatch.setattr(AIOKafkaConsumer, "getmany", counted)
    async with way.relaying(), in_background(one.run()):
        for _ in range(5):
            await way.append(1)
            await until(way.exact)
    assert 0 < reads < 40


@pytest.fixture
def own_stack():
    with Stack.start() as running:
        yield running


async def test_a_broker_that_dies_and_one_that_comes_back_empty(way: Way, own_stack: Stack, monkeypatch):
    assert own_stack.kafka_server is not None
    way.kafka = own_stack.kafka
    keys = [uuid4() for _ in range(10)]
    async with way.relaying(), way.consuming(reread_seconds=1.0):
        await way.append(100, keys)
        await until(way.exact)
        await asyncio.to_thread(own_stack.kafka_server.kill)
        await way.append(50, keys)
        await asyncio.to_thread(own_stack.kafka_server.start)
        await until(way.exact, seconds=120)
        await asyncio.to_thread(own_stack.kafka_server.lose_data)
        await way.append(50, keys)
        await asyncio.to_thread(own_stack.kafka_server.start)
        await until(way.exact, seconds=120)
        await until(way.published)
    await way.pool.execute("TRUNCATE effects")
    await way.consumer(Recorder(name="fresh")).process(await way.records())
    assert await way.exact()


async def send_unreadable(way: Way, producer, partition: int, count: int) -> None:
    """Write records whose header names are not UTF-8: no client of Java's or Python's can, but others do."""
    batch = producer.create_batch()
    for _ in range(count):
        batch.append(key=b"k", value=b"{}", timestamp=None, headers=[("NAME", b"x")])
    built = bytearray(batch._build()).replace(b"NAME", b"\xff\xfe\xfd\xfc")
    struct.pack_into(">I", built, 17, calc_crc32c(bytes(built[21:])))  # over all that follows it
    batch._buffer = bytes(built)
    await (await producer.send_batch(batch, way.topic, partition=partition))


async def test_records_that_the_client_itself_cannot_read_are_parked_and_the_rest_goes_on(way: Way):
    keys = [uuid4() for _ in range(12)]
    await way.append(40, keys)
    async with way.relaying():
        await until(way.published)
    async with way.foreign_producer() as producer:
        await send_unreadable(way, producer, 1, 1)
        await send_unreadable(way, producer, 4, 3)
    # The next leader looks at what stands at the end of the partitions.
    async with way.relaying(), way.foreign_producer() as producer:
        await way.append(40, keys)
        await until(way.published)
        await send_unreadable(way, producer, 4, 1)
        async with way.consuming():
            await until(way.exact)
            await way.append(20, keys)
            await until(way.exact)

            async def all_parked():
                return len(await way.parked()) == 5

            await until(all_parked)
    parked = await way.parked()
    assert {(row["partition"], row["reason"]) for row in parked} == {(1, "unreadable"), (4, "unreadable")}
    assert not any(row["blocks_key"] for row in parked)
