"""`chibo lists`: what the office has to do, as tables or as JSON."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client, read_all
from chibo.console import OUT, refusals_shown
from chibo.options import MEMBERSHIP, AsOf, Json, MembershipUrl, Reader, Within, give, iso, parse_day
from chibo.words import UNIT_TYPES, number

app = typer.Typer(help="Danh sách việc đến hạn của văn phòng.", no_args_is_help=True)


class UnitRule(StrEnum):
    """What a unit's number of members may call for, as membership calls it."""

    CELL_TOO_SMALL = "cell-too-small"
    CELL_COMMITTEE = "cell-committee"
    COMMITTEE_TOO_SMALL = "committee-too-small"


Columns = Mapping[str, Callable[[Mapping[str, Any]], str]]


def _day(text: str | None) -> str:
    return words.day(text, missing="chưa có lịch")


def _deadline(item: Mapping[str, Any]) -> str:
    return _day(item["due_until"]) + (" (tạm tính)" if item["provisional"] else "")


_PERSON: Final[Columns] = {
    "Mã": lambda item: item["code"],
    "Họ và tên": lambda item: item["full_name"],
    "Ngày sinh": lambda item: _day(item["birth_date"]),
    "Chi bộ": lambda item: item["cell_name"],
    "Ngày vào Đảng": lambda item: _day(item["admitted_on"]),
}
_REVIEW: Final[Columns] = {
    **_PERSON,
    "Hết dự bị": lambda item: _day(item["due_from"]),
    "Hạn xét": _deadline,
}
_COLUMNS: Final[Mapping[str, tuple[str, Columns]]] = {
    "probation-due": ("Đảng viên dự bị đến kỳ xét công nhận chính thức", _REVIEW),
    "probation-overdue": (
        "Đảng viên dự bị quá hạn xét công nhận chính thức",
        {**_REVIEW, "Quá hạn từ": lambda item: _day(item["overdue_since"])},
    ),
    "badges-due": (
        "Đảng viên đủ tuổi Đảng để xét tặng Huy hiệu Đảng",
        {
            **_PERSON,
            "Huy hiệu": lambda item: f"{item['badge_years']} năm",
            "Đủ năm": lambda item: _day(item["years_full_on"]),
        },
    ),
    "small-cells": (
        "Chi bộ, đảng bộ cơ sở cần xem xét về số lượng đảng viên",
        {
            "Mã": lambda item: item["code"],
            "Tên": lambda item: item["name"],
            "Loại": lambda item: UNIT_TYPES[item["type"]],
            "Chính thức": lambda item: number(item["official_members"]),
            "Đảng viên": lambda item: number(item["members"]),
            "Việc cần xem xét": lambda item: item["message"],
        },
    ),
}


def read(client: Client, name: str, *, actor: str, **parameters: str | None) -> dict[str, Any]:
    """Return all pages of a list as one, read as `actor`. Raises as `Client.get`."""
    return read_all(client, f"/v1/lists/{name}", actor=actor, **parameters)


def show(name: str, answer: Mapping[str, Any]) -> None:
    """Print a whole list as a table in Vietnamese, with the rules that it follows."""
    title, columns = _COLUMNS[name]
    OUT.print(f"[bold]{title}[/] — ngày {_day(answer.get('as_of') or answer['award_day'])}")
    items = answer["items"]
    if items:
        table = Table(*columns)
        for item in items:
            table.add_row(*[escape(text(item)) for text in columns.values()])
        OUT.print(table)
    OUT.print(f"Tất cả: {number(len(items))}")
    for source in dict.fromkeys(item["source"] for item in items):
        OUT.print(f"Căn cứ: {escape(source)}")
    if any(item.get("counted_from") == "admission" for item in items):
        OUT.print("Tuổi Đảng tạm tính từ ngày vào Đảng; hãy đối chiếu ngày ghi trong quyết định kết nạp.")


@app.command("probation-due")
def probation_due(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    within_days: Annotated[
        int | None,
        typer.Option(min=0, max=366, help="Hết dự bị trong bao nhiêu ngày tới; bỏ trống là theo mức nhắc."),
    ] = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đảng viên dự bị đến kỳ hoặc sắp đến kỳ xét công nhận chính thức."""
    ahead = None if within_days is None else str(within_days)
    _list("probation-due", url, actor=actor, json=json, as_of=iso(as_of), unit=unit, within_days=ahead)


@app.command("probation-overdue")
def probation_overdue(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đảng viên dự bị quá hạn xét công nhận chính thức."""
    _list("probation-overdue", url, actor=actor, json=json, as_of=iso(as_of), unit=unit)


@app.command("badges-due")
def badges_due(
    *,
    award_day: Annotated[
        date | None,
        typer.Option(
            parser=parse_day, metavar="YYYY-MM-DD", help="Ngày trao (3/2, 19/5, 2/9, 7/11); mặc định đợt tới."
        ),
    ] = None,
    unit: Within = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đảng viên đủ tuổi Đảng để xét tặng Huy hiệu Đảng vào một đợt trao."""
    _list("badges-due", url, actor=actor, json=json, award_day=iso(award_day), unit=unit)


@app.command("small-cells")
def small_cells(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    rule: Annotated[
        UnitRule | None, typer.Option(help="Chỉ một loại; bỏ trống là hai loại thiếu đảng viên.")
    ] = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Chi bộ thiếu đảng viên chính thức, chi bộ chưa có chi ủy phải bầu, đảng bộ cơ sở thiếu đảng viên."""
    _list("small-cells", url, actor=actor, json=json, as_of=iso(as_of), unit=unit, rule=rule)


def _list(name: str, url: str, *, actor: str, json: bool, **parameters: str | None) -> None:
    with refusals_shown():
        answer = read(Client(url), name, actor=actor, **parameters)
        give(answer, partial(show, name), json=json)
