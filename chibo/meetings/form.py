"""`chibo meetings form|fill`: a meeting as a workbook, prefilled with who is to come and what is due, and taken back.

What is taken is first read as a whole; a file with a mistake records nothing. Then each part is sent on its own, and
what is recorded already is left out: the same file sent again, also after a refusal halfway, records nothing twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

import typer
from rich.markup import escape

from chibo import words
from chibo.client import Client, ProblemAnswer, read_all
from chibo.console import OUT, Refused, refusals_shown
from chibo.meetings.form_rows import (
    BEGAN,
    CHAIR,
    CONCLUSIONS,
    DIRECTIONS,
    ENDED,
    EVALUATIONS,
    GUESTS,
    MINUTES,
    OPINIONS,
    RECORDER,
    ROLL,
    SHEETS,
    Asked,
    asked_by,
)
from chibo.meetings.refs import MeetingName, cell_path, day_of, meeting_path, one, send, start
from chibo.meetings.tables import Mistakes, Sheet, read, write
from chibo.meetings.views import PRESENCES
from chibo.options import MEETINGS, MEMBERSHIP, MeetingsUrl, Reader, warn
from chibo.people import People, RegisterUrl, in_order, people_of

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
    """Ghi biểu mẫu của một cuộc họp: danh sách điểm danh, nhiệm vụ cần đánh giá, điều đã ghi, chỗ ghi tiếp."""
    with refusals_shown():
        client = Client(url)
        found = one(client, meeting)
        listed = _listed(client, found)
        open_ = read_all(client, f"{cell_path(found['cell_code'])}/tasks", actor=actor, which="open")["items"]
        ids = [*listed, *(task["member_id"] for task in open_)]
        people = people_of(
            Client(membership_url), cell=found["cell_code"], on=day_of(found), ids=ids, actor=actor
        )
        rows = _prefilled(found, listed, open_, people, _Known.of(client, found, actor))
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


@dataclass(frozen=True, slots=True)
class _Known:
    """What is recorded of a meeting by now: where each was, and what was written down."""

    roll: Mapping[str, Mapping[str, Any]]
    written: Mapping[str, Any]

    @classmethod
    def of(cls, client: Client, meeting: Mapping[str, Any], actor: str) -> Self:
        """Return what is recorded; nothing of a meeting to come. Raises as `Client.get`."""
        if meeting["status"] != "held":
            return cls({}, {})
        path, headers = meeting_path(meeting["id"]), {"X-Chibo-Actor": actor}
        roll = client.get(f"{path}/roll", headers=headers)["items"]
        record = client.get(f"{path}/record", headers=headers)
        return cls(
            {one_["member_id"]: one_ for one_ in roll if one_["presence"]}, record["proceedings"] or {}
        )


def _prefilled(
    meeting: Mapping[str, Any],
    listed: Mapping[str, Mapping[str, Any]],
    tasks: Iterable[Mapping[str, Any]],
    people: People,
    known: _Known,
) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows that sheets begin with, by their titles."""
    written = known.written
    reasons = {one_["member_id"]: one_["reason"] for one_ in written.get("absences", ())}
    concluded = {one_["point"]: one_["text"] for one_ in written.get("conclusions", ())}
    usual = {id_: {"presence": "exempt" if one_["exempt"] else "present"} for id_, one_ in listed.items()}
    called = {id_: known.roll.get(id_, it) for id_, it in usual.items()}
    return {
        ROLL: [
            (
                one_.label,
                PRESENCES[called[one_.id]["presence"]],
                "có" if called[one_.id].get("special_duty") else None,
                reasons.get(one_.id),
            )
            for one_ in in_order(people, listed)
        ],
        MINUTES: list(_minutes(meeting, written, people)),
        OPINIONS: [
            (people.label(one_["speaker_id"]) if one_["speaker_id"] else None, one_["text"])
            for one_ in written.get("opinions", ())
        ],
        CONCLUSIONS: [
            (number, point, concluded.get(number)) for number, point in enumerate(meeting["agenda"], 1)
        ],
        EVALUATIONS: [
            (one_["id"], one_["text"], people.label(one_["member_id"]), words.day(one_["due_on"], missing=""))
            for one_ in tasks
            if one_["meeting_id"] != meeting["id"]
        ],
    }


def _minutes(
    meeting: Mapping[str, Any], written: Mapping[str, Any], people: People
) -> Iterator[tuple[str, str]]:
    at, took = start(meeting), meeting["minutes"]
    yield BEGAN, f"{at:%d/%m/%Y %H:%M}" if at else ""
    yield ENDED, f"{at + timedelta(minutes=took):%d/%m/%Y %H:%M}" if at and took is not None else ""
    for item, name in ((CHAIR, "chair_id"), (RECORDER, "recorder_id")):
        yield item, people.label(written[name]) if written else ""
    yield GUESTS, "\n".join(written.get("guests", ()))
    yield DIRECTIONS, "\n".join(written.get("directions", ()))


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
