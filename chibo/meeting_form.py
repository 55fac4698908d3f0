"""`chibo meetings form|fill`: a meeting as a workbook, prefilled with who is to come and what is due, and taken back.

What is taken is first read as a whole; a file with a mistake records nothing. Then each part is sent on its own, and
what is recorded already is left out: the same file sent again, also after a refusal halfway, records nothing twice.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from chibo import words
from chibo.client import Client, ProblemAnswer
from chibo.console import OUT, Refused, refusals_shown
from chibo.lists import read_all
from chibo.meeting_form_rows import (
    BEGAN,
    CHAIR,
    CONCLUSIONS,
    DIRECTIONS,
    ENDED,
    EVALUATIONS,
    GUESTS,
    MINUTES,
    RECORDER,
    ROLL,
    SHEETS,
    Asked,
    asked_by,
)
from chibo.meeting_people import RegisterUrl, in_order, people_of
from chibo.meeting_refs import MEETINGS, MeetingName, cell_path, day_of, meeting_path, one, send, start
from chibo.meeting_tables import Mistakes, Sheet, read, write
from chibo.meeting_views import PRESENCES
from chibo.options import MEMBERSHIP, MeetingsUrl, Reader, warn

app = typer.Typer()
"""Commands that `chibo meetings` takes in."""


@app.command("form")
def form(
    *,
    meeting: MeetingName,
    file: Annotated[Path, typer.Argument(help="Tệp .xlsx ghi ra.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Ghi đè tệp đã có.")] = False,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP,
) -> None:
    """Ghi biểu mẫu của một cuộc họp: danh sách điểm danh, nhiệm vụ cần đánh giá, chỗ ghi ý kiến, nghị quyết."""
    with refusals_shown():
        client = Client(url)
        found = one(client, meeting)
        listed = _listed(client, found)
        open_ = read_all(client, f"{cell_path(found['cell_code'])}/tasks", actor=actor, which="open")["items"]
        ids = [*listed, *(task["member_id"] for task in open_)]
        people = people_of(
            Client(membership_url), cell=found["cell_code"], on=day_of(found), ids=ids, actor=actor
        )
        rows: dict[str, list[tuple[Any, ...]]] = {
            ROLL: [
                (person.label, PRESENCES["exempt"] if listed[person.id]["exempt"] else PRESENCES["present"])
                for person in in_order(people, listed)
            ],
            MINUTES: list(_minutes(found)),
            CONCLUSIONS: list(enumerate(found["agenda"], 1)),
            EVALUATIONS: [
                (
                    task["id"],
                    task["text"],
                    people.label(task["member_id"]),
                    words.day(task["due_on"], missing=""),
                )
                for task in open_
                if task["meeting_id"] != found["id"]
            ],
        }
        sheets = [
            Sheet(
                each.title, each.columns, [_filled(row, each) for row in rows.get(each.title, ())], each.open
            )
            for each in SHEETS
        ]
        write(file, sheets, overwrite=overwrite)
        OUT.print(f"Đã ghi biểu mẫu vào {escape(str(file))}; điền xong hãy gửi lại bằng chibo meetings fill.")


@app.command("fill")
def fill(
    *,
    meeting: MeetingName,
    file: Annotated[Path, typer.Argument(help="Tệp .xlsx đã điền.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra tệp, không ghi.")] = False,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP,
) -> None:
    """Ghi điểm danh, diễn biến, đánh giá, nghị quyết, nhiệm vụ từ biểu mẫu đã điền; gửi lại không ghi hai lần."""
    with refusals_shown():
        client = Client(url)
        found = one(client, meeting)
        listed = _listed(client, found)
        people = people_of(
            Client(membership_url), cell=found["cell_code"], on=day_of(found), ids=list(listed), actor=actor
        )
        mistakes = Mistakes()
        asked = asked_by(read(file, SHEETS, mistakes), found, people)
        mistakes.check(file)
        if dry_run:
            OUT.print("Tệp đọc được; chưa ghi gì.")
            return
        _record(client, found, asked, actor)


def _listed(client: Client, meeting: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return who is to come to a meeting by what is known now."""
    answer = client.get(f"{cell_path(meeting['cell_code'])}/list", on=day_of(meeting).isoformat())
    return {each["member_id"]: each for each in answer["items"]}


def _minutes(meeting: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    at = start(meeting)
    yield BEGAN, f"{at:%d/%m/%Y %H:%M}" if at else ""
    yield ENDED, ""
    for item in (CHAIR, RECORDER, GUESTS, DIRECTIONS):
        yield item, ""


def _filled(row: tuple[Any, ...], sheet: Sheet) -> tuple[Any, ...]:
    return row + (None,) * (len(sheet.columns) - len(row))


def _record(client: Client, meeting: Mapping[str, Any], asked: Asked, actor: str) -> None:
    """Send what is asked, part by part; what is recorded already is left alone. Raises Refused."""
    path = meeting_path(meeting["id"])
    if meeting["status"] == "held":
        OUT.print("Cuộc họp đã điểm danh từ trước; giữ nguyên điểm danh.")
    else:
        warn(_sent(client, f"{path}/holding", asked.holding, "điểm danh"))
    known = client.get(f"{path}/record", headers={"X-Chibo-Actor": actor})
    if known["proceedings"] != asked.proceedings:
        warn(_sent(client, f"{path}/proceedings", asked.proceedings, "diễn biến", turn=known["version"]))
    evaluated = {each["task_id"] for each in known["evaluations"]}
    for task, body in asked.evaluations:
        if task not in evaluated:
            _sent(client, f"/v1/tasks/{task}/evaluations", body, "đánh giá nhiệm vụ")
    subjects = {each["subject"] for each in known["resolutions"]}
    for body in asked.resolutions:
        if body["subject"] not in subjects:
            answer = _sent(client, f"{path}/resolutions", body, f"nghị quyết “{body['subject']}”")
            _show_resolution(answer["resolution"])
            warn(answer)
    given = {(each["member_id"], each["text"]) for each in known["tasks"]}
    for body in asked.tasks:
        if (body["member_id"], body["text"]) not in given:
            _sent(client, f"{path}/tasks", body, "nhiệm vụ")
    OUT.print(
        f"Đã ghi cuộc họp: {len(asked.holding['roll'])} người trong danh sách, {len(asked.resolutions)} nghị quyết,"
        f" {len(asked.evaluations)} nhiệm vụ được đánh giá, {len(asked.tasks)} nhiệm vụ giao mới."
    )


def _sent(client: Client, path: str, body: Mapping[str, Any], what: str, *, turn: int = 0) -> dict[str, Any]:
    try:
        return send(client, path, body, turn=turn)
    except ProblemAnswer as problem:
        raise Refused(
            f"Phần {what} chưa ghi được; những phần trước đã ghi. Sửa tệp rồi gửi lại, phần đã ghi không bị ghi hai"
            f" lần. {problem}"
        ) from problem


def _show_resolution(answer: Mapping[str, Any]) -> None:
    number = (
        f"số {answer['number']} ({escape(answer['series'])})" if answer["carried"] else "không được thông qua"
    )
    OUT.print(f"Nghị quyết “{escape(answer['subject'])}”: {number}.")
