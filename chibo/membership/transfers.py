"""`chibo transfers`: who is on the way between cells, into the register and out of it, step by step.

A member has one open transfer at most, so that the commands name the member and not the transfer.
"""

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
from chibo.console import OUT, Refused, refusals_shown
from chibo.membership import lists
from chibo.options import (
    MEMBERSHIP,
    AsOf,
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

transfers_app = typer.Typer(
    help="Chuyển sinh hoạt đảng: đề nghị, giới thiệu, tiếp nhận, hủy, hết hạn.", no_args_is_help=True
)


class State(StrEnum):
    """How far a transfer is, as membership calls it."""

    REQUESTED = "requested"
    RELEASED = "released"
    RECEIVED = "received"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Direction(StrEnum):
    """Which way a transfer leads, as membership calls it."""

    IN = "in"
    OUT = "out"


class CancelReason(StrEnum):
    """Why a transfer comes to nothing, as membership calls it."""

    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    LEFT_REGISTER = "left_register"
    UNSTATED = "unstated"


class Gender(StrEnum):
    """As membership calls it."""

    FEMALE = "female"
    MALE = "male"


_STATES: Final[Mapping[str, str]] = {
    State.REQUESTED: "chờ giới thiệu",
    State.RELEASED: "chờ tiếp nhận",
    State.RECEIVED: "đã tiếp nhận",
    State.CANCELLED: "đã hủy",
    State.EXPIRED: "hết hạn",
}
_STATUS: Final = {
    "stands": "đúng",
    "replaced": "đã sửa ở số {replaced_by}",
    "withdrawn": "đã hủy",
    "withdrawal": "hủy số {corrects}",
}
_STEPS: Final[Mapping[str | None, str]] = {
    State.REQUESTED: "đề nghị",
    State.RELEASED: "giới thiệu",
    State.RECEIVED: "tiếp nhận",
    State.CANCELLED: "hủy lần chuyển",
    State.EXPIRED: "hết hạn",
    None: "",
}
_KINDS: Final = {
    "within_committee": "trong tổ chức cơ sở đảng",
    "within_bloc": "trong Đảng bộ Khối",
    "out_of_bloc": "chuyển đi",
    "into_bloc": "chuyển đến",
    "temporary": "tạm thời",
}

_Member = Annotated[str, typer.Argument(help="Mã đảng viên.")]
_Transfer = Annotated[
    str | None, typer.Option(help="Số của lần chuyển; không ghi thì là lần đề nghị sau cùng.")
]
_MaybeDay = typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Theo hồ sơ, của người mới đến.")


@transfers_app.command("request")
def request(
    *,
    member: _Member,
    on: On,
    to: Annotated[str | None, typer.Option(help="Mã chi bộ đến.")] = None,
    outside: Annotated[
        str | None,
        typer.Option(help="Tổ chức đảng ngoài sổ: nơi đến; có cả --to thì là nơi người đó từ đó đến."),
    ] = None,
    temporary: Annotated[
        bool, typer.Option("--temporary", help="Sinh hoạt tạm thời: vẫn tính ở chi bộ cũ.")
    ] = False,
    until: Annotated[
        date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Tạm thời đến ngày nào.")
    ] = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi đề nghị chuyển sinh hoạt đảng; hình thức chuyển được xác định theo nơi đi và nơi đến."""
    body = {
        "member_code": member, "requested_on": on.isoformat(), "destination_code": to, "outside": outside,
        "temporary": temporary, "until_on": iso(until), "decision_date": iso(decision_date),
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send("/v1/transfers", body), _show_changed, json=json)


@transfers_app.command("release")
def release(
    *,
    member: _Member,
    on: On,
    decision_date: DecidedOn = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi nơi đi đã giới thiệu; thời hạn tiếp nhận tính từ ngày này."""
    body = {"released_on": on.isoformat(), "decision_date": iso(decision_date)}
    _step(url, member, "release", body, actor=actor, json=json)


@transfers_app.command("receive")
def receive(
    *,
    member: _Member,
    on: On,
    decision_date: DecidedOn = None,
    full_name: Annotated[str | None, typer.Option(help="Họ tên, của người sổ chưa có.")] = None,
    birth_date: Annotated[date | None, _MaybeDay] = None,
    gender: Annotated[Gender | None, typer.Option(help="Giới tính, của người sổ chưa có.")] = None,
    ethnicity: Annotated[str | None, typer.Option(help="Dân tộc, của người sổ chưa có.")] = None,
    religion: Annotated[str | None, typer.Option(help="Tôn giáo, của người sổ chưa có.")] = None,
    youth_union: Annotated[bool, typer.Option("--youth-union", help="Là đoàn viên.")] = False,
    admitted_on: Annotated[date | None, _MaybeDay] = None,
    admission_decided_on: Annotated[date | None, _MaybeDay] = None,
    official_on: Annotated[date | None, _MaybeDay] = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi nơi đến đã tiếp nhận: từ ngày này đảng viên tính ở nơi đến; người sổ chưa có thì ghi kèm lai lịch."""
    papers = {
        "full_name": full_name, "birth_date": iso(birth_date), "gender": gender, "ethnicity": ethnicity,
        "religion": religion, "admitted_on": iso(admitted_on), "admission_decided_on": iso(admission_decided_on),
    }  # fmt: skip
    stated = {name: value for name, value in papers.items() if value is not None}
    body = {
        "received_on": on.isoformat(),
        "decision_date": iso(decision_date),
        "official_on": iso(official_on),
        "newcomer": {**stated, "youth_union": youth_union} if stated else None,
    }
    _step(url, member, "reception", body, actor=actor, json=json)


@transfers_app.command("cancel")
def cancel(
    *,
    member: _Member,
    on: On,
    reason: Annotated[CancelReason, typer.Option(help="Lý do hủy.")] = CancelReason.UNSTATED,
    decision_date: DecidedOn = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Hủy lần chuyển chưa xong; đảng viên ở lại chi bộ cũ."""
    body = {"cancelled_on": on.isoformat(), "reason": reason, "decision_date": iso(decision_date)}
    _step(url, member, "cancellation", body, actor=actor, json=json)


@transfers_app.command("expire")
def expire(
    *,
    on: On,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi hết hạn mọi lần chuyển đã quá thời hạn tiếp nhận vào một ngày.

    Không ghi thì lần chuyển tự hết hạn khi đã quá thời hạn 30 ngày và 30 ngày qua không ai ghi thêm gì.
    """
    body = {"as_of": on.isoformat(), "decision_date": iso(decision_date)}
    with refusals_shown():
        answer = Client(url).send("/v1/transfers/expiry", body)
        give(answer, lambda told: OUT.print(f"Đã ghi hết hạn {number(told['count'])} lần."), json=json)


@transfers_app.command("correct")
def correct(
    *,
    member: _Member,
    fact: Annotated[int, typer.Option(min=1, help="Số của bước đã ghi, xem bằng lệnh history.")],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Hủy bước cuối: ghi nhầm.")] = False,
    on: Annotated[
        date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày đúng của bước này.")
    ] = None,
    outside: Annotated[str | None, typer.Option(help="Tên đúng của tổ chức đảng ngoài sổ.")] = None,
    reason: Annotated[CancelReason | None, typer.Option(help="Lý do hủy đúng.")] = None,
    decision_date: DecidedOn = None,
    transfer: _Transfer = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Sửa một bước đã ghi của lần chuyển, hoặc hủy bước cuối; việc tiếp nhận sửa thì lịch sử đảng viên sửa theo."""
    stated = {
        "fact": fact, "withdraw": withdraw or None, "effective_date": iso(on), "outside": outside,
        "reason": reason, "decision_date": iso(decision_date),
    }  # fmt: skip
    with refusals_shown():
        client = Client(url)
        id_ = transfer or _latest(client, member, actor)
        body = {name: value for name, value in stated.items() if value is not None}
        give(client.send(f"/v1/transfers/{quote(id_, safe='')}/corrections", body), _show_changed, json=json)


@transfers_app.command("history")
def history(
    *,
    member: _Member,
    known_at: KnownAt = None,
    transfer: _Transfer = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Các bước đã ghi của lần chuyển gần nhất, kể cả bước đã sửa hoặc hủy."""
    with refusals_shown():
        client = Client(url)
        id_ = transfer or _latest(client, member, actor)
        answer = client.get(
            f"/v1/transfers/{quote(id_, safe='')}/history",
            headers={"X-Chibo-Actor": actor},
            known_at=known_at,
        )
        give(answer, _show_history, json=json)


@transfers_app.command("list")
def list_(
    *,
    member: Annotated[str | None, typer.Option(help="Chỉ của một đảng viên.")] = None,
    state: Annotated[list[State] | None, typer.Option(help="Chỉ các bước này; ghi được nhiều lần.")] = None,
    unit: Within = None,
    direction: Annotated[
        Direction | None,
        typer.Option(help="in: chỉ chuyển đến; out: chỉ chuyển đi khỏi đơn vị hoặc toàn sổ."),
    ] = None,
    overdue: Annotated[
        bool | None, typer.Option("--overdue/--not-overdue", help="Chỉ những lần quá hạn, hoặc chưa quá hạn.")
    ] = None,
    as_of: AsOf = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Liệt kê các lần chuyển sinh hoạt đảng, theo ngày đề nghị."""
    asked: dict[str, Any] = {
        "state": state or None, "unit": unit, "direction": direction, "as_of": iso(as_of),
        "overdue": None if overdue is None else str(overdue).lower(),
    }  # fmt: skip
    with refusals_shown():
        if member is not None:
            answer = _of_member(Client(url), member, actor)
        else:
            answer = read_all(Client(url), "/v1/transfers", actor=actor, **asked)
        give(answer, _show_all, json=json)


def overdue_list(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đảng viên đã được giới thiệu chuyển đi mà quá thời hạn chưa được tiếp nhận."""
    with refusals_shown():
        answer = lists.read(Client(url), "transfers-overdue", actor=actor, as_of=iso(as_of), unit=unit)
        give(answer, _show_overdue, json=json)


def _step(url: str, member: str, name: str, body: Mapping[str, Any], *, actor: str, json: bool) -> None:
    with refusals_shown():
        client = Client(url)
        items = _of_member(client, member, actor)["items"]
        id_ = next((one["id"] for one in items if one["state"] in {State.REQUESTED, State.RELEASED}), None)
        if id_ is None:
            raise Refused(f"Đảng viên {member} không có lần chuyển sinh hoạt đảng nào chưa xong.")
        give(client.send(f"/v1/transfers/{id_}/{name}", body), _show_changed, json=json)


def _of_member(client: Client, member: str, actor: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(
        f"/v1/members/{quote(member, safe='')}/transfers", headers={"X-Chibo-Actor": actor}
    )
    return answer


def _latest(client: Client, member: str, actor: str) -> str:
    items = _of_member(client, member, actor)["items"]
    if not items:
        raise Refused(f"Đảng viên {member} chưa có lần chuyển sinh hoạt đảng nào.")
    return str(items[-1]["id"])


def _show_history(answer: Mapping[str, Any]) -> None:
    known = answer["transfer"]
    OUT.print(
        f"{escape(known['member_code'])}: {escape(_way(known))} ({_KINDS[known['kind']]}), {_STATES[known['state']]}"
    )
    table = Table("Số", "Ghi lúc", "Bước", "Ngày", "Quyết định", "Nơi đi – nơi đến", "Hiện nay")
    for entry in answer["entries"]:
        table.add_row(
            str(entry["number"]), entry["recorded_at"][:16].replace("T", " "), _STEPS[entry["step"]],
            _day(entry["effective_date"]), _day(entry["decision_date"]), escape(_way(entry["after"])),
            _STATUS[entry["status"]].format(**entry),
        )  # fmt: skip
    OUT.print(table)


def _show_changed(answer: Mapping[str, Any]) -> None:
    due = (
        f", hạn tiếp nhận {_day(answer['due_on'])}"
        if answer["state"] == State.RELEASED and answer["due_on"]
        else ""
    )
    OUT.print(
        f"Đã ghi. {escape(answer['member_code'])}: {escape(_way(answer))} ({_KINDS[answer['kind']]}),"
        f" {_STATES[answer['state']]}{due}."
    )
    warn(answer)


def _show_all(answer: Mapping[str, Any]) -> None:
    table = Table(
        "Mã", "Họ và tên", "Đi – đến", "Hình thức", "Đề nghị", "Giới thiệu", "Hạn", "Bước", "Ngày xong"
    )
    for one in answer["items"]:
        table.add_row(
            escape(one["member_code"]), escape(one["full_name"] or ""), escape(_way(one)), _KINDS[one["kind"]],
            _day(one["requested_on"]), _day(one["released_on"]), _day(one["due_on"]),
            "[red]quá hạn[/]" if one["overdue"] else _STATES[one["state"]], _day(one["ended_on"]),
        )  # fmt: skip
    _print(table, answer)


def _show_overdue(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]Chuyển sinh hoạt đảng quá hạn tiếp nhận[/] — ngày {_day(answer['as_of'])}")
    table = Table("Mã", "Họ và tên", "Đi – đến", "Giới thiệu", "Hạn", "Quá hạn từ")
    for one in answer["items"]:
        table.add_row(
            escape(one["member_code"]), escape(one["full_name"] or ""), escape(_way(one)),
            _day(one["released_on"]), _day(one["due_on"]), _day(one["overdue_since"]),
        )  # fmt: skip
    _print(table, answer)
    for source in dict.fromkeys(one["source"] for one in answer["items"]):
        OUT.print(f"Căn cứ: {escape(source)}")


def _print(table: Table, answer: Mapping[str, Any]) -> None:
    if answer["items"]:
        OUT.print(table)
    OUT.print(f"Tất cả: {number(len(answer['items']))}")


def _way(one: Mapping[str, Any]) -> str:
    origin = one["origin_code"] or one["outside"]
    return f"{origin} – {one['destination_code'] or one['outside']}"


def _day(text: str | None) -> str:
    return words.day(text, missing="")
