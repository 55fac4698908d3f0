"""How working teams are shown to people."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.console import OUT
from chibo.options import warn
from chibo.people import People
from chibo.words import number


class Role(StrEnum):
    """As what somebody sits in a team, as inspection calls it."""

    LEADER = "leader"
    DEPUTY_LEADER = "deputy_leader"
    MEMBER = "member"


class Reason(StrEnum):
    """Why somebody is away, as inspection calls it."""

    LEAVE = "leave"
    BUSINESS_TRIP = "business_trip"
    STUDY = "study"
    ILLNESS = "illness"
    FAMILY = "family"
    OTHER = "other"


_ROLES: Final[Mapping[str, str]] = {
    Role.LEADER: "Tổ trưởng",
    Role.DEPUTY_LEADER: "Tổ phó",
    Role.MEMBER: "Thành viên",
}
_REASONS: Final[Mapping[str, str]] = {
    Reason.LEAVE: "nghỉ phép",
    Reason.BUSINESS_TRIP: "đi công tác",
    Reason.STUDY: "đi học",
    Reason.ILLNESS: "nghỉ ốm",
    Reason.FAMILY: "việc gia đình",
    Reason.OTHER: "lý do khác",
}
_HINDRANCES: Final[Mapping[str, str]] = {
    "absent": "vắng",
    "exempt": "miễn công tác",
    "not_in_register": "không còn trong danh sách đảng viên",
    "suspended": "bị đình chỉ",
}
_FACTS: Final[Mapping[str, str]] = {
    "team-formed": "Lập tổ",
    "team-dissolved": "Giải thể",
    "team-restated": "Đính chính về tổ",
    "team-area-set": "Giao địa bàn",
    "team-member-seated": "Thêm thành viên",
    "team-member-released": "Thôi thành viên",
    "team-seat-restated": "Đính chính về thành viên",
}


def _day(text: str | None) -> str:
    return words.day(text, missing="")


def show_changed(team: dict[str, Any]) -> None:
    """Print what came of a command on a team."""
    warn(team)
    until = f" đến trước {_day(team['until_on'])}" if team["until_on"] else ""
    OUT.print(
        f"Đã ghi: [bold]{escape(team['code'])}[/] {escape(team['name'])}, từ {_day(team['from_on'])}{until}."
    )


def show_absence(away: dict[str, Any]) -> None:
    """Print what came of a command on an absence."""
    what = "đã hủy" if away["withdrawn"] else _REASONS[away["reason"]]
    OUT.print(f"Đã ghi: vắng từ {_day(away['first_on'])} đến hết {_day(away['last_on'])}, {what}.")


def show_teams(answer: dict[str, Any]) -> None:
    """Print the teams of a day."""
    table = Table(
        "Mã", "Tên", "Từ ngày", "Thành viên", "Địa bàn", "Số chi bộ", title=f"Ngày {_day(answer['on'])}"
    )
    for team in answer["items"]:
        table.add_row(
            escape(team["code"]),
            escape(team["name"]),
            _day(team["from_on"]),
            number(team["seats"]),
            escape(", ".join(team["unit_codes"])),
            number(team["cells"]),
        )
    OUT.print(table)


def show_areas(answer: dict[str, Any]) -> None:
    """Print which cells no team has, or several have."""
    OUT.print(
        f"Ngày {_day(answer['on'])}: {number(len(answer['items']))} chi bộ,"
        f" {number(answer['without_team'])} chưa có tổ phụ trách."
    )
    table = Table("Chi bộ", "Tổ phụ trách")
    for one in answer["items"]:
        if len(one["team_codes"]) != 1:
            table.add_row(
                escape(one["cell_code"]), escape(", ".join(one["team_codes"])) or "[yellow]chưa có[/]"
            )
    if table.row_count:
        OUT.print(table)


def show_team(team: Mapping[str, Any], people: People) -> None:
    """Print a team with all who sit or sat in it."""
    until = f" đến trước {_day(team['until_on'])}" if team["until_on"] else ""
    OUT.print(f"[bold]{escape(team['code'])}[/] {escape(team['name'])}, từ {_day(team['from_on'])}{until}")
    for one in team["areas"]:
        units = ", ".join(one["unit_codes"]) or "không phụ trách tổ chức nào"
        OUT.print(f"Địa bàn từ {_day(one['from_on'])}: {escape(units)}")
    table = Table("Thành viên", "Vai trò", "Từ ngày", "Đến trước ngày")
    for seat in team["seats"]:
        table.add_row(
            escape(people.label(seat["member_id"])),
            _ROLES[seat["role"]],
            _day(seat["from_on"]),
            _day(seat["until_on"]),
        )
    OUT.print(table)


def show_members(answer: Mapping[str, Any], people: People) -> None:
    """Print who sits in teams, and who of them is free."""
    table = Table("Thành viên", "Tổ", "Chi bộ", "Phân công được", title=f"Ngày {_day(answer['on'])}")
    for one in answer["items"]:
        teams = ", ".join(f"{place['team_code']} ({_ROLES[place['role']].lower()})" for place in one["teams"])
        why = ", ".join(_HINDRANCES[name] for name in one["hindrances"])
        table.add_row(
            escape(people.label(one["member_id"])),
            escape(teams),
            escape(", ".join(one["cell_codes"])),
            "[green]có[/]" if one["free"] else f"[yellow]không: {why}[/]",
        )
    OUT.print(table)


def show_absences(answer: Mapping[str, Any], people: People) -> None:
    """Print when members of teams are away."""
    table = Table("Thành viên", "Từ ngày", "Đến hết ngày", "Lý do", "Số")
    for one in answer["items"]:
        table.add_row(
            escape(people.label(one["member_id"])),
            _day(one["first_on"]),
            _day(one["last_on"]),
            _REASONS[one["reason"]],
            one["id"],
        )
    OUT.print(table)


def show_history(answer: dict[str, Any]) -> None:
    """Print all that was recorded of a team."""
    table = Table("Số", "Việc", "Từ ngày", "Văn bản", "Ghi lúc", title=escape(answer["code"]))
    for fact in answer["items"]:
        event = fact["event"]
        document = event.get("document")
        table.add_row(
            str(fact["number"]),
            _FACTS[fact["type"].rsplit(".", 2)[1]],
            _day(event["effective_date"]),
            escape(f"{document['number']} ngày {_day(document['date'])}") if document else "",
            words.instant(fact["recorded_at"]),
        )
    OUT.print(table)
