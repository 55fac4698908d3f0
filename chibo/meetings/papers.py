"""`chibo meetings`: minutes and resolutions as Word or PDF files, with the names that membership has."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from chibo.client import Client
from chibo.console import ERR, OUT, Refused, refusals_shown
from chibo.files import written
from chibo.meetings.refs import MeetingName, day_of, meeting_path, one
from chibo.options import MEETINGS, MEMBERSHIP, Json, MeetingsUrl, Reader, give
from chibo.people import RegisterUrl, people_of

app = typer.Typer()
"""Commands that `chibo meetings` takes in."""

FORMS: Final = {".pdf": "pdf", ".docx": "docx"}
"""Forms of papers, by the ending of a file's name."""
_KINDS: Final = {"minutes": "Biên bản", "resolution": "Nghị quyết"}
_TEMPLATES: Final = {"bien-ban": "minutes", "nghi-quyet": "resolution"}
_Overwrite = Annotated[bool, typer.Option("--overwrite", help="Ghi đè tệp đã có.")]


@app.command("papers")
def papers(
    *, meeting: MeetingName, actor: Reader = "unknown", url: MeetingsUrl = MEETINGS, json: Json = False
) -> None:
    """In danh sách văn bản của một cuộc họp: biên bản và các nghị quyết đã thông qua."""
    with refusals_shown():
        client = Client(url)
        give(_papers(client, one(client, meeting), actor), _show, json=json)


@app.command("paper")
def paper(
    *,
    meeting: MeetingName,
    file: Annotated[Path, typer.Argument(help="Tệp ghi ra, .pdf hoặc .docx.")],
    resolution: Annotated[
        int | None,
        typer.Option(help="Nghị quyết thứ mấy trong danh sách văn bản, từ 1; bỏ trống là biên bản.", min=1),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(help="Mã đảng viên không còn trong danh sách chi bộ mà văn bản cần ghi tên."),
    ] = None,
    names: Annotated[bool, typer.Option(help="Ghi họ tên từ sổ đảng viên, hoặc để trống.")] = True,
    overwrite: _Overwrite = False,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP,
) -> None:
    """Ghi biên bản hoặc nghị quyết của một cuộc họp ra tệp PDF hay Word; chưa thông qua thì là bản dự thảo."""
    with refusals_shown():
        form = FORMS.get(file.suffix.lower())
        if form is None:
            raise Refused(f"{file.name}: chỉ ghi ra tệp .pdf hoặc .docx.")
        client = Client(url)
        found = one(client, meeting)
        wanted = _wanted(_papers(client, found, actor), resolution)
        body = {"members": _named(Client(membership_url), found, wanted, also or [], actor) if names else []}
        id_ = wanted["resolution_id"]
        which = f"resolutions/{id_}" if id_ else "minutes"
        with written(file, overwrite=overwrite) as content:
            client.download(
                f"{meeting_path(found['id'])}/papers/{which}",
                content,
                method="POST",
                content=json.dumps(body).encode(),
                headers={"Content-Type": "application/json", "X-Chibo-Actor": actor},
                format=form,
            )
        OUT.print(f"Đã ghi {_title(wanted)} vào {escape(str(file))}.", soft_wrap=True)


@app.command("paper-template")
def template(
    *,
    kind: Annotated[str, typer.Argument(metavar="bien-ban|nghi-quyet", help="Mẫu của văn bản nào.")],
    file: Annotated[Path, typer.Argument(help="Tệp .docx ghi ra.")],
    overwrite: _Overwrite = False,
    url: MeetingsUrl = MEETINGS,
) -> None:
    """Ghi mẫu Word đang dùng ra tệp, để sửa rồi đặt vào thư mục mẫu (CHIBO_TEMPLATES) của dịch vụ."""
    with refusals_shown():
        if kind not in _TEMPLATES:
            raise Refused(f"“{kind}” không phải một mẫu; hãy ghi bien-ban hoặc nghi-quyet.")
        if file.suffix.lower() != ".docx":
            raise Refused(f"{file.name}: mẫu là tệp .docx.")
        with written(file, overwrite=overwrite) as content:
            Client(url).download(f"/v1/paper-templates/{_TEMPLATES[kind]}", content)
        OUT.print(
            f"Đã ghi mẫu vào {escape(str(file))}. Khi sửa xong, đặt vào thư mục mẫu với tên {kind}.docx."
        )


def _papers(client: Client, meeting: Mapping[str, Any], actor: str) -> dict[str, Any]:
    headers = {"X-Chibo-Actor": actor}
    answer: dict[str, Any] = client.get(f"{meeting_path(meeting['id'])}/papers", headers=headers)
    return answer


def _wanted(answer: Mapping[str, Any], resolution: int | None) -> dict[str, Any]:
    """Return the minutes, or the resolution of a place in the list. Raises Refused where there is none."""
    found: list[dict[str, Any]] = answer["items"]
    if resolution is None:
        return next(item for item in found if item["kind"] == "minutes")
    adopted = [item for item in found if item["kind"] == "resolution"]
    if resolution > len(adopted):
        raise Refused(f"Cuộc họp thông qua {len(adopted)} nghị quyết; không có nghị quyết thứ {resolution}.")
    return adopted[resolution - 1]


def _named(
    register: Client, meeting: Mapping[str, Any], wanted: Mapping[str, Any], also: list[str], actor: str
) -> list[dict[str, str]]:
    """Return the names of those whom a paper names, as far as the register gives them."""
    ids = wanted["member_ids"]
    people = people_of(register, cell=meeting["cell_code"], on=day_of(meeting), ids=ids, actor=actor)
    for code in also:
        people.id_of(code)
    names = {id_: name for id_ in ids if (name := people.of(id_).name)}
    if lacking := len(ids) - len(names):
        ERR.print(
            f"[yellow]Lưu ý:[/] {lacking} người không có tên trong danh sách chi bộ ngày họp, nên văn bản để trống"
            " họ tên kèm mã số. Có thể thêm từng người bằng --also MÃ-ĐẢNG-VIÊN.",
            soft_wrap=True,
        )
    return [{"member_id": id_, "full_name": name} for id_, name in names.items()]


def _title(item: Mapping[str, Any]) -> str:
    number = "bản dự thảo" if item["draft"] else f"số {item['number']:02} ({escape(item['series'])})"
    return f"{_KINDS[item['kind']].lower()} {number}: {escape(item['title'])}"


def _show(answer: Mapping[str, Any]) -> None:
    table = Table("Văn bản", "Thứ", "Số", "Nội dung")
    adopted = 0
    for item in answer["items"]:
        adopted += item["kind"] == "resolution"
        number = "dự thảo" if item["draft"] else f"{item['number']:02} ({escape(item['series'])})"
        place = str(adopted) if item["kind"] == "resolution" else "–"
        table.add_row(_KINDS[item["kind"]], place, number, escape(item["title"]))
    OUT.print(table)
    for item in answer["items"]:
        if pages := item["corrected_by"]:
            OUT.print(
                f"[yellow]Lưu ý:[/] {_title(item)} đã được đính chính ở trang {', '.join(map(str, pages))} của sổ;"
                " văn bản in ra vẫn như lúc thông qua.",
                soft_wrap=True,
            )
