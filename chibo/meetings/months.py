"""`chibo meetings months|plan|interrupt|…`: months in which cells met, and what is planned or put off for many."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT, refusals_shown
from chibo.meetings.figures import parse_month
from chibo.options import MEETINGS, DecisionDate, Json, MeetingsUrl, give, parse_day
from chibo.words import number

_PAGE: Final = "500"
_MARKS: Final[Mapping[str, str]] = {
    "held": "[green]●[/]",
    "postponed": "[yellow]H[/]",
    "excused": "[cyan]T[/]",
    "missed": "[bold red]✗[/]",
    "open": "[dim]·[/]",
}
_LEGEND: Final = "● đã họp, H hoãn có lý do, T tạm dừng theo văn bản, ✗ không họp, · chưa hết tháng"


class Reason(StrEnum):
    """Why meetings are interrupted, as the service calls it."""

    EPIDEMIC = "epidemic"
    DISASTER = "disaster"
    URGENT_WORK = "urgent_work"
    OTHER = "other"


_REASONS: Final[Mapping[str, str]] = {
    "epidemic": "phòng, chống dịch",
    "disaster": "thiên tai",
    "urgent_work": "nhiệm vụ đột xuất",
    "no_quorum": "không đủ số người",
    "other": "lý do khác",
}

_Unit = Annotated[str, typer.Option("--unit", help="Mã chi bộ, hoặc tổ chức đảng tính cả cấp dưới.")]
_From = Annotated[
    str, typer.Option("--from", parser=parse_month, metavar="YYYY-MM", help="Tháng đầu, ví dụ 2020-01.")
]
_To = Annotated[
    str, typer.Option("--to", parser=parse_month, metavar="YYYY-MM", help="Tháng cuối, ví dụ 2020-12.")
]
_FromDay = Annotated[date, typer.Option("--from", parser=parse_day, metavar="YYYY-MM-DD", help="Từ ngày.")]
_UntilDay = Annotated[
    date | None,
    typer.Option("--until", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày cuối; bỏ trống là chưa định."),
]


def months(unit: _Unit, first: _From, last: _To, url: MeetingsUrl = MEETINGS, json: Json = False) -> None:
    """Từng tháng của từng chi bộ: đã họp, hoãn, tạm dừng, hay không họp."""
    with refusals_shown():
        give(_read(Client(url), unit=unit, first=first, last=last), _show_months, json=json)


def plan(unit: _Unit, first: _From, last: _To, url: MeetingsUrl = MEETINGS, json: Json = False) -> None:
    """Lập kế hoạch các cuộc họp định kỳ theo lịch cố định; tháng đã có thì giữ nguyên."""
    with refusals_shown():
        asked = {"unit_code": unit, "from_month": first, "to_month": last}
        give(Client(url).send("/v1/meeting-plans", asked), _show_plan, json=json)


def calendar(
    *,
    code: Annotated[str, typer.Argument(help="Mã chi bộ.")],
    day: Annotated[int, typer.Option(min=1, max=31, help="Ngày họp trong tháng.")],
    at: Annotated[str, typer.Option("--at", metavar="HH:MM", help="Giờ họp.")],
    place: Annotated[str, typer.Option(help="Nơi họp.")],
    from_on: _FromDay,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Ghi lịch họp cố định của một chi bộ, kể từ một ngày."""
    with refusals_shown():
        asked = {"from_on": from_on.isoformat(), "day": day, "starts_at": at, "place": place}
        give(Client(url).send(f"/v1/cells/{quote(code, safe='')}/calendar", asked), _show_calendar, json=json)


def watch(
    first: _From,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Ghi tháng bắt đầu theo dõi: từ tháng đó, tháng không họp được phát hiện và thông báo."""
    with refusals_shown():
        give(Client(url).send("/v1/monthly-watch", {"from_month": first}), _show_watch, json=json)


def interrupt(
    *,
    units: Annotated[list[str], typer.Argument(metavar="UNIT...", help="Mã các tổ chức, tính cả cấp dưới.")],
    from_on: _FromDay,
    until_on: _UntilDay = None,
    reason: Annotated[Reason, typer.Option(help="Lý do.")] = Reason.EPIDEMIC,
    document: Annotated[str, typer.Option("--document", help="Số, ký hiệu văn bản.")],
    document_date: Annotated[
        date, typer.Option("--document-date", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày văn bản.")
    ],
    decision_date: DecisionDate = None,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Tạm dừng sinh hoạt theo một văn bản: hoãn mọi cuộc họp định kỳ của các chi bộ trong những ngày đó."""
    asked = {
        "unit_codes": units,
        "from_on": from_on.isoformat(),
        "until_on": until_on and until_on.isoformat(),
        "reason": reason.value,
        "document": {"number": document, "date": document_date.isoformat()},
        "decision_date": decision_date and decision_date.isoformat(),
    }
    with refusals_shown():
        give(Client(url).send("/v1/interruptions", asked), _show_interruption, json=json)


def interruptions(url: MeetingsUrl = MEETINGS, json: Json = False) -> None:
    """Các văn bản tạm dừng đã ghi."""
    with refusals_shown():
        client, items, cursor = Client(url), [], None
        while True:
            page = client.get("/v1/interruptions", limit=_PAGE, cursor=cursor)
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        give({"items": items}, _show_interruptions, json=json)


def change(
    *,
    id_: Annotated[str, typer.Argument(metavar="ID", help="Mã số của văn bản tạm dừng.")],
    from_on: Annotated[
        date | None, typer.Option("--from", parser=parse_day, metavar="YYYY-MM-DD", help="Từ ngày.")
    ] = None,
    until_on: _UntilDay = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Rút văn bản đã ghi nhầm.")] = False,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Kéo dài, kết thúc sớm, sửa ngày hoặc rút một văn bản tạm dừng."""
    if withdraw == bool(from_on or until_on):
        raise typer.BadParameter("Hãy cho ngày mới (--from, --until), hoặc --withdraw.")
    asked = {
        "from_on": from_on and from_on.isoformat(),
        "until_on": until_on and until_on.isoformat(),
    }
    step = "withdrawal" if withdraw else "revision"
    with refusals_shown():
        answer = Client(url).send(f"/v1/interruptions/{quote(id_, safe='')}/{step}", asked)
        give(answer, _show_interruption, json=json)


def _read(client: Client, *, unit: str, first: str, last: str) -> dict[str, Any]:
    """Return all pages of the months of a unit as one. Raises as `Client.get`."""
    asked: dict[str, Any] = {"unit": unit, "from": first, "to": last, "limit": _PAGE}
    items: list[dict[str, Any]] = []
    while True:
        page: dict[str, Any] = client.get("/v1/months", **asked)
        items += page["items"]
        if page["next"] is None:
            return {**page, "items": items}
        asked["cursor"] = page["next"]


def _show_months(answer: Mapping[str, Any]) -> None:
    OUT.print(
        f"[bold]{escape(answer['unit_code'])}[/] — tháng {_month(answer['from_month'])} đến"
        f" {_month(answer['to_month'])}"
    )
    listed = [one["month"] for one in answer["by_month"]]
    table = Table("Chi bộ", *[_month(month) for month in listed], "Phải họp", "Đã họp", "Không họp")
    for item in answer["items"]:
        became = {one["month"]: _MARKS[one["status"]] for one in item["months"]}
        table.add_row(
            escape(item["cell_code"]),
            *[became.get(month, "") for month in listed],
            *[number(item[name]) for name in ("due", "held", "missed")],
        )
    OUT.print(table)
    OUT.print(_LEGEND)
    totals = answer["totals"]
    OUT.print(
        f"Phải họp {number(totals['due'])}: đã họp {number(totals['held'])}, hoãn {number(totals['postponed'])},"
        f" tạm dừng {number(totals['excused'])}, không họp {number(totals['missed'])},"
        f" chưa hết tháng {number(totals['open'])}."
    )
    if answer["watched_from"] is None:
        OUT.print("[yellow]![/] Chưa ghi tháng bắt đầu theo dõi (chibo meetings watch).")


def _show_plan(answer: Mapping[str, Any]) -> None:
    OUT.print(f"Đã lập kế hoạch {number(answer['planned'])} cuộc họp định kỳ.")
    OUT.print(
        f"Giữ nguyên {number(answer['left_alone'])} tháng đã có; {number(answer['interrupted'])} tháng đang tạm dừng."
    )
    if without := answer["without_calendar"]:
        codes = escape(", ".join(without))
        OUT.print(f"[yellow]![/] Chưa có lịch cố định trong một số tháng: {codes} (chibo meetings calendar).")


def _show_calendar(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]{escape(answer['cell_code'])}[/] — lịch họp định kỳ")
    for one in answer["days"]:
        OUT.print(
            f"Từ {_day(one['from_on'])}: ngày {one['day']} hằng tháng, {one['starts_at']}, {escape(one['place'])}"
        )


def _show_watch(answer: Mapping[str, Any]) -> None:
    OUT.print(f"Theo dõi sinh hoạt định kỳ từ tháng {_month(answer['from_month'])}.")


def _show_interruption(answer: Mapping[str, Any]) -> None:
    _show_interruptions({"items": [answer]})
    OUT.print(f"Đã hoãn {number(answer['postponed'])} cuộc họp.")


def _show_interruptions(answer: Mapping[str, Any]) -> None:
    table = Table("Mã số", "Văn bản", "Từ ngày", "Đến ngày", "Lý do", "Đơn vị", "")
    for item in answer["items"]:
        document = item["document"]
        table.add_row(
            item["id"],
            f"{escape(document['number'])} ({_day(document['date'])})",
            _day(item["from_on"]),
            words.day(item["until_on"], missing="chưa định"),
            _REASONS[item["reason"]],
            escape(", ".join(item["unit_codes"])),
            "đã rút" if item["withdrawn"] else "",
        )
    OUT.print(table)


def _month(text: str) -> str:
    return f"{text[5:]}/{text[:4]}"


def _day(text: str) -> str:
    return words.day(text, missing="–")
