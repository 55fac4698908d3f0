"""`chibo meetings`: what is recorded of meetings held, the tasks that they gave, and the books."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client, read_all
from chibo.console import OUT, refusals_shown
from chibo.meetings.refs import MeetingName, meeting_id, meeting_path
from chibo.options import MEETINGS, MEMBERSHIP, Json, MeetingsUrl, Reader, give, parse_day
from chibo.people import People, RegisterUrl, ids_of
from chibo.words import number

app = typer.Typer()
"""Commands that `chibo meetings` takes in."""

_SHOWN: Final = 60
"""Characters of a text in a table."""


class TaskList(StrEnum):
    """Which tasks of a cell are wanted, as meetings calls them."""

    ALL = "all"
    OPEN = "open"
    DUE = "due"
    OVERDUE = "overdue"
    REPORTED = "reported"
    CLOSED = "closed"


_DOCUMENTS: Final[Mapping[str, str]] = {
    "minutes": "Biên bản",
    "resolution": "Nghị quyết",
    "correction": "Đính chính",
}
_STATES: Final[Mapping[str, str]] = {
    "open": "đang làm",
    "reported": "đã báo cáo xong",
    "closed": "đã đánh giá",
}
_RESULTS: Final[Mapping[str | None, str]] = {
    None: "–",
    "done_in_time": "xong đúng hạn",
    "done_late": "xong quá hạn",
    "not_done": "chưa xong",
}
_Cell = Annotated[str, typer.Argument(help="Mã chi bộ.")]
_On = Annotated[
    date | None,
    typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày xét hạn; mặc định hôm nay."),
]


@app.command("verify")
def verify(
    *,
    cell: Annotated[str | None, typer.Option(help="Mã chi bộ; bỏ trống là mọi sổ.")] = None,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Kiểm tra sổ biên bản, nghị quyết: trang bị sửa, mất, đổi chỗ hay thêm vào đều bị phát hiện."""
    with refusals_shown():
        answer = Client(url).get("/v1/book-verification", cell=cell)
        give(answer, _show_verification, json=json)
        if not answer["whole"]:
            raise typer.Exit(1)


@app.command("book")
def book(*, code: _Cell, actor: Reader = "unknown", url: MeetingsUrl = MEETINGS, json: Json = False) -> None:
    """In mục lục sổ của một chi bộ; --json in cả nội dung từng trang."""
    with refusals_shown():
        answer = read_all(Client(url), f"{_cell(code)}/book", actor=actor)
        give(answer, _show_book, json=json)


@app.command("record")
def record(
    *, meeting: MeetingName, actor: Reader = "unknown", url: MeetingsUrl = MEETINGS, json: Json = False
) -> None:
    """In diễn biến, nghị quyết, nhiệm vụ và biên bản của một cuộc họp."""
    with refusals_shown():
        client, headers = Client(url), {"X-Chibo-Actor": actor}
        answer = client.get(f"{_meeting(client, meeting)}/record", headers=headers)
        give(answer, _show_record, json=json)


@app.command("approve")
def approve(
    *,
    meeting: MeetingName,
    by: Annotated[
        list[str], typer.Option(help="Mã người thông qua: chủ trì và thư ký, mỗi người một lần --by.")
    ],
    on: Annotated[date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày thông qua.")],
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi chủ trì và thư ký đã thông qua biên bản: biên bản có số và vào sổ, không sửa được nữa."""
    with refusals_shown():
        client, ids = Client(url), ids_of(People(Client(membership_url), actor), by)
        body = {"approved_on": on.isoformat(), "approved_by": ids}
        give(client.send(f"{_meeting(client, meeting)}/approval", body), _show_recorded, json=json)


@app.command("report-up")
def report_up(
    *,
    meeting: MeetingName,
    on: Annotated[date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày gửi.")],
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Ghi biên bản, nghị quyết của cuộc họp đã gửi cấp ủy cấp trên."""
    with refusals_shown():
        client = Client(url)
        answer = client.send(f"{_meeting(client, meeting)}/reporting", {"sent_on": on.isoformat()})
        give(answer, _show_recorded, json=json)


@app.command("tasks")
def tasks(
    *,
    code: _Cell,
    which: Annotated[TaskList, typer.Option(help="Nhiệm vụ cần xem.")] = TaskList.OPEN,
    on: _On = None,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """In nhiệm vụ các cuộc họp của một chi bộ đã giao: người được giao, hạn, kết quả."""
    with refusals_shown():
        answer = read_all(
            Client(url), f"{_cell(code)}/tasks", actor=actor, which=which.value, on=on and on.isoformat()
        )
        give(answer, _show_tasks, json=json)


@app.command("task-done")
def task_done(
    *,
    task: Annotated[str, typer.Argument(help="Mã nhiệm vụ.")],
    on: Annotated[
        date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày hoàn thành.")
    ],
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Ghi một nhiệm vụ đã được báo cáo hoàn thành; cuộc họp sau của chi bộ sẽ đánh giá."""
    with refusals_shown():
        answer = Client(url).send(f"/v1/tasks/{quote(task, safe='')}/reports", {"done_on": on.isoformat()})
        give(answer, lambda said: _show_tasks({"items": [said]}), json=json)


@app.command("reports-due")
def reports_due(
    *,
    unit: Annotated[
        str | None, typer.Option(help="Mã tổ chức đảng, tính cả cấp dưới; bỏ trống là toàn bộ.")
    ] = None,
    on: _On = None,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """In các cuộc họp chưa gửi biên bản, nghị quyết lên cấp trên, và hạn gửi."""
    with refusals_shown():
        answer = read_all(
            Client(url), "/v1/lists/reports-due", actor=actor, unit=unit, as_of=on and on.isoformat()
        )
        give(answer, _show_reports, json=json)


def _cell(code: str) -> str:
    return f"/v1/cells/{quote(code, safe='')}"


def _meeting(client: Client, name: str) -> str:
    return meeting_path(meeting_id(client, name))


def _day(text: str | None) -> str:
    return words.day(text, missing="–")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return escape(line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…")


def _show_verification(answer: Mapping[str, Any]) -> None:
    OUT.print(f"Đã kiểm tra {number(answer['pages'])} trang của {number(answer['books'])} sổ.")
    if answer["whole"]:
        OUT.print("[green]Mọi trang đều nguyên vẹn.[/]")
        return
    table = Table("Chi bộ", "Trang", "Sai lệch")
    for one in answer["findings"]:
        table.add_row(escape(one["cell_code"] or "?"), str(one["page"]), one["message"])
    OUT.print(table)
    OUT.print(
        "[bold red]Sổ không còn như lúc ghi.[/] Hãy giữ nguyên hiện trạng và đối chiếu với bản sao lưu."
    )


def _show_book(answer: Mapping[str, Any]) -> None:
    table = Table("Trang", "Văn bản", "Số", "Nhiệm kỳ, năm", "Ngày thông qua", "Mã băm")
    for page in answer["items"]:
        table.add_row(
            str(page["page"]),
            _DOCUMENTS[page["kind"]],
            str(page["number"]),
            escape(page["series"]),
            _day(page["content"]["approved_on"]),
            page["hash"][:16],
        )
    OUT.print(f"[bold]Sổ của chi bộ {escape(answer['cell_code'])}[/]")
    OUT.print(table)


def _show_record(answer: Mapping[str, Any]) -> None:
    written, minutes = answer["proceedings"], answer["minutes"]
    if minutes:
        sent = f", gửi cấp trên ngày {_day(minutes['reported_on'])}" if minutes["reported_on"] else ""
        OUT.print(
            f"[bold]Biên bản số {minutes['number']}[/] ({escape(minutes['series'])}),"
            f" thông qua ngày {_day(minutes['approved_on'])}{sent}."
        )
    for one in answer["corrections"]:
        pages = ", ".join(map(str, one["corrects"]))
        OUT.print(
            f"[bold]Đính chính số {one['number']}[/] ({escape(one['series'])}), thông qua ngày"
            f" {_day(one['approved_on'])}, ở trang {one['page']} của sổ, sửa trang {pages}: {_short(one['reason'])}"
        )
    if written:
        OUT.print(f"Chủ trì {written['chair_id']}, thư ký {written['recorder_id']}.")
        for opinion in written["opinions"]:
            OUT.print(f"· {opinion['speaker_id'] or 'Khách'}: {escape(opinion['text'])}")
        for direction in written["directions"]:
            OUT.print(f"→ {escape(direction)}")
    for one in answer["resolutions"]:
        outcome = (
            f"số {one['number']} ({escape(one['series'])})" if one["carried"] else "không được thông qua"
        )
        OUT.print(
            f"[bold]Nghị quyết {outcome}[/]: {escape(one['subject'])} — tán thành {one['in_favour']}, không tán"
            f" thành {one['against']}, không có ý kiến {one['abstained']}, trên {one['base']} đảng viên chính thức."
        )
    for one in answer["evaluations"]:
        OUT.print(f"Đánh giá: {_short(one['text'])} — {_RESULTS[one['result']]}")
    for one in answer["tasks"]:
        OUT.print(
            f"Giao: {_short(one['text'])} — hạn {_day(one['due_on'])}, cho {one['member_id']}", soft_wrap=True
        )


def _show_recorded(answer: Mapping[str, Any]) -> None:
    minutes = answer.get("minutes")
    OUT.print(
        f"Đã ghi: biên bản số {minutes['number']} ({escape(minutes['series'])})." if minutes else "Đã ghi."
    )
    for warning in answer["warnings"]:
        OUT.print(f"[yellow]![/] {escape(warning['message'])}")


def _show_tasks(answer: Mapping[str, Any]) -> None:
    # Not a table: two ids of 36 characters leave no room in one.
    for one in answer["items"]:
        result = "" if one["result"] is None else f", {_RESULTS[one['result']]}"
        OUT.print(
            f"[bold]Hạn {_day(one['due_on'])}[/] · {_STATES[one['status']]}{result} · {_short(one['text'])}"
        )
        OUT.print(f"  giao ngày {_day(one['assigned_on'])} cho {one['member_id']}", soft_wrap=True)
        OUT.print(f"  mã {one['id']}", soft_wrap=True)
    OUT.print(f"Tất cả: {number(len(answer['items']))}")


def _show_reports(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]Biên bản, nghị quyết chưa gửi cấp trên[/] — ngày {_day(answer['as_of'])}")
    for one in answer["items"]:
        state = "đã thông qua" if one["approved"] else "chưa thông qua"
        late = " [red](quá hạn)[/]" if one["overdue"] else ""
        OUT.print(
            f"[bold]Hạn {_day(one['due_on'])}[/]{late} · {escape(one['cell_code'])} {escape(one['cell_name'])}"
            f" · họp ngày {_day(one['held_on'])}, biên bản {state}"
        )
        OUT.print(f"  mã cuộc họp {one['meeting_id']}", soft_wrap=True)
    OUT.print(f"Tất cả: {number(len(answer['items']))}")
    for source in dict.fromkeys(one["source"] for one in answer["items"]):
        OUT.print(f"Căn cứ: {escape(source)}")
