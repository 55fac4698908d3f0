"""What commands on meetings look like as JSON; each makes a command of the domain."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from chassis.openapi import example
from chassis.vietnamese import nfc
from contracts.meetings import InterruptionReason, MeetingKind, Presence, ScoreKind
from contracts.membership import DocumentRef
from rules.guidance import Criterion
from services.meetings.domain import Hold, Interrupt, PlanMeeting, Reschedule

LONGEST: Final = 300
"""Characters of a line of text; a convention of this system."""


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("có ký tự không dùng được trong văn bản")
    return " ".join(nfc(value).split())


def _instant(value: object) -> object:
    if isinstance(value, str):
        return value
    raise ValueError("thời điểm phải ghi dạng yyyy-mm-ddThh:mm+07:00")


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) == len("2020-11-30") else None
        except ValueError:
            return None
    return None


Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), BeforeValidator(_text)]
"""Text in NFC with single spaces and nothing that a database cannot hold."""
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]
"""RFC 3339 with its offset, never a number of seconds."""
Day = Annotated[date, BeforeValidator(_day)]
"""An ISO date."""


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Preparing(_Request):
    """Who prepares a point of the agenda: somebody on the cell's list of the day."""

    point: Annotated[int, Field(ge=1, le=50)]
    """Its number, from 1."""
    member_id: UUID


class Planning(_Request):
    """A meeting to be planned. A regular one with a theme has a thematic part."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "cell_code": "K.01.02",
                "kind": "regular",
                "starts_at": "2020-11-03T14:30:00+07:00",
                "place": "Phòng họp tầng 2",
                "theme": "Vai trò tiên phong, gương mẫu của đảng viên",
                "agenda": ["Đánh giá nghị quyết tháng 10", "Phương hướng tháng 11"],
                "assignments": [],
            }
        )
    )

    cell_code: Text
    kind: MeetingKind
    starts_at: Instant
    place: Text
    theme: Text | None = None
    agenda: Annotated[list[Text], Field(max_length=50)] = []
    assignments: Annotated[list[Preparing], Field(max_length=50)] = []
    by_group: bool = False
    """Held by the party groups (tổ đảng) of a large cell."""

    def command(self) -> PlanMeeting:
        """Return the command."""
        return PlanMeeting(
            kind=self.kind,
            starts_at=self.starts_at,
            place=self.place,
            theme=self.theme,
            agenda=tuple(self.agenda),
            assignments=tuple((one.point, one.member_id) for one in self.assignments),
            by_group=self.by_group,
        )


class Rescheduling(_Request):
    """What of a meeting becomes another; what is left out stays."""

    model_config = ConfigDict(json_schema_extra=example({"starts_at": "2020-11-05T14:30:00+07:00"}))

    starts_at: Instant | None = None
    place: Text | None = None
    theme: Text | None = None
    agenda: Annotated[list[Text], Field(max_length=50)] | None = None
    """Another agenda has nobody named for its points but by `assignments`."""
    assignments: Annotated[list[Preparing], Field(max_length=50)] | None = None
    by_group: bool | None = None

    def command(self) -> Reschedule:
        """Return the command."""
        return Reschedule(
            starts_at=self.starts_at,
            place=self.place,
            theme=self.theme,
            agenda=None if self.agenda is None else tuple(self.agenda),
            assignments=None
            if self.assignments is None
            else tuple((one.point, one.member_id) for one in self.assignments),
            by_group=self.by_group,
        )


class Agreeing(_Request):
    """The committee of the cell, or its secretary and deputy, agreed to content and agenda."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"agreed_on": "2020-10-30", "agreed_by": ["7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"]}
        )
    )

    agreed_on: Day
    agreed_by: Annotated[list[UUID], Field(max_length=50)] = []
    """Who of them did; may be left out. Only who led the cell on that day can be."""


class Announcing(_Request):
    """Members and the committee above were told."""

    model_config = ConfigDict(json_schema_extra=example({"told_at": "2020-10-31T08:00:00+07:00"}))

    told_at: Instant


class Document(_Request):
    """The document that ordered it."""

    number: Text
    date: Day


class Interrupting(_Request):
    """Why a meeting is put off, or called off."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "reason": "epidemic",
                "on": "2020-04-01",
                "document": {"number": "16/CT-TTg", "date": "2020-03-31"},
            }
        )
    )

    reason: InterruptionReason
    on: Day
    decision_date: Day | None = None
    document: Document | None = None

    def command(self) -> Interrupt:
        """Return the command."""
        ordered = self.document
        return Interrupt(
            reason=self.reason,
            on=self.on,
            decision_date=self.decision_date or (ordered.date if ordered else None),
            document=DocumentRef(number=ordered.number, date=ordered.date) if ordered else None,
        )


class RollCall(_Request):
    """Where one member on the list was."""

    member_id: UUID
    presence: Presence
    special_duty: bool = False
    """Of the armed forces and away on special duty."""


class Holding(_Request):
    """A meeting that took place: when, and where each on the list was."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "began_at": "2020-11-03T14:30:00+07:00",
                "ended_at": "2020-11-03T16:05:00+07:00",
                "roll": [{"member_id": "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10", "presence": "present"}],
            }
        )
    )

    began_at: Instant
    ended_at: Instant
    roll: Annotated[list[RollCall], Field(max_length=1000)]

    def twice(self) -> int:
        """Return how many are on the roll more than once."""
        return len(self.roll) - len({one.member_id for one in self.roll})

    def command(self) -> Hold:
        """Return the command."""
        return Hold(
            began_at=self.began_at,
            ended_at=self.ended_at,
            presences={one.member_id: one.presence for one in self.roll},
            special_duty=frozenset(one.member_id for one in self.roll if one.special_duty),
        )


class Scoring(_Request):
    """Points by criterion, by the guidance in force on the day of the meeting."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "kind": "self",
                "decided_on": "2020-11-03",
                "points": {
                    "duration": 5,
                    "attendance": 5,
                    "preparation": 9,
                    "procedure": 5,
                    "content": 22,
                    "chairing": 9,
                    "principles": 5,
                    "results": 27.5,
                    "closing": 5,
                },
            }
        )
    )

    kind: ScoreKind
    decided_on: Day
    points: dict[Criterion, Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]]
