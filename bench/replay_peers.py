"""What the replay is measured against: bare reading of the topic, bare writing of the rows, and the naive way.

All run on the services' event loop, alone, in one process.
"""

import asyncio
import itertools
import time
from datetime import datetime
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from contracts import membership
from contracts.membership import MemberState
from contracts.topics import MEMBERSHIP_INTERNAL
from services.reporting.background import CODES as BACKGROUNDS
from services.reporting.background import era
from services.reporting.domain import day_number
from services.reporting.member_rows import MEMBER_COLUMNS
from services.reporting.movement import CODES

_BY_TYPE: Final = {event.TYPE: event for event in membership.EVENTS}
_INSERT: Final = (
    f"INSERT INTO member_facts ({', '.join(MEMBER_COLUMNS)})"
    f" VALUES ({', '.join(f'${n}' for n in range(1, len(MEMBER_COLUMNS) + 1))})"
)
_COPY_ROWS: Final = 40_000
"""About what a full delivery of the projection comes to."""


async def read_records(bootstrap: str, events: int) -> float:
    """Return the records a second that a bare loop of `getmany` counts: the limit for whoever reads at all."""
    consumer = AIOKafkaConsumer(
        MEMBERSHIP_INTERNAL.name,
        bootstrap_servers=bootstrap,
        group_id=None,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8 * 1024 * 1024,
    )
    await consumer.start()
    try:
        first = sum(map(len, (await consumer.getmany(timeout_ms=10_000, max_records=20_000)).values()))
        read, began = first, time.perf_counter()
        while read < events:
            found = await consumer.getmany(timeout_ms=1000, max_records=20_000)
            read += sum(map(len, found.values()))
        return (events - first) / (time.perf_counter() - began)
    finally:
        await consumer.stop()


async def copy_facts(url: str) -> float:
    """Return the rows a second at which the facts that are there can be copied into an empty table like theirs.

    By COPY in batches, from tuples that are at hand, into the same columns and indexes: the limit for whoever writes.
    """
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE member_facts INCLUDING ALL)"
        )
        rows = [
            tuple(row)
            for row in await connection.fetch(
                f"SELECT {', '.join(MEMBER_COLUMNS)} FROM member_facts ORDER BY sequence, ordinal"
            )
        ]
        began = time.perf_counter()
        for start in range(0, len(rows), _COPY_ROWS):
            await connection.copy_records_to_table(
                "copied", records=rows[start : start + _COPY_ROWS], columns=MEMBER_COLUMNS
            )
        seconds = time.perf_counter() - began
        await connection.execute("DROP TABLE copied")
        return len(rows) / seconds
    finally:
        await connection.close()


async def insert_each(bootstrap: str, url: str, events: int) -> float:
    """Return the events a second of the obvious way: a FastStream handler an event, pydantic, one INSERT a row.

    Each event is a transaction, and the offset is committed by FastStream as it sees fit; nothing guards against
    loss or doubling.
    """
    pool = await asyncpg.create_pool(url, min_size=2, max_size=2)
    broker = KafkaBroker(bootstrap, logger=None)
    handled = itertools.count(1)
    first, last = asyncio.Event(), asyncio.Event()
    began = 0.0

    @broker.subscriber(
        MEMBERSHIP_INTERNAL.name,
        group_id="bench.insert-each",
        auto_offset_reset="earliest",
        decoder=_undecoded,
    )
    async def handle(message: KafkaMessage) -> None:
        nonlocal began
        record: ConsumerRecord = message.raw_message
        headers = dict(record.headers)
        event = _BY_TYPE[headers["ce_type"].decode()].model_validate_json(record.value or b"")
        if not isinstance(event, membership.MemberChange):
            return
        sequence = int(headers["ce_sequence"])
        fact = (
            datetime.fromisoformat(headers["ce_time"].decode()),
            event.effective_date,
        )
        cause = CODES.get(getattr(event, "reason", ""), 0)
        async with pool.acquire() as connection, connection.transaction():
            for ordinal, side in enumerate((event.before, event.after)):
                if side is not None:
                    await connection.execute(
                        _INSERT, sequence, ordinal, *fact, 2 * ordinal - 1, cause, *_columns(side)
                    )
        number = next(handled)
        if number == 1:
            began = time.perf_counter()
            first.set()
        if number == events:
            last.set()

    try:
        async with broker:
            await broker.start()
            async with asyncio.timeout(600):
                await last.wait()
            return (events - 1) / (time.perf_counter() - began)
    finally:
        await pool.close()


async def _undecoded(message: KafkaMessage) -> bytes:
    return message.body


def _columns(side: MemberState) -> tuple[object, ...]:
    return (
        side.cell_id, day_number(side.birth_date), side.standing, side.gender, side.ethnic_minority,
        side.religious, side.youth_union,
        BACKGROUNDS[side.education, side.qualification, side.theory, side.occupation] | era(side.joined_on),
        day_number(side.party_since or side.joined_on) if side.joined_on else 0,
    )  # fmt: skip
