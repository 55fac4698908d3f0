"""`chibo snapshots`: figures frozen with a revision and a hash, and what changed them since."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Column, Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT, refusals_shown
from chibo.options import REPORTING, Json, ReportingUrl, Within, give, iso, parse_day
from chibo.reporting import event_words
from chibo.reporting.figures import number

app = typer.Typer(
    help="Số liệu đã chốt: từng lần chốt, và sự kiện nào làm số liệu đổi.", no_args_is_help=True
)

_SHOWN: Final = 20
_ID_WIDTH: Final = 36
_Id = Annotated[str, typer.Argument(help="id của bản đã chốt, như `chibo snapshots list` in ra.")]


def _day(name: str, text: str) -> Any:
    return typer.Option(f"--{name}", parser=parse_day, metavar="YYYY-MM-DD", help=text)


@app.command()
def freeze(
    from_: Annotated[date, _day("from", "Ngày đầu kỳ.")],
    to: Annotated[date, _day("to", "Ngày cuối kỳ, tính cả ngày đó; kỳ phải đã kết thúc.")],
    unit: Within = None,
    url: ReportingUrl = REPORTING,
    json: Json = False,
) -> None:
    """Chốt số liệu của một tổ chức đảng và một kỳ; sự kiện đến muộn sẽ lập lần chốt sau."""
    with refusals_shown():
        asked = {"unit": unit, "from": iso(from_), "to": iso(to)}
        client = Client(url)
        answer = client.send("/v1/snapshots", asked)
        give(answer, lambda answer: _show(answer, _labels(client)), json=json)


@app.command("list")
def list_(unit: Within = None, url: ReportingUrl = REPORTING, json: Json = False) -> None:
    """Liệt kê các bản đã chốt, kỳ mới nhất trước."""
    with refusals_shown():
        give(_all(Client(url), unit), _show_list, json=json)


def _all(client: Client, unit: str | None) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = client.get("/v1/snapshots", unit=unit, cursor=cursor)
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return {"items": items}


@app.command()
def show(id_: _Id, url: ReportingUrl = REPORTING, json: Json = False) -> None:
    """In số liệu của lần chốt đang có hiệu lực."""
    with refusals_shown():
        client = Client(url)
        answer = client.get(f"/v1/snapshots/{id_}")
        give(answer, lambda answer: _show(answer, _labels(client)), json=json)


@app.command()
def diff(
    id_: _Id,
    revision: Annotated[int | None, typer.Option(min=1, help="Lần chốt; mặc định lần cuối.")] = None,
    url: ReportingUrl = REPORTING,
    json: Json = False,
) -> None:
    """In số liệu nào khác lần chốt trước, và sự kiện nào làm khác."""
    with refusals_shown():
        client = Client(url)
        wanted = revision or client.get(f"/v1/snapshots/{id_}")["version"]
        answer = client.get(f"/v1/snapshots/{id_}/revisions/{wanted}/diff")
        give(answer, lambda answer: show_diff(answer, _labels(client)), json=json)


@app.command()
def verify(url: ReportingUrl = REPORTING) -> None:
    """Kiểm tra mọi bản đã chốt còn nguyên như khi chốt; bản bị sửa được nêu tên."""
    with refusals_shown():
        client = Client(url)
        items = _all(client, None)["items"]
        altered = 0
        for item in items:
            found = client.get(f"/v1/snapshots/{item['id']}/verification")
            if not found["intact"]:
                altered += 1
                OUT.print(f"[bold red]✗[/] {item['id']}: lần chốt {found['first_altered']} đã bị sửa")
        if altered:
            raise typer.Exit(1)
        OUT.print(f"[green]✓[/] {len(items)} bản đã chốt còn nguyên.")


def _name(unit: str | None) -> str:
    return "Toàn bộ" if unit is None else escape(unit)


def _days(one: Mapping[str, Any]) -> tuple[str, str]:
    first, last = (words.day(one[end], missing="") for end in ("from", "to"))
    return first, last


def _show_list(answer: Mapping[str, Any]) -> None:
    # An id is to be copied: it is never cut off.
    table = Table(Column("id", no_wrap=True, min_width=_ID_WIDTH), "Tổ chức đảng", "Từ ngày", "Đến ngày")
    for item in answer["items"]:
        table.add_row(item["id"], _name(item["unit_code"]), *_days(item))
    OUT.print(table)


def _labels(client: Client) -> dict[str, str]:
    """Return what each measure is called, by its code."""
    return {one["code"]: one["label"] for one in client.get("/v1/measures")["measures"]}


def _show(answer: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    latest = answer["latest"]
    first, last = _days(answer)
    unit = (
        f"{escape(latest['unit']['name'])} ({escape(latest['unit']['code'])})"
        if latest["unit"]
        else "Toàn bộ"
    )
    OUT.print(f"[bold]{unit}[/] — từ {first} đến {last}", highlight=False)
    OUT.print(f"Lần chốt {latest['revision']}, biết đến {words.instant(latest['known_at'])}", highlight=False)
    OUT.print(f"[dim]id {answer['id']}[/]\n[dim]SHA-256 {latest['hash']}[/]", highlight=False)
    table = Table("Chỉ tiêu", Column("Số liệu", justify="right"))
    for measure, value in latest["figures"]["whole"].items():
        table.add_row(escape(labels.get(measure, measure)), number(value))
    OUT.print(table)


def show_diff(answer: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    """Print the answer of a diff in Vietnamese; `labels` tell what measures are called, by their codes."""
    if answer["previous"] is None:
        OUT.print("Đây là lần chốt đầu.")
        return
    sides = (f"Lần {answer['previous']}", f"Lần {answer['revision']}")
    table = Table("Tổ chức đảng", "Chỉ tiêu", *(Column(side, justify="right") for side in sides))
    for row in answer["figures"]:
        table.add_row(
            _name(row["unit"]), escape(labels.get(row["measure"], row["measure"])),
            number(row["before"]), number(row["after"]),
        )  # fmt: skip
    OUT.print(table)
    events = answer["events"]
    OUT.print(f"{len(events)} sự kiện đến muộn:", highlight=False)
    for event in events[:_SHOWN]:
        OUT.print(f"  {escape(_told(event))}", highlight=False, soft_wrap=True)
    if (more := len(events) - _SHOWN) > 0:
        OUT.print(f"  … và {more} sự kiện khác")


def _told(event: Mapping[str, Any]) -> str:
    """Return an event as people read it, and where it stands in its service's log."""
    day = f", từ ngày {words.day(event['effective_date'], missing='')}" if event["effective_date"] else ""
    return (
        f"{event_words.told(event['type'], event['about'])}{day}, ghi nhận lúc {words.instant(event['recorded_at'])}"
        f" ({event_words.service_of(event['topic'])}, số {event['sequence']})"
    )
