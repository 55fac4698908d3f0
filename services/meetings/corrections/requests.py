"""A correction of approved minutes as JSON; it makes a command of the domain."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.openapi import example
from services.meetings.attendance import Vote
from services.meetings.corrections.domain import Correct, OfResolution, OfTask
from services.meetings.requests import Day, Instant, RollCall, Text
from services.meetings.resolutions.requests import Count, Lines, WritingDown

_MEMBER = "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"
_OTHER = "1f8b1f6e-0b0a-4f7e-9a55-6a1f0d3c2b20"


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Votes(_Request):
    """How a resolution was voted on."""

    in_favour: Count
    against: Count = 0
    abstained: Count = 0

    @property
    def vote(self) -> Vote:
        """The votes."""
        return Vote(self.in_favour, self.against, self.abstained)


class CorrectingResolution(_Request):
    """What of a resolution is otherwise; what is left out stays. Whether it is carried cannot become otherwise."""

    id: UUID
    subject: Text | None = None
    text: Lines | None = None
    votes: Votes | None = None


class CorrectingTask(_Request):
    """What of a task is otherwise; what is left out stays. Its day only until a meeting evaluated it."""

    id: UUID
    member_id: UUID | None = None
    text: Lines | None = None
    due_on: Day | None = None


class Correcting(_Request):
    """What of approved minutes is otherwise, and why; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "reason": "Ghi nhầm địa điểm họp",
                "approved_on": "2020-11-10",
                "approved_by": [_MEMBER, _OTHER],
                "place": "Hội trường tầng 3",
            }
        )
    )

    reason: Lines
    approved_on: Day
    approved_by: Annotated[list[UUID], Field(min_length=2, max_length=10)]
    """Two or more of the chair, the recorder and those who lead the cell on that day."""
    began_at: Instant | None = None
    ended_at: Instant | None = None
    place: Text | None = None
    roll: Annotated[list[RollCall], Field(max_length=1000)] | None = None
    """The whole roll, by the list of the day as known now."""
    proceedings: WritingDown | None = None
    """All of what was written down, as it should have been."""
    resolutions: Annotated[list[CorrectingResolution], Field(max_length=100)] = []
    tasks: Annotated[list[CorrectingTask], Field(max_length=500)] = []

    def twice(self) -> int:
        """Return how many are on the roll more than once."""
        roll = self.roll or []
        return len(roll) - len({one.member_id for one in roll})

    def command(self) -> Correct:
        """Return the command; of a resolution or task that is named twice the last counts."""
        roll = self.roll
        return Correct(
            reason=self.reason,
            approved_on=self.approved_on,
            approved_by=frozenset(self.approved_by),
            began_at=self.began_at,
            ended_at=self.ended_at,
            place=self.place,
            presences=None if roll is None else {one.member_id: one.presence for one in roll},
            special_duty=frozenset(one.member_id for one in roll or [] if one.special_duty),
            written=self.proceedings.command() if self.proceedings else None,
            resolutions={
                one.id: OfResolution(
                    subject=one.subject,
                    text=one.text,
                    vote=one.votes.vote if one.votes else None,
                )
                for one in self.resolutions
            },
            tasks={
                one.id: OfTask(member_id=one.member_id, content=one.text, due_on=one.due_on)
                for one in self.tasks
            },
        )
