"""`chibo teams`: the Standing Committee's working teams, who sits in them, who is away, who is free on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

import typer

from chibo.client import Client, read_all
from chibo.console import Refused, line, refusals_shown
from chibo.inspection.team_tables import (
    Reason,
    Role,
    show_absence,
    show_absences,
    show_areas,
    show_changed,
    show_history,
    show_members,
    show_team,
    show_teams,
)
from chibo.options import (
    INSPECTION,
    MEMBERSHIP,
    AsOf,
    CorrectedOn,
    DecidedOn,
    DecisionDate,
    DocumentDate,
    DocumentNumber,
    InspectionUrl,
    Json,
    On,
    Reader,
    decision,
    give,
    iso,
    parse_day,
)
from chibo.people import People, Person, RegisterUrl

app = typer.Typer(help="Tổ công tác của Ban Thường vụ: thành viên, địa bàn, vắng mặt.", no_args_is_help=True)


_Code = Annotated[str, typer.Argument(metavar="TEAM", help="Mã tổ công tác.")]
_Who = Annotated[str, typer.Argument(metavar="MEMBER", help="Mã đảng viên.")]
_End = Annotated[
    date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày đầu tiên không còn nữa.")
]
_Until = Annotated[
    date | None,
    typer.Option("--until", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày đầu tiên không còn nữa."),
]
_Ongoing = Annotated[bool, typer.Option("--ongoing", help="Chưa kết thúc: ngày kết thúc đã ghi là sai.")]
_Withdraw = Annotated[bool, typer.Option("--withdraw", help="Không hề có: hủy điều đã ghi.")]
_SeatRole = Annotated[Role, typer.Option(help="Vai trò trong tổ.")]


@app.command("form")
def form(
    *,
    code: _Code,
    name: Annotated[str, typer.Option(help="Tên tổ.")],
    on: On,
    until: _Until = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghi việc lập một tổ công tác."""
    body = {
        "code": code,
        "name": name,
        "from_on": iso(on),
        "until_on": iso(until),
        **decision(decision_date, document, document_date),
    }
    with refusals_shown():
        give(Client(url).send("/v1/teams", body), show_changed, json=json)


@app.command("dissolve")
def dissolve(
    *,
    code: _Code,
    on: _End,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghi việc giải thể một tổ công tác; thành viên và địa bàn kết thúc theo."""
    body = {"on": iso(on), **decision(decision_date, document, document_date)}
    with refusals_shown():
        give(Client(url).send(_path(code, "dissolution"), body), show_changed, json=json)


@app.command("correct")
def correct(
    *,
    code: _Code,
    withdraw: _Withdraw = False,
    new_code: Annotated[str | None, typer.Option(help="Mã đúng.")] = None,
    name: Annotated[str | None, typer.Option(help="Tên đúng.")] = None,
    on: CorrectedOn = None,
    until: _Until = None,
    ongoing: _Ongoing = False,
    decision_date: DecidedOn = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Đính chính mã, tên hoặc thời gian hoạt động của một tổ, hoặc hủy một tổ không hề có."""
    changed = {"new_code": new_code, "name": name} | _days(on, until, ongoing=ongoing)
    with refusals_shown():
        path = _path(code, "withdrawal" if withdraw else "correction")
        answer = Client(url).send(
            path, _what(changed, withdraw=withdraw) | {"decision_date": iso(decision_date)}
        )
        give(answer, show_changed, json=json)


@app.command("area")
def area(
    *,
    code: _Code,
    units: Annotated[
        list[str] | None, typer.Argument(metavar="UNIT...", help="Mã các tổ chức, tính cả cấp dưới.")
    ] = None,
    on: On,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Giao địa bàn cho một tổ từ một ngày, thay cho địa bàn trước; không ghi mã nào là không phụ trách nữa."""
    body = {
        "from_on": iso(on),
        "unit_codes": units or [],
        **decision(decision_date, document, document_date),
    }
    with refusals_shown():
        give(Client(url).send(_path(code, "area"), body), show_changed, json=json)


@app.command("seat")
def seat(
    *,
    code: _Code,
    member: _Who,
    role: _SeatRole = Role.MEMBER,
    on: On,
    until: _Until = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghi một đảng viên tham gia tổ công tác từ một ngày."""
    with refusals_shown():
        body = {
            "member_id": People(Client(register), actor).id_of(member),
            "role": role,
            "from_on": iso(on),
            "until_on": iso(until),
            **decision(decision_date, document, document_date),
        }
        give(Client(url).send(_path(code, "seats"), body), show_changed, json=json)


@app.command("release")
def release(
    *,
    code: _Code,
    member: _Who,
    on: _End,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghi một thành viên thôi tham gia tổ công tác từ một ngày."""
    with refusals_shown():
        service = Client(url)
        id_ = _seat(service, code, People(Client(register), actor).id_of(member), actor=actor, ended=False)
        body = {"on": iso(on), **decision(decision_date, document, document_date)}
        give(service.send(_path(code, "seats", id_, "release"), body), show_changed, json=json)


@app.command("correct-seat")
def correct_seat(
    *,
    code: _Code,
    member: _Who,
    withdraw: _Withdraw = False,
    role: Annotated[Role | None, typer.Option(help="Vai trò đúng.")] = None,
    on: CorrectedOn = None,
    until: _Until = None,
    ongoing: _Ongoing = False,
    decision_date: DecidedOn = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Đính chính lần tham gia sau cùng của một người trong tổ, hoặc hủy lần tham gia không hề có."""
    changed = {"role": role} | _days(on, until, ongoing=ongoing)
    with refusals_shown():
        service = Client(url)
        id_ = _seat(service, code, People(Client(register), actor).id_of(member), actor=actor)
        path = _path(code, "seats", id_, "withdrawal" if withdraw else "correction")
        body = _what(changed, withdraw=withdraw) | {"decision_date": iso(decision_date)}
        give(service.send(path, body), show_changed, json=json)


@app.command("absent")
def absent(
    *,
    member: _Who,
    first: Annotated[
        date, typer.Option("--from", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày vắng đầu tiên.")
    ],
    last: Annotated[
        date, typer.Option("--to", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày vắng cuối cùng.")
    ],
    reason: Annotated[Reason, typer.Option(help="Lý do; chỉ dịch vụ này biết.")] = Reason.OTHER,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghi những ngày một thành viên tổ công tác vắng, không phân công được."""
    with refusals_shown():
        id_ = People(Client(register), actor).id_of(member)
        body = {"member_id": id_, "first_on": iso(first), "last_on": iso(last), "reason": reason}
        give(Client(url).send("/v1/absences", body), show_absence, json=json)


@app.command("absence")
def absence(
    *,
    absence_id: Annotated[str, typer.Argument(metavar="ID", help="Số của lần vắng, như `absences` in ra.")],
    withdraw: _Withdraw = False,
    first: Annotated[
        date | None, typer.Option("--from", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày đầu đúng.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày cuối đúng.")
    ] = None,
    reason: Annotated[Reason | None, typer.Option(help="Lý do đúng.")] = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Đính chính, kéo dài, rút ngắn hoặc hủy một lần vắng."""
    changed = {"first_on": iso(first), "last_on": iso(last), "reason": reason}
    with refusals_shown():
        path = f"/v1/absences/{quote(absence_id, safe='')}/{'withdrawal' if withdraw else 'correction'}"
        give(Client(url).send(path, _what(changed, withdraw=withdraw)), show_absence, json=json)


@app.command("list")
def list_(as_of: AsOf = None, url: InspectionUrl = INSPECTION, json: Json = False) -> None:
    """In các tổ công tác của một ngày."""
    with refusals_shown():
        give(read_all(Client(url), "/v1/teams", actor="unknown", on=iso(as_of)), show_teams, json=json)


@app.command("areas")
def areas(as_of: AsOf = None, url: InspectionUrl = INSPECTION, json: Json = False) -> None:
    """In chi bộ chưa có tổ nào phụ trách, và chi bộ có nhiều tổ, vào một ngày."""
    with refusals_shown():
        give(Client(url).get("/v1/areas", on=iso(as_of)), show_areas, json=json)


@app.command("show")
def show(
    *,
    code: _Code,
    as_of: AsOf = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In một tổ công tác: địa bàn, thành viên, cả những lần tham gia đã kết thúc."""
    with refusals_shown():
        service, asked = Client(url), {"X-Chibo-Actor": actor}
        team = service.get(_path(code), headers=asked)
        if json:
            give(team, show_changed, json=True)
            return
        there = service.get("/v1/team-members", headers=asked, on=iso(as_of))
        show_team(team, people_in_teams(Client(register), there, actor))


@app.command("free")
def free(
    *,
    as_of: AsOf = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In các thành viên tổ công tác của một ngày: ai phân công được, ai không và vì sao."""
    with refusals_shown():
        answer = Client(url).get("/v1/team-members", headers={"X-Chibo-Actor": actor}, on=iso(as_of))
        if json:
            give(answer, show_changed, json=True)
            return
        show_members(answer, people_in_teams(Client(register), answer, actor))


@app.command("absences")
def absences(
    *,
    first: Annotated[
        date | None, typer.Option("--from", parser=parse_day, metavar="YYYY-MM-DD", help="Từ ngày.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=parse_day, metavar="YYYY-MM-DD", help="Đến ngày.")
    ] = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In những lần vắng của thành viên các tổ công tác."""
    with refusals_shown():
        service = Client(url)
        answer = read_all(service, "/v1/absences", actor=actor, **{"from": iso(first), "to": iso(last)})
        if json:
            give(answer, show_changed, json=True)
            return
        there = service.get("/v1/team-members", headers={"X-Chibo-Actor": actor}, on=iso(last or first))
        show_absences(answer, people_in_teams(Client(register), there, actor))


@app.command("history")
def history(
    *, code: _Code, actor: Reader = "unknown", url: InspectionUrl = INSPECTION, json: Json = False
) -> None:
    """In mọi điều đã ghi về một tổ công tác, theo thứ tự ghi."""
    with refusals_shown():
        answer = Client(url).get(_path(code, "history"), headers={"X-Chibo-Actor": actor})
        give(answer, show_history, json=json)


def _path(code: str, *further: str) -> str:
    return "/".join(["/v1/teams", *(quote(part, safe="") for part in (code, *further))])


def _days(on: date | None, until: date | None, *, ongoing: bool) -> dict[str, Any]:
    return {"from_on": iso(on), "until_on": iso(until), "ongoing": ongoing or None}


def _what(changed: Mapping[str, Any], *, withdraw: bool) -> dict[str, Any]:
    """Return what a correction says; a withdrawal says nothing besides. Raises BadParameter for both at once."""
    said = {name: value for name, value in changed.items() if value is not None}
    if withdraw and said:
        raise typer.BadParameter("--withdraw là hủy cả điều đã ghi, không đi cùng giá trị đúng nào.")
    return said


def _seat(service: Client, code: str, member_id: str, *, actor: str, ended: bool = True) -> str:
    """Return the last seat that a member has in a team; the one they have still, unless `ended`. Raises Refused."""
    team = service.get(_path(code), headers={"X-Chibo-Actor": actor})
    held = [
        one["id"]
        for one in team["seats"]
        if one["member_id"] == member_id and (ended or one["until_on"] is None)
    ]
    if not held:
        raise Refused(f"Người này không có trong tổ {code}. Hãy xem `chibo teams show {code}`.")
    return str(held[-1])


def people_in_teams(register: Client, there: Mapping[str, Any], actor: str) -> People:
    """Return who sits in teams on a day, by the lists of their cells; by ids where the register is away."""
    people = People(register, actor)
    cells = sorted({cell for one in there["items"] for cell in one["cell_codes"]})
    try:
        for cell in cells:
            path = f"/v1/organisations/{quote(cell, safe='')}/members"
            listed = read_all(register, path, actor=actor, as_of=there["on"])
            people.add(Person(one["id"], one["code"], one["full_name"]) for one in listed["items"])
    except Refused as away:
        line(f"Không lấy được họ tên từ sổ đảng viên, nên ghi mã số thay thế. {away}")
    return people
