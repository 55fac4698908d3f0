"""`chibo figures` and `chibo measures`: figures of any unit and period, as a table or a file."""

import json as jsonlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT, Refused, refusals_shown
from chibo.files import written
from chibo.options import REPORTING, Json, KnownAt, ReportingUrl, Within, give

_FORMS: Final = ("csv", "xlsx", "parquet")
_MONTH, _YEAR = 7, 4

_Measures = Annotated[
    str,
    typer.Option(
        metavar="CODE[,CODE]", help="Mã chỉ tiêu (xem `chibo measures`), hoặc cả nhóm, ví dụ meetings.*"
    ),
]
_From = Annotated[
    str | None,
    typer.Option("--from", metavar="KỲ", help="Từ ngày, tháng, quý hay năm nào: 2020-01-15, 2020-01, 2020-Q1, 2020."),
]  # fmt: skip
_To = Annotated[
    str | None, typer.Option(metavar="KỲ", help="Đến ngày, tháng, quý hay năm nào; mặc định hôm nay.")
]
_ByPeriod = Annotated[
    str | None, typer.Option(metavar="month|quarter|year", help="Chia kỳ theo tháng, quý hoặc năm.")
]
_By = Annotated[
    str | None,
    typer.Option(metavar="NAME[,NAME]", help="Phân tổ: unit, grassroots, cell, gender…; xem `chibo measures`."),
]  # fmt: skip
_LastYear = Annotated[bool, typer.Option("--last-year", help="So với cùng kỳ năm trước.")]
_Rank = Annotated[
    str | None, typer.Option(metavar="CODE", help="Xếp hạng theo chỉ tiêu này; thêm - đằng trước: từ thấp lên.")
]  # fmt: skip
_Limit = Annotated[int | None, typer.Option(min=1, help="Số dòng mỗi kỳ.")]
_ToFile = Annotated[Path | None, typer.Option(help="Ghi ra tệp .csv, .xlsx hoặc .parquet.")]
_Overwrite = Annotated[bool, typer.Option("--overwrite", help="Ghi đè tệp đã có.")]


def figures(
    unit: Within = None,
    from_: _From = None,
    to: _To = None,
    by_period: _ByPeriod = None,
    measures: _Measures = "members",
    by: _By = None,
    last_year: _LastYear = False,
    rank: _Rank = None,
    limit: _Limit = None,
    known_at: KnownAt = None,
    to_file: _ToFile = None,
    overwrite: _Overwrite = False,
    url: ReportingUrl = REPORTING,
    json: Json = False,
) -> None:
    """In số liệu của một tổ chức đảng trong một kỳ, theo chỉ tiêu và cách phân tổ tùy chọn."""
    asked: dict[str, Any] = {
        "unit": unit, "from": from_, "to": to, "by_period": by_period, "measures": measures, "by": by,
        "compare": "last-year" if last_year else None, "rank": rank,
        "limit": None if limit is None else str(limit), "known_at": known_at,
    }  # fmt: skip
    with refusals_shown():
        client = Client(url)
        if to_file is not None:
            form = to_file.suffix.lower().removeprefix(".")
            if form not in _FORMS:
                raise Refused(f"{to_file.name}: chỉ ghi ra tệp .csv, .xlsx hoặc .parquet.")
            with written(to_file, overwrite=overwrite) as content:
                client.download("/v1/figures", content, format=form, **asked)
            return
        answer = client.get("/v1/figures", **asked)
        give(answer, lambda answer: show(answer, {} if json else _labels(client)), json=json)


def measures(url: ReportingUrl = REPORTING, json: Json = False) -> None:
    """In các chỉ tiêu có thể hỏi, với cách phân tổ của từng chỉ tiêu."""
    with refusals_shown():
        give(Client(url).get("/v1/measures"), _show_measures, json=json)


def _show_measures(answer: Mapping[str, Any]) -> None:
    table = Table("Mã", "Chỉ tiêu", "Đơn vị", "Phân tổ")
    for one in answer["measures"]:
        by = ", ".join(dimension["code"] for dimension in one["dimensions"])
        table.add_row(one["code"], escape(one["label"]), one["unit"], by)
    OUT.print(table)


_Labels = Mapping[str, tuple[str, Mapping[str, str]]]
"""What people call a dimension and its values, by its code."""


def _labels(client: Client) -> _Labels:
    dimensions = [one for measure in client.get("/v1/measures")["measures"] for one in measure["dimensions"]]
    return {
        one["code"]: (one["label"], {value["value"]: value["label"] for value in one["values"]})
        for one in dimensions
    }


def show(answer: Mapping[str, Any], labels: _Labels) -> None:
    """Print the answer of `GET /v1/figures` in Vietnamese: a line a row, or a measure where there is one row."""
    first, last = (f"{date.fromisoformat(answer[end]):%d/%m/%Y}" for end in ("from", "to"))
    name = answer["unit"]["name"] if answer["unit"] else "Toàn bộ tổ chức đảng"
    OUT.print(f"[bold]{escape(name)}[/] — từ {first} đến {last}")
    if len(answer["rows"]) == 1 and not answer["by"]:
        _show_one(answer["measures"], answer["rows"][0])
    else:
        _show_rows(answer, labels)
    known = (
        f"đã biết đến {words.instant(answer['known_at'])}"
        if answer["known_at"]
        else f"lúc {words.instant(answer['true_at'])}"
    )
    OUT.print(f"[dim]Số liệu {known}.[/]", highlight=False)


def _show_one(measures_: Sequence[Mapping[str, Any]], row: Mapping[str, Any]) -> None:
    table = Table("Chỉ tiêu", "Đơn vị")
    compared = row["last_year"] is not None
    for title in ("Kỳ này", *(("Cùng kỳ năm trước", "Tăng giảm", "%") if compared else ())):
        table.add_column(title, justify="right")
    for one in measures_:
        table.add_row(escape(one["label"]), one["unit"], *_cells(row, one["code"]))
    OUT.print(table)


def _show_rows(answer: Mapping[str, Any], labels: _Labels) -> None:
    table = Table("Kỳ")
    by_unit = any(row["unit"] for row in answer["rows"])
    groups = [code for code in answer["by"] if labels[code][1]]
    for title in (
        *(("Hạng",) if answer["rank"] else ()),
        *(("Mã", "Tổ chức đảng") if by_unit else ()),
        *(labels[code][0] for code in groups),
    ):
        table.add_column(title)
    for one in answer["measures"]:
        table.add_column(f"{one['label']} ({one['unit']})", justify="right")
        if answer["compare"]:
            for title in ("Năm trước", "+/-", "%"):
                table.add_column(title, justify="right")
    for row in answer["rows"]:
        cells = [_period(row)]
        if answer["rank"]:
            cells.append("—" if row["rank"] is None else str(row["rank"]))
        if by_unit:
            cells += [escape(row["unit"]["code"]), escape(row["unit"]["name"])]
        cells += [labels[code][1].get(row["group"][code], row["group"][code]) for code in groups]
        for one in answer["measures"]:
            cells += _cells(row, one["code"])
        table.add_row(*cells)
    OUT.print(table)


def _cells(row: Mapping[str, Any], code: str) -> list[str]:
    found = [number(row["values"][code])]
    if row["last_year"] is not None:
        found += [number(row[name][code]) for name in ("last_year", "difference", "percent")]
    return found


def number(value: float | None) -> str:
    """Return a figure as it is written in Vietnamese: thousands set off by a point, tenths by a comma."""
    if value is None:
        return "—"
    text = f"{value:,.0f}" if value == int(value) and abs(value) >= 1 else jsonlib.dumps(value)
    return text.translate(str.maketrans(",.", ".,"))


def _period(row: Mapping[str, Any]) -> str:
    """Return a period as people write it: 11/2020, quý 3/2020, 2020, or its first and last day."""
    text: str = row["period"]
    if "Q" in text:
        return f"quý {text[-1]}/{text[:_YEAR]}"
    if len(text) == _MONTH:
        return f"{text[_YEAR + 1 :]}/{text[:_YEAR]}"
    if len(text) == _YEAR:
        return text
    return "–".join(f"{date.fromisoformat(row[end]):%d/%m/%Y}" for end in ("from", "to"))
