"""How monthly plans of visits are shown to people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.console import OUT, Refused
from chibo.people import People
from chibo.words import number

_STATUSES: Final[Mapping[str, str]] = {"draft": "dự thảo", "approved": "đã duyệt"}
_PINS: Final[Mapping[str, str]] = {"meeting": "ghim buổi", "visitor": "ghim người"}
_CHANGES: Final[Mapping[str, str]] = {
    "by_hand": "cán bộ đổi",
    "meeting_moved": "buổi sinh hoạt đổi giờ",
    "meeting_postponed": "buổi sinh hoạt bị hoãn",
    "meeting_cancelled": "buổi sinh hoạt bị hủy",
    "not_seated": "người đi dự không còn trong tổ",
    "absent": "người đi dự vắng",
    "not_free": "người đi dự không phân công được",
    "own_cell": "nay là chi bộ của chính người đi dự",
    "outside_area": "ngoài địa bàn của tổ",
    "at_once": "trùng giờ với buổi khác",
    "possible_again": "lại có người đi dự được",
}
_PLAN_CHANGES: Final[Mapping[str, str]] = {
    "proposed_anew": "Đề xuất lại",
    "pinned": "Ghim",
    "unpinned": "Bỏ ghim",
    "forbidden": "Loại",
    "allowed": "Thôi loại",
    "by_hand": "Đổi tay",
    "replanned": "Xếp lại phần không còn được",
}


def _when(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(words.VIETNAM):%d/%m/%Y %H:%M}"


def show_plan(plan: Mapping[str, Any], people: People) -> None:
    """Print who attends what, and why."""
    attended = [one for one in plan["visits"] if one["lapsed"] is None]
    OUT.print(
        f"Kế hoạch tháng [bold]{words.month(plan['month'])}[/], {_STATUSES[plan['status']]}:"
        f" {number(len(attended))} buổi dự, {number(len(plan['left_out']))} chi bộ không được chọn."
    )
    table = Table("Ngày giờ", "Chi bộ", "Người đi dự", "Tổ", "Vì sao chi bộ này", "Ghi chú")
    for one in plan["visits"]:
        note = _PINS.get(one["pin"], "")
        who = escape(people.label(one["member_id"]))
        if one["lapsed"]:
            who, note = "[yellow]chưa có[/]", f"[yellow]{_CHANGES[one['lapsed']]}[/]"
        why = " ".join(reason["message"] for reason in one["why"])
        table.add_row(
            _when(one["starts_at"]),
            escape(one["cell_code"]),
            who,
            escape(one["team_code"]),
            escape(why),
            note,
        )
    OUT.print(table)
    for ban in plan["bans"]:
        what = [people.label(ban["member_id"])] if ban["member_id"] else []
        what += [f"buổi của {ban['cell_code']}"] if ban["cell_code"] else []
        OUT.print(f"Đã loại: {escape(', '.join(what))}")


def show_left_out(plan: Mapping[str, Any]) -> None:
    """Print which cells are not visited, and why."""
    table = Table("Chi bộ", "Điểm", "Vì sao không", title=f"Tháng {words.month(plan['month'])}")
    for one in plan["left_out"]:
        table.add_row(escape(one["cell_code"]), number(one["points"]), escape(one["message"]))
    OUT.print(table)


def show_notices(
    plan: Mapping[str, Any], told: Mapping[str, Any], people: People, wanted: str | None
) -> None:
    """Print each person's visits, or one person's, and how far letters are. Raises Refused where there are none."""
    by_person: dict[str, list[Mapping[str, Any]]] = {}
    for one in plan["visits"]:
        if one["lapsed"] is None and wanted in {None, one["member_id"]}:
            by_person.setdefault(one["member_id"], []).append(one)
    letters = _latest(told, wanted)
    if not by_person and not letters:
        raise Refused(f"Tháng {words.month(plan['month'])} không có buổi dự nào.")
    for member_id in sorted(by_person, key=people.label):
        OUT.print(f"[bold]{escape(people.label(member_id))}[/], tháng {words.month(plan['month'])}:")
        for one in by_person[member_id]:
            OUT.print(
                f"  {_when(one['starts_at'])}  chi bộ {escape(one['cell_code'])}, tổ {escape(one['team_code'])}"
            )
    if letters:
        _show_letters(letters, people)
    elif plan["status"] == "draft":
        OUT.print("Kế hoạch còn là dự thảo: chưa báo cho ai.")


def _latest(told: Mapping[str, Any], wanted: str | None) -> list[Mapping[str, Any]]:
    """Return the last letter to each recipient, or to one."""
    last: dict[str, Mapping[str, Any]] = {}
    for one in told["items"]:  # the latest first
        if wanted in {None, one["id"]}:
            last.setdefault(one["id"], one)
    return list(last.values())


def _show_letters(letters: list[Mapping[str, Any]], people: People) -> None:
    table = Table("Thư báo cho", "Nội dung", "Gửi đến đâu", "Lúc")
    for one in sorted(letters, key=lambda one: (one["kind"], one["cell_code"] or people.label(one["id"]))):
        state = "[yellow]chỉ ghi nhật ký[/]" if one["logged"] else words.LETTER_STATES[one["state"]]
        if one["state"] == "failed":
            state = f"[yellow]{state}: {words.LETTER_REASONS[one['reason']]}[/]"
        table.add_row(
            escape(f"Chi bộ {one['cell_code']}" if one["cell_code"] else people.label(one["id"])),
            f"thôi {number(one['gone'])} buổi" if one["withdrawn"] else f"{number(one['visits'])} buổi",
            state,
            _when(one["settled_at"]) if one["settled_at"] else "",
        )
    OUT.print(table)
    if any(one["logged"] for one in letters):
        OUT.print(f"[yellow]{words.ONLY_LOGGED}[/]")


def show_plans(answer: Mapping[str, Any]) -> None:
    """Print plans in a list."""
    table = Table("Tháng", "Trạng thái", "Buổi dự", "Chưa có người", "Chi bộ không được chọn")
    for one in answer["items"]:
        table.add_row(
            words.month(one["month"]),
            _STATUSES[one["status"]],
            number(one["visits"]),
            number(one["lapsed"]),
            number(one["left_out"]),
        )
    OUT.print(table)


def show_history(answer: Mapping[str, Any]) -> None:
    """Print what was recorded of a plan."""
    table = Table("Ghi lúc", "Việc", "Từ ngày", "Buổi dự", title=f"Tháng {words.month(answer['month'])}")
    for fact in answer["items"]:
        event = fact["event"]
        table.add_row(
            _when(fact["recorded_at"]),
            _what(fact["type"].rsplit(".", 2)[1], event),
            words.day(event["effective_date"], missing=""),
            _side(event.get("before")) + " → " + _side(event.get("after")),
        )
    OUT.print(table)


def _what(type_: str, event: Mapping[str, Any]) -> str:
    if type_ == "visit-plan-revised":
        return _PLAN_CHANGES[event["change"]]
    if type_ == "visit-assignment-changed":
        return f"Đổi buổi dự: {_CHANGES[event['reason']]}"
    return {
        "visit-plan-proposed": "Đề xuất", "visit-plan-approved": "Duyệt", "visit-assigned": "Phân công",
    }[type_]  # fmt: skip


def _side(side: Any) -> str:
    """Return what one side of an event has: how many visits of a plan, when one visit is."""
    if isinstance(side, list):
        return f"{number(len(side))} buổi"
    return _when(side["starts_at"]) if side else "không"
