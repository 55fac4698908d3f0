"""`chibo positions`, `chibo terms` and their lists: who leads which unit, what is vacant, which congress is due."""

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
from chibo.membership import lists
from chibo.options import (
    MEMBERSHIP,
    AsOf,
    DecisionDate,
    DocumentDate,
    DocumentNumber,
    Json,
    KnownAt,
    MembershipUrl,
    On,
    Reader,
    Within,
    decision,
    give,
    iso,
    parse_day,
    warn,
)
from chibo.words import UNIT_TYPES, number

positions_app = typer.Typer(help="Chức vụ: bí thư, phó bí thư, cấp ủy viên.", no_args_is_help=True)
terms_app = typer.Typer(help="Nhiệm kỳ và đại hội.", no_args_is_help=True)


class Position(StrEnum):
    """What somebody is in the leadership of a unit, as membership calls it."""

    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    COMMITTEE_MEMBER = "committee_member"


class Obtained(StrEnum):
    """How somebody came to a position, as membership calls it."""

    ELECTED = "elected"
    APPOINTED = "appointed"
    SUPPLEMENTED = "supplemented"
    UNSTATED = "unstated"


class EndReason(StrEnum):
    """Why a position ended, as membership calls it."""

    TERM_ENDED = "term_ended"
    TRANSFERRED = "transferred"
    RESIGNED = "resigned"
    DISMISSED = "dismissed"
    LEFT_REGISTER = "left_register"
    DIED = "died"
    UNIT_DISSOLVED = "unit_dissolved"
    UNSTATED = "unstated"


_POSITIONS: Final[Mapping[str, str]] = {
    Position.SECRETARY: "Bí thư",
    Position.DEPUTY_SECRETARY: "Phó bí thư",
    Position.COMMITTEE_MEMBER: "Cấp ủy viên",
}
_OBTAINED: Final[Mapping[str, str]] = {
    Obtained.ELECTED: "đại hội bầu",
    Obtained.APPOINTED: "chỉ định",
    Obtained.SUPPLEMENTED: "bầu bổ sung",
    Obtained.UNSTATED: "",
}
_END_REASONS: Final[Mapping[str, str]] = {
    EndReason.TERM_ENDED: "hết nhiệm kỳ",
    EndReason.TRANSFERRED: "chuyển đi",
    EndReason.RESIGNED: "thôi giữ chức",
    EndReason.DISMISSED: "cách chức, cho thôi",
    EndReason.LEFT_REGISTER: "ra khỏi danh sách",
    EndReason.DIED: "từ trần",
    EndReason.UNIT_DISSOLVED: "đơn vị giải thể",
    EndReason.UNSTATED: "",
}
_KINDS: Final = {"began": "bắt đầu", "ended": "kết thúc", "withdrawn": "hủy"}
_STATUS: Final = {
    "stands": "đúng",
    "replaced": "đã sửa ở số {replaced_by}",
    "withdrawn": "đã hủy",
    "withdrawal": "hủy số {corrects}",
}

_Unit = Annotated[str, typer.Argument(help="Mã tổ chức đảng.")]
_Member = Annotated[str, typer.Argument(help="Mã đảng viên.")]
_PositionId = Annotated[str, typer.Argument(help="Số của chức vụ, như `chibo positions show` in ra.")]
_TermId = Annotated[str, typer.Argument(help="Số của nhiệm kỳ, như `chibo terms list` in ra.")]
_Fact = Annotated[int, typer.Argument(help="Số của sự kiện, như lệnh `history` in ra.")]
_Withdraw = Annotated[bool, typer.Option("--withdraw", help="Sự kiện không hề có: hủy nó.")]
_Until = Annotated[
    date | None,
    typer.Option(
        "--until",
        parser=parse_day,
        metavar="YYYY-MM-DD",
        help="Ngày đầu tiên không còn nữa, nếu đã kết thúc.",
    ),
]
_End = Annotated[
    date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày đầu tiên không còn nữa.")
]
_Right = Annotated[
    date | None,
    typer.Option(
        "--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày bắt đầu hoặc kết thúc đúng, tùy sự kiện."
    ),
]
_Congress = Annotated[
    date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày đại hội (ngày cuối).")
]


@positions_app.command("show")
def show(
    *,
    unit: _Unit,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In những người lãnh đạo một tổ chức đảng vào một ngày."""
    with refusals_shown():
        answer = Client(url).get(
            _of_unit(unit, "positions"),
            headers={"X-Chibo-Actor": actor},
            as_of=iso(as_of),
            known_at=known_at,
        )
        give(answer, _show_positions, json=json)


@positions_app.command("of")
def of_member(
    *,
    member: _Member,
    known_at: KnownAt = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In mọi chức vụ một đảng viên đã và đang giữ."""
    with refusals_shown():
        answer = Client(url).get(
            f"/v1/members/{quote(member, safe='')}/positions",
            headers={"X-Chibo-Actor": actor},
            known_at=known_at,
        )
        give(answer, _show_positions, json=json)


@positions_app.command("take")
def take(
    *,
    unit: _Unit,
    member: _Member,
    position: Annotated[Position, typer.Argument(help="Chức vụ.")],
    on: On,
    until: _Until = None,
    obtained: Annotated[Obtained, typer.Option(help="Cách nhận chức vụ.")] = Obtained.UNSTATED,
    reason: Annotated[EndReason | None, typer.Option(help="Lý do kết thúc, nếu đã kết thúc.")] = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi một đảng viên giữ chức vụ từ một ngày; kèm ngày kết thúc nếu việc đã qua."""
    body = {
        "organisation_code": unit, "member_code": member, "position": position, "obtained": obtained,
        "from_on": on.isoformat(), "until_on": iso(until), "end_reason": reason,
        **decision(decision_date, document, document_date),
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send("/v1/positions", body), _show_changed, json=json)


@positions_app.command("end")
def end(
    *,
    position: _PositionId,
    on: _End,
    reason: Annotated[EndReason, typer.Option(help="Lý do kết thúc.")] = EndReason.UNSTATED,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi việc thôi giữ một chức vụ."""
    body = {
        "until_on": on.isoformat(), "end_reason": reason, **decision(decision_date, document, document_date)
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send(_path("positions", position, "end"), body), _show_changed, json=json)


@positions_app.command("correct")
def correct(
    *,
    position: _PositionId,
    fact: _Fact,
    withdraw: _Withdraw = False,
    on: _Right = None,
    kind: Annotated[Position | None, typer.Option("--position", help="Chức vụ đúng.")] = None,
    obtained: Annotated[Obtained | None, typer.Option(help="Cách nhận chức vụ đúng.")] = None,
    reason: Annotated[EndReason | None, typer.Option(help="Lý do kết thúc đúng.")] = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Sửa hoặc hủy điều đã ghi về một chức vụ; điều ghi trước đó vẫn còn trong lịch sử."""
    body = {
        "fact": fact, "withdraw": withdraw or None, "position": kind, "obtained": obtained, "end_reason": reason,
        "effective_date": iso(on),
        **decision(decision_date, document, document_date),
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send(_path("positions", position, "corrections"), body), _show_changed, json=json)


@positions_app.command("history")
def history(
    *,
    position: _PositionId,
    known_at: KnownAt = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In mọi điều đã ghi về một chức vụ, theo thứ tự ghi."""
    with refusals_shown():
        answer = Client(url).get(
            _path("positions", position, "history"), headers={"X-Chibo-Actor": actor}, known_at=known_at
        )
        give(answer, _show_history, json=json)


@terms_app.command("list")
def terms(
    *, unit: _Unit, known_at: KnownAt = None, url: MembershipUrl = MEMBERSHIP, json: Json = False
) -> None:
    """In các nhiệm kỳ của một tổ chức đảng."""
    with refusals_shown():
        give(Client(url).get(_of_unit(unit, "terms"), known_at=known_at), _show_terms, json=json)


@terms_app.command("open")
def open_term(
    *,
    unit: _Unit,
    label: Annotated[str, typer.Argument(help="Tên nhiệm kỳ, ví dụ 2020–2025.")],
    on: On,
    until: _Until = None,
    congress_on: _Congress = None,
    elect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MÃ=CHỨC VỤ", help="Người được bầu, ví dụ DV-000001=secretary; ghi được nhiều lần."
        ),
    ] = None,
    keep_positions: Annotated[
        bool, typer.Option("--keep-positions", help="Không kết thúc các chức vụ đang giữ.")
    ] = False,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi nhiệm kỳ mới cùng kết quả đại hội; nhiệm kỳ và chức vụ đang chạy kết thúc theo."""
    body = {
        "organisation_code": unit, "label": label, "from_on": on.isoformat(),
        "until_on": iso(until), "congress_on": iso(congress_on),
        "elected": [_elected(text) for text in elect or ()], "end_positions": not keep_positions,
        **decision(decision_date, document, document_date),
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send("/v1/terms", body), _show_opened, json=json)


@terms_app.command("end")
def end_term(
    *,
    term: _TermId,
    on: _End,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi việc kết thúc một nhiệm kỳ mà chưa có nhiệm kỳ mới."""
    body = {"until_on": on.isoformat(), **decision(decision_date, document, document_date)}
    with refusals_shown():
        give(Client(url).send(_path("terms", term, "end"), body), _show_changed, json=json)


@terms_app.command("correct")
def correct_term(
    *,
    term: _TermId,
    fact: _Fact,
    withdraw: _Withdraw = False,
    on: _Right = None,
    label: Annotated[str | None, typer.Option(help="Tên nhiệm kỳ đúng.")] = None,
    congress_on: _Congress = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Sửa hoặc hủy điều đã ghi về một nhiệm kỳ; điều ghi trước đó vẫn còn trong lịch sử."""
    body = {
        "fact": fact, "withdraw": withdraw or None, "label": label,
        "effective_date": iso(on),
        "congress_on": iso(congress_on),
        **decision(decision_date, document, document_date),
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send(_path("terms", term, "corrections"), body), _show_changed, json=json)


@terms_app.command("history")
def term_history(
    *, term: _TermId, known_at: KnownAt = None, url: MembershipUrl = MEMBERSHIP, json: Json = False
) -> None:
    """In mọi điều đã ghi về một nhiệm kỳ, theo thứ tự ghi."""
    with refusals_shown():
        give(Client(url).get(_path("terms", term, "history"), known_at=known_at), _show_history, json=json)


def vacancies(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    position: Annotated[Position | None, typer.Option(help="Chỉ một chức vụ.")] = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Chức vụ còn khuyết: chi bộ chưa có bí thư, chi bộ phải có chi ủy, đảng bộ thiếu cấp ủy."""
    with refusals_shown():
        answer = lists.read(
            Client(url),
            "vacancies",
            actor=actor,
            as_of=iso(as_of),
            unit=unit,
            position=position,
        )
        give(answer, _show_vacancies, json=json)


def congresses_due(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    within_days: Annotated[
        int | None, typer.Option(min=0, max=3660, help="Đến hạn trong bao nhiêu ngày tới; mặc định nửa năm.")
    ] = None,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Cả những đơn vị sổ chưa có nhiệm kỳ nào.")
    ] = False,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Chi bộ, đảng bộ đến hạn hoặc quá hạn đại hội."""
    with refusals_shown():
        answer = lists.read(
            Client(url),
            "congresses-due",
            actor=actor,
            as_of=iso(as_of),
            unit=unit,
            within_days=None if within_days is None else str(within_days),
            unknown="true" if unknown else None,
        )
        give(answer, _show_congresses, json=json)


def _of_unit(unit: str, what: str) -> str:
    return f"/v1/organisations/{quote(unit, safe='')}/{what}"


def _path(of: str, id_: str, what: str) -> str:
    return f"/v1/{of}/{quote(id_, safe='')}/{what}"


def _elected(text: str) -> dict[str, str]:
    code, equals, position = text.rpartition("=")
    if not equals or position not in [*Position]:
        raise typer.BadParameter(
            f"“{text}” cần dạng MÃ=CHỨC VỤ; chức vụ là một trong: {', '.join(Position)}."
        )
    return {"member_code": code, "position": position}


def _day(text: str | None, missing: str = "") -> str:
    return words.day(text, missing=missing)


def _show_positions(answer: Mapping[str, Any]) -> None:
    day = f" — ngày {_day(answer['as_of'])}" if "as_of" in answer else ""
    OUT.print(f"[bold]Chức vụ: {escape(answer['code'])}[/]{day}")
    table = Table("Số", "Đơn vị", "Chức vụ", "Mã", "Họ và tên", "Từ ngày", "Đến trước ngày", "Ghi chú")
    table.columns[0].no_wrap = True
    for item in answer["items"]:
        notes = [_OBTAINED[item["obtained"]], _END_REASONS[item["end_reason"] or EndReason.UNSTATED]]
        table.add_row(
            item["id"],
            escape(item["organisation_code"]),
            _POSITIONS[item["position"]],
            escape(item["member_code"]),
            escape(item["full_name"]),
            _day(item["from_on"]),
            _day(item["until_on"]),
            "; ".join(note for note in notes if note),
        )
    OUT.print(table)


def _show_terms(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]Nhiệm kỳ: {escape(answer['code'])}[/]")
    table = Table("Số", "Nhiệm kỳ", "Đại hội", "Từ ngày", "Đến trước ngày", "Văn bản")
    table.columns[0].no_wrap = True
    for item in answer["items"]:
        document = item["document"]
        table.add_row(
            item["id"],
            escape(item["label"]),
            _day(item["congress_on"]),
            _day(item["from_on"]),
            _day(item["until_on"]),
            escape(f"{document['number']}, {_day(document['date'])}") if document else "",
        )
    OUT.print(table)


def _show_changed(answer: Mapping[str, Any]) -> None:
    OUT.print(f"Đã ghi. Số {answer['id']} nay là bản {answer['version']}.")
    warn(answer)


def _show_opened(answer: Mapping[str, Any]) -> None:
    _show_changed(answer)
    OUT.print(
        f"Kết thúc {number(len(answer['ended']))} chức vụ, ghi {number(len(answer['taken']))} người được bầu."
    )


def _show_history(answer: Mapping[str, Any]) -> None:
    table = Table("Số", "Ghi lúc", "Sự kiện", "Hiệu lực", "Quyết định", "Nay là", "Hiện nay")
    for entry in answer["entries"]:
        table.add_row(
            str(entry["number"]),
            entry["recorded_at"][:16].replace("T", " "),
            _KINDS[entry["kind"]],
            _day(entry["effective_date"]),
            _day(entry["decision_date"]),
            _said(entry["after"]),
            _STATUS[entry["status"]].format(**entry),
        )
    OUT.print(table)


def _said(side: Mapping[str, Any] | None) -> str:
    if side is None:
        return ""
    what = _POSITIONS[side["position"]] if "position" in side else escape(side["label"])
    return f"{what}, {_day(side['from_on'])} – {_day(side['until_on'], 'nay')}"


def _show_vacancies(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]Chức vụ còn khuyết[/] — ngày {_day(answer['as_of'])}")
    items = answer["items"]
    if items:
        table = Table("Mã", "Tên", "Loại", "Chức vụ", "Khuyết từ")
        for item in items:
            table.add_row(
                escape(item["code"]),
                escape(item["name"]),
                UNIT_TYPES[item["type"]],
                _POSITIONS[item["position"]],
                _day(item["vacant_since"], "chưa ghi ai"),
            )
        OUT.print(table)
    _show_end(items)


def _show_congresses(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]Đến hạn đại hội[/] — ngày {_day(answer['as_of'])}")
    items = answer["items"]
    if items:
        table = Table(
            "Mã", "Tên", "Loại", "Nhiệm kỳ", "Đại hội trước", "Đến hạn", "Sớm nhất", "Muộn nhất", ""
        )
        for item in items:
            table.add_row(
                escape(item["code"]),
                escape(item["name"]),
                UNIT_TYPES[item["type"]],
                escape(item["label"] or "chưa ghi"),
                *(_day(item[name]) for name in ("last_congress_on", "due_on", "earliest_on", "latest_on")),
                "[red]quá hạn[/]" if item["overdue"] else "",
            )
        OUT.print(table)
    _show_end(items)


def _show_end(items: list[dict[str, Any]]) -> None:
    OUT.print(f"Tất cả: {number(len(items))}")
    for source in dict.fromkeys(item["source"] for item in items):
        OUT.print(f"Căn cứ: {escape(source)}")
