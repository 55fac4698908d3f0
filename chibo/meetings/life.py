"""`chibo meetings`: one meeting, from its plan to its attendance, as the secretary of a cell follows it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

import typer
from rich.markup import escape

from chibo.client import Client
from chibo.console import OUT, Refused, refusals_shown
from chibo.meetings.refs import STATUSES, MeetingName, kind_of, meeting_path, month_of, one, send, when_of
from chibo.options import (
    MEETINGS,
    MEMBERSHIP,
    DecisionDate,
    DocumentDate,
    DocumentNumber,
    Json,
    MeetingsUrl,
    Reader,
    decision,
    give,
    parse_day,
    warn,
)
from chibo.people import People, RegisterUrl, ids_of
from chibo.words import VIETNAM

app = typer.Typer()
"""Commands that `chibo meetings` takes in."""

_FORMS: Final = ("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")


class Kind(StrEnum):
    """Which meeting it is, as the service calls it."""

    REGULAR = "regular"
    THEMATIC = "thematic"
    EXTRAORDINARY = "extraordinary"


class Reason(StrEnum):
    """Why a meeting is put off or called off, as the service calls it."""

    EPIDEMIC = "epidemic"
    DISASTER = "disaster"
    URGENT_WORK = "urgent_work"
    NO_QUORUM = "no_quorum"
    OTHER = "other"


def parse_time(text: str) -> datetime:
    """Return the time of a text as 03/11/2020 14:30 or 2020-11-03 14:30, in Việt Nam. Raises BadParameter."""
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    raise typer.BadParameter(f"“{text}” không phải ngày giờ; hãy ghi như “03/11/2020 14:30”.")


_Cell = Annotated[str, typer.Argument(help="Mã chi bộ.")]
_At = Annotated[
    datetime | None,
    typer.Option("--at", parser=parse_time, metavar="“DD/MM/YYYY HH:MM”", help="Ngày giờ họp."),
]
_Place = Annotated[str | None, typer.Option(help="Địa điểm.")]
_Theme = Annotated[str | None, typer.Option(help="Chủ đề, khi họp chuyên đề hoặc kết hợp chuyên đề.")]
_Points = Annotated[
    list[str] | None, typer.Option("--point", help="Một nội dung chương trình; ghi nhiều lần.")
]
_Prepared = Annotated[
    list[str] | None,
    typer.Option(
        "--prepared", metavar="SỐ=MÃ", help="Ai chuẩn bị nội dung thứ mấy, như 2=DV-000048; ghi nhiều lần."
    ),
]
_ByGroup = Annotated[bool | None, typer.Option(help="Họp theo tổ đảng, ở chi bộ đông đảng viên.")]
_OnDay = Annotated[
    date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày của việc này.")
]


@app.command("new")
def new(
    *,
    code: _Cell,
    at: _At,
    place: _Place,
    kind: Annotated[Kind, typer.Option(help="Loại cuộc họp.")] = Kind.REGULAR,
    theme: _Theme = None,
    point: _Points = None,
    prepared: _Prepared = None,
    by_group: _ByGroup = None,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Lập kế hoạch một cuộc họp của chi bộ; định kỳ có chủ đề là họp kết hợp chuyên đề."""
    with refusals_shown():
        body = {
            "cell_code": code,
            "kind": kind.value,
            "starts_at": at and at.isoformat(),
            "place": place,
            "theme": theme,
            "agenda": point,
            "assignments": _assignments(prepared, Client(membership_url), actor),
            "by_group": by_group,
        }
        give(send(Client(url), "/v1/meetings", body), _show_changed, json=json)


@app.command("change")
def change(
    *,
    meeting: MeetingName,
    at: _At = None,
    place: _Place = None,
    theme: _Theme = None,
    point: _Points = None,
    prepared: _Prepared = None,
    by_group: _ByGroup = None,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đổi giờ, địa điểm, chủ đề hay chương trình; nội dung đổi thì phải thống nhất lại, và báo lại."""
    with refusals_shown():
        body = {
            "starts_at": at and at.isoformat(),
            "place": place,
            "theme": theme,
            "agenda": point,
            "assignments": _assignments(prepared, Client(membership_url), actor),
            "by_group": by_group,
        }
        _step(url, meeting, "schedule", body, json=json)


@app.command("agree")
def agree(
    *,
    meeting: MeetingName,
    on: _OnDay,
    by: Annotated[
        list[str] | None, typer.Option(help="Mã người thống nhất; ghi nhiều lần, có thể bỏ trống.")
    ] = None,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi chi ủy, hoặc bí thư và phó bí thư, đã thống nhất nội dung, chương trình."""
    with refusals_shown():
        ids = ids_of(People(Client(membership_url), actor), by or [])
        _step(url, meeting, "agreement", {"agreed_on": on.isoformat(), "agreed_by": ids}, json=json)


@app.command("announce")
def announce(
    *,
    meeting: MeetingName,
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at", parser=parse_time, metavar="“DD/MM/YYYY HH:MM”", help="Lúc báo; mặc định bây giờ."
        ),
    ] = None,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Ghi đã báo cuộc họp cho đảng viên và cấp ủy cấp trên; ai có địa chỉ thư thì được gửi thư mời."""
    with refusals_shown():
        told_at = at or datetime.now(VIETNAM)
        _step(url, meeting, "announcement", {"told_at": told_at.isoformat()}, json=json)


@app.command("postpone")
def postpone(
    *,
    meeting: MeetingName,
    reason: Annotated[Reason, typer.Option(help="Lý do.")],
    on: _OnDay,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Hoãn một cuộc họp đến khi có lịch mới (chibo meetings change); vẫn tính cho tháng của nó."""
    body = {"reason": reason.value, "on": on.isoformat(), **decision(decision_date, document, document_date)}
    with refusals_shown():
        _step(url, meeting, "postponement", body, json=json)


@app.command("cancel")
def cancel(
    *,
    meeting: MeetingName,
    reason: Annotated[Reason, typer.Option(help="Lý do.")],
    on: _OnDay,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Hủy một cuộc họp."""
    body = {"reason": reason.value, "on": on.isoformat(), **decision(decision_date, document, document_date)}
    with refusals_shown():
        _step(url, meeting, "cancellation", body, json=json)


def _step(url: str, name: str, step: str, body: Mapping[str, Any], *, json: bool) -> None:
    client = Client(url)
    found = one(client, name)
    path = f"{meeting_path(found['id'])}/{step}"
    # Of the meeting as it was seen: somebody else's change meanwhile is not written over.
    give(send(client, path, body, version=found["version"]), _show_changed, json=json)


def _assignments(prepared: Sequence[str] | None, register: Client, actor: str) -> list[dict[str, Any]] | None:
    """Return who prepares what, from texts as 2=DV-000048. Raises Refused; else as `People.id_of`."""
    if prepared is None:
        return None
    people, found = People(register, actor), []
    for text in prepared:
        point, _, code = text.partition("=")
        if not (point.strip().isdecimal() and code.strip()):
            raise Refused(
                f"“{text}” không đọc được; hãy ghi số thứ tự nội dung và mã đảng viên, như 2=DV-000048."
            )
        found.append({"point": int(point), "member_id": people.id_of(code.strip())})
    return found


def _show_changed(answer: Mapping[str, Any]) -> None:
    OUT.print(
        f"{escape(answer['cell_code'])}: họp {kind_of(answer)} tháng {month_of(answer)}, {when_of(answer)} —"
        f" [bold]{STATUSES[answer['status']]}[/]."
    )
    OUT.print(f"Mã cuộc họp {answer['id']}", soft_wrap=True)
    warn(answer)
