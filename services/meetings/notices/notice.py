"""What a notice of a meeting says and to whom it goes. Pure.

Members on the list of the day are told, and the unit above the cell, as the one that follows it [C]. Of a change they
are told when the meeting is announced again; that it is put off or called off, at once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.letters.recipients import Recipient
from contracts.meetings import InterruptionReason, MeetingKind
from contracts.notices import NoticeTopic
from rules.guidance import Guidance
from services.meetings.calendar import VIETNAM
from services.meetings.domain import Meeting, is_combined

USUAL_MINUTES: Final = 90
"""How long a meeting is expected to take where the guidance does not say [C]."""

TAKES_PLACE: Final = frozenset({NoticeTopic.ANNOUNCED, NoticeTopic.CHANGED})
"""Topics of a meeting that takes place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is said of a meeting as it is in one version."""

    meeting_id: UUID
    meeting_version: int
    queued_at: datetime
    topic: NoticeTopic
    cell_name: str
    kind: MeetingKind
    starts_at: datetime
    """When it begins; where it is put off or called off, when it was to begin."""
    minutes: int
    """How long it is expected to take."""
    place: str
    theme: str | None
    agenda: tuple[str, ...]
    prepared_by: tuple[UUID | None, ...] = ()
    """Who prepares each point; empty where nobody is named."""
    reason: InterruptionReason | None = None

    @property
    def takes_place(self) -> bool:
        """Whether there is a meeting to come to."""
        return self.topic in TAKES_PLACE


@dataclass(frozen=True, slots=True)
class Addressed:
    """One recipient of a notice; `withdrawn` where they were told before and need not come any more."""

    recipient: Recipient
    withdrawn: bool


def addressed(to_come: Collection[Recipient], told_before: Collection[Recipient]) -> list[Addressed]:
    """Return who is to be told of a meeting: those to come, and those told before who are not to come now."""
    gone = set(told_before) - set(to_come)
    return [Addressed(one, one in gone) for one in sorted({*to_come, *gone})]


def expected_minutes(meeting: Meeting, guidance: Guidance | None) -> int:
    """Return how long a meeting is expected to take: as long as the guidance of its day asks for at least."""
    if guidance is None:
        return USUAL_MINUTES
    least = guidance.least_minutes_combined if is_combined(meeting.plan) else guidance.least_minutes
    return least or USUAL_MINUTES


_KINDS: Final = {
    MeetingKind.REGULAR: "Sinh hoạt chi bộ định kỳ",
    MeetingKind.THEMATIC: "Sinh hoạt chuyên đề",
    MeetingKind.EXTRAORDINARY: "Họp chi bộ đột xuất",
}
_TOPICS: Final = {
    NoticeTopic.ANNOUNCED: "Mời họp",
    NoticeTopic.CHANGED: "Mời họp (có thay đổi)",
    NoticeTopic.POSTPONED: "Hoãn họp",
    NoticeTopic.CANCELLED: "Hủy họp",
}
_REASONS: Final = {
    InterruptionReason.EPIDEMIC: "phòng, chống dịch bệnh",
    InterruptionReason.DISASTER: "thiên tai",
    InterruptionReason.URGENT_WORK: "nhiệm vụ đột xuất",
    InterruptionReason.NO_QUORUM: "không đủ số đảng viên dự họp",
}
_WITHDRAWN: Final = "Thôi mời họp"


def title(kind: MeetingKind, cell_name: str) -> str:
    """Return what a meeting is called, in Vietnamese."""
    return f"{_KINDS[kind]} - {cell_name}"


def subject(notice: Notice, *, withdrawn: bool) -> str:
    """Return the notice in a line."""
    what = _WITHDRAWN if withdrawn else _TOPICS[notice.topic]
    return f"{what}: {title(notice.kind, notice.cell_name)}, {_when(notice)}"


def text(notice: Notice, *, withdrawn: bool, to: UUID | None = None) -> str:
    """Return the notice in words, in Vietnamese; whoever prepares points of the agenda, `to`, is told which."""
    lines = [subject(notice, withdrawn=withdrawn), ""]
    if withdrawn:
        return "\n".join([*lines, "Đồng chí không còn trong danh sách dự cuộc họp này.", ""])
    if notice.reason in _REASONS:
        lines.append(f"Lý do: {_REASONS[notice.reason]}")
    if not notice.takes_place:
        after = (
            "Thời gian mới sẽ được báo sau." if notice.topic is NoticeTopic.POSTPONED else "Không họp nữa."
        )
        return "\n".join([*lines, after, ""])
    where = [f"Thời gian: {_when(notice)}", f"Địa điểm: {notice.place}"]
    points = [
        number for number, member in enumerate(notice.prepared_by, 1) if member is not None and member == to
    ]
    asked = [f"Đồng chí được phân công chuẩn bị nội dung {', '.join(map(str, points))}."] if points else []
    return "\n".join([*lines, *where, *content(notice.theme, notice.agenda), *asked, ""])


def content(theme: str | None, agenda: Sequence[str]) -> list[str]:
    """Return the lines that tell theme and agenda."""
    themes = [f"Chuyên đề: {theme}"] if theme else []
    points = [f"{number}. {point}" for number, point in enumerate(agenda, 1)]
    return [*themes, *(["Nội dung:", *points] if points else [])]


def _when(notice: Notice) -> str:
    return f"{notice.starts_at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
