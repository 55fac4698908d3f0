"""What holds of members beside where they count, their profile, and the ways back: commands and lists."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT, refusals_shown
from chibo.membership import lists
from chibo.membership.member_history import path, show_corrected
from chibo.options import (
    MEMBERSHIP,
    AsOf,
    DecidedOn,
    Json,
    MembershipUrl,
    On,
    Reader,
    Within,
    give,
    parse_day,
)
from chibo.words import number


class Spell(StrEnum):
    """What may hold of a member for a time, as membership's paths call it."""

    EXEMPTION = "exemption"
    SUSPENSION = "suspension"
    TEMPORARY_STAY = "temporary-stay"


class Side(StrEnum):
    """From which of its two cells a temporary stay is seen, as membership calls it."""

    HOST = "host"
    HOME = "home"


class Education(StrEnum):
    """General education, as membership calls it."""

    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"


class Qualification(StrEnum):
    """Professional level, as membership calls it."""

    ELEMENTARY = "elementary"
    INTERMEDIATE = "intermediate"
    COLLEGE = "college"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"


class Theory(StrEnum):
    """Level of political theory, as membership calls it."""

    ELEMENTARY = "elementary"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    BACHELOR = "bachelor"


class Occupation(StrEnum):
    """What somebody does for a living, as membership calls it."""

    CIVIL_SERVANT = "civil_servant"
    PUBLIC_EMPLOYEE = "public_employee"
    WORKER = "worker"
    FARMER = "farmer"
    ARMED_FORCES = "armed_forces"
    BUSINESS = "business"
    STUDENT = "student"
    RETIRED = "retired"
    OTHER = "other"


_Code = Annotated[str, typer.Argument(help="Mã đảng viên.")]
_Until = Annotated[
    date | None,
    typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày dự kiến kết thúc."),
]
_Grounds = Annotated[str | None, typer.Option(help="Lý do; chỉ giữ trong sổ, không gửi cho hệ thống khác.")]
_Cell = Annotated[str, typer.Option(help="Mã chi bộ.")]


def register(members: typer.Typer) -> None:
    """Add these commands to those on members."""
    members.command("exempt")(exempt)
    members.command("suspend")(suspend)
    members.command("stay")(stay)
    members.command("end")(end)
    members.command("profile")(profile)
    members.command("restore")(restore)
    members.command("readmit")(readmit)


def register_lists(app: typer.Typer) -> None:
    """Add these lists to those of the office."""
    app.command("exempt")(list_exempt)
    app.command("suspended")(list_suspended)
    app.command("temporary-stays")(list_stays)
    app.command("youth-union-ending")(list_youth)


def exempt(
    code: _Code,
    *,
    on: On,
    until: _Until = None,
    grounds: _Grounds = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Miễn công tác và sinh hoạt đảng cho đảng viên từ một ngày; vẫn được xét tặng Huy hiệu Đảng."""
    asked = {"effective_date": on, "until": until, "grounds": grounds, "decision_date": decision_date}
    _send(url, code, Spell.EXEMPTION, asked, json=json)


def suspend(
    code: _Code,
    *,
    on: On,
    until: _Until = None,
    grounds: _Grounds = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đình chỉ sinh hoạt đảng của đảng viên từ một ngày."""
    asked = {"effective_date": on, "until": until, "grounds": grounds, "decision_date": decision_date}
    _send(url, code, Spell.SUSPENSION, asked, json=json)


def stay(
    code: _Code,
    *,
    cell: _Cell,
    on: On,
    until: _Until = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi đảng viên sinh hoạt tạm thời ở chi bộ khác; vẫn tính và giữ chức vụ ở chi bộ của mình."""
    asked = {"cell_code": cell, "effective_date": on, "until": until, "decision_date": decision_date}
    _send(url, code, Spell.TEMPORARY_STAY, asked, json=json)


def end(
    code: _Code,
    what: Annotated[Spell, typer.Argument(help="Điều kết thúc: miễn, đình chỉ hay sinh hoạt tạm thời.")],
    *,
    on: On,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Kết thúc việc miễn, đình chỉ hay sinh hoạt tạm thời; từ ngày này không còn nữa."""
    asked = {"effective_date": on, "decision_date": decision_date}
    _send(url, code, f"{what.value}/end", asked, json=json)


def profile(
    code: _Code,
    *,
    on: On,
    youth_union: Annotated[
        bool | None, typer.Option(help="Là đoàn viên, hay trưởng thành Đoàn (--no-youth-union).")
    ] = None,
    education: Annotated[Education | None, typer.Option(help="Học vấn phổ thông.")] = None,
    qualification: Annotated[Qualification | None, typer.Option(help="Chuyên môn.")] = None,
    theory: Annotated[Theory | None, typer.Option(help="Lý luận chính trị.")] = None,
    occupation: Annotated[Occupation | None, typer.Option(help="Nghề nghiệp.")] = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi thay đổi về Đoàn, học vấn, chuyên môn, lý luận chính trị hay nghề nghiệp từ một ngày."""
    asked = {
        "effective_date": on,
        "youth_union": youth_union,
        "education": education,
        "qualification": qualification,
        "theory": theory,
        "occupation": occupation,
        "decision_date": decision_date,
    }
    _send(url, code, "profile", asked, json=json)


def restore(
    code: _Code,
    *,
    on: On,
    cell: Annotated[str | None, typer.Option(help="Mã chi bộ; mặc định chi bộ cũ.")] = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Phục hồi đảng tịch cho người đã ra khỏi danh sách; giữ nguyên tư cách và tuổi Đảng."""
    asked = {"effective_date": on, "cell_code": cell, "decision_date": decision_date}
    _send(url, code, "restoration", asked, json=json)


def readmit(
    code: _Code,
    *,
    cell: _Cell,
    on: On,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Kết nạp lại người đã ra khỏi Đảng, hoặc kết nạp người từng bị ghi nhầm; bắt đầu lại thời gian dự bị."""
    asked = {"cell_code": cell, "admitted_on": on, "decision_date": decision_date}
    _send(url, code, "readmission", asked, json=json)


def _send(url: str, code: str, what: str, asked: Mapping[str, Any], *, json: bool) -> None:
    body = {name: said.isoformat() if isinstance(said, date) else said for name, said in asked.items()}
    with refusals_shown():
        give(Client(url).send(path(code, what), body), show_corrected, json=json)


def list_exempt(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đảng viên được miễn công tác và sinh hoạt đảng."""
    _list("exempt", url, actor=actor, json=json, as_of=as_of, unit=unit)


def list_suspended(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đảng viên đang bị đình chỉ sinh hoạt đảng."""
    _list("suspended", url, actor=actor, json=json, as_of=as_of, unit=unit)


def list_stays(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    side: Annotated[
        Side, typer.Option(help="host: ai đến đây sinh hoạt tạm thời; home: ai của đơn vị đi nơi khác.")
    ] = Side.HOST,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đảng viên sinh hoạt đảng tạm thời."""
    _list("temporary-stays", url, actor=actor, json=json, as_of=as_of, unit=unit, side=side.value)


def list_youth(
    *,
    as_of: AsOf = None,
    unit: Within = None,
    within_days: Annotated[
        int, typer.Option(min=0, max=366, help="Đến tuổi trong bao nhiêu ngày tới; mặc định chỉ ai đã đến.")
    ] = 0,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đảng viên đến tuổi trưởng thành Đoàn."""
    _list(
        "youth-union-ending",
        url,
        actor=actor,
        json=json,
        as_of=as_of,
        unit=unit,
        within_days=str(within_days),
    )


_Columns = Mapping[str, Callable[[Mapping[str, Any]], str]]


def _day(text: str | None) -> str:
    return words.day(text, missing="–")


def _until_of(item: Mapping[str, Any]) -> str:
    return _day(item["until"]) + (" (quá hạn)" if item["overdue"] else "")


_PERSON: Final[_Columns] = {
    "Mã": lambda item: item["code"],
    "Họ và tên": lambda item: item["full_name"],
    "Ngày sinh": lambda item: _day(item["birth_date"]),
    "Chi bộ": lambda item: item["cell_name"],
}
_HELD: Final[_Columns] = {
    **_PERSON,
    "Từ ngày": lambda item: _day(item["from_on"]),
    "Dự kiến đến": _until_of,
}
_WITH_GROUNDS: Final[_Columns] = {**_HELD, "Lý do": lambda item: item["grounds"] or ""}
_COLUMNS: Final[Mapping[str, tuple[str, _Columns]]] = {
    "exempt": ("Đảng viên được miễn công tác và sinh hoạt đảng", _WITH_GROUNDS),
    "suspended": ("Đảng viên đang bị đình chỉ sinh hoạt đảng", _WITH_GROUNDS),
    "temporary-stays": (
        "Đảng viên sinh hoạt đảng tạm thời",
        {**_HELD, "Nơi sinh hoạt tạm thời": lambda item: item["host_name"]},
    ),
    "youth-union-ending": (
        "Đảng viên đến tuổi trưởng thành Đoàn",
        {
            **_PERSON,
            "Đến tuổi": lambda item: _day(item["due_from"]),
            "Muộn nhất": lambda item: _day(item["latest_on"]),
        },
    ),
}


def _list(
    name: str, url: str, *, actor: str, json: bool, as_of: date | None, unit: str | None, **more: str
) -> None:
    with refusals_shown():
        day = None if as_of is None else as_of.isoformat()
        answer = lists.read(Client(url), name, actor=actor, as_of=day, unit=unit, **more)
        give(answer, lambda found: _show(name, found), json=json)


def _show(name: str, answer: Mapping[str, Any]) -> None:
    title, columns = _COLUMNS[name]
    OUT.print(f"[bold]{title}[/] — ngày {_day(answer['as_of'])}")
    items = answer["items"]
    if items:
        table = Table(*columns)
        for item in items:
            table.add_row(*[escape(text(item)) for text in columns.values()])
        OUT.print(table)
    OUT.print(f"Tất cả: {number(len(items))}")
    for source in dict.fromkeys(item["source"] for item in items if "source" in item):
        OUT.print(f"Căn cứ: {escape(source)}")
