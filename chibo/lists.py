"""`chibo lists`: what the office has to do, as tables or as JSON."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT
from chibo.statistics import number
from chibo.words import UNIT_TYPES

_PAGE: Final = "500"


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


def read_all(client: Client, path: str, *, actor: str, **parameters: Any) -> dict[str, Any]:
    """Return all pages at a path as one, read as `actor`. Raises as `Client.get`."""
    items: list[dict[str, Any]] = []
    asked: dict[str, Any] = {**parameters, "limit": _PAGE}
    while True:
        page = client.get(path, headers={"X-Chibo-Actor": actor}, **asked)
        items += page.pop("items")
        cursor = page.pop("next")
        if cursor is None:
            return {**page, "items": items}
        # With the cursor the day that the first page is of, should midnight pass meanwhile.
        asked |= {**page, "cursor": cursor}


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
