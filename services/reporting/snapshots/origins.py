"""What the events behind late facts were: found again on their topics, which keep everything.

Facts know their event by its sequence alone. A column for its type would be in millions of rows for the few of them
that come late.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from chassis.broker import find_events
from chassis.cloudevents import decode_headers
from services.reporting.consumers import SUBSCRIPTIONS


class _Dated(msgspec.Struct):
    """Of `contracts.event.Event`."""

    effective_date: date


async def with_types(bootstrap: str, events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return late events with the `type` and the `effective_date` of each; None of one that is on its topic no more.

    Raises KafkaError or TimeoutError where the broker is away.
    """
    told = {}
    for source, _ in SUBSCRIPTIONS:
        wanted = {
            event["sequence"]: datetime.fromisoformat(event["recorded_at"])
            for event in events
            if event["topic"] == source.topic
        }
        for sequence, record in (await find_events(bootstrap, source.topic, source.source, wanted)).items():
            day = msgspec.json.decode(record.value or b"", type=_Dated).effective_date
            told[source.topic, sequence] = decode_headers(record.headers).type, day.isoformat()
    nothing = (None, None)
    return [
        {**event, "type": type_, "effective_date": day}
        for event in events
        for type_, day in [told.get((event["topic"], event["sequence"]), nothing)]
    ]
