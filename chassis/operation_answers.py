"""What the routes for operators answer, with examples."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from chassis.openapi import example


class Position(BaseModel):
    """How far a service's log is published."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "published": 4294971399,
                "waiting": 2,
                "oldest_seconds": 0.012,
                "partitions": {"chibo.membership.public.v1": {"0": 4294971398, "5": 4294971399}},
            }
        ),
    )

    published: int
    """Sequence of the last event published."""
    waiting: int
    """Events recorded and not published yet."""
    oldest_seconds: float
    """Age of the oldest of them."""
    partitions: dict[str, dict[str, int]]
    """Topic -> partition -> sequence of the last event in it: what a consumer must have reached to have seen all."""


class LoggedEvent(BaseModel):
    """An event of the log as a CloudEvent in JSON (CloudEvents 1.0, JSON format)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    sequence: str
    data: dict[str, Any]


class Feed(BaseModel):
    """Events in the order of the log."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "events": [
                    {
                        "specversion": "1.0",
                        "id": "0000000004294967297",
                        "source": "urn:chibo:membership",
                        "type": "vn.chibo.membership.organisation-dissolved.v1",
                        "subject": "0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11",
                        "time": "2020-11-30T01:02:03.456789Z",
                        "datacontenttype": "application/json",
                        "sequence": "0000000004294967297",
                        "data": {"effective_date": "2020-12-01"},
                    }
                ],
                "next": 4294967297,
            }
        ),
    )

    events: list[LoggedEvent]
    next: int | None
    """What to pass as `after` for the next page; null on the last."""


class Verification(BaseModel):
    """Whether the hash chain over the log holds."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"intact": True, "events": 4242})
    )

    intact: bool
    events: int | None = None
    """Events followed, where all are as they were recorded."""
    first_altered: int | None = None
    """Sequence of the first event that was altered, if one was."""


class Gap(BaseModel):
    """A place in a partition where an event is missing; those behind it wait."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    mark: int
    expected: int


class ConsumerProgress(BaseModel):
    """How far one consumer is."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    topic: str
    marks: dict[str, int]
    """Partition -> sequence of the last event applied."""
    gaps: dict[str, Gap]
    parked: int


class Progress(BaseModel):
    """How far each consumer of a service is, by name."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "consumers": {
                    "membership_facts": {
                        "topic": "chibo.membership.internal.v1",
                        "marks": {"0": 4294971398, "5": 4294971399},
                        "gaps": {"3": {"mark": 4294971001, "expected": 4294971200}},
                        "parked": 1,
                    }
                }
            }
        ),
    )

    consumers: dict[str, ConsumerProgress]


class ParkedEvent(BaseModel):
    """An event that could not be applied, or waits behind one; without its content."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: int
    consumer: str
    topic: str
    partition: int
    kafka_offset: int
    reason: str
    error: str
    sequence: int | None
    parked_at: datetime


class Parked(BaseModel):
    """The parked events, oldest first."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "total": 1,
                "parked": [
                    {
                        "id": 7,
                        "consumer": "membership_facts",
                        "topic": "chibo.membership.internal.v1",
                        "partition": 3,
                        "kafka_offset": 1042,
                        "reason": "failed",
                        "error": "ValueError",
                        "sequence": 4294971001,
                        "parked_at": "2020-11-30T01:02:03.456789Z",
                    }
                ],
            }
        ),
    )

    total: int
    parked: list[ParkedEvent]


class Retried(BaseModel):
    """What came of trying parked events again."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example({"applied": 3}))

    applied: int
    """Events applied: the parked one and those that waited behind it."""
