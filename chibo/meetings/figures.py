"""`chibo meetings`: how the cells met, from files of past meetings to the figures of any unit and period."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from chibo import importing
from chibo.client import Client
from chibo.console import OUT, refusals_shown, step
from chibo.importing import OnError
from chibo.options import MEETINGS, Json, MeetingsUrl, give
from chibo.words import number

app = typer.Typer(help="Sinh hoạt chi bộ: nhập các cuộc họp đã qua, số liệu.", no_args_is_help=True)

_YEAR: Final = 12
_MONTHS: Final = {
    "due": "Số kỳ phải họp định kỳ",
    "held": "  Đã họp",
    "postponed": "  Hoãn",
    "excused": "  Tạm dừng theo chỉ đạo",
    "missed": "  Không họp, không có lý do",
    "open": "  Chưa hết tháng",
}
_KINDS: Final = {"regular": "  Định kỳ", "thematic": "  Chuyên đề riêng", "extraordinary": "  Đột xuất"}


def parse_month(text: str) -> str:
    """Return a month as 2020-11, given so or as 11/2020. Raises BadParameter."""
    first, _, second = text.replace("/", "-").partition("-")
    year, month = (first, second) if len(first) == len("2020") else (second, first)
    try:
        return f"{date(int(year), int(month), 1):%Y-%m}"
    except ValueError:
        raise typer.BadParameter(
            f"“{text}” không phải một tháng; hãy ghi như 2020-11 hoặc 11/2020."
        ) from None


_From = Annotated[
    str | None,
    typer.Option("--from", parser=parse_month, metavar="YYYY-MM", help="Tháng đầu; mặc định 12 tháng đến --to."),
]  # fmt: skip
_To = Annotated[
    str | None,
    typer.Option("--to", parser=parse_month, metavar="YYYY-MM", help="Tháng cuối; mặc định tháng này."),
]


@app.command("import")
def import_(
    file: Path,
    on_error: Annotated[
        OnError, typer.Option(help="abort: có lỗi thì không nhập gì; skip: nhập các dòng đúng.")
    ] = OnError.ABORT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ kiểm tra và cho xem điều sẽ thay đổi, không nhập.")
    ] = False,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Nhập tệp các cuộc họp đã qua, mỗi dòng một cuộc họp; điều đã ghi không bị sửa."""
    with refusals_shown():
        with step(f"Đã {'kiểm tra' if dry_run else 'xử lý'} {file.name}"):
            answer = importing.import_file(Client(url), "meetings", file, on_error=on_error, dry_run=dry_run)
        give(answer, lambda answer: OUT.print(importing.summary(answer)), json=json)


@app.command("figures")
def figures(
    unit: Annotated[
        str | None, typer.Option(help="Mã tổ chức đảng, tính cả cấp dưới; bỏ trống là toàn bộ.")
    ] = None,
    first: _From = None,
    last: _To = None,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """In số liệu sinh hoạt chi bộ của một tổ chức đảng trong một số tháng."""
    last = last or f"{date.today():%Y-%m}"  # noqa: DTZ011 - the office's own month
    with refusals_shown():
        answer = read(Client(url), unit=unit, first=first or year_to(last), last=last)
        give(answer, show, json=json)


def year_to(month: str) -> str:
    """Return the first of the twelve months that end with one."""
    number_ = int(month[:4]) * _YEAR + int(month[5:]) - _YEAR
    return f"{number_ // _YEAR:04}-{number_ % _YEAR + 1:02}"


def read(client: Client, *, unit: str | None, first: str, last: str) -> dict[str, Any]:
    """Return the figures of a unit, of all cells for None. Raises as `Client.get`."""
    period: dict[str, Any] = {"from": first, "to": last}
    answer: dict[str, Any] = client.get("/v1/figures", unit=unit, **period)
    return answer


def show(answer: Mapping[str, Any]) -> None:
    """Print the answer of `GET /v1/figures` in Vietnamese."""
    first, last = (f"{answer[end][5:]}/{answer[end][:4]}" for end in ("from_month", "to_month"))
    unit = escape(answer["unit_code"] or "toàn bộ")
    OUT.print(f"[bold]Sinh hoạt chi bộ[/] — {unit}, từ tháng {first} đến tháng {last}")
    table = Table(show_header=False)
    table.add_column(min_width=32)
    table.add_column(justify="right", min_width=8)
    for name, label in _MONTHS.items():
        if answer["months"][name] or name not in {"excused", "open"}:
            table.add_row(label, number(answer["months"][name]))
    table.add_section()
    table.add_row("Cuộc họp đã tổ chức", number(sum(answer["held"].values())))
    for name, label in _KINDS.items():
        table.add_row(label, number(answer["held"][name]))
    table.add_section()
    for quarter in answer["thematic"]:
        year, number_ = quarter["quarter"].split("-Q")
        of = f"{number(quarter['held'])}/{number(quarter['due'])}"
        table.add_row(f"Chi bộ có chuyên đề quý {number_}/{year}", of)
    table.add_section()
    table.add_row("Tỷ lệ đảng viên dự họp", _percent(answer["attendance"]["percent"]))
    table.add_row("Ý kiến phát biểu", number(answer["opinions"]))
    on_time = f"{number(answer['tasks_on_time'])}/{number(answer['tasks'])}"
    table.add_row("Nhiệm vụ hoàn thành đúng hạn", on_time)
    OUT.print(table)


def _percent(value: float | None) -> str:
    """Return a rate as it is written in Vietnamese: 91,9 %."""
    return "—" if value is None else f"{value:.1f} %".replace(".", ",")
