"""What commands on monthly plans look like as JSON."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import ConfigDict, Field

from chassis.openapi import example
from services.inspection.days import MonthText
from services.inspection.plans.rules import Ban
from services.inspection.requests import Day, Document, Request

_MEETING: Final = "0b1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b55"
_MEMBER: Final = "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"


class _On(Request):
    on: Day | None = None
    """The day on which it is done; meetings before it are over. Today, at this instant, where it is left out."""


class Reproposing(_On):
    """A month is planned anew, with what is pinned and forbidden."""

    model_config = ConfigDict(json_schema_extra=example({"per_person": 2, "at_most": 40}))

    per_person: Annotated[int | None, Field(ge=1, le=31)] = None
    """Visits of one person at most; what the policy says, or the plan has, where it is left out."""
    at_most: Annotated[int | None, Field(ge=1, le=2000)] = None
    """Visits of all together; as many as there are people for where it is left out."""


class Proposing(Reproposing):
    """A month is planned."""

    model_config = ConfigDict(json_schema_extra=example({"month": "2020-03", "on": "2020-02-24"}))

    month: MonthText


class Pinning(_On):
    """Somebody attends a meeting for sure: the one who is named, or whoever can."""

    model_config = ConfigDict(json_schema_extra=example({"meeting_id": _MEETING, "member_id": _MEMBER}))

    meeting_id: UUID
    member_id: UUID | None = None


class Unpinning(_On):
    """What is attended at that meeting may be changed again."""

    model_config = ConfigDict(json_schema_extra=example({"meeting_id": _MEETING}))

    meeting_id: UUID


class Forbidding(_On):
    """A meeting is not visited, somebody is sent nowhere, or, where both are named, not there."""

    model_config = ConfigDict(json_schema_extra=example({"member_id": _MEMBER}))

    meeting_id: UUID | None = None
    member_id: UUID | None = None

    def ban(self) -> Ban:
        """Return what is forbidden."""
        return Ban(self.meeting_id, self.member_id)


class Changing(_On):
    """Who attends one meeting; nobody where `member_id` is left out. No other visit changes."""

    model_config = ConfigDict(json_schema_extra=example({"meeting_id": _MEETING, "member_id": _MEMBER}))

    meeting_id: UUID
    member_id: UUID | None = None


class Replanning(_On):
    """What cannot be any more is planned anew, and nothing else."""

    model_config = ConfigDict(json_schema_extra=example({"on": "2020-03-02"}))


class Approving(_On):
    """A plan is approved as it is; what the source does not state is left out."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"on": "2020-02-27", "document": {"number": "03-KH/ĐUK", "date": "2020-02-26"}}
        )
    )

    document: Document | None = None
