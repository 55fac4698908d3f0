"""`chibo visits`: visits of working teams to meetings of cells, recorded one by one, or taken from a file."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any
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
from chibo.words import CRITERIA, SCORE_GRADES, code_of, number

app = typer.Typer(help="Tổ công tác dự sinh hoạt chi bộ: ghi, nhập từ tệp, xem.", no_args_is_help=True)


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
_Names = list[str] | None
Visitors = Annotated[
    _Names, typer.Option("--visitor", metavar="MEMBER", help="Mã đảng viên của tổ đã dự; có thể ghi nhiều.")
]
Grades = Annotated[
    _Names, typer.Option("--grade", metavar="MẶT=MỨC", help="Nhận xét một mặt, như “nội dung sinh hoạt=khá”.")
]
Points = Annotated[
    _Names, typer.Option("--points", metavar="MỤC=ĐIỂM", help="Điểm một mục, như “nội dung=20”.")
]
BooksGood = Annotated[_Names, typer.Option("--book-good", help="Sổ có, cập nhật và đúng.")]
BooksMissing = Annotated[_Names, typer.Option("--book-missing", help="Sổ không có.")]
BooksOutdated = Annotated[_Names, typer.Option("--book-outdated", help="Sổ chưa cập nhật.")]
BooksIncorrect = Annotated[_Names, typer.Option("--book-incorrect", help="Sổ ghi sai.")]
StepsFollowed = Annotated[_Names, typer.Option("--step-followed", help="Bước đã thực hiện.")]
StepsMissed = Annotated[_Names, typer.Option("--step-missed", help="Bước không thực hiện.")]
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
    """Ghi một lần tổ công tác dự cuộc họp: sổ sách, quy trình, nhận xét, điểm; bằng tên hoặc mã trong danh mục."""
    people = People(Client(register), actor)
    with refusals_shown():
        service = Client(url)
        checklist = service.get("/v1/checklist", on=iso(on))
        body = {
            "meeting_id": meeting_id(Client(meetings), meeting),
            "team_code": team,
            "visited_on": iso(on),
            "visitor_ids": [people.id_of(one) for one in visitors or ()],
            "books": books_said(checklist, books_good, books_missing, books_outdated, books_incorrect),
            "steps": steps_said(checklist, steps_followed, steps_missed),
            "axes": axes_said(checklist, grades),
            "points": points_said(points) or None,
            "guidance": guidance,
            "comment": comment,
        }
        give(service.send("/v1/visits", body), show_changed, json=json)


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


def books_said(
    checklist: Mapping[str, Any], good: _Names, missing: _Names, outdated: _Names, incorrect: _Names
) -> list[dict[str, Any]]:
    """Return how books were, by the names of those that were good, and of those that had each fault."""
    books: dict[str, dict[str, bool]] = {}
    for names, said in (
        (good, {"present": True, "up_to_date": True, "correct": True}),
        (missing, {"present": False}),
        (outdated, {"present": True, "up_to_date": False}),
        (incorrect, {"present": True, "correct": False}),
    ):
        for name in names or ():
            books.setdefault(called(checklist, "books", name), {}).update(said)
    return [{"book": code, **said} for code, said in books.items()]


def steps_said(checklist: Mapping[str, Any], followed: _Names, missed: _Names) -> list[dict[str, Any]]:
    """Return which steps were followed and which were not."""
    return [
        {"step": called(checklist, "steps", name), "followed": was}
        for names, was in ((followed, True), (missed, False))
        for name in names or ()
    ]


def axes_said(checklist: Mapping[str, Any], grades: _Names) -> list[dict[str, Any]]:
    """Return how each axis was judged. Raises BadParameter where a text is no pair, or an axis is judged twice."""
    return [
        {"axis": axis, "grade": code_of(grade, SCORE_GRADES) or grade}
        for axis, grade in _pairs(grades, labels_of(checklist, "axes")).items()
    ]


def points_said(points: _Names) -> dict[str, str]:
    """Return the points of each criterion. Raises BadParameter as `axes_said`."""
    return {name: given.replace(",", ".") for name, given in _pairs(points, CRITERIA).items()}


def called(checklist: Mapping[str, Any], part: str, name: str) -> str:
    """Return the code of what a part of a checklist calls by a name; other texts as they are, to be refused."""
    return code_of(name, labels_of(checklist, part)) or name


def path_of(visit: str) -> str:
    """Return where a visit is."""
    return f"/v1/visits/{quote(visit, safe='')}"


def labels_of(checklist: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return what the codes of a part of a checklist are called."""
    return {one["code"]: one["label"] for one in checklist[name]}


def _pairs(texts: _Names, labels: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for text in texts or ():
        name, is_pair, value = text.partition("=")
        code = code_of(name, labels) or name
        if not is_pair or code in found:
            raise typer.BadParameter(f"“{text}” phải có dạng TÊN=GIÁ-TRỊ, mỗi tên một lần.")
        found[code] = value.strip()
    return found


def _day(text: str | None) -> str:
    return words.day(text, missing="")


def _score(answer: Mapping[str, Any]) -> str:
    if answer["total"] is None:
        return ""
    return f"{answer['total']:g} ({SCORE_GRADES[answer['grade']]})".replace(".", ",")


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
        table.add_row("--points", code, f"{CRITERIA[code]}: 0 đến {most:g}".replace(".", ","))
    OUT.print(table)
    OUT.print(f"Mức của --grade: {', '.join(SCORE_GRADES.values())}.")


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
        ("axes", "axis", lambda one: SCORE_GRADES[one["grade"]]),
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
