"""`chibo plans`: the monthly plan of who of the working teams attends which meeting, and why."""

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from chibo import words
from chibo.client import Client, read_all
from chibo.console import Refused, line, refusals_shown
from chibo.inspection.plan_tables import show_history, show_left_out, show_notices, show_plan, show_plans
from chibo.inspection.teams import people_in_teams
from chibo.meetings.figures import parse_month
from chibo.options import (
    INSPECTION,
    MEMBERSHIP,
    DocumentDate,
    DocumentNumber,
    InspectionUrl,
    Json,
    Reader,
    decision,
    give,
    iso,
    parse_day,
)
from chibo.people import People, RegisterUrl

app = typer.Typer(
    help="Kế hoạch tháng: ai trong các tổ công tác dự sinh hoạt chi bộ nào, và vì sao.", no_args_is_help=True
)

_Month = Annotated[
    str, typer.Argument(metavar="YYYY-MM", parser=parse_month, help="Tháng, như 2026-12 hoặc 12/2026.")
]
_Cell = Annotated[str, typer.Argument(metavar="CELL", help="Mã chi bộ có buổi sinh hoạt.")]
_Member = Annotated[str | None, typer.Argument(metavar="MEMBER", help="Mã đảng viên.")]
_Meeting = Annotated[
    str | None, typer.Option("--meeting", help="Mã buổi sinh hoạt, khi chi bộ có nhiều buổi trong tháng.")
]
_Today = Annotated[
    date | None,
    typer.Option(
        "--on",
        parser=parse_day,
        metavar="YYYY-MM-DD",
        help="Ngày làm; buổi trước đó là đã qua. Mặc định bây giờ.",
    ),
]
_PerPerson = Annotated[int | None, typer.Option(min=1, help="Mỗi người nhiều nhất bao nhiêu buổi.")]
_AtMost = Annotated[int | None, typer.Option(min=1, help="Cả tháng nhiều nhất bao nhiêu buổi.")]


@app.command("propose")
def propose(
    *,
    month: _Month,
    anew: Annotated[
        bool, typer.Option("--anew", help="Xếp lại dự thảo đã có, giữ điều đã ghim và đã loại.")
    ] = False,
    per_person: _PerPerson = None,
    at_most: _AtMost = None,
    on: _Today = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Đề xuất ai dự buổi sinh hoạt nào trong tháng."""
    body = {"per_person": per_person, "at_most": at_most, "on": iso(on)}
    with refusals_shown():
        if anew:
            answer = Client(url).send(_path(month, "proposal"), body)
        else:
            answer = Client(url).send("/v1/visit-plans", body | {"month": month})
        _give(answer, url, register, actor, json=json)


@app.command("show")
def show(
    *,
    month: _Month,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In kế hoạch của một tháng: ai dự buổi nào, vì sao chi bộ này."""
    with refusals_shown():
        answer = Client(url).get(_path(month), headers={"X-Chibo-Actor": actor})
        _give(answer, url, register, actor, json=json)


@app.command("left-out")
def left_out(
    *, month: _Month, actor: Reader = "unknown", url: InspectionUrl = INSPECTION, json: Json = False
) -> None:
    """In những chi bộ không được chọn trong tháng, và vì sao không."""
    with refusals_shown():
        answer = Client(url).get(_path(month), headers={"X-Chibo-Actor": actor})
        give(answer, show_left_out, json=json)


@app.command("pin")
def pin(
    *,
    month: _Month,
    cell: _Cell,
    member: _Member = None,
    meeting: _Meeting = None,
    on: _Today = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghim buổi sinh hoạt của một chi bộ vào dự thảo, với người đi dự nếu ghi mã."""
    with refusals_shown():
        service = Client(url)
        body = {
            "meeting_id": meeting or _meeting(service, month, cell, actor),
            "member_id": _id(register, member, actor),
            "on": iso(on),
        }
        _give(service.send(_path(month, "pins"), body), url, register, actor, json=json)


@app.command("unpin")
def unpin(
    *,
    month: _Month,
    cell: _Cell,
    meeting: _Meeting = None,
    on: _Today = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Bỏ ghim buổi sinh hoạt của một chi bộ."""
    with refusals_shown():
        service = Client(url)
        body = {"meeting_id": meeting or _meeting(service, month, cell, actor), "on": iso(on)}
        _give(service.send(_path(month, "pins", "removal"), body), url, register, actor, json=json)


_BannedCell = Annotated[str | None, typer.Option("--cell", help="Mã chi bộ không dự trong tháng.")]
_BannedMember = Annotated[str | None, typer.Option("--member", help="Mã đảng viên không phân công.")]


@app.command("forbid")
def forbid(
    *,
    month: _Month,
    cell: _BannedCell = None,
    member: _BannedMember = None,
    meeting: _Meeting = None,
    again: Annotated[bool, typer.Option("--lift", help="Thôi loại điều đã loại.")] = False,
    on: _Today = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Loại khỏi dự thảo buổi của một chi bộ, một người, hoặc người này ở chi bộ này khi ghi cả hai."""
    with refusals_shown():
        service = Client(url)
        body = {
            "meeting_id": meeting or (cell and _meeting(service, month, cell, actor)),
            "member_id": _id(register, member, actor),
            "on": iso(on),
        }
        path = _path(month, "bans", "removal") if again else _path(month, "bans")
        _give(service.send(path, body), url, register, actor, json=json)
        if again and not json:
            line("Điều thôi loại chỉ được xếp vào khi ghim, đổi tay hoặc đề xuất lại (propose --anew).")


@app.command("change")
def change(
    *,
    month: _Month,
    cell: _Cell,
    member: _Member = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Không ai dự buổi này.")] = False,
    meeting: _Meeting = None,
    on: _Today = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Đổi tay người dự một buổi, kể cả khi kế hoạch đã duyệt; không buổi nào khác thay đổi."""
    if nobody == (member is not None):
        raise typer.BadParameter("Hãy ghi mã đảng viên đi dự, hoặc --nobody.")
    with refusals_shown():
        service = Client(url)
        body = {
            "meeting_id": meeting or _meeting(service, month, cell, actor),
            "member_id": _id(register, member, actor),
            "on": iso(on),
        }
        _give(service.send(_path(month, "changes"), body), url, register, actor, json=json)


@app.command("replan")
def replan(
    *,
    month: _Month,
    on: _Today = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Xếp lại những buổi không còn dự được như đã định, giữ nguyên mọi buổi khác."""
    with refusals_shown():
        answer = Client(url).send(_path(month, "replanning"), {"on": iso(on)})
        _give(answer, url, register, actor, json=json)


@app.command("approve")
def approve(
    *,
    month: _Month,
    on: _Today = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Duyệt kế hoạch: từng buổi dự được báo cho người đi dự và chi bộ."""
    body = {"on": iso(on), **decision(None, document, document_date)}
    with refusals_shown():
        _give(Client(url).send(_path(month, "approval"), body), url, register, actor, json=json)


@app.command("notices")
def notices(
    *,
    month: _Month,
    member: Annotated[str | None, typer.Argument(metavar="MEMBER", help="Chỉ của người này.")] = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
) -> None:
    """In lịch dự sinh hoạt của từng người trong tháng, và thư báo cho họ, cho chi bộ đã gửi đến đâu."""
    with refusals_shown():
        service, headers = Client(url), {"X-Chibo-Actor": actor}
        plan = service.get(_path(month), headers=headers)
        told = service.get(_path(month, "notices"), headers=headers)
        people = _people(service, register, plan, actor)
        wanted = None if member is None else people.id_of(member)
        show_notices(plan, told, people, wanted)


@app.command("contact")
def contact(
    email: Annotated[str, typer.Argument(help="Địa chỉ thư điện tử.")],
    *,
    member: Annotated[str | None, typer.Option(help="Mã đảng viên đi dự.")] = None,
    cell: Annotated[str | None, typer.Option(help="Mã chi bộ được dự.")] = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghi địa chỉ nhận thư báo dự sinh hoạt của một người đi dự, hoặc của một chi bộ."""
    if (member is None) == (cell is None):
        raise typer.BadParameter("Hãy ghi đúng một trong hai: --member hoặc --cell.")
    with refusals_shown():
        who = _id(register, member, actor)
        path = f"/v1/contacts/{who}" if who else f"/v1/unit-contacts/{quote(cell or '', safe='')}"
        answer = Client(url).put(path, {"email": email})
        give(answer, lambda _: line(f"Đã ghi địa chỉ của {member or cell}."), json=json)


@app.command("calendar")
def calendar(
    *,
    month: _Month,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="Mã đảng viên.")],
    out: Annotated[Path, typer.Option("--out", help="Tệp lịch (.ics) để ghi.")],
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
) -> None:
    """Ghi các buổi dự của một người thành tệp lịch, mở được bằng chương trình lịch."""
    with refusals_shown():
        content, headers = io.BytesIO(), {"X-Chibo-Actor": actor}
        who = _id(register, member, actor)
        Client(url).download(_path(month, "calendar"), content, headers=headers, member_id=who)
        try:
            out.write_bytes(content.getvalue())
        except OSError as error:
            raise Refused(f"Không ghi được tệp {out}: {error.strerror}.") from error
        line(f"Đã ghi {out}.")


@app.command("list")
def list_(url: InspectionUrl = INSPECTION, json: Json = False) -> None:
    """In các kế hoạch, tháng mới nhất trước."""
    with refusals_shown():
        give(read_all(Client(url), "/v1/visit-plans", actor="unknown"), show_plans, json=json)


@app.command("history")
def history(
    *, month: _Month, actor: Reader = "unknown", url: InspectionUrl = INSPECTION, json: Json = False
) -> None:
    """In mọi điều đã ghi về một kế hoạch và các buổi dự của nó."""
    with refusals_shown():
        answer = Client(url).get(_path(month, "history"), headers={"X-Chibo-Actor": actor})
        give(answer, show_history, json=json)


def _path(month: str, *further: str) -> str:
    return "/".join(["/v1/visit-plans", *(quote(part, safe="") for part in (month, *further))])


def _id(register: str, member: str | None, actor: str) -> str | None:
    return None if member is None else People(Client(register), actor).id_of(member)


def _meeting(service: Client, month: str, cell: str, actor: str) -> str:
    """Return the meeting of a cell that a plan has, or could have. Raises Refused where the plan knows none."""
    plan = service.get(_path(month), headers={"X-Chibo-Actor": actor})
    for one in (*plan["visits"], *plan["left_out"]):
        if one["cell_code"] == cell and one["meeting_id"]:
            return str(one["meeting_id"])
    raise Refused(
        f"Kế hoạch tháng {words.month(month)} không biết buổi sinh hoạt nào của {cell}. Hãy kiểm tra mã, đề xuất lại "
        "(--anew) nếu chi bộ vừa lập lịch, hoặc ghi --meeting."
    )


def _people(service: Client, register: str, plan: Mapping[str, Any], actor: str) -> People:
    on = plan["visits"][0]["starts_at"][:10] if plan["visits"] else f"{plan['month']}-01"
    there = service.get("/v1/team-members", headers={"X-Chibo-Actor": actor}, on=on)
    return people_in_teams(Client(register), there, actor)


def _give(answer: dict[str, Any], url: str, register: str, actor: str, *, json: bool) -> None:
    if json:
        give(answer, show_plans, json=True)
        return
    show_plan(answer, _people(Client(url), register, answer, actor))
