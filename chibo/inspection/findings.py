"""`chibo findings`: what visitors found lacking in cells, from its recording until it is confirmed as mended."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client, read_all
from chibo.console import OUT, refusals_shown
from chibo.importing import OnError
from chibo.inspection.visits import (
    DryRun,
    FirstDay,
    LastDay,
    OnErrors,
    Team,
    called,
    labels_of,
    path_of,
    take,
)
from chibo.options import (
    INSPECTION,
    MEMBERSHIP,
    InspectionUrl,
    Json,
    On,
    Reader,
    Within,
    give,
    iso,
    parse_day,
)
from chibo.people import People, RegisterUrl, people_of
from chibo.words import number

app = typer.Typer(help="Hạn chế qua các lần dự: ghi, khắc phục, xác nhận.", no_args_is_help=True)


class Severity(StrEnum):
    """How much a finding weighs, as inspection calls it."""

    MINOR = "minor"
    MODERATE = "moderate"
    SERIOUS = "serious"


class State(StrEnum):
    """How far a finding is, as inspection calls it."""

    OPEN = "open"
    REMEDYING = "remedying"
    REPORTED = "reported"
    CLOSED = "closed"


SEVERITIES: Final[Mapping[str, str]] = {
    Severity.MINOR: "nhẹ",
    Severity.MODERATE: "vừa",
    Severity.SERIOUS: "nghiêm trọng",
}
STATES: Final[Mapping[str, str]] = {
    State.OPEN: "chưa khắc phục",
    State.REMEDYING: "đang khắc phục",
    State.REPORTED: "đã báo cáo",
    State.CLOSED: "đã xác nhận",
}
_POSITIONS: Final[Mapping[str, str]] = {
    "secretary": "bí thư",
    "deputy_secretary": "phó bí thư",
    "committee_member": "cấp ủy viên",
}
FindingName = Annotated[
    str, typer.Argument(metavar="FINDING", help="Số của hạn chế, như `findings list` in ra.")
]
_Note = Annotated[str | None, typer.Option("--note", help="Ghi chú; chỉ dịch vụ này biết.")]
Due = Annotated[
    date | None, typer.Option("--due", parser=parse_day, metavar="YYYY-MM-DD", help="Hạn khắc phục.")
]
LimitationCode = Annotated[
    str | None, typer.Option(help="Tên hoặc mã hạn chế trong danh mục, như “dài dòng”.")
]
AxisCode = Annotated[
    str | None, typer.Option(help="Mặt, nếu hạn chế không có trong danh mục, như “nội dung sinh hoạt”.")
]
OwnerUnit = Annotated[str | None, typer.Option("--owner-unit", help="Tổ chức đảng phải khắc phục.")]
OwnerPosition = Annotated[str | None, typer.Option("--owner-position", help="Chức danh trong đó.")]
OwnerMember = Annotated[str | None, typer.Option("--owner-member", help="Mã đảng viên phải khắc phục.")]


@app.command("import")
def import_(
    file: Path,
    on_error: OnErrors = OnError.ABORT,
    dry_run: DryRun = False,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Nhập tệp hạn chế của các lần dự đã ghi, mỗi dòng một hạn chế; hạn chế đã biết được ghi tiếp."""
    take(file, "findings", url, on_error=on_error, dry_run=dry_run, json=json)


@app.command("open")
def open_(
    *,
    visit: Annotated[str, typer.Argument(metavar="VISIT", help="Số của lần dự.")],
    summary: Annotated[str, typer.Option(help="Nội dung hạn chế.")],
    severity: Annotated[Severity, typer.Option(help="Mức độ.")] = Severity.MINOR,
    limitation: LimitationCode = None,
    axis: AxisCode = None,
    unit: OwnerUnit = None,
    position: OwnerPosition = None,
    member: OwnerMember = None,
    due: Due = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghi một hạn chế của chi bộ; không nêu ai thì bí thư chi bộ khắc phục."""
    with refusals_shown():
        service, cell = Client(url), ""
        if position and not unit:
            cell = service.get(path_of(visit), headers={"X-Chibo-Actor": actor})["cell_code"]
        body = {
            "summary": summary,
            "severity": severity,
            **lacking_said(service, limitation, axis),
            "due_on": iso(due),
            "owner": owner_said(cell, unit, position, member, People(Client(register), actor)),
        }
        give(service.send(f"{path_of(visit)}/findings", body), show_finding_changed, json=json)


@app.command("begin")
def begin(
    *, finding: FindingName, on: On, note: _Note = None, url: InspectionUrl = INSPECTION, json: Json = False
) -> None:
    """Ghi việc bắt đầu khắc phục."""
    _step(finding, "remedy", {"on": iso(on), "note": note}, url, json=json)


@app.command("report")
def report(
    *,
    finding: FindingName,
    on: On,
    note: _Note = None,
    attachments: Annotated[
        list[str] | None,
        typer.Option(
            "--attachment",
            metavar="ATTACHMENT",
            help="Số của tệp minh chứng, như `visits attach` in ra; có thể ghi nhiều.",
        ),
    ] = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghi báo cáo đã khắc phục, với minh chứng trong --note hoặc --attachment."""
    body = {"on": iso(on), "note": note, "attachment_ids": attachments or []}
    _step(finding, "report", body, url, json=json)


@app.command("confirm")
def confirm(
    *, finding: FindingName, on: On, note: _Note = None, url: InspectionUrl = INSPECTION, json: Json = False
) -> None:
    """Xác nhận đã khắc phục."""
    _step(finding, "confirmation", {"on": iso(on), "note": note}, url, json=json)


@app.command("reopen")
def reopen(
    *,
    finding: FindingName,
    on: On,
    due: Due = None,
    note: _Note = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Mở lại một hạn chế chưa thật sự được khắc phục, với lý do trong --note và hạn mới --due."""
    if due is None:
        raise typer.BadParameter("Mở lại cần hạn mới: --due.")
    _step(finding, "reopening", {"on": iso(on), "due_on": iso(due), "note": note}, url, json=json)


@app.command("withdraw")
def withdraw(*, finding: FindingName, url: InspectionUrl = INSPECTION, json: Json = False) -> None:
    """Hủy một hạn chế không hề có."""
    _step(finding, "withdrawal", {}, url, json=json)


@app.command("carry-over")
def carry_over(
    *,
    year: Annotated[
        int, typer.Argument(help="Năm của chương trình mà các hạn chế chưa xong được chuyển sang.")
    ],
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Chuyển các hạn chế chưa khắc phục xong của các năm trước sang chương trình của một năm."""
    with refusals_shown():
        answer = Client(url).send("/v1/findings/carry-over", {"year": year})
        give(answer, lambda it: OUT.print(f"Đã chuyển {number(len(it['ids']))} hạn chế."), json=json)


@app.command("list")
def list_(
    *,
    unit: Within = None,
    team: Team = None,
    state: Annotated[State | None, typer.Option(help="Ở trạng thái này.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Chỉ những hạn chế quá hạn.")] = False,
    recurrent: Annotated[bool, typer.Option("--recurrent", help="Chỉ những hạn chế lặp lại.")] = False,
    first: FirstDay = None,
    last: LastDay = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In các hạn chế: của một tổ chức đảng, của một tổ, ở một trạng thái."""
    with refusals_shown():
        asked = {
            "unit": unit,
            "team": team,
            "state": state,
            "overdue": "true" if overdue else None,
            "recurrent": "true" if recurrent else None,
            "from": iso(first),
            "to": iso(last),
        }
        service = Client(url)
        found = read_all(service, "/v1/findings", actor="unknown", **asked)
        if json:
            give(found, show_finding_changed, json=True)
            return
        checklist = service.get("/v1/checklist")
        _show_findings(found, labels_of(checklist, "axes") | labels_of(checklist, "limitations"))


@app.command("show")
def show(
    *,
    finding: FindingName,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In một hạn chế với mọi bước đã ghi."""
    with refusals_shown():
        answer = Client(url).get(finding_path(finding), headers={"X-Chibo-Actor": actor})
        give(answer, lambda it: _show_finding(it, _owner(it, Client(register), actor)), json=json)


def _step(finding: str, step: str, body: Mapping[str, Any], url: str, *, json: bool) -> None:
    with refusals_shown():
        give(Client(url).send(f"{finding_path(finding)}/{step}", body), show_finding_changed, json=json)


def owner_said(
    cell: str, unit: str | None, position: str | None, member: str | None, people: People
) -> dict[str, Any] | None:
    """Return who is to remedy a finding of a cell, as the service takes it; None where nobody is named.

    A position is one in the cell, where no unit is named. Raises as `id_of`.
    """
    owner = {
        "unit_code": unit or (cell if position else None),
        "position": position,
        "member_id": people.id_of(member) if member else None,
    }
    return owner if any(owner.values()) else None


def lacking_said(service: Client, limitation: str | None, axis: str | None) -> dict[str, str | None]:
    """Return what is lacking by codes, where names of the checklist may have been written."""
    checklist = service.get("/v1/checklist") if limitation or axis else {}
    return {
        "limitation": limitation and called(checklist, "limitations", limitation),
        "axis": axis and called(checklist, "axes", axis),
    }


def finding_path(finding: str) -> str:
    """Return where a finding is."""
    return f"/v1/findings/{quote(finding, safe='')}"


def _day(text: str | None) -> str:
    return words.day(text, missing="")


def _state(one: Mapping[str, Any]) -> str:
    late = ", [red]quá hạn[/]" if one["overdue"] else ""
    again = ", [yellow]lặp lại[/]" if one["recurrence_of"] else ""
    return f"{STATES[one['state']]}{late}{again}"


def show_finding_changed(one: dict[str, Any]) -> None:
    """Print what came of a command on a finding."""
    what = "Đã hủy hạn chế" if one["withdrawn"] else "Đã ghi hạn chế"
    OUT.print(
        f"{what} của {escape(one['cell_code'])}: {SEVERITIES[one['severity']]}, {_state(one)},"
        f" hạn {_day(one['due_on'])}. Số: {one['id']}"
    )


def _show_findings(answer: dict[str, Any], labels: Mapping[str, str]) -> None:
    table = Table("Ngày dự", "Chi bộ", "Hạn chế", "Mức độ", "Hạn", "Trạng thái", "Số")
    for one in answer["items"]:
        table.add_row(
            _day(one["found_on"]),
            escape(one["cell_code"]),
            escape(labels.get(what := one["limitation"] or one["axis"], what)),
            SEVERITIES[one["severity"]],
            _day(one["due_on"]),
            _state(one),
            one["id"],
        )
    OUT.print(table)


def _owner(one: Mapping[str, Any], register: Client, actor: str) -> str:
    owner = one["owner"]
    if not owner["member_id"]:
        return f"{_POSITIONS.get(owner['position'], '')} {owner['unit_code']}".strip()
    on, ids = date.fromisoformat(one["found_on"]), [owner["member_id"]]
    return people_of(register, cell=one["cell_code"], on=on, ids=ids, actor=actor).label(owner["member_id"])


def _show_finding(one: dict[str, Any], owner: str) -> None:
    OUT.print(f"[bold]{escape(one['cell_code'])}[/] ngày {_day(one['found_on'])}: {escape(one['summary'])}")
    OUT.print(f"{SEVERITIES[one['severity']]}; {_state(one)}; khắc phục: {escape(owner)}")
    table = Table("Từ ngày", "Trạng thái", "Hạn", "Ghi chú")
    for step in one["steps"]:
        state = "đính chính" if step["restated"] else STATES[step["state"]]
        table.add_row(_day(step["on"]), state, _day(step["due_on"]), escape(step["note"] or ""))
    OUT.print(table)
