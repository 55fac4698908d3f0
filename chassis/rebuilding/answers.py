"""What the routes of rebuilds are asked and answer, with examples."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from chassis import sequences
from chassis.openapi import example

_MODEL: Final = ConfigDict(use_attribute_docstrings=True, extra="forbid")
Name = Annotated[str, Field(min_length=1, max_length=100)]
Sequence_ = Annotated[str, Field(pattern=r"^[0-9]{19}$")]

_REBUILD: Final[dict[str, JsonValue]] = {
    "id": 7,
    "projections": ["reporting.meeting-facts"],
    "verify": True,
    "source": "kafka",
    "started_by": "tran.van.b",
    "started_at": "2020-12-01T01:00:00Z",
    "state": "differs",
    "finished_at": "2020-12-01T01:00:09Z",
    "error": None,
    "tables": [
        {
            "table": "meeting_states",
            "live_rows": 2711,
            "rebuilt_rows": 2712,
            "differing": 1,
            "first": [
                {
                    "key": {
                        "meeting_id": "0198a1c2-7c1e-7b3a-9d55-2f1f4f0f6a10",
                        "known_from": "2020-11-05T02:00:00Z",
                    },
                    "sequence": 1000000000000042,
                    "live": False,
                    "rebuilt": True,
                    "columns": [],
                }
            ],
        }
    ],
}


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("no instant of the calendar in UTC") from None


class RebuildAsked(BaseModel):
    """A rebuild to begin."""

    model_config = ConfigDict(
        **_MODEL,
        json_schema_extra=example(
            {"projections": ["reporting.meeting-facts"], "verify": True, "started_by": "tran.van.b"}
        ),
    )

    projections: list[Name] | None = Field(default=None, min_length=1, max_length=50)
    """Names as in `/v1/projections`; left out, all of them."""
    verify: bool = False
    """True: build beside, compare, and leave the live tables as they are."""
    source: Literal["kafka", "feed"] = "kafka"
    """`feed`: the events are sent in pages, as the services' own logs have them; only to be compared."""
    started_by: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")] = "unknown"
    """Who asks, so that others know who is at it."""


class Difference(BaseModel):
    """A row that is not alike in the live table and the built one."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    key: dict[str, Any]
    """Its primary key."""
    sequence: int | None
    """The event that made it, where the table tells."""
    live: bool
    rebuilt: bool
    columns: list[str]
    """Where both have the row: the columns that differ. Values are not told: they may describe somebody."""


class ComparedTable(BaseModel):
    """A table of both sides."""

    table: str
    live_rows: int
    rebuilt_rows: int
    differing: int
    first: list[Difference]


class RebuildAnswer(BaseModel):
    """A rebuild and what became of it."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_REBUILD))

    id: int
    projections: list[str]
    verify: bool
    source: Literal["kafka", "feed"]
    started_by: str
    started_at: datetime
    state: Literal["running", "swapped", "same", "differs", "cancelled", "failed"]
    finished_at: datetime | None
    error: str | None
    """Why it failed."""
    tables: list[ComparedTable]
    """What the comparison came to."""


class Rebuilds(BaseModel):
    """The last rebuilds, newest first."""

    model_config = ConfigDict(json_schema_extra=example({"rebuilds": [_REBUILD]}))

    rebuilds: list[RebuildAnswer]


class ProjectionAnswer(BaseModel):
    """A projection that can be built anew."""

    name: str
    topic: str
    tables: list[str]


class Projections(BaseModel):
    """What can be built anew."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "projections": [
                    {
                        "name": "reporting.meeting-facts",
                        "topic": "chibo.meetings.internal.v1",
                        "tables": ["meeting_states", "task_states", "interruption_states"],
                    }
                ]
            }
        )
    )

    projections: list[ProjectionAnswer]


class FedEvent(BaseModel):
    """An event as a service's feed has it (CloudEvents 1.0, JSON format)."""

    type: Name
    subject: UUID
    time: Annotated[AwareDatetime, AfterValidator(_in_utc)]
    sequence: Sequence_
    data: dict[str, Any]


class FedPage(BaseModel):
    """The next events of a service's feed, in their order."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "topic": "chibo.membership.internal.v1",
                "events": [
                    {
                        "type": "vn.chibo.membership.organisation-dissolved.v1",
                        "subject": "0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11",
                        "time": "2020-11-30T01:02:03.456789Z",
                        "sequence": "0001000000000000001",
                        "data": {"effective_date": "2020-12-01"},
                    }
                ],
            }
        ),
    )

    topic: Name
    events: list[FedEvent] = Field(max_length=5000)


class Fed(BaseModel):
    """How far a feed was taken in."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"after": 1000000000000001, "waiting": 0})
    )

    after: int = Field(le=sequences.LAST)
    """Where to read on in the feed: all up to here is taken in."""
    waiting: int
    """Events of the page that the live projection has not applied itself yet."""
