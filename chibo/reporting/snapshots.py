"""`chibo snapshots`: figures frozen with a revision and a hash, and what changed them since."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from chibo.client import Client
from chibo.console import OUT, refusals_shown
from chibo.options import REPORTING, Json, ReportingUrl, Within, give, iso, parse_day

app = typer.Typer(
    help="Số liệu đã chốt: từng lần chốt, và sự kiện nào làm số liệu đổi.", no_args_is_help=True
)

_SHOWN: Final = 20
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
        give(Client(url).send("/v1/snapshots", asked), _show, json=json)


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
        give(Client(url).get(f"/v1/snapshots/{id_}"), _show, json=json)


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
        number = revision or client.get(f"/v1/snapshots/{id_}")["version"]
        give(client.get(f"/v1/snapshots/{id_}/revisions/{number}/diff"), _show_diff, json=json)


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


def _show_list(answer: Mapping[str, Any]) -> None:
    table = Table("id", "Tổ chức đảng", "Từ ngày", "Đến ngày")
    for item in answer["items"]:
        table.add_row(item["id"], _name(item["unit_code"]), item["from"], item["to"])
    OUT.print(table)


def _show(answer: Mapping[str, Any]) -> None:
    latest = answer["latest"]
    OUT.print(f"[bold]{answer['id']}[/]  {_name(answer['unit_code'])}, {answer['from']} – {answer['to']}")
    OUT.print(f"Lần chốt {latest['revision']}, biết đến {latest['known_at']}")
    OUT.print(f"SHA-256 {latest['hash']}")
    table = Table("Chỉ tiêu", "Số liệu")
    for measure, value in latest["figures"]["whole"].items():
        table.add_row(measure, "–" if value is None else f"{value:g}")
    OUT.print(table)


def _show_diff(answer: Mapping[str, Any]) -> None:
    if answer["previous"] is None:
        OUT.print("Đây là lần chốt đầu.")
        return
    table = Table("Tổ chức đảng", "Chỉ tiêu", f"Lần {answer['previous']}", f"Lần {answer['revision']}")
    for row in answer["figures"]:
        values = ["–" if row[side] is None else f"{row[side]:g}" for side in ("before", "after")]
        table.add_row(_name(row["unit"]), row["measure"], *values)
    OUT.print(table)
    for event in answer["events"][:_SHOWN]:
        OUT.print(
            f"  {event['topic']} sự kiện {event['sequence']} ({event['recorded_at']}): {', '.join(event['about'])}"
        )
    if (more := len(answer["events"]) - _SHOWN) > 0:
        OUT.print(f"  … và {more} sự kiện khác")
