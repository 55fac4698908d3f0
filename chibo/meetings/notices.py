"""`chibo meetings`: where people are told of meetings, who was told, and the documents posted for a meeting."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import uuid4

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT, Refused, refusals_shown
from chibo.meetings.refs import MeetingName, meeting_id, meeting_path
from chibo.options import MEETINGS, Json, MeetingsUrl, give
from chibo.words import number

app = typer.Typer()
"""Commands that `chibo meetings` takes in."""

_KIB: Final = 1024


class Withdrawal(StrEnum):
    """Why a document is taken back, as meetings calls it."""

    MISTAKEN = "mistaken"
    REPLACED = "replaced"
    CONFIDENTIAL = "confidential"


_TOPICS: Final[Mapping[str, str]] = {
    "announced": "mời họp",
    "changed": "mời họp (có thay đổi)",
    "postponed": "hoãn họp",
    "cancelled": "hủy họp",
}
_STATES: Final[Mapping[str, str]] = words.LETTER_STATES | {"dropped": "thôi gửi vì cuộc họp đã thay đổi"}
_WITHDRAWALS: Final[Mapping[str, str]] = {
    "mistaken": "gửi nhầm",
    "replaced": "đã có tài liệu khác thay thế",
    "confidential": "không được phổ biến, nội dung đã xóa",
}
_KINDS: Final[Mapping[str, str]] = {"member": "đảng viên", "unit": "cấp ủy cấp trên"}


@app.command("contact")
def contact(
    email: Annotated[str, typer.Argument(help="Địa chỉ thư điện tử.")],
    *,
    member: Annotated[str | None, typer.Option(help="Mã số (id) đảng viên.")] = None,
    unit: Annotated[str | None, typer.Option(help="Mã tổ chức, với địa chỉ của cấp ủy.")] = None,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Ghi địa chỉ nhận thông báo họp của một đảng viên, hoặc của cấp ủy cấp trên."""
    with refusals_shown():
        if (member is None) == (unit is None):
            raise Refused("Hãy cho đúng một trong hai: --member hoặc --unit.")
        path = f"/v1/contacts/{_part(member)}" if member else f"/v1/unit-contacts/{_part(unit or '')}"
        give(Client(url).put(path, {"email": email}), _show_contact, json=json)


@app.command("notices")
def notices(*, meeting: MeetingName, url: MeetingsUrl = MEETINGS, json: Json = False) -> None:
    """In các thông báo của một cuộc họp: báo cho bao nhiêu người, ai chưa báo được và vì sao."""
    with refusals_shown():
        client = Client(url)
        answer = client.get(f"{_meeting(client, meeting)}/notices")
        give(answer, _show_notices, json=json)


@app.command("attach")
def attach(
    *,
    meeting: MeetingName,
    file: Annotated[Path, typer.Argument(help="Tệp PDF, DOCX, XLSX, PNG hoặc JPEG.")],
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Gửi một tài liệu cho cuộc họp; cùng một tệp gửi lại thì chỉ giữ một lần."""
    with refusals_shown():
        try:
            body = file.read_bytes()
        except OSError as error:
            raise Refused(f"Không đọc được tệp {file}: {error.strerror}.") from error
        client = Client(url)
        answer = client.post(
            f"{_meeting(client, meeting)}/documents",
            content=body,
            headers={"Content-Type": "application/octet-stream", "Idempotency-Key": str(uuid4())},
            file_name=file.name,
        )
        give(answer, _show_attached, json=json)


@app.command("documents")
def documents(*, meeting: MeetingName, url: MeetingsUrl = MEETINGS, json: Json = False) -> None:
    """In danh sách tài liệu của một cuộc họp."""
    with refusals_shown():
        client = Client(url)
        answer = client.get(f"{_meeting(client, meeting)}/documents")
        give(answer, _show_documents, json=json)


@app.command("withdraw")
def withdraw(
    *,
    meeting: MeetingName,
    document: Annotated[str, typer.Argument(help="Mã tài liệu.")],
    reason: Annotated[
        Withdrawal,
        typer.Option(help="mistaken: gửi nhầm; replaced: được thay thế; confidential: không phổ biến."),
    ],
    replaced_by: Annotated[str | None, typer.Option(help="Mã tài liệu thay thế, khi được thay thế.")] = None,
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Thu hồi một tài liệu của cuộc họp; tài liệu không được phổ biến thì nội dung bị xóa hẳn."""
    body = {"reason": reason.value, "replaced_by": replaced_by}
    with refusals_shown():
        client = Client(url)
        path = f"{_meeting(client, meeting)}/documents/{_part(document)}/withdrawal"
        give(client.send(path, body), _show_withdrawn, json=json)


def _meeting(client: Client, name: str) -> str:
    return meeting_path(meeting_id(client, name))


def _part(text: str) -> str:
    return quote(text, safe="")


def _show_contact(answer: Mapping[str, Any]) -> None:
    OUT.print(f"Đã ghi địa chỉ của {_KINDS[answer['kind']]}.")


def _show_notices(answer: Mapping[str, Any]) -> None:
    if not answer["items"]:
        OUT.print("Chưa có thông báo nào.")
    for notice in answer["items"]:
        told = notice["deliveries"]
        counts = ", ".join(
            f"{said} {number(count)}"
            for state, said in _STATES.items()
            if (count := sum(one["state"] == state for one in told))
        )
        OUT.print(f"Lần {notice['meeting_version']}, {_TOPICS[notice['topic']]}: {counts or 'không có ai'}")
        if any(one["logged"] for one in told):
            OUT.print(f"[yellow]{words.ONLY_LOGGED}[/]")
        if failed := [one for one in told if one["state"] == "failed"]:
            table = Table("Người nhận", "Mã số", "Lý do")
            for one in failed:
                table.add_row(_KINDS[one["kind"]], one["id"], words.LETTER_REASONS[one["reason"]])
            OUT.print(table)


def _show_attached(answer: Mapping[str, Any]) -> None:
    OUT.print(f"Đã nhận {escape(answer['file_name'])} ({_size(answer['size'])}), mã {answer['id']}.")
    for warning in answer["warnings"]:
        OUT.print(f"[yellow]{escape(warning['message'])}[/]")


def _show_withdrawn(answer: Mapping[str, Any]) -> None:
    OUT.print(f"Đã thu hồi {escape(answer['file_name'])}: {_WITHDRAWALS[answer['withdrawal']]}.")


def _show_documents(answer: Mapping[str, Any]) -> None:
    table = Table("Tệp", "Dung lượng", "Gửi lúc (UTC)", "SHA-256", "Thu hồi")
    for one in answer["items"]:
        withdrawn = _WITHDRAWALS[one["withdrawal"]] if one["withdrawal"] else ""
        table.add_row(
            escape(one["file_name"]), _size(one["size"]), one["posted_at"][:16], one["sha256"][:16], withdrawn
        )
    OUT.print(table)
    for one in answer["items"]:
        OUT.print(f"{escape(one['file_name'])}: mã {one['id']}", soft_wrap=True)


def _size(size: int) -> str:
    return f"{number(-(-size // _KIB))} KiB"
