"""`chibo movement`: how the number of members became another, as the table of party reports or as JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from chibo.client import Client
from chibo.console import OUT
from chibo.words import number

_IN: Final = {
    "admitted": "Kết nạp",
    "received": "Chuyển đến từ ngoài Đảng bộ",
    "restored": "Phục hồi đảng tịch",
    "transfer": "Chuyển đến từ chi bộ khác trong Đảng bộ",
    "merger": "Do sáp nhập chi bộ",
    "split": "Do chia tách chi bộ",
    "upgrade": "Do nâng chi bộ thành đảng bộ",
    "unit_moved_in": "Theo tổ chức đảng được chuyển về",
}
_OUT: Final = {
    "died": "Từ trần",
    "expelled": "Khai trừ",
    "removed": "Xóa tên",
    "resigned": "Xin ra khỏi Đảng",
    "transferred_out": "Chuyển đi ngoài Đảng bộ",
    "unstated": "Không rõ lý do",
    "transfer": "Chuyển đến chi bộ khác trong Đảng bộ",
    "merger": "Do sáp nhập chi bộ",
    "split": "Do chia tách chi bộ",
    "upgrade": "Do nâng chi bộ thành đảng bộ",
    "unit_moved_out": "Theo tổ chức đảng chuyển đi",
}
_WITHIN: Final = {
    "confirmed": "Công nhận chính thức",
    "transfer": "Chuyển giữa các chi bộ của đơn vị",
    "merger": "Do sáp nhập chi bộ",
    "split": "Do chia tách chi bộ",
    "upgrade": "Do nâng chi bộ thành đảng bộ",
    "profile": "Thay đổi thông tin đảng viên",
}
_ALWAYS: Final = frozenset(
    {"admitted", "received", "restored", "died", "expelled", "removed", "resigned", "transferred_out"}
)
"""Lines of the party's report; the others are shown where there is something in them."""
_COLUMNS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "in": {"Kết nạp": ("admitted",), "Chuyển đến": ("received", "transfer"), "Phục hồi": ("restored",)},
    "out": {
        "Từ trần": ("died",),
        "Khai trừ": ("expelled",),
        "Xóa tên": ("removed",),
        "Xin ra": ("resigned",),
        "Chuyển đi": ("transferred_out", "transfer"),
    },
}
"""What has a column of its own where units are the rows; the rest is in `Khác`."""


def read(
    client: Client,
    *,
    unit: str | None,
    first: str | None,
    last: str | None,
    known_at: str | None,
    by_unit: bool,
) -> dict[str, Any]:
    """Return the movement of a unit, the whole register for None, in a period. Raises as `Client.get`."""
    period: dict[str, Any] = {"from": first, "to": last}
    answer: dict[str, Any] = client.get(
        "/v1/movement", unit=unit, known_at=known_at, by="unit" if by_unit else None, **period
    )
    return answer


def show(answer: Mapping[str, Any]) -> None:
    """Print the answer of `GET /v1/movement` in Vietnamese; with rows by unit as a table of units."""
    first, last = (f"{date.fromisoformat(answer[end]):%d/%m/%Y}" for end in ("from", "to"))
    name = answer["unit"]["name"] if answer["unit"] else "Toàn bộ tổ chức đảng"
    OUT.print(f"[bold]{escape(name)}[/] — biến động đảng viên từ {first} đến {last}")
    if answer["by"]:
        _show_units(answer)
    else:
        _show_reasons(answer)


def _show_reasons(answer: Mapping[str, Any]) -> None:
    came, went = answer["in"], answer["out"]
    table = Table(show_header=False)
    table.add_column(min_width=42)
    table.add_column(justify="right", min_width=8)
    table.add_row("A. Đảng viên đầu kỳ", number(answer["opening"]))
    table.add_section()
    table.add_row("B. Đảng viên tăng trong kỳ", number(came["total"]))
    _add_reasons(table, _IN, came["by_reason"])
    table.add_section()
    table.add_row("C. Đảng viên giảm trong kỳ", number(went["total"]))
    _add_reasons(table, _OUT, went["by_reason"], removed_on_probation=went["removed_on_probation"])
    table.add_section()
    table.add_row("D. Đảng viên cuối kỳ (A + B - C)", number(answer["closing"]))
    if any(answer["within"].values()):
        table.add_section()
        table.add_row("Trong kỳ, không tính tăng, giảm", "")
        _add_reasons(table, _WITHIN, answer["within"])
    OUT.print(table)


def _add_reasons(
    table: Table, labels: Mapping[str, str], counts: Mapping[str, int], *, removed_on_probation: int = 0
) -> None:
    for reason, count in counts.items():
        if count or reason in _ALWAYS:
            table.add_row(f"  {labels.get(reason, reason)}", number(count))
        if reason == "removed":
            table.add_row("    Trong đó: đảng viên dự bị", number(removed_on_probation))


def _show_units(answer: Mapping[str, Any]) -> None:
    table = Table("Mã", "Tổ chức đảng")
    for title in ("Đầu kỳ", "Tăng", *_COLUMNS["in"], "Khác", "Giảm", *_COLUMNS["out"], "Khác", "Cuối kỳ"):
        table.add_column(title, justify="right")
    for row in answer["units"]:
        table.add_row(escape(row["unit"]["code"]), escape(row["unit"]["name"]), *_cells(row))
    table.add_section()
    table.add_row("", "Toàn đơn vị", *_cells(answer))
    OUT.print(table)
    OUT.print(
        "Chuyển giữa các dòng là giảm ở nơi đi, tăng ở nơi đến; dòng toàn đơn vị không tính những lần đó."
    )


def _cells(row: Mapping[str, Any]) -> list[str]:
    """Return the figures of one row: opening, in with its columns, out with its columns, closing."""
    figures = [row["opening"]]
    for way, columns in _COLUMNS.items():
        by_reason = row[way]["by_reason"]
        counts = [sum(by_reason[reason] for reason in reasons) for reasons in columns.values()]
        figures += [row[way]["total"], *counts, row[way]["total"] - sum(counts)]
    return [number(figure) for figure in (*figures, row["closing"])]
