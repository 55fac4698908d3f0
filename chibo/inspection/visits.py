"""`chibo visits`: visits of working teams to meetings of cells, recorded one by one, or taken from a file."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.table import Table

from chibo import importing, words
from chibo.client import Client, read_all
from chibo.console import OUT, refusals_shown, step
from chibo.importing import OnError
from chibo.inspection.teams import people_in_teams
from chibo.meetings.refs import MeetingName, meeting_id
from chibo.options import (
    INSPECTION,
    MEETINGS,
    MEMBERSHIP,
    InspectionUrl,
    Json,
    Reader,
    Within,
    give,
    iso,
    parse_day,
    warn,
)
from chibo.people import People, RegisterUrl
from chibo.words import number

app = typer.Typer(help="Tổ công tác dự sinh hoạt chi bộ: ghi, nhập từ tệp, xem.", no_args_is_help=True)

GRADES: Final[Mapping[str, str]] = {"good": "tốt", "fair": "khá", "average": "trung bình", "poor": "kém"}

OnErrors = Annotated[
    OnError, typer.Option("--on-error", help="abort: có lỗi thì không nhập gì; skip: nhập các dòng đúng.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Chỉ kiểm tra và cho xem điều sẽ thay đổi, không nhập.")
]
Team = Annotated[str | None, typer.Option("--team", help="Mã tổ công tác.")]
FirstDay = Annotated[
    date | None, typer.Option("--from", parser=parse_day, metavar="YYYY-MM-DD", help="Từ ngày này.")
]
LastDay = Annotated[
    date | None, typer.Option("--to", parser=parse_day, metavar="YYYY-MM-DD", help="Đến hết ngày này.")
]
VisitName = Annotated[str, typer.Argument(metavar="VISIT", help="Số của lần dự, như `visits list` in ra.")]
_Codes = list[str] | None
Visitors = Annotated[
    _Codes, typer.Option("--visitor", metavar="MEMBER", help="Mã đảng viên của tổ đã dự; có thể ghi nhiều.")
]
Grades = Annotated[
    _Codes, typer.Option("--grade", metavar="AXIS=GRADE", help="Nhận xét một mặt, như content=fair.")
]
Points = Annotated[
    _Codes, typer.Option("--points", metavar="CRITERION=N", help="Điểm một tiêu chí, như content=20.")
]
BooksGood = Annotated[_Codes, typer.Option("--book-good", help="Sổ có, cập nhật và đúng.")]
BooksMissing = Annotated[_Codes, typer.Option("--book-missing", help="Sổ không có.")]
BooksOutdated = Annotated[_Codes, typer.Option("--book-outdated", help="Sổ chưa cập nhật.")]
BooksIncorrect = Annotated[_Codes, typer.Option("--book-incorrect", help="Sổ ghi sai.")]
StepsFollowed = Annotated[_Codes, typer.Option("--step-followed", help="Bước đã thực hiện.")]
StepsMissed = Annotated[_Codes, typer.Option("--step-missed", help="Bước không thực hiện.")]
Guidance = Annotated[str | None, typer.Option(help="Hướng dẫn tại chỗ.")]
Comment = Annotated[str | None, typer.Option(help="Nhận xét chung.")]
MeetingsPlace = Annotated[
    str, typer.Option("--meetings-url", envvar="CHIBO_MEETINGS_URL", help="Địa chỉ dịch vụ meetings.")
]


@app.command("import")
def import_(
    file: Path,
    on_error: OnErrors = OnError.ABORT,
    dry_run: DryRun = False,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Nhập tệp các lần dự đã qua, mỗi dòng một lần; điều đã ghi không bị sửa."""
    take(file, "visits", url, on_error=on_error, dry_run=dry_run, json=json)


def take(file: Path, kind: str, url: str, *, on_error: OnError, dry_run: bool, json: bool) -> None:
    """Import a file into inspection and say what came of it."""
    with refusals_shown():
        with step(f"Đã {'kiểm tra' if dry_run else 'xử lý'} {file.name}"):
            answer = importing.import_file(Client(url), kind, file, on_error=on_error, dry_run=dry_run)
        give(answer, lambda answer: OUT.print(importing.summary(answer)), json=json)


@app.command("record")
def record(
    *,
    meeting: MeetingName,
    team: Annotated[str, typer.Option(help="Mã tổ công tác.")],
    on: LastDay = None,
    visitors: Visitors = None,
    grades: Grades = None,
    points: Points = None,
    books_good: BooksGood = None,
    books_missing: BooksMissing = None,
    books_outdated: BooksOutdated = None,
    books_incorrect: BooksIncorrect = None,
    steps_followed: StepsFollowed = None,
    steps_missed: StepsMissed = None,
    guidance: Guidance = None,
    comment: Comment = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    meetings: MeetingsPlace = MEETINGS,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Ghi một lần tổ công tác dự cuộc họp: sổ sách, quy trình, nhận xét, điểm."""
    people = People(Client(register), actor)
    with refusals_shown():
        body = {
            "meeting_id": meeting_id(Client(meetings), meeting),
            "team_code": team,
            "visited_on": iso(on),
            "visitor_ids": [people.id_of(one) for one in visitors or ()],
            "books": books_said(books_good, books_missing, books_outdated, books_incorrect),
            "steps": steps_said(steps_followed, steps_missed),
            "axes": axes_said(grades),
            "points": pairs(points) or None,
            "guidance": guidance,
            "comment": comment,
        }
        give(Client(url).send("/v1/visits", body), show_changed, json=json)


@app.command("checklist")
def checklist(
    *,
    on: Annotated[
        date | None,
        typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày dự; mặc định hôm nay."),
    ] = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In mã và tên của sổ, bước, mặt, hạn chế và mục điểm dùng khi ghi một lần dự."""
    with refusals_shown():
        give(Client(url).get("/v1/checklist", on=iso(on)), _show_checklist, json=json)


@app.command("withdraw")
def withdraw(*, visit: VisitName, url: InspectionUrl = INSPECTION, json: Json = False) -> None:
    """Hủy một lần dự không hề có."""
    with refusals_shown():
        give(Client(url).send(f"{path_of(visit)}/withdrawal", {}), show_changed, json=json)


@app.command("list")
def list_(
    *,
    unit: Within = None,
    team: Team = None,
    first: FirstDay = None,
    last: LastDay = None,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In các lần dự: của một tổ chức đảng, của một tổ, trong một thời gian."""
    with refusals_shown():
        asked = {"unit": unit, "team": team, "from": iso(first), "to": iso(last)}
        give(read_all(Client(url), "/v1/visits", actor="unknown", **asked), _show_visits, json=json)


@app.command("show")
def show(
    *,
    visit: VisitName,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """In một lần dự với mọi điều đã ghi."""
    with refusals_shown():
        service = Client(url)
        answer = service.get(path_of(visit), headers={"X-Chibo-Actor": actor})
        if json:
            give(answer, show_changed, json=True)
            return
        there = service.get("/v1/team-members", headers={"X-Chibo-Actor": actor}, on=answer["visited_on"])
        people = people_in_teams(Client(register), there, actor)
        _show_visit(answer, service.get("/v1/checklist", on=answer["visited_on"]), people)


def books_said(good: _Codes, missing: _Codes, outdated: _Codes, incorrect: _Codes) -> list[dict[str, Any]]:
    """Return how books were, by the codes of those that were good, and of those that had each fault."""
    books: dict[str, dict[str, bool]] = {}
    for codes, said in (
        (good, {"present": True, "up_to_date": True, "correct": True}),
        (missing, {"present": False}),
        (outdated, {"present": True, "up_to_date": False}),
        (incorrect, {"present": True, "correct": False}),
    ):
        for code in codes or ():
            books.setdefault(code, {}).update(said)
    return [{"book": code, **said} for code, said in books.items()]


def steps_said(followed: _Codes, missed: _Codes) -> list[dict[str, Any]]:
    """Return which steps were followed and which were not."""
    return [
        {"step": code, "followed": was}
        for codes, was in ((followed, True), (missed, False))
        for code in codes or ()
    ]


def axes_said(grades: _Codes) -> list[dict[str, Any]]:
    """Return how each axis was judged. Raises BadParameter as `pairs`."""
    return [{"axis": axis, "grade": grade} for axis, grade in pairs(grades).items()]


def path_of(visit: str) -> str:
    """Return where a visit is."""
    return f"/v1/visits/{quote(visit, safe='')}"


def labels_of(checklist: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return what the codes of a part of a checklist are called."""
    return {one["code"]: one["label"] for one in checklist[name]}


def pairs(texts: Iterable[str] | None) -> dict[str, str]:
    """Return what NAME=VALUE texts say. Raises BadParameter."""
    found = {}
    for text in texts or ():
        name, is_pair, value = text.partition("=")
        if not is_pair or name in found:
            raise typer.BadParameter(f"“{text}” phải có dạng TÊN=GIÁ-TRỊ, mỗi tên một lần.")
        found[name] = value
    return found


def _day(text: str | None) -> str:
    return words.day(text, missing="")


def _score(answer: Mapping[str, Any]) -> str:
    if answer["total"] is None:
        return ""
    return f"{answer['total']:g} ({GRADES[answer['grade']]})".replace(".", ",")


def show_changed(visit: dict[str, Any]) -> None:
    """Print what came of a command on a visit."""
    warn(visit)
    what = "Đã hủy lần dự" if visit["withdrawn"] else "Đã ghi"
    score = f", {_score(visit)} điểm" if visit["score"] else ""
    OUT.print(
        f"{what}: tổ {escape(visit['team_code'])} dự tại {escape(visit['cell_code'])}"
        f" ngày {_day(visit['visited_on'])}{score}. Số: {visit['id']}"
    )


def _show_checklist(found: dict[str, Any]) -> None:
    table = Table("Ghi bằng", "Mã", "Tên", title=escape(found["source"]))
    for option, part in (
        ("--book-…", "books"),
        ("--step-…", "steps"),
        ("--grade", "axes"),
        ("findings open --limitation", "limitations"),
    ):
        for code, label in labels_of(found, part).items():
            table.add_row(option, code, escape(label))
        table.add_section()
    for code, most in found["rubric"]["points"].items():
        table.add_row("--points", code, f"0 đến {most:g}".replace(".", ","))
    OUT.print(table)
    OUT.print(f"Mức của --grade: {', '.join(f'{code} ({label})' for code, label in GRADES.items())}.")


def _show_visits(answer: dict[str, Any]) -> None:
    table = Table("Ngày", "Chi bộ", "Tổ", "Điểm", "Hạn chế", "Số")
    for one in answer["items"]:
        table.add_row(
            _day(one["visited_on"]),
            escape(one["cell_code"]),
            escape(one["team_code"]),
            _score(one),
            number(one["findings"]),
            one["id"],
        )
    OUT.print(table)


def _show_visit(visit: Mapping[str, Any], checklist: Mapping[str, Any], people: People) -> None:
    OUT.print(
        f"[bold]{escape(visit['cell_code'])}[/] ngày {_day(visit['visited_on'])},"
        f" tổ {escape(visit['team_code'])}; điểm: {_score(visit) or 'chưa chấm'}"
    )
    for id_ in visit["visitor_ids"]:
        OUT.print(f"  {escape(people.label(id_))}")
    table = Table("Nội dung", "Nhận xét", "Ghi chú")
    for part, key, said in (
        ("books", "book", _book),
        ("steps", "step", lambda one: "có" if one["followed"] else "[yellow]không[/]"),
        ("axes", "axis", lambda one: GRADES[one["grade"]]),
    ):
        labels = labels_of(checklist, part)
        for one in visit[part]:
            remark = one.get("remark") or one.get("comment") or ""
            table.add_row(escape(labels.get(one[key], one[key])), said(one), escape(remark))
        table.add_section()
    OUT.print(table)
    for label, text in (("Hướng dẫn", visit["guidance"]), ("Nhận xét chung", visit["comment"])):
        if text:
            OUT.print(f"{label}: {escape(text)}")


def _book(one: Mapping[str, Any]) -> str:
    wrong = [
        text
        for name, text in (("present", "không có"), ("up_to_date", "chưa cập nhật"), ("correct", "ghi sai"))
        if one[name] is False
    ]
    return f"[yellow]{', '.join(wrong)}[/]" if wrong else "tốt"
