"""What visitors and cells are told of the visits of an approved plan. Pure.

A letter says all the visits of its recipient that are to come, and which of those told before are off or at another
time. A cell is told which team comes and not who: names are in the register only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from chassis.letters.recipients import Recipient, RecipientKind
from contracts.visit_plans import PlannedVisit
from services.inspection.days import VIETNAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit as it is told."""

    meeting_id: UUID
    starts_at: datetime
    minutes: int
    """How long it is expected to take."""
    cell_name: str
    team_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one recipient is told of the plan of a month, as it is in one version."""

    plan_id: UUID
    plan_version: int
    month: date
    recipient: Recipient
    queued_at: datetime
    visits: tuple[Visit, ...]
    """To come, by their beginning."""
    before: tuple[Visit, ...]
    """Those that the recipient was told last, and that were to come."""

    @property
    def gone(self) -> tuple[Visit, ...]:
        """Visits that were told before and are off."""
        left = {one.meeting_id for one in self.visits}
        return tuple(one for one in self.before if one.meeting_id not in left)

    @property
    def withdrawn(self) -> bool:
        """Whether no visit is left."""
        return not self.visits

    @property
    def starts_at(self) -> datetime:
        """When the last visit begins, or was to begin where none is left."""
        return max(one.starts_at for one in self.visits or self.before)


def concerned(visit: PlannedVisit) -> tuple[Recipient, Recipient]:
    """Return who is told of a visit: whoever makes it, and the cell."""
    return Recipient(RecipientKind.MEMBER, visit.member_id), Recipient(RecipientKind.UNIT, visit.cell_id)


def to_come(visits: Iterable[Visit], now: datetime) -> tuple[Visit, ...]:
    """Return the visits that are still to come, by their beginning: of what is over nobody is told."""
    ahead = (one for one in visits if one.starts_at > now)
    return tuple(sorted(ahead, key=lambda one: (one.starts_at, one.meeting_id)))


_SUBJECTS: Final = {
    RecipientKind.MEMBER: (
        "Phân công dự sinh hoạt chi bộ",
        "Thay đổi phân công dự sinh hoạt chi bộ",
        "Thôi phân công dự sinh hoạt chi bộ",
    ),
    RecipientKind.UNIT: (
        "Tổ công tác dự sinh hoạt với chi bộ",
        "Thay đổi việc tổ công tác dự sinh hoạt với chi bộ",
        "Tổ công tác không dự sinh hoạt với chi bộ nữa",
    ),
}
"""For visits told for the first time, for changed ones, and where none is left."""
_OPENINGS: Final = {
    RecipientKind.MEMBER: "Theo kế hoạch đã duyệt, đồng chí được phân công dự sinh hoạt:",
    RecipientKind.UNIT: "Theo kế hoạch đã duyệt của Ban Thường vụ, tổ công tác cử người dự sinh hoạt với chi bộ:",
}
_GONE: Final = {
    RecipientKind.MEMBER: "Đồng chí không phải dự các buổi sau nữa:",
    RecipientKind.UNIT: "Tổ công tác không dự các buổi sau nữa:",
}


def subject(notice: Notice) -> str:
    """Return the notice in a line."""
    first, changed, off = _SUBJECTS[notice.recipient.kind]
    what = off if notice.withdrawn else changed if notice.before else first
    return f"{what}, tháng {notice.month:%m/%Y}"


def text(notice: Notice) -> str:
    """Return the notice in words, in Vietnamese."""
    before = {one.meeting_id: one for one in notice.before}
    lines = [f"{subject(notice)}.", ""]
    if notice.visits:
        lines.append(_OPENINGS[notice.recipient.kind])
        lines += [f"- {_line(one)}{_moved(one, before)}" for one in notice.visits]
    if notice.gone:
        lines += ["", _GONE[notice.recipient.kind]] if notice.visits else [_GONE[notice.recipient.kind]]
        lines += [f"- {_line(one)}" for one in notice.gone]
    if notice.visits and notice.recipient.kind is RecipientKind.UNIT:
        lines += ["", "Đề nghị chi bộ chuẩn bị sổ sách, hồ sơ để tổ công tác xem tại buổi sinh hoạt."]
    return "\n".join([*lines, ""])


def summary(notice: Notice, visit: Visit) -> str:
    """Return what a visit is called in the recipient's calendar."""
    if notice.recipient.kind is RecipientKind.UNIT:
        return f"{visit.team_name} dự sinh hoạt {visit.cell_name}"
    return f"Dự sinh hoạt {visit.cell_name}"


def _line(visit: Visit) -> str:
    return f"{_when(visit)}: {visit.cell_name} ({visit.team_name})"


def _moved(visit: Visit, before: Mapping[UUID, Visit]) -> str:
    was = before.get(visit.meeting_id)
    if was is None:
        return ", buổi mới" if before else ""
    return "" if was.starts_at == visit.starts_at else f", trước đây là {_when(was)}"


def _when(visit: Visit) -> str:
    return f"{visit.starts_at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
