"""What is recorded of a meeting held, as JSON; each makes a command of the domain."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from chassis.openapi import example
from chassis.vietnamese import nfc
from contracts.resolutions import Majority
from services.meetings.attendance import Vote
from services.meetings.requests import Day, Text
from services.meetings.resolutions.domain import Approve, Opinion, WriteDown
from services.meetings.resolutions.tasks import Evaluate

_LONGEST: Final = 20_000
"""Characters of a text of several lines; a convention of this system."""
_MEMBER: Final = "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"
_OTHER: Final = "1f8b1f6e-0b0a-4f7e-9a55-6a1f0d3c2b20"


def _lines(value: object) -> object:
    if not isinstance(value, str):
        return value
    if any((one < " " and one not in "\t\r\n") or "\ud800" <= one <= "\udfff" for one in value):
        raise ValueError("có ký tự không dùng được trong văn bản")
    return "\n".join(" ".join(line.split()) for line in nfc(value).splitlines()).strip()


Lines = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST), BeforeValidator(_lines)]
"""Text of several lines, in NFC, each with single spaces."""
Count = Annotated[int, Field(ge=0, le=10_000)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Saying(_Request):
    """An opinion, and who gave it."""

    speaker_id: UUID | None = None
    """Who was there by the roll; left out for a guest."""
    text: Lines


class Concluding(_Request):
    """What was concluded on a point of the agenda."""

    point: Annotated[int, Field(ge=1, le=50)]
    """Its number, from 1."""
    text: Lines


class BeingAway(_Request):
    """Why somebody was away."""

    member_id: UUID
    reason: Text


class WritingDown(_Request):
    """What went on in a meeting held, in place of what was written down before."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "chair_id": _MEMBER,
                "recorder_id": _OTHER,
                "guests": ["Tổ công tác của Ban Thường vụ"],
                "opinions": [{"speaker_id": _MEMBER, "text": "Nhất trí với dự thảo báo cáo tháng 10."}],
                "conclusions": [{"point": 1, "text": "Hoàn thành nghị quyết tháng 10."}],
                "absences": [],
                "directions": ["Sinh hoạt chuyên đề về nêu gương"],
            }
        )
    )

    chair_id: UUID
    recorder_id: UUID
    guests: Annotated[list[Text], Field(max_length=50)] = []
    opinions: Annotated[list[Saying], Field(max_length=500)] = []
    conclusions: Annotated[list[Concluding], Field(max_length=50)] = []
    absences: Annotated[list[BeingAway], Field(max_length=1000)] = []
    directions: Annotated[list[Text], Field(max_length=100)] = []
    """For the next month."""

    def command(self) -> WriteDown:
        """Return the command."""
        return WriteDown(
            chair_id=self.chair_id,
            recorder_id=self.recorder_id,
            guests=tuple(self.guests),
            opinions=tuple(Opinion(one.speaker_id, one.text) for one in self.opinions),
            conclusions=tuple((one.point, one.text) for one in self.conclusions),
            absences=tuple((one.member_id, one.reason) for one in self.absences),
            directions=tuple(self.directions),
        )


class PuttingToVote(_Request):
    """A resolution, and how it was voted on by the official members who were there."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "subject": "Nhiệm vụ tháng 11 năm 2020",
                "text": "Chi bộ thống nhất hoàn thành báo cáo tổng kết năm trước ngày 25/11.",
                "majority": "more_than_half",
                "in_favour": 8,
                "against": 0,
                "abstained": 1,
            }
        )
    )

    subject: Text
    text: Lines
    majority: Majority = Majority.MORE_THAN_HALF
    in_favour: Count
    against: Count = 0
    abstained: Count = 0

    @property
    def vote(self) -> Vote:
        """The votes."""
        return Vote(self.in_favour, self.against, self.abstained)


class Assigning(_Request):
    """A task that the meeting gives to somebody on its roll."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"member_id": _MEMBER, "text": "Dự thảo báo cáo tổng kết năm", "due_on": "2020-11-25"}
        )
    )

    member_id: UUID
    text: Lines
    due_on: Day
    """The last day on which it is in time."""


class Reporting(_Request):
    """A task was done on a day."""

    model_config = ConfigDict(json_schema_extra=example({"done_on": "2020-11-24"}))

    done_on: Day


class Evaluating(_Request):
    """What a meeting found of a task; in time or late follows from its days."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "meeting_id": "0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11",
                "done": False,
                "carried_on_to": "2020-12-15",
                "remark": "Chờ số liệu của đơn vị",
            }
        )
    )

    meeting_id: UUID
    """The meeting that evaluates it: a later one of the cell, whose minutes are not approved yet."""
    done: bool
    done_on: Day | None = None
    """May be left out where it was reported."""
    carried_on_to: Day | None = None
    """The new last day of what is not done; left out, the task is closed."""
    remark: Lines | None = None

    def command(self) -> Evaluate:
        """Return the command."""
        return Evaluate(done=self.done, done_on=self.done_on, carried_on_to=self.carried_on_to)


class Approving(_Request):
    """Chair and recorder approved the minutes."""

    model_config = ConfigDict(
        json_schema_extra=example({"approved_on": "2020-11-03", "approved_by": [_MEMBER, _OTHER]})
    )

    approved_on: Day
    approved_by: Annotated[list[UUID], Field(min_length=2, max_length=2)]
    """The ids of both, in any order."""

    def command(self) -> Approve:
        """Return the command."""
        return Approve(approved_on=self.approved_on, approved_by=frozenset(self.approved_by))


class SendingUp(_Request):
    """Minutes and resolutions were sent to the committee above."""

    model_config = ConfigDict(json_schema_extra=example({"sent_on": "2020-11-04"}))

    sent_on: Day
