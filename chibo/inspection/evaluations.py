"""`chibo evaluations`: what visits and findings come to, by cell, team or as a whole, and the list for next year."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from chibo.client import Client
from chibo.console import OUT, Refused, refusals_shown
from chibo.files import written
from chibo.inspection.findings import SEVERITIES, STATES
from chibo.inspection.visits import Team, labels_of
from chibo.meetings.figures import parse_month, year_to
from chibo.meetings.papers import FORMS
from chibo.options import INSPECTION, InspectionUrl, Json, Within, give
from chibo.words import number

app = typer.Typer(help="Đánh giá qua các lần dự sinh hoạt chi bộ.", no_args_is_help=True)


class Grain(StrEnum):
    """What each row covers, as inspection calls it."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    PERIOD = "period"


_From = Annotated[
    str | None,
    typer.Option("--from", parser=parse_month, metavar="YYYY-MM", help="Tháng đầu; mặc định 12 tháng đến --to."),
]  # fmt: skip
_To = Annotated[
    str | None,
    typer.Option("--to", parser=parse_month, metavar="YYYY-MM", help="Tháng cuối; mặc định tháng này."),
]
_FINDINGS: Final[Mapping[str, str]] = {
    "opened": "Hạn chế đã nêu",
    "closed": "  Đã xác nhận khắc phục",
    "overdue": "  Quá hạn",
    "recurrent": "  Lặp lại",
}


@app.command("show")
def show_(
    *,
    unit: Within = None,
    team: Team = None,
    first: _From = None,
    last: _To = None,
    by: Annotated[Grain, typer.Option(help="Mỗi dòng một tháng, quý, năm, hay cả kỳ.")] = Grain.QUARTER,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In đánh giá của một chi bộ, một tổ chức đảng, một tổ công tác, hay toàn bộ."""
    last = last or f"{date.today():%Y-%m}"  # noqa: DTZ011 - the office's own month
    with refusals_shown():
        answer = read(Client(url), first=first or year_to(last), last=last, by=by.value, unit=unit, team=team)
        give(answer, _show_rows, json=json)


@app.command("limitations")
def limitations(
    *,
    year: Annotated[int, typer.Argument(help="Năm.")],
    unit: Within = None,
    to: Annotated[Path | None, typer.Option(help="Ghi ra tệp .pdf hoặc .docx thay vì in ra.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Ghi đè tệp đã có.")] = False,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In danh mục hạn chế của một năm, làm căn cứ cho chương trình năm sau; hoặc ghi ra PDF, Word."""
    with refusals_shown():
        if to is not None:
            _write(Client(url), to, year, unit, overwrite=overwrite)
            return
        answer = Client(url).get("/v1/limitations", year=str(year), unit=unit)
        give(answer, _show_limitations, json=json)


def _write(client: Client, file: Path, year: int, unit: str | None, *, overwrite: bool) -> None:
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise Refused(f"{file.name}: chỉ ghi ra tệp .pdf hoặc .docx.")
    with written(file, overwrite=overwrite) as content:
        client.download("/v1/limitations/paper", content, year=str(year), unit=unit, format=form)
    OUT.print(f"Đã ghi danh mục vào {escape(str(file))}.", soft_wrap=True)


def read(client: Client, *, first: str, last: str, by: str, **of: str | None) -> dict[str, Any]:
    """Return evaluations of a period. Raises as `Client.get`."""
    asked: dict[str, Any] = {"from": first, "to": last, "by": by, **of}
    answer: dict[str, Any] = client.get("/v1/evaluations", **asked)
    return answer


def show(whole: Mapping[str, Any], months: Mapping[str, Any], checklist: Mapping[str, Any]) -> None:
    """Print the evaluation of a period as a whole, with the fewest and most visits of its months."""
    [one] = whole["items"]
    by_month = [month["visits"] for month in months["items"]]
    first, last = (f"{end[5:7]}/{end[:4]}" for end in (one["first"], one["last"]))
    OUT.print(f"[bold]Tổ công tác dự sinh hoạt chi bộ[/] — từ tháng {first} đến tháng {last}")
    table = Table(show_header=False)
    table.add_column(min_width=32)
    table.add_column(justify="right", min_width=8)
    table.add_row("Chi bộ được dự ít nhất một lần", f"{number(one['visited'])}/{number(one['cells'])}")
    table.add_row("Tỷ lệ", _percent(one["percent"]))
    table.add_row("Lượt dự", number(one["visits"]))
    table.add_row("  Bình quân một tháng", _decimal(one["visits"] / len(by_month)))
    table.add_row("  Tháng ít nhất – nhiều nhất", f"{number(min(by_month))} – {number(max(by_month))}")
    table.add_section()
    for axis, label in labels_of(checklist, "axes").items():
        if axis in one["axes"]:
            table.add_row(f"{label} (1–4)", _decimal(one["axes"][axis], 2))
    table.add_section()
    for name, label in _FINDINGS.items():
        table.add_row(label, number(one["findings"][name]))
    OUT.print(table)


def _show_rows(answer: dict[str, Any]) -> None:
    of = answer["team_code"] or answer["unit_code"] or "toàn bộ"
    table = Table(
        "Kỳ", "Lượt dự", "Chi bộ được dự", "Tỷ lệ", "Bình quân các mặt", "Tự chấm − kiểm tra",
        "Nêu", "Xong", "Quá hạn", "Lặp lại", title=f"Đánh giá: {escape(of)}",
    )  # fmt: skip
    for one in answer["items"]:
        means, found = one["axes"].values(), one["findings"]
        apart = one["scores"]["self_from_inspector"]["mean"]
        table.add_row(
            one["label"],
            number(one["visits"]),
            f"{number(one['visited'])}/{number(one['cells'])}",
            _percent(one["percent"]),
            _decimal(sum(means) / len(means), 2) if means else "",
            "" if apart is None else _decimal(apart, 2),
            *(number(found[name]) for name in _FINDINGS),
        )
    OUT.print(table)


def _show_limitations(answer: dict[str, Any]) -> None:
    table = Table("Mặt", "Hạn chế", "Số lần", "Chi bộ", "Lặp lại", "Chưa xong", title=f"Năm {answer['year']}")
    for one in answer["items"]:
        counts = (number(one[name]) for name in ("found", "cells", "recurrent", "unsettled"))
        table.add_row(one["axis_label"], one["label"], *counts)
    OUT.print(table)
    left = Table("Chi bộ", "Ngày dự", "Hạn chế", "Mức độ", "Trạng thái", title="Chuyển sang năm sau")
    for one in answer["unsettled"]:
        left.add_row(
            escape(f"{one['cell_code']} {one['cell_name']}"),
            "/".join(reversed(one["found_on"].split("-"))),
            one["label"],
            SEVERITIES[one["severity"]],
            STATES[one["state"]],
        )
    OUT.print(left)


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{_decimal(value)} %"


def _decimal(value: float, places: int = 1) -> str:
    return f"{value:.{places}f}".replace(".", ",")
