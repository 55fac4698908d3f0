"""`chibo awards`: awards of units and members, recorded and read."""

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
from chibo.options import (
    MEMBERSHIP,
    DecisionDate,
    DocumentDate,
    DocumentNumber,
    Json,
    KnownAt,
    MembershipUrl,
    Reader,
    decision,
    give,
    parse_day,
    warn,
)

app = typer.Typer(help="Khen thưởng tổ chức đảng và đảng viên.", no_args_is_help=True)


class AwardKind(StrEnum):
    """What an award is, as membership calls it."""

    FIVE_YEAR_FLAG = "five_year_flag"
    FLAG = "flag"
    MERIT = "merit"
    COMMENDATION = "commendation"
    OTHER = "other"


class AwardLevel(StrEnum):
    """Which level of the Party awards it."""

    CENTRAL = "central"
    PROVINCE = "province"
    BLOC = "bloc"
    GRASSROOTS = "grassroots"


_KINDS: Final[Mapping[str, str]] = {
    "five_year_flag": "Cờ 5 năm liên tục",
    "flag": "Cờ",
    "merit": "Bằng khen",
    "commendation": "Giấy khen",
    "other": "Khác",
}
_LEVELS: Final[Mapping[str, str]] = {
    "central": "Trung ương",
    "province": "Tỉnh",
    "bloc": "Khối",
    "grassroots": "Cơ sở",
}

_Code = Annotated[str, typer.Argument(help="Mã tổ chức đảng, hoặc mã đảng viên với --member.")]
_Member = Annotated[bool, typer.Option("--member", help="Mã là mã của một đảng viên.")]


@app.command("grant")
def grant(
    *,
    code: _Code,
    kind: Annotated[AwardKind, typer.Option(help="Hình thức.")],
    level: Annotated[AwardLevel, typer.Option(help="Cấp khen thưởng.")],
    title: Annotated[str, typer.Option(help="Tên khen thưởng.")],
    on: Annotated[date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày trao.")],
    last_year: Annotated[
        int | None, typer.Option(help="Năm cuối của 5 năm; mặc định là năm trước năm trao cờ.")
    ] = None,
    member: _Member = False,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi một khen thưởng. Cờ 5 năm mà sổ chưa đủ năm xuất sắc vẫn ghi, kèm cảnh báo các năm còn thiếu."""
    body = {
        "kind": kind.value, "level": level.value, "title": title, "awarded_on": on.isoformat(),
        **({"last_year": last_year} if last_year else {}), **decision(decision_date, document, document_date),
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send(_path(code, member=member), body), _show_recorded, json=json)


@app.command("withdraw")
def withdraw(
    *,
    award_id: Annotated[str, typer.Argument(help="Mã khen thưởng, như `chibo awards show` in ra.")],
    decision_date: DecisionDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Hủy một khen thưởng ghi nhầm hoặc bị thu hồi."""
    path = f"/v1/awards/{quote(award_id, safe='')}/withdrawal"
    with refusals_shown():
        answer = Client(url).send(path, decision(decision_date, None, None))
        give(answer, _show_recorded, json=json)


@app.command("show")
def show(
    *,
    code: _Code,
    member: _Member = False,
    known_at: KnownAt = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In các khen thưởng của một tổ chức đảng hoặc một đảng viên."""
    with refusals_shown():
        headers = {"X-Chibo-Actor": actor}
        answer = Client(url).get(_path(code, member=member), headers=headers, known_at=known_at)
        give(answer, _show_all, json=json)


def _path(code: str, *, member: bool) -> str:
    return f"/v1/{'members' if member else 'organisations'}/{quote(code, safe='')}/awards"


def _show_recorded(answer: Mapping[str, Any]) -> None:
    what = "Đã hủy" if answer["withdrawn"] else "Đã ghi"
    OUT.print(f"{what}: {escape(answer['title'])}, ngày {words.day(answer['awarded_on'], missing='–')}.")
    warn(answer)


def _show_all(answer: Mapping[str, Any]) -> None:
    table = Table("Ngày trao", "Hình thức", "Cấp", "Tên", "Văn bản", "Tình trạng", "Mã")
    for one in answer["awards"]:
        document = one["document"]
        table.add_row(
            words.day(one["awarded_on"], missing="–"),
            _KINDS[one["kind"]],
            _LEVELS[one["level"]],
            escape(one["title"]),
            escape(f"{document['number']} ({words.day(document['date'], missing='–')})") if document else "–",
            "đã hủy" if one["withdrawn"] else "đúng",
            one["id"],
        )
    OUT.print(f"[bold]Khen thưởng của {escape(answer['code'])}[/]")
    OUT.print(table)
