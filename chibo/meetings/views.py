"""`chibo meetings list|show|roll|absences`: the meetings of a cell, one of them, and who was where."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT, refusals_shown
from chibo.meetings.refs import (
    STATUSES,
    MeetingName,
    day_of,
    kind_of,
    meeting_path,
    month_of,
    of_cell,
    one,
    when_of,
)
from chibo.options import MEETINGS, MEMBERSHIP, Json, MeetingsUrl, Reader, give
from chibo.people import People, RegisterUrl, people_of

app = typer.Typer()
"""Commands that `chibo meetings` takes in."""

_ROLLS: Final = {"official": "chính thức", "probationary": "dự bị", "visiting": "sinh hoạt tạm thời"}
PRESENCES: Final[Mapping[str, str]] = {
    "present": "có mặt",
    "excused": "vắng có lý do",
    "unexcused": "vắng không lý do",
    "exempt": "miễn sinh hoạt",
}
_DIFFERENCES: Final = {
    "not_on_the_list": "không thuộc danh sách ngày họp",
    "missing": "thuộc danh sách nhưng không điểm danh",
    "other_roll": "khác tư cách",
    "other_exemption": "khác về miễn sinh hoạt",
}
_SCORES: Final = {"self": "tự chấm", "official": "cấp trên chấm"}
_Cell = Annotated[str, typer.Argument(help="Mã chi bộ.")]


@app.command("list")
def list_(*, code: _Cell, url: MeetingsUrl = MEETINGS, json: Json = False) -> None:
    """In các cuộc họp của một chi bộ theo tháng: đã họp, đã thông báo, đang hoãn."""
    with refusals_shown():
        give({"items": of_cell(Client(url), code)}, _show_list, json=json)


@app.command("show")
def show(
    *, meeting: MeetingName, actor: Reader = "unknown", url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP, json: Json = False,
) -> None:  # fmt: skip
    """In một cuộc họp: thời gian, địa điểm, chương trình và người chuẩn bị, tỷ lệ dự họp, điểm."""
    with refusals_shown():
        found = one(Client(url), meeting)

        def shown(answer: Mapping[str, Any]) -> None:
            ids = [each["member_id"] for each in answer["assignments"]]
            register = Client(membership_url)
            people = (
                people_of(register, cell=answer["cell_code"], on=day_of(answer), ids=ids, actor=actor)
                if ids
                else People(register, actor)
            )
            _show(answer, people)

        give(found, shown, json=json)


@app.command("roll")
def roll(
    *, meeting: MeetingName, actor: Reader = "unknown", url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP, json: Json = False,
) -> None:  # fmt: skip
    """In điểm danh của cuộc họp, và ai có dữ liệu đến muộn làm điểm danh cần xem lại."""
    with refusals_shown():
        client = Client(url)
        found = one(client, meeting)
        headers = {"X-Chibo-Actor": actor}
        answer = client.get(f"{meeting_path(found['id'])}/roll", headers=headers)
        ids = [each["member_id"] for each in answer["items"]]

        def shown(said: Mapping[str, Any]) -> None:
            people = people_of(
                Client(membership_url), cell=found["cell_code"], on=day_of(found), ids=ids, actor=actor
            )
            _show_roll(said, people)

        give(answer, shown, json=json)


@app.command("absences")
def absences(
    *,
    year: Annotated[int, typer.Option(help="Năm.")],
    unit: Annotated[
        str | None, typer.Option(help="Mã tổ chức đảng, tính cả cấp dưới; bỏ trống là toàn bộ.")
    ] = None,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """In đảng viên vắng không lý do, hoặc vắng có lý do quá số lần liền nhau mà hướng dẫn cho phép."""
    with refusals_shown():
        headers = {"X-Chibo-Actor": actor}
        answer = Client(url).get("/v1/lists/absences", headers=headers, year=str(year), unit=unit)
        give(answer, _show_absences, json=json)


def _show_list(answer: Mapping[str, Any]) -> None:
    table = Table("Tháng", "Loại", "Thời gian", "Trạng thái", "Dự họp")
    for each in answer["items"]:
        came = each["attendance"]
        there = f"{came['present']}/{came['counted']}" if came else ""
        doubt = " [yellow]![/]" if each["attendance_flagged"] else ""
        table.add_row(month_of(each), kind_of(each), when_of(each), STATUSES[each["status"]], there + doubt)
    OUT.print(table)
    if any(each["attendance_flagged"] for each in answer["items"]):
        OUT.print("[yellow]![/] điểm danh cần xem lại: chibo meetings roll MÃ-CUỘC-HỌP")


def _show(answer: Mapping[str, Any], people: People) -> None:
    OUT.print(f"[bold]{escape(answer['cell_code'])}[/] · họp {kind_of(answer)} · tháng {month_of(answer)}")
    OUT.print(f"{when_of(answer)}, {escape(answer['place'])} — {STATUSES[answer['status']]}")
    if answer["by_group"]:
        OUT.print("Họp theo tổ đảng.")
    if answer["theme"]:
        OUT.print(f"Chuyên đề: {escape(answer['theme'])}")
    prepares = {each["point"]: people.label(each["member_id"]) for each in answer["assignments"]}
    for number, point in enumerate(answer["agenda"], 1):
        who = f" — chuẩn bị: {escape(prepares[number])}" if number in prepares else ""
        OUT.print(f"{number}. {escape(point)}{who}", soft_wrap=True)
    if came := answer["attendance"]:
        OUT.print(
            f"Có mặt {came['present']} trên {came['counted']}, vắng có lý do {came['excused']}, không lý do"
            f" {came['unexcused']}; họp {answer['minutes']} phút."
        )
    if flagged := answer["attendance_flagged"]:
        OUT.print(
            f"[yellow]Điểm danh cần xem lại:[/] dữ liệu đảng viên đến muộn làm khác {flagged} người"
            " (chibo meetings roll)."
        )
    for score in answer["scores"]:
        OUT.print(
            f"Điểm {_SCORES[score['kind']]}: {_points(score['total'])}, xếp loại {words.SCORE_GRADES[score['grade']]}"
            f" ({escape(score['guidance'])})"
        )
    OUT.print(f"Mã cuộc họp {answer['id']}", soft_wrap=True)


def _points(total: float) -> str:
    """Return points as they are written in Vietnamese: 97,5."""
    return f"{total:g}".replace(".", ",")


def _show_roll(answer: Mapping[str, Any], people: People) -> None:
    if not answer["items"]:
        OUT.print("Cuộc họp chưa điểm danh.")
        return
    table = Table("Đảng viên", "Tư cách", "Điểm danh", "Cần xem lại")
    for each in answer["items"]:
        doubts = ", ".join(_DIFFERENCES[one_] for one_ in each["differences"])
        table.add_row(
            escape(people.label(each["member_id"])),
            _ROLLS.get(each["roll"], "–"),
            PRESENCES.get(each["presence"], "–"),
            doubts,
        )
    OUT.print(table)
    if answer["flagged"]:
        OUT.print(
            f"{answer['flagged']} người khác với danh sách ngày {words.day(answer['on'], missing='–')} biết đến nay."
        )


def _show_absences(answer: Mapping[str, Any]) -> None:
    table = Table("Chi bộ", "Mã số đảng viên", "Không lý do", "Có lý do liền nhau", "Số cuộc họp")
    for each in answer["items"]:
        table.add_row(
            escape(each["cell_code"]), each["member_id"], str(each["unexcused"]), str(each["longest_run"]),
            str(len(each["meeting_ids"])),
        )  # fmt: skip
    OUT.print(table)
    OUT.print(f"Tất cả: {len(answer['items'])}")
