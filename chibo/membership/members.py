"""`chibo members`: people of the register found, shown, admitted, confirmed, departed and put right."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape

from chibo.client import Client
from chibo.console import OUT, refusals_shown
from chibo.membership import dimensions, member_card, member_history, registers
from chibo.membership.dimensions import Education, Occupation, Qualification, Theory
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

app = typer.Typer(
    help="Đảng viên: tìm, xem, kết nạp, công nhận chính thức, ra khỏi danh sách, miễn, đình chỉ và sửa điều đã ghi.",
    no_args_is_help=True,
)


class DepartureReason(StrEnum):
    """Why somebody leaves the register, as membership calls it."""

    TRANSFERRED_OUT = "transferred_out"
    RESIGNED = "resigned"
    REMOVED = "removed"
    EXPELLED = "expelled"
    DIED = "died"
    UNSTATED = "unstated"


_Code = Annotated[str, typer.Argument(help="Mã đảng viên.")]


@app.command()
def search(
    typed: Annotated[
        str, typer.Argument(metavar="TEXT", help="Họ tên có dấu hoặc không dấu, chỉ tên, hoặc mã đảng viên.")
    ],
    *,
    unit: Within = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Số người nhiều nhất.")] = 50,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Tìm đảng viên: người có tên đúng như chữ cuối đứng trước, rồi theo thứ tự họ tên tiếng Việt."""
    with refusals_shown():
        answer = registers.search(Client(url), typed, unit=unit, as_of=iso(as_of), limit=limit, actor=actor)
        give(answer, registers.show_members, json=json)


app.command("show")(member_card.member)


@app.command()
def admit(
    code: _Code,
    *,
    cell: Annotated[str, typer.Option(help="Mã chi bộ.")],
    on: On,
    full_name: Annotated[str, typer.Option(help="Họ và tên.")],
    birth_date: Annotated[date, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày sinh.")],
    gender: Annotated[Gender, typer.Option(help="Giới tính.")],
    ethnicity: Annotated[str, typer.Option(help="Dân tộc.")],
    religion: Annotated[str | None, typer.Option(help="Tôn giáo; bỏ trống là không.")] = None,
    youth_union: Annotated[bool, typer.Option("--youth-union", help="Là đoàn viên.")] = False,
    education: Annotated[Education | None, typer.Option(help="Học vấn phổ thông.")] = None,
    qualification: Annotated[Qualification | None, typer.Option(help="Chuyên môn.")] = None,
    theory: Annotated[Theory | None, typer.Option(help="Lý luận chính trị.")] = None,
    occupation: Annotated[Occupation | None, typer.Option(help="Nghề nghiệp.")] = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi một người được kết nạp vào Đảng, là đảng viên dự bị từ ngày kết nạp; tuổi Đảng tính từ ngày quyết định."""
    asked = {
        "code": code, "cell_code": cell, "admitted_on": iso(on), "full_name": full_name,
        "birth_date": iso(birth_date), "gender": gender, "ethnicity": ethnicity, "religion": religion,
        "youth_union": youth_union, "education": education, "qualification": qualification, "theory": theory,
        "occupation": occupation, "decision_date": iso(decision_date),
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send("/v1/members", asked), member_history.show_corrected, json=json)


@app.command()
def confirm(
    code: _Code,
    *,
    on: On,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi đảng viên dự bị được công nhận chính thức từ một ngày."""
    asked = {"official_on": iso(on), "decision_date": iso(decision_date)}
    with refusals_shown():
        answer = Client(url).send(member_history.path(code, "confirmation"), asked)
        give(answer, member_history.show_corrected, json=json)


@app.command()
def depart(
    code: _Code,
    *,
    on: On,
    reason: Annotated[DepartureReason, typer.Option(help="Lý do ra khỏi danh sách.")],
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi đảng viên ra khỏi danh sách: chuyển đi, xin ra, xóa tên, khai trừ, từ trần; chức vụ kết thúc theo."""
    asked = {"left_on": iso(on), "left_reason": reason, "decision_date": iso(decision_date)}
    with refusals_shown():
        answer = Client(url).send(member_history.path(code, "departure"), asked)
        give(answer, member_history.show_corrected, json=json)


@app.command()
def numbers(
    code: _Code,
    *,
    on: On,
    card: Annotated[str | None, typer.Option(help="Số thẻ đảng viên.")] = None,
    file: Annotated[str | None, typer.Option(help="Số lý lịch đảng viên.")] = None,
    decision_date: DecidedOn = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi số thẻ đảng viên, số lý lịch đảng viên được cấp vào một ngày."""
    asked = {
        "effective_date": iso(on), "card_number": card, "file_number": file, "decision_date": iso(decision_date),
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send(member_history.path(code, "numbers"), asked), _show_numbers, json=json)


def _show_numbers(answer: Mapping[str, Any]) -> None:
    held = [label for name, label in (("card", "thẻ"), ("file", "lý lịch")) if answer[name]]
    OUT.print(f"Đã ghi. {escape(answer['code'])} nay có số {' và số '.join(held)}.")
    warn(answer)


dimensions.register(app)


@app.command()
def history(
    code: _Code,
    *,
    known_at: KnownAt = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In lịch sử của một đảng viên: điều gì đã được ghi, lúc nào, và điều gì là đúng."""
    with refusals_shown():
        answer = member_history.read(Client(url), code, known_at=known_at, actor=actor)
        give(answer, member_history.show, json=json)


@app.command()
def correct(
    code: _Code,
    fact: Annotated[int, typer.Argument(help="Số của sự kiện, như `chibo members history` in ra.")],
    *,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Sự kiện không hề có, kể cả kết nạp ghi nhầm: hủy nó.")
    ] = False,
    on: CorrectedOn = None,
    decision_date: Annotated[
        date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày quyết định đúng.")
    ] = None,
    reason: Annotated[
        DepartureReason | None, typer.Option(help="Lý do đúng, khi sửa việc ra khỏi danh sách.")
    ] = None,
    cell: Annotated[
        str | None, typer.Option(help="Chi bộ đúng; của việc vào danh sách, chuyển hay sinh hoạt tạm thời.")
    ] = None,
    until: Annotated[
        date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày dự kiến kết thúc đúng.")
    ] = None,
    grounds: Annotated[str | None, typer.Option(help="Lý do miễn hay đình chỉ đúng.")] = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Sửa hoặc hủy một sự kiện đã ghi; điều ghi trước đó vẫn còn trong lịch sử."""
    asked = {
        "fact": fact, "withdraw": withdraw or None, "effective_date": iso(on), "decision_date": iso(decision_date),
        "left_reason": reason, "cell_code": cell, "until": iso(until), "grounds": grounds,
    }  # fmt: skip
    with refusals_shown():
        answer = member_history.correct(Client(url), code, asked)
        give(answer, member_history.show_corrected, json=json)
