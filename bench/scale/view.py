"""The peer in SQL: all events in one table as they are, and materialised views that come to the same figures.

A view knows the whole province alone, no unit of it; it has to be made anew as a whole for every event, and says
nothing of what was known at an instant.
"""

import time
from collections.abc import Mapping
from datetime import date
from typing import Final, Self

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.scale.asked import Table, Year, table
from chassis.publications import PARTITIONS
from contracts import meetings, membership, resolutions
from contracts.topics import MEETINGS_INTERNAL, MEMBERSHIP_INTERNAL
from services.reporting.domain import AGE_BANDS

_TOPICS: Final = (MEMBERSHIP_INTERNAL.name, MEETINGS_INTERNAL.name)
_BATCH: Final = 20_000
_COLUMNS: Final = ("topic", "sequence", "type", "key", "value")
_STATED: Final = ("education", "qualification", "theory", "occupation")
_MEMBER_EVENTS: Final = ", ".join(
    f"'{event.TYPE}'" for event in membership.EVENTS if issubclass(event, membership.MemberChange)
)
_SCHEMA: Final = f"""
    CREATE TABLE raw_events (
        topic text NOT NULL, sequence bigint NOT NULL, type text NOT NULL, key uuid NOT NULL, value jsonb NOT NULL,
        PRIMARY KEY (topic, sequence)
    );
    CREATE INDEX raw_events_by_type ON raw_events (type);
    CREATE MATERIALIZED VIEW member_changes AS
    SELECT (value->>'effective_date')::date AS day, side->>'gender' AS gender,
           side->>'ethnic_minority' AS ethnic_minority, side->>'religious' AS religion, side->>'youth_union' AS youth,
           side->>'standing' AS standing, (side->>'birth_date')::date AS born,
           {", ".join(f"coalesce(side->>'{name}', 'unstated') AS {name}" for name in _STATED)},
           sum(delta)::int AS change
    FROM raw_events, LATERAL (VALUES (value->'before', -1), (value->'after', 1)) AS sides (side, delta)
    WHERE type IN ({_MEMBER_EVENTS}) AND jsonb_typeof(side) = 'object'
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
    CREATE INDEX ON member_changes (day);
    CREATE MATERIALIZED VIEW meeting_months AS
    WITH held AS (
        SELECT key, value->'plan' AS plan, value->'attendance' AS came
        FROM raw_events WHERE type = '{meetings.MeetingHeld.TYPE}'
    ), said AS (
        SELECT DISTINCT ON (key) key, (value->'after'->>'opinions')::int AS opinions
        FROM raw_events WHERE type = '{resolutions.ProceedingsRecorded.TYPE}' ORDER BY key, sequence DESC
    ), told AS (
        SELECT key, count(*) FILTER (WHERE type = '{resolutions.ResolutionAdopted.TYPE}') AS resolutions,
               count(*) FILTER (WHERE type = '{resolutions.MinutesApproved.TYPE}') AS approved,
               count(*) FILTER (WHERE type = '{resolutions.MeetingReportedUp.TYPE}') AS reported_up,
               count(DISTINCT value->>'kind') FILTER (WHERE value->>'kind' = 'self') AS self,
               count(DISTINCT value->>'kind') FILTER (WHERE value->>'kind' = 'official') AS official
        FROM raw_events
        WHERE type IN ('{resolutions.ResolutionAdopted.TYPE}', '{resolutions.MinutesApproved.TYPE}',
                       '{resolutions.MeetingReportedUp.TYPE}', '{meetings.MeetingScored.TYPE}')
        GROUP BY key
    )
    SELECT (plan->>'cell_id')::uuid AS cell_id, (plan->>'month')::date AS month, plan->>'kind' AS kind,
           count(*) AS held, count(*) FILTER (WHERE (plan->>'thematic')::boolean) AS thematic,
           sum((came->>'counted')::int) AS counted, sum((came->>'present')::int) AS present,
           sum((came->>'excused')::int) AS excused, sum((came->>'unexcused')::int) AS unexcused,
           sum(opinions) AS opinions, sum(resolutions) AS resolutions, sum(approved) AS approved,
           sum(reported_up) AS reported_up, sum(self) AS self, sum(official) AS official
    FROM held LEFT JOIN said USING (key) LEFT JOIN told USING (key)
    GROUP BY 1, 2, 3;
    CREATE INDEX ON meeting_months (month);
"""
_REFRESH: Final = "REFRESH MATERIALIZED VIEW member_changes; REFRESH MATERIALIZED VIEW meeting_months"
_MEMBERS: Final = f"""
    SELECT gender, ethnic_minority, religion, youth, standing,
           ('{{{",".join(f'"{band.label}"' for band in AGE_BANDS)}}}'::text[])[
               width_bucket(extract(year FROM age($1::date, born))::int,
                            '{{{",".join(str(band.lowest) for band in AGE_BANDS)}}}'::int[])],
           {", ".join(_STATED)}, sum(change)
    FROM member_changes WHERE day <= $1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 HAVING sum(change) <> 0
"""
_MEETINGS: Final = """
    SELECT to_char(month, 'YYYY-MM'), kind, sum(held), sum(thematic), sum(counted), sum(present), sum(excused),
           sum(unexcused), sum(opinions), sum(resolutions), sum(approved), sum(reported_up), sum(self), sum(official)
    FROM meeting_months WHERE month BETWEEN $1 AND $2 GROUP BY 1, 2
"""


class Views:
    """The table of all events and the views over it, in a database of their own."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    @classmethod
    async def make(cls, url: str) -> Self:
        """Make the table and the views, empty, unless they are there."""
        connection = await asyncpg.connect(url)
        if await connection.fetchval("SELECT to_regclass('raw_events')") is None:
            await connection.execute(_SCHEMA)
        return cls(connection)

    async def load(self, bootstrap: str, events: int) -> float:
        """Copy what the topics have beyond the table, up to that many events in all; return the seconds."""
        began = time.perf_counter()
        counted = await self._connection.fetch("SELECT topic, count(*) AS events FROM raw_events GROUP BY 1")
        there: Mapping[str, int] = {row["topic"]: row["events"] for row in counted}
        missing = events - sum(there.values())
        last = {row["topic"]: row["last"] for row in await self._connection.fetch(
            "SELECT topic, max(sequence) AS last FROM raw_events GROUP BY 1")}  # fmt: skip
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest",
            max_partition_fetch_bytes=8 * 1024 * 1024,
        )  # fmt: skip
        await consumer.start()
        try:
            consumer.assign(
                [TopicPartition(topic, place) for topic in _TOPICS for place in range(PARTITIONS)]
            )
            while missing > 0:
                rows = []
                for records in (await consumer.getmany(timeout_ms=1000, max_records=_BATCH)).values():
                    for record in records:
                        headers = dict(record.headers)
                        sequence = int(headers["ce_sequence"])
                        if sequence > last.get(record.topic, 0):
                            rows.append(
                                (record.topic, sequence, headers["ce_type"].decode(), record.key.decode(),
                                 record.value.decode())
                            )  # fmt: skip
                await self._connection.copy_records_to_table("raw_events", records=rows, columns=_COLUMNS)
                missing -= len(rows)
        finally:
            await consumer.stop()
        await self._connection.execute("ANALYZE raw_events")
        return time.perf_counter() - began

    async def refresh(self) -> float:
        """Make the views anew; return the seconds."""
        began = time.perf_counter()
        await self._connection.execute(_REFRESH)
        seconds = time.perf_counter() - began
        await self._connection.execute("VACUUM ANALYZE member_changes")
        await self._connection.execute("VACUUM ANALYZE meeting_months")
        return seconds

    async def members(self, day: date) -> Table:
        """Return the widest cross-table of a day."""
        return table(map(tuple, await self._connection.fetch(_MEMBERS, day)), keys=10)

    async def meetings(self, year: Year) -> Table:
        """Return the sums of a year's meetings."""
        return table(map(tuple, await self._connection.fetch(_MEETINGS, *year)), keys=2)

    async def close(self) -> None:
        """Hang up."""
        await self._connection.close()
