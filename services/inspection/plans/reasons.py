"""Why a plan has a visit of one cell and none of another, in codes with their messages. Pure.

What is told is what was weighed when it was decided: findings are closed and months go by afterwards.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final
from uuid import UUID

from chassis import faults
from rules.guidance import MeetingGrade
from services.inspection.plans.assignment import least_of_kinds, worth
from services.inspection.plans.rules import Ban, Chosen, Limits, why_nobody
from services.inspection.plans.situation import Kind, Meeting, Rule, Situation

_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "pinned": ("Cán bộ đã ghim.", "The officer pinned it."),
    "never-visited": ("Chưa từng được dự sinh hoạt.", "It never was visited."),
    "not-visited-for": ("Đã {months} tháng chưa được dự.", "It was not visited for {months} months."),
    "open-findings": ("Còn {count} hạn chế chưa khắc phục xong.", "{count} findings are not closed."),
    "overdue-findings": ("{count} hạn chế đã quá hạn.", "{count} findings are overdue."),
    "scored-poor": ("Lần chấm điểm gần nhất xếp loại kém.", "Its last meeting was scored as poor."),
    "scored-average": ("Lần chấm điểm gần nhất xếp loại trung bình.", "Its last meeting was scored as average."),
    "covers-regular": ("Để đủ số buổi sinh hoạt định kỳ.", "It is needed for regular meetings to be covered."),
    "covers-thematic": (
        "Để đủ số buổi sinh hoạt chuyên đề.", "It is needed for thematic meetings to be covered.",
    ),
    "covers-grassroots-cell": (
        "Để đủ số chi bộ cơ sở được dự.", "It is needed for grassroots cells to be covered.",
    ),
    "covers-subordinate-cell": (
        "Để đủ số chi bộ trực thuộc được dự.", "It is needed for subordinate cells to be covered.",
    ),
    "in-area": ("Thuộc địa bàn của tổ người đi dự.", "It is in the area of the visitor's team."),
    "free-visitor": ("Còn người đi dự được.", "Somebody was free."),
    "no-meeting": (
        "Trong tháng không có buổi sinh hoạt nào còn dự được.", "It has no meeting in the month to be attended.",
    ),
    "forbidden": ("Cán bộ đã loại khỏi kế hoạch.", "The officer forbade it."),
    "nobody-can": (
        "Không ai trong các tổ đi dự được: {rules}.", "Nobody of the teams can go: {rules_en}.",
    ),
    "outranked": (
        "Người có thể đi dự đã được phân công những buổi cần hơn ({rules}); chi bộ này được {points} điểm.",
        "Whoever could go attends what counts for more ({rules_en}); this cell counts {points} points.",
    ),
    "plan-full": (
        "Kế hoạch đã đủ số buổi yêu cầu; chi bộ này được {points} điểm.",
        "The plan has as many visits as were asked for; this cell counts {points} points.",
    ),
    "not-taken": (
        "Chưa được chọn lại sau khi kế hoạch thay đổi; còn người đi dự được.",
        "It was not looked at again after the plan changed; somebody could go.",
    ),
}  # fmt: skip

RULES: Final[Mapping[Rule, tuple[str, str]]] = {
    Rule.NOT_OPEN: ("buổi sinh hoạt không còn dự được", "the meeting cannot be attended"),
    Rule.FORBIDDEN: ("bị loại khỏi kế hoạch", "forbidden"),
    Rule.NOT_SEATED: ("không thuộc tổ nào hôm đó", "in no team on that day"),
    Rule.NOT_IN_REGISTER: ("không có trong danh sách đảng viên", "not in the register"),
    Rule.SUSPENDED: ("bị đình chỉ", "suspended"),
    Rule.EXEMPT: ("được miễn công tác", "exempt"),
    Rule.ABSENT: ("vắng", "away"),
    Rule.OWN_CELL: ("là chi bộ của chính mình", "of that cell"),
    Rule.OUTSIDE_AREA: ("ngoài địa bàn của tổ", "outside their area"),
    Rule.AT_ONCE: ("đang dự nơi khác cùng giờ", "elsewhere at that time"),
    Rule.CAPACITY: ("đã đủ số buổi trong tháng", "with as many visits as they may have"),
    Rule.CELL_TWICE: ("chi bộ đã có người dự trong tháng", "the cell is visited already"),
    Rule.TOO_MANY: ("kế hoạch đã đủ số buổi", "the plan is full"),
}
"""What each rule says of people, in Vietnamese and English."""


class Reason(faults.Fault):
    """Why a cell is visited, or is not."""

    messages: ClassVar[Mapping[str, tuple[str, str]]] = _MESSAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A cell that the plan has no visit of, and why."""

    cell_id: UUID
    meeting_id: UUID | None
    """Its first meeting that could be attended."""
    code: str
    points: int
    """What a visit of it counts."""
    rules: Mapping[Rule, int] = field(default_factory=dict)
    """Why people cannot go there beside what is planned, and how many for each rule."""

    @property
    def reason(self) -> Reason:
        """The same in words."""
        return Reason(self.code, None, {"points": self.points, **in_words(self.rules)})


def in_words(rules: Mapping[Rule, int]) -> dict[str, str]:
    """Return how many people are hindered by which rules, in Vietnamese and English, the most first."""
    ordered = sorted(rules.items(), key=lambda one: (-one[1], one[0]))
    return {
        "rules": ", ".join(f"{count} người {RULES[rule][0]}" for rule, count in ordered),
        "rules_en": ", ".join(f"{count} {RULES[rule][1]}" for rule, count in ordered),
    }


_GRADES: Final = {MeetingGrade.POOR: "scored-poor", MeetingGrade.AVERAGE: "scored-average"}


def why(
    situation: Situation, limits: Limits, chosen: Chosen, meeting: Meeting, *, pinned: bool
) -> tuple[Reason, ...]:
    """Return why a meeting is attended: what counted for it, the most telling first."""
    return tuple(_why(situation, limits, chosen, meeting, pinned=pinned)) or (Reason("free-visitor"),)


def _why(
    situation: Situation, limits: Limits, chosen: Chosen, meeting: Meeting, *, pinned: bool
) -> Iterator[Reason]:
    cell = situation.standing(meeting.cell_id)
    if pinned:
        yield Reason("pinned")
    if cell.months is None:
        yield Reason("never-visited")
    elif cell.months > 0:
        yield Reason("not-visited-for", None, {"months": cell.months})
    if cell.findings:
        yield Reason("open-findings", None, {"count": cell.findings})
    if cell.overdue:
        yield Reason("overdue-findings", None, {"count": cell.overdue})
    if cell.grade in _GRADES:
        yield Reason(_GRADES[cell.grade])
    has: Counter[Kind] = Counter(kind for one in chosen for kind in situation.meetings[one].kinds)
    least = least_of_kinds(situation, limits)
    for kind in sorted(meeting.kinds):
        if has[kind] <= least[kind]:
            yield Reason(f"covers-{kind.replace('_', '-')}")
    if situation.in_area(chosen[meeting.id], meeting):
        yield Reason("in-area")


def left_out(situation: Situation, limits: Limits, chosen: Chosen) -> list[LeftOut]:
    """Return why each cell that is there is not visited, those that count for most first."""
    visited = {situation.meetings[one].cell_id for one in chosen}
    meetings: dict[UUID, list[Meeting]] = {}
    for meeting in situation.open_meetings():
        meetings.setdefault(meeting.cell_id, []).append(meeting)
    everywhere = {*situation.cells, *meetings} - visited
    return _ranked(_left_out(situation, limits, chosen, cell, meetings.get(cell, [])) for cell in everywhere)


def left_out_but_for(
    before: Iterable[LeftOut], situation: Situation, limits: Limits, chosen: Chosen, cell_id: UUID
) -> list[LeftOut]:
    """Return why cells are not visited: of one cell as things are now, of all others as it was told before."""
    others = [one for one in before if one.cell_id != cell_id]
    if any(situation.meetings[one].cell_id == cell_id for one in chosen):
        return others
    its = [meeting for meeting in situation.open_meetings() if meeting.cell_id == cell_id]
    return _ranked([*others, _left_out(situation, limits, chosen, cell_id, its)])


def _ranked(found: Iterable[LeftOut]) -> list[LeftOut]:
    return sorted(found, key=lambda one: (-one.points, one.cell_id))


def _left_out(
    situation: Situation, limits: Limits, chosen: Chosen, cell_id: UUID, meetings: list[Meeting]
) -> LeftOut:
    of: dict[str, Any] = {"cell_id": cell_id, "points": worth(situation, cell_id)}
    if not meetings:
        return LeftOut(meeting_id=None, code="no-meeting", **of)
    allowed = [one for one in meetings if Ban(one.id) not in limits.bans]
    of["meeting_id"] = (allowed or meetings)[0].id
    if not allowed:
        return LeftOut(code="forbidden", **of)
    counted = [why_nobody(situation, limits, one, chosen) for one in allowed]
    if not all(counted):  # somebody could go to one of them
        full = limits.at_most is not None and len(chosen) >= limits.at_most
        return LeftOut(code="plan-full" if full else "not-taken", **of)
    rules = counted[0]
    engaged = any(rule in one for one in counted for rule in (Rule.AT_ONCE, Rule.CAPACITY))
    return LeftOut(code="outranked" if engaged else "nobody-can", rules=dict(rules), **of)
