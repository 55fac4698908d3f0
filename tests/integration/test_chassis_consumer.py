"""The stream consumer on a real database, fed by hand: once each, in order of the key, whatever is delivered."""

import asyncio
import json
import random
from collections import defaultdict
from uuid import uuid4

import asyncpg
import pydantic
import pytest
import structlog
from aiokafka import ConsumerRecord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis import metrics
from chassis.failures import StaleMarkError
from chassis.parked_events import Reason
from chassis.stream_consumer import StreamConsumer
from tests.integration.chassis_way import EVENT, PASSED_OVER, Recorder, Way, record, until


def stream(count: int, partitions: int = 3, keys: int = 5) -> list[ConsumerRecord]:
    """Return the records of a stream, each partition chained, as the relay writes them."""
    last: defaultdict[int, int] = defaultdict(int)
    offsets: defaultdict[int, int] = defaultdict(int)
    records = []
    for sequence in range(1, count + 1):
        number = sequence * 7919 % keys
        partition = number % partitions
        records.append(
            record(
                sequence,
                last[partition],
                key=b"key-%d" % number,
                partition=partition,
                offset=offsets[partition],
                type_=PASSED_OVER if sequence % 11 == 0 else EVENT,
            )
        )
        last[partition] = sequence
        offsets[partition] += 1
    return records


def handled(records):
    return [
        (r.key.decode(), r.value.decode())
        for r in records
        if (b"passed-over" not in dict(r.headers)["ce_type"])
    ]


def by_key(effects):
    grouped = defaultdict(list)
    for key, value in effects:
        grouped[key].append(value)
    return grouped


async def written(way):
    """Return the effects as they were written, one after another. Not by `ctid`: sessions fill pages of their own."""
    rows = await way.pool.fetch("SELECT key, value FROM effects ORDER BY number")
    return [(row["key"].decode(), row["value"]) for row in rows]


async def settle(way, consumer, deliver, records):
    """Deliver all again, as the relay or Kafka would, until nothing is missing."""
    for batch in deliver:
        await consumer.process(batch)
    await consumer.process(records)
    effects = await written(way)
    assert len(effects) == len(handled(records))
    assert by_key(effects) == by_key(handled(records))
    assert consumer.gaps == {}
    assert await way.parked() == []


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_effects_are_exact_under_any_repeats_rewinds_losses_and_batches(way: Way, data):
    await way.pool.execute("TRUNCATE effects, stream_marks")
    records = stream(data.draw(st.integers(1, 40)), partitions=data.draw(st.integers(1, 4)))
    # Slices of the stream, in any order and number: rewinds and duplicates; with records left out: failed sends.
    deliveries = data.draw(
        st.lists(
            st.tuples(
                st.integers(0, len(records)), st.integers(1, 15), st.sets(st.integers(0, 14), max_size=4)
            ),
            max_size=8,
        )
    )
    consumer = way.consumer(Recorder(name="any"))
    await settle(way, consumer, parts(records, deliveries), records)


def parts(records, deliveries):
    return [
        [r for n, r in enumerate(records[start : start + length]) if n not in lost]
        for start, length, lost in deliveries
    ]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_what_is_judged_ahead_is_exact_whatever_another_consumer_writes_meanwhile(way: Way, data):
    await way.pool.execute("TRUNCATE effects, stream_marks")
    records = stream(data.draw(st.integers(1, 40)), partitions=data.draw(st.integers(1, 4)))
    part = st.tuples(
        st.integers(0, len(records)), st.integers(1, 15), st.sets(st.integers(0, 14), max_size=2)
    )
    # Each round: what is judged before any of it is written, and what somebody else writes in between.
    rounds = data.draw(
        st.lists(st.tuples(st.lists(part, max_size=4), st.lists(part, max_size=1)), max_size=5)
    )
    consumer, other = way.consumer(Recorder(name="any")), way.consumer(Recorder(name="any"))
    for mine, theirs in rounds:
        ready = [consumer.judge(batch) for batch in parts(records, mine)]
        for batch in parts(records, theirs):
            await other.process(batch)
        if consumer.are_outdated(ready):
            ready = consumer.judge_anew(ready)
        await consumer.apply(ready)
    await settle(way, consumer, [], records)


async def test_deliveries_in_their_order_are_not_outdated_and_are_judged_once(way: Way, monkeypatch):
    records = stream(60)
    consumer = way.consumer()
    ready = [consumer.judge(records[start : start + 20]) for start in (0, 20, 40)]
    assert not consumer.are_outdated(ready)
    monkeypatch.setattr(consumer, "_judge", None)  # once more would fail
    await consumer.apply(ready[:1])
    assert not consumer.are_outdated(ready[1:])
    await consumer.apply(ready[1:])
    assert sorted(await written(way)) == sorted(handled(records))


async def test_deliveries_judged_by_marks_that_somebody_moved_are_outdated_once_that_is_known(way: Way):
    records = stream(40, partitions=1)
    consumer = way.consumer()
    await way.consumer().process(records[:10])
    first = consumer.judge(records[10:20])
    assert first.judged.set_aside == 10
    await consumer.apply([first])
    ahead = [consumer.judge(records[20:30])]
    assert consumer.are_outdated(ahead)
    [anew] = consumer.judge_anew(ahead)
    assert not consumer.are_outdated([anew])
    assert anew.judged.set_aside == 0
    await consumer.apply([anew])
    assert len(await way.effects()) == len(handled(records[:30]))


async def test_an_event_before_a_gap_is_applied_and_one_behind_it_is_not(way: Way):
    records = [record(1, 0), record(2, 1), record(3, 2), record(4, 3), record(5, 0, partition=1)]
    consumer = way.consumer()
    await consumer.process([records[0], records[2], records[3], records[4]])
    assert await way.mark(0) == 1
    assert await way.mark(1) == 5
    assert consumer.gaps.keys() == {0}
    gap = consumer.gaps[0]
    assert (gap.mark, gap.expected, gap.seen, gap.offset) == (1, 2, 4, 3)
    # The missing one alone ends nothing: what was set aside has to come again too.
    await consumer.process([records[1]])
    assert consumer.gaps.keys() == {0}
    await consumer.process(records)
    assert consumer.gaps == {}
    assert len(await way.effects()) == 5


async def test_a_gap_is_forgotten_with_the_partition(way: Way):
    consumer = way.consumer()
    await consumer.process([record(3, 2, topic=way.topic)])
    gauge = metrics.CONSUMER_GAP.labels(consumer.handler.name, way.topic, "0")
    assert gauge._value.get() == 1
    consumer.keep_gaps_of({1, 2})
    assert consumer.gaps == {}
    assert gauge._value.get() == 0


async def test_a_gap_is_told_once_not_with_each_batch(way: Way):
    consumer = way.consumer()
    with structlog.testing.capture_logs() as logs:
        for sequence in range(3, 20):
            await consumer.process([record(sequence, sequence - 1)])
    assert [entry["expected"] for entry in logs if entry["event"] == "stream-gap"] == [2]
    assert consumer.gaps[0].seen == 19


async def test_two_consumers_with_the_same_first_records_apply_them_once(way: Way):
    """No mark is there to be locked: the compare-and-set decides, and the loser starts over."""
    both = asyncio.Barrier(2)

    async def wait_for_the_other(*_):
        await both.wait()

    records = stream(30)
    consumers = [way.consumer(Recorder(fail=wait_for_the_other)) for _ in range(2)]
    results = await asyncio.gather(*(c.process(records) for c in consumers), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "StaleMarkError"]
    loser = consumers[results.index(next(r for r in results if isinstance(r, StaleMarkError)))]
    both = asyncio.Barrier(1)
    await loser.process(records)
    assert sorted(await written(way)) == sorted(handled(records))


async def test_two_consumers_that_race_through_a_stream_apply_it_once(way: Way):
    records = stream(200)
    chance = random.Random(20)

    async def race(consumer):
        at = 0
        while at < len(records):
            batch = records[at : at + chance.randint(1, 20)]
            try:
                await consumer.process(batch)
            except StaleMarkError:
                continue
            at += chance.randint(1, len(batch))

    await asyncio.gather(*(race(way.consumer()) for _ in range(3)))
    effects = await written(way)
    assert len(effects) == len(handled(records))
    assert by_key(effects) == by_key(handled(records))


async def test_a_consumer_that_lost_its_partition_finds_duplicates_not_poison(way: Way):
    """Its inserts would break on those of the new owner; that is no fault of the events."""
    await way.pool.execute("CREATE UNIQUE INDEX ON effects (sequence)")
    await way.consumer().process([record(1, 0)])
    let_go, entered = asyncio.Event(), asyncio.Event()

    async def hold(*_):
        entered.set()
        await let_go.wait()

    owner, stale = way.consumer(Recorder(fail=hold)), way.consumer()
    batch = [record(2, 1), record(3, 2)]
    first = asyncio.create_task(owner.process(batch))
    await entered.wait()
    second = asyncio.create_task(stale.process(batch))

    async def blocked():
        return await way.pool.fetchval(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )

    await until(blocked)
    let_go.set()
    await asyncio.gather(first, second)
    assert len(await way.effects()) == 3
    assert await way.parked() == []


@pytest.mark.parametrize(
    "error",
    [
        OSError("gone"),
        TimeoutError(),
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.AdminShutdownError("shutdown"),
        asyncpg.UndefinedColumnError("a migration is to come"),
        asyncpg.InvalidCachedStatementError("a migration came"),
    ],
)
async def test_a_failure_of_the_surroundings_leaves_nothing_and_is_tried_again(way: Way, error):
    errors = [error]

    async def fail(*_):
        if errors:
            raise errors.pop()

    consumer = way.consumer(Recorder(fail=fail))
    records = stream(10)
    with pytest.raises(type(error)):
        await consumer.process(records)
    assert await way.effects() == []
    assert await way.pool.fetchval("SELECT count(*) FROM stream_marks") == 0
    assert await way.parked() == []
    await consumer.process(records)
    assert by_key(await written(way)) == by_key(handled(records))


async def test_a_connection_lost_inside_a_batch_leaves_nothing(way: Way):
    async def lose(connection, _):
        way_out.fail = None
        await way.pool.execute("SELECT pg_terminate_backend($1)", connection.get_server_pid())

    way_out = Recorder(fail=lose)
    consumer = way.consumer(way_out)
    records = stream(10)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await consumer.process(records)
    assert await way.effects() == []
    await consumer.process(records)
    assert by_key(await written(way)) == by_key(handled(records))


async def test_a_statement_prepared_before_a_migration_parks_nothing(way: Way):
    class Prepared(Recorder):
        async def apply(self, connection, events):
            await connection.fetch("SELECT * FROM effects LIMIT 1")
            await super().apply(connection, events)

    # One connection, which keeps the statement.
    async with asyncpg.create_pool(way.database_url, min_size=1, max_size=1) as pool:
        consumer = way.consumer(Prepared(), pool)
        await consumer.process([record(1, 0)])
        await way.pool.execute("ALTER TABLE effects ADD COLUMN seen timestamptz")
        with pytest.raises((asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError)):
            await consumer.process([record(2, 1)])
        assert await way.parked() == []
        await consumer.process([record(2, 1)])
    assert await way.mark() == 2


# What cannot be applied.


def reasons(parked):
    return [(row["key"], row["sequence"], row["reason"]) for row in parked]


async def test_a_poison_event_holds_up_its_key_and_nothing_else(way: Way):
    keys = [b"a", b"b", b"a", b"c", b"b", b"a", b"c"]
    records = [record(n, n - 1, key=key) for n, key in enumerate(keys, 1)]
    recorder = Recorder(poison={records[2].value})
    consumer = way.consumer(recorder)
    await consumer.process(records)
    assert reasons(await way.parked()) == [(b"a", 3, Reason.POISON), (b"a", 6, Reason.BEHIND)]
    assert [value for _, value in await way.effects()] == [f'{{"n":{n}}}' for n in (1, 2, 4, 5, 7)]
    assert await way.mark() == 7
    # Later ones of the key wait too, in the order of the stream; others go on.
    later = [record(8, 7, key=b"a"), record(9, 8, key=b"b")]
    await consumer.process(later)
    await consumer.process([*records, *later])
    assert [sequence for _, sequence, _ in reasons(await way.parked())] == [3, 6, 8]
    assert metrics.PARKED_EVENTS.labels("recorder", way.topic)._value.get() == 3
    # Still poison: nothing changes. Mended: all of them, in order.
    with pytest.raises(ValueError, match="cannot apply"):
        await consumer.retry_parked(b"a")
    assert len(await way.parked()) == 3
    recorder.poison.clear()
    assert await consumer.retry_parked(b"a") == 3
    assert await way.parked() == []
    assert [value for key, value in await written(way) if key == "a"] == [
        f'{{"n":{n}}}' for n in (1, 3, 6, 8)
    ]
    await consumer.process([record(10, 9, key=b"a")])
    assert len(await way.effects()) == 10


async def test_several_poison_events_are_found_among_many(way: Way):
    records = [record(n, n - 1, key=b"k%d" % (n % 40)) for n in range(1, 201)]
    bad = {7, 8, 100, 199}
    consumer = way.consumer(Recorder(poison={records[n - 1].value for n in bad}))
    await consumer.process(records)
    parked = await way.parked()
    assert {row["sequence"] for row in parked if row["reason"] == Reason.POISON} == bad
    blocked = {n % 40: n for n in sorted(bad, reverse=True)}
    expected = [n for n in range(1, 201) if not (n % 40 in blocked and n >= blocked[n % 40])]
    assert [value for _, value in await way.effects()] == [f'{{"n":{n}}}' for n in expected]
    assert len(parked) == 200 - len(expected)


async def test_a_retry_applies_up_to_the_first_that_still_fails(way: Way):
    records = [record(n, n - 1) for n in range(1, 5)]
    recorder = Recorder(poison={records[0].value, records[2].value})
    consumer = way.consumer(recorder)
    await consumer.process(records)
    recorder.poison = {records[2].value}
    assert await consumer.retry_parked(b"k") == 2
    assert [sequence for _, sequence, _ in reasons(await way.parked())] == [3, 4]


async def test_events_delivered_while_their_key_is_retried_are_not_left_behind(way: Way):
    recorder = Recorder(poison={record(1, 0).value})
    consumer = way.consumer(recorder)
    await consumer.process([record(1, 0), record(2, 1)])
    recorder.poison.clear()
    entered, let_go = asyncio.Event(), asyncio.Event()

    async def hold(*_):
        entered.set()
        await let_go.wait()

    recorder.fail = hold
    retry = asyncio.create_task(consumer.retry_parked(b"k"))
    await entered.wait()
    recorder.fail = None
    delivery = asyncio.create_task(consumer.process([record(3, 2)]))
    # It cannot have looked at what is parked before the retry is through.
    done, _ = await asyncio.wait([delivery], timeout=0.2)
    assert not done
    let_go.set()
    await asyncio.gather(retry, delivery)
    assert await way.parked() == []
    assert [value for _, value in await written(way)] == ['{"n":1}', '{"n":2}', '{"n":3}']


async def test_an_event_of_a_type_nobody_knows_waits_with_those_behind_it(way: Way):
    unknown = "vn.chibo.test.invented.v9"
    records = [record(1, 0), record(2, 1, type_=unknown), record(3, 2), record(4, 3, key=b"other")]
    consumer = way.consumer()
    await consumer.process(records)
    assert [(row["sequence"], row["reason"]) for row in await way.parked()] == [
        (2, Reason.UNKNOWN_TYPE),
        (3, Reason.BEHIND),
    ]
    # A newer version of the service knows it.
    newer = StreamConsumer(
        way.pool,
        way.source.__class__(way.topic, way.source.source, way.source.known_types | {unknown}),
        Recorder(types=frozenset({EVENT, unknown})),
    )
    assert await newer.retry_parked(b"k") == 2
    assert len(await way.effects()) == 4


async def test_a_value_that_its_column_cannot_hold_is_poison_not_a_failure_of_the_server(way: Way):
    class Typed(Recorder):
        async def apply(self, connection, events):
            for event in events:
                await connection.execute(
                    "INSERT INTO effects VALUES ($1, $2, 'x')", json.loads(event.value)["n"], event.key
                )

    huge = record(1, 0, value=b'{"n":123456789012345678901234567890}')
    await way.consumer(Typed()).process([huge, record(2, 1, key=b"other")])
    assert [(row["sequence"], row["reason"]) for row in await way.parked()] == [(1, Reason.POISON)]
    assert await way.mark() == 2


async def test_what_is_kept_of_an_error_quotes_no_value(way: Way):
    class Person(pydantic.BaseModel):
        born: int

    class Validating(Recorder):
        async def apply(self, connection, events):
            for event in events:
                if event.key == b"pydantic":
                    Person.model_validate_json(event.value)
                elif event.key == b"server":
                    await connection.execute("SELECT $1::text::int", event.value.decode())
                else:
                    raise ValueError(event.value.decode() + "\0\ud800")

    values = [
        record(1, 0, key=b"pydantic", value=b'{"born": "Nguyen Van A"}'),
        record(2, 1, key=b"server", value=b"Nguyen Van A"),
        record(3, 2, key=b"own", value=b"Nguyen Van A"),
    ]
    await way.consumer(Validating()).process(values)
    errors = [row["error"] for row in await way.parked()]
    assert len(errors) == 3
    assert not any("Nguyen" in error for error in errors)
    assert errors[0].startswith("ValidationError born int_parsing")
    assert "22P02" in errors[1]
    assert errors[2].startswith("ValueError test_chassis_consumer.py:")


headers_of = dict(record(2, 1).headers)


def altered(**changes):
    headers = {**headers_of, **changes}
    return tuple((name, value) for name, value in headers.items() if value is not ...)


MALFORMED = {
    "no headers": ((), b"k", b"{}", Reason.UNREADABLE),
    "header without value": (altered(ce_type=None), b"k", b"{}", Reason.UNREADABLE),
    "header not UTF-8": (altered(ce_type=b"\xff\xfe"), b"k", b"{}", Reason.UNREADABLE),
    "sequence missing": (altered(ce_sequence=...), b"k", b"{}", Reason.UNREADABLE),
    "sequence no number": (altered(ce_sequence=b"twelve"), b"k", b"{}", Reason.UNREADABLE),
    "sequence short": (altered(ce_sequence=b"12"), b"k", b"{}", Reason.UNREADABLE),
    "sequence signed": (altered(ce_sequence=b"+000000000000000002"), b"k", b"{}", Reason.UNREADABLE),
    "sequence beyond bigint": (altered(ce_sequence=b"9" * 19), b"k", b"{}", Reason.UNREADABLE),
    "sequence beyond every epoch": (
        altered(ce_sequence=b"9100000000000000000"),
        b"k",
        b"{}",
        Reason.UNREADABLE,
    ),
    "previous not before": (
        altered(ce_previoussequence=headers_of["ce_sequence"]),
        b"k",
        b"{}",
        Reason.UNREADABLE,
    ),
    "sequence twice": ((*record(2, 1).headers, ("ce_sequence", b"7")), b"k", b"{}", Reason.UNREADABLE),
    "foreign source": (altered(ce_source=b"urn:somebody"), b"k", b"{}", Reason.FOREIGN),
    "no key": (altered(), None, b"{}", Reason.FOREIGN),
}


@pytest.mark.parametrize("case", MALFORMED)
async def test_a_record_that_is_no_event_of_the_source_is_parked_and_moves_nothing(way: Way, case):
    headers, key, value, reason = MALFORMED[case]
    bad = ConsumerRecord(way.topic, 0, 70, 0, 0, key, value, None, -1, -1, headers)
    good = [record(1, 0), record(2, 1)]
    consumer = way.consumer()
    for _ in range(2):
        await consumer.process([good[0], bad, good[1]])
    (parked,) = await way.parked()
    assert (parked["reason"], parked["kafka_offset"], parked["key"]) == (reason, 70, key)
    assert (parked["value"], parked["sequence"], parked["blocks_key"]) == (value, None, False)
    assert await way.mark() == 2
    assert len(await way.effects()) == 2
    assert metrics.PARKED_EVENTS.labels("recorder", way.topic)._value.get() == 1


@pytest.mark.parametrize("value", [None, b"", b"not json", b"\xff\x00", b'{"n":'])
async def test_an_event_that_cannot_be_decoded_is_poison(way: Way, value):
    bad = record(1, 0)
    bad = ConsumerRecord(way.topic, 0, 1, 0, 0, b"k", value, None, -1, -1, bad.headers)
    await way.consumer().process([bad, record(2, 1, key=b"other")])
    (parked,) = await way.parked()
    assert (parked["reason"], parked["value"]) == (Reason.POISON, value)
    assert [value for _, value in await way.effects()] == ['{"n":2}']


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    noise=st.lists(
        st.tuples(
            st.lists(
                st.tuples(
                    st.one_of(st.text(max_size=8), st.sampled_from(sorted(headers_of))),
                    st.one_of(
                        st.none(), st.binary(max_size=24), st.sampled_from(sorted(headers_of.values()))
                    ),
                ),
                max_size=12,
            ),
            st.one_of(st.none(), st.binary(max_size=5)),
            st.one_of(st.none(), st.binary(max_size=20)),
        ),
        max_size=5,
    )
)
async def test_whatever_bytes_a_foreigner_sends_the_stream_goes_on(way: Way, noise):
    await way.pool.execute("TRUNCATE effects, stream_marks, parked_events")
    records = stream(10, partitions=1)
    mixed = list(records)
    for n, (headers, key, value) in enumerate(noise):
        # Not the whole disguise: who can write with our name and our numbers is us.
        undisguised = tuple((name, data) for name, data in headers if name != "ce_source")
        mixed.insert(
            n * 2, ConsumerRecord(way.topic, 0, 1000 + n, 0, 0, key, value, None, -1, -1, undisguised)
        )
    consumer = way.consumer(Recorder(name=f"any-{uuid4()}"))
    await consumer.process(mixed)
    assert await written(way) == handled(records)
    assert len(await way.parked()) == len(noise)
