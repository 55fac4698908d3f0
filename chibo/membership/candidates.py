"""`chibo candidates`: the list of candidates (quần chúng ưu tú), from the listing to the admission."""

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
from chibo.membership import lists
from chibo.membership.transfers import Gender
from chibo.options import (
    MEMBERSHIP,
    AsOf,
    CorrectedOn,
    DecidedOn,
    Json,
    KnownAt,
    MembershipUrl,
    On,
    Reader,
    Within,
    give,
    iso,
    parse_day,
    warn,
)
from chibo.words import number

app = typer.Typer(
    help="Quần chúng ưu tú: đưa vào danh sách, học lớp nhận thức, phân công giới thiệu, kết nạp.",
    no_args_is_help=True,
)


class StrikeReason(StrEnum):
    """Why a candidate is on the list no more, as membership calls it."""

    WITHDRAWN = "withdrawn"
    UNFIT = "unfit"
    GONE = "gone"
    MISTAKE = "mistake"
    UNSTATED = "unstated"


_STAGES: Final = {"listed": "trong danh sách", "admitted": "đã kết nạp", "struck": "đã ra khỏi danh sách"}
_FACTS: Final = {
    "listed": "Đưa vào danh sách",
    "moved": "Chuyển chi bộ",
    "certified": "Giấy chứng nhận học lớp nhận thức về Đảng",
    "introduced": "Phân công giới thiệu",
    "admitted": "Kết nạp",
    "struck": "Đưa ra khỏi danh sách",
    None: "Hủy điều đã ghi",
}
_STATUS: Final = {
    "stands": "đúng",
    "replaced": "đã thay bằng số {replaced_by}",
    "withdrawn": "đã hủy",
    "withdrawal": "hủy số {corrects}",
}
_Code = Annotated[str, typer.Argument(help="Mã quần chúng ưu tú.")]
_Cell = Annotated[str, typer.Option(help="Mã chi bộ.")]
_VotedOn = Annotated[
    date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày chi bộ biểu quyết.")
]


@app.command("list")
def listing(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    former: Annotated[bool, typer.Option("--former", help="Cả những người đã ra khỏi danh sách.")] = False,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In danh sách quần chúng ưu tú vào một ngày."""
    with refusals_shown():
        asked = {"as_of": iso(as_of), "unit": unit, "former": "true" if former else None}
        answer = read_all(Client(url), "/v1/candidates", actor=actor, **asked)
        give(answer, _show_list, json=json)


def certificates_ending(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Quần chúng ưu tú có giấy chứng nhận học lớp nhận thức về Đảng hết hoặc sắp hết giá trị."""
    with refusals_shown():
        answer = lists.read(Client(url), "certificates-ending", actor=actor, as_of=iso(as_of), unit=unit)
        give(answer, _show_list, json=json)


@app.command()
def show(
    code: _Code, *, actor: Reader = "unknown", url: MembershipUrl = MEMBERSHIP, json: Json = False
) -> None:
    """In một quần chúng ưu tú: chi bộ, giấy chứng nhận, người giới thiệu, kết quả."""
    with refusals_shown():
        answer = Client(url).get(_path(code), headers={"X-Chibo-Actor": actor})
        give(answer, _show_one, json=json)


@app.command()
def history(
    code: _Code,
    *,
    known_at: KnownAt = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In những điều đã ghi về một quần chúng ưu tú, kể cả điều đã sửa hoặc hủy."""
    with refusals_shown():
        answer = Client(url).get(_path(code, "history"), headers={"X-Chibo-Actor": actor}, known_at=known_at)
        give(answer, _show_history, json=json)


@app.command()
def add(
    code: _Code,
    *,
    cell: _Cell,
    on: On,
    full_name: Annotated[str, typer.Option(help="Họ và tên.")],
    birth_date: Annotated[date, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày sinh.")],
    gender: Annotated[Gender, typer.Option(help="Giới tính.")],
    ethnicity: Annotated[str, typer.Option(help="Dân tộc.")],
    religion: Annotated[str | None, typer.Option(help="Tôn giáo; bỏ trống là không.")] = None,
    youth_union: Annotated[bool, typer.Option("--youth-union", help="Là đoàn viên.")] = False,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đưa một người vào danh sách quần chúng ưu tú của chi bộ."""
    asked = {
        "code": code, "cell_code": cell, "listed_on": on, "full_name": full_name, "birth_date": birth_date,
        "gender": gender, "ethnicity": ethnicity, "religion": religion, "youth_union": youth_union,
        "decision_date": decision_date,
    }  # fmt: skip
    _send(url, "/v1/candidates", asked, json=json)


@app.command()
def move(
    code: _Code,
    *,
    cell: _Cell,
    on: On,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Chuyển quần chúng ưu tú sang danh sách của chi bộ khác từ một ngày."""
    asked = {"cell_code": cell, "effective_date": on, "decision_date": decision_date}
    _send(url, _path(code, "cell"), asked, json=json)


@app.command()
def certify(
    code: _Code,
    *,
    on: On,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi giấy chứng nhận học lớp nhận thức về Đảng, cấp vào ngày ghi ở --on."""
    asked = {"effective_date": on, "decision_date": decision_date}
    _send(url, _path(code, "certificate"), asked, json=json)


@app.command()
def introduce(
    code: _Code,
    members: Annotated[list[str], typer.Argument(metavar="MEMBER…", help="Mã các đảng viên giới thiệu.")],
    *,
    on: On,
    since: Annotated[
        date,
        typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Cùng công tác hoặc cư trú từ ngày này."),
    ],
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Phân công đảng viên chính thức giúp đỡ, giới thiệu; thay cho những người trước."""
    asked = {
        "effective_date": on,
        "introducers": [{"member_code": member, "since": since.isoformat()} for member in members],
        "decision_date": decision_date,
    }
    _send(url, _path(code, "introducers"), asked, json=json)


@app.command()
def admit(
    code: _Code,
    member: Annotated[str, typer.Argument(help="Mã đảng viên sẽ dùng từ nay.")],
    *,
    on: On,
    voted_on: _VotedOn = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Kết nạp quần chúng ưu tú: là đảng viên dự bị từ ngày lễ kết nạp (--on)."""
    asked = {"member_code": member, "admitted_on": on, "voted_on": voted_on, "decision_date": decision_date}
    _send(url, _path(code, "admission"), asked, json=json)


@app.command()
def strike(
    code: _Code,
    *,
    on: On,
    reason: Annotated[StrikeReason, typer.Option(help="Lý do.")] = StrikeReason.UNSTATED,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đưa một người ra khỏi danh sách quần chúng ưu tú."""
    asked = {"effective_date": on, "reason": reason, "decision_date": decision_date}
    _send(url, _path(code, "strike"), asked, json=json)


@app.command()
def correct(
    code: _Code,
    fact: Annotated[int, typer.Argument(help="Số của điều đã ghi, như `chibo candidates history` in ra.")],
    *,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Không hề có: hủy.")] = False,
    on: CorrectedOn = None,
    cell: Annotated[str | None, typer.Option(help="Chi bộ đúng.")] = None,
    reason: Annotated[StrikeReason | None, typer.Option(help="Lý do ra khỏi danh sách đúng.")] = None,
    voted_on: _VotedOn = None,
    full_name: Annotated[str | None, typer.Option(help="Họ và tên đúng.")] = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Sửa hoặc hủy một điều đã ghi về quần chúng ưu tú; điều ghi trước đó vẫn còn trong lịch sử."""
    asked = {
        "fact": fact, "withdraw": withdraw or None, "effective_date": on, "cell_code": cell, "reason": reason,
        "voted_on": voted_on, "full_name": full_name, "decision_date": decision_date,
    }  # fmt: skip
    _send(url, _path(code, "corrections"), asked, json=json)


def _path(code: str, what: str | None = None) -> str:
    return f"/v1/candidates/{quote(code, safe='')}" + (f"/{what}" if what else "")


def _send(url: str, path: str, asked: Mapping[str, Any], *, json: bool) -> None:
    body = {name: said.isoformat() if isinstance(said, date) else said for name, said in asked.items()}
    with refusals_shown():
        give(Client(url).send(path, body), _show_changed, json=json)


def _day(text: str | None) -> str:
    return words.day(text, missing="–")


def _show_changed(answer: Mapping[str, Any]) -> None:
    member = f"; là đảng viên {escape(answer['member_code'])}" if answer["member_code"] else ""
    OUT.print(f"Đã ghi. Quần chúng ưu tú {escape(answer['code'])}: {_STAGES[answer['stage']]}{member}.")
    warn(answer)


def _show_list(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]Quần chúng ưu tú[/] — ngày {_day(answer['as_of'])}")
    items = answer["items"]
    if items:
        table = Table(
            "Mã", "Họ và tên", "Ngày sinh", "Chi bộ", "Từ ngày", "Chứng nhận có giá trị đến trước", "Hiện nay"
        )
        for item in items:
            ends = _day(item["certificate_ends_on"]) + (" (đã hết)" if item.get("expired") else "")
            person = (item["code"], item["full_name"], _day(item["birth_date"]), item["cell_name"])
            table.add_row(*map(escape, person), _day(item["listed_on"]), ends, _STAGES[item["stage"]])
        OUT.print(table)
    OUT.print(f"Tất cả: {number(len(items))}")
    for source in dict.fromkeys(item["source"] for item in items if "source" in item):
        OUT.print(f"Căn cứ: {escape(source)}")


def _show_one(answer: Mapping[str, Any]) -> None:
    OUT.print(
        f"[bold]{escape(answer['full_name'])}[/] ({escape(answer['code'])}), sinh {_day(answer['birth_date'])}"
    )
    OUT.print(
        f"Chi bộ {escape(answer['cell_code'])}; {_STAGES[answer['stage']]}; đưa vào {_day(answer['listed_on'])}"
    )
    OUT.print(
        f"Giấy chứng nhận: {_day(answer['certified_on'])}, có giá trị đến trước {_day(answer['certificate_ends_on'])}"
    )
    for one in answer["introducers"]:
        OUT.print(
            f"Người giới thiệu: {escape(one['member_code'])}, cùng công tác hoặc cư trú từ {_day(one['since'])}"
        )
    if answer["ended_on"]:
        member = f", đảng viên {escape(answer['member_code'])}" if answer["member_code"] else ""
        OUT.print(f"Ra khỏi danh sách: {_day(answer['ended_on'])}{member}")


def _show_history(answer: Mapping[str, Any]) -> None:
    table = Table("Số", "Ghi lúc", "Sự kiện", "Hiệu lực", "Quyết định", "Chi bộ", "Hiện nay")
    for entry in answer["entries"]:
        table.add_row(
            str(entry["number"]),
            entry["recorded_at"][:16].replace("T", " "),
            _FACTS[entry["what"]],
            _day(entry["effective_date"]),
            _day(entry["decision_date"]),
            escape(entry["after"]["cell_code"]),
            _STATUS[entry["status"]].format(**entry),
        )
    OUT.print(table)
