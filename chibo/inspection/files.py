"""`chibo visits`: the sheet to fill in where there is no network, and files attached to a visit."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape

from chibo.client import Client
from chibo.console import OUT, Refused, refusals_shown
from chibo.files import written
from chibo.inspection.visits import MeetingsPlace, VisitName, path_of, show_changed
from chibo.meetings.refs import MeetingName, meeting_id
from chibo.options import INSPECTION, MEETINGS, MEMBERSHIP, InspectionUrl, Json, Reader, give
from chibo.people import People, RegisterUrl

app = typer.Typer()
"""Commands that `chibo visits` takes in."""

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@app.command("form")
def form(
    *,
    meeting: MeetingName,
    file: Annotated[Path, typer.Argument(help="Tệp .xlsx ghi ra.")],
    team: Annotated[str, typer.Option(help="Mã tổ công tác.")],
    visitors: Annotated[
        list[str] | None,
        typer.Option("--visitor", metavar="MEMBER", help="Mã đảng viên sẽ dự; có thể ghi nhiều."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Ghi đè tệp đã có.")] = False,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    meetings: MeetingsPlace = MEETINGS,
    url: InspectionUrl = INSPECTION,
) -> None:
    """Ghi phiếu dự ra tệp Excel để điền khi không có mạng; nộp lại bằng `chibo visits file`."""
    with refusals_shown():
        _require_workbook(file)
        people = People(Client(register), actor)
        with written(file, overwrite=overwrite) as content:
            Client(url).download(
                "/v1/visit-form",
                content,
                meeting_id=meeting_id(Client(meetings), meeting),
                team=team,
                visitor_id=[people.id_of(one) for one in visitors or ()],
            )
        OUT.print(f"Đã ghi phiếu vào {escape(str(file))}.", soft_wrap=True)


@app.command("file")
def file_(
    *,
    file: Annotated[Path, typer.Argument(help="Phiếu đã điền (.xlsx).")],
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Nộp một phiếu đã điền: ghi lần dự và các hạn chế, hoặc nói rõ ô nào sai và không ghi gì."""
    with refusals_shown():
        _require_workbook(file)
        answer = Client(url).post("/v1/visit-forms", content=_read(file), headers={"Content-Type": _XLSX})
        give(answer, show_changed, json=json)


@app.command("attach")
def attach(
    *,
    visit: VisitName,
    file: Annotated[Path, typer.Argument(help="Tệp PDF, DOCX, XLSX, PNG hoặc JPEG.")],
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Đính kèm một tệp vào lần dự; cùng một tệp chỉ giữ một lần."""
    with refusals_shown():
        answer = Client(url).post(f"{path_of(visit)}/attachments", content=_read(file), file_name=file.name)
        give(answer, _show_attached, json=json)


def _require_workbook(file: Path) -> None:
    if file.suffix.lower() != ".xlsx":
        raise Refused(f"{file.name}: phiếu là tệp .xlsx.")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"Không đọc được tệp {file}: {error.strerror}.") from error


def _show_attached(answer: dict[str, Any]) -> None:
    OUT.print(f"Đã đính kèm {escape(answer['file_name'])}. Số: {answer['id']}")
