"""`chibo visits|findings correct`: what was recorded wrongly of a visit or a finding, put right; the rest stays."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Final

import typer

from chibo.client import Client
from chibo.console import Refused, refusals_shown
from chibo.inspection.findings import (
    AxisCode,
    Due,
    FindingName,
    LimitationCode,
    OwnerMember,
    OwnerPosition,
    OwnerUnit,
    Severity,
    finding_path,
    lacking_said,
    owner_said,
    show_finding_changed,
)
from chibo.inspection.visits import (
    BooksGood,
    BooksIncorrect,
    BooksMissing,
    BooksOutdated,
    Comment,
    Grades,
    Guidance,
    Points,
    StepsFollowed,
    StepsMissed,
    VisitName,
    Visitors,
    axes_said,
    books_said,
    labels_of,
    path_of,
    points_said,
    show_changed,
    steps_said,
)
from chibo.options import INSPECTION, MEMBERSHIP, InspectionUrl, Json, Reader, give, iso, parse_day
from chibo.people import People, RegisterUrl, ids_of
from chibo.words import code_of

_KEYS: Final = {"books": "book", "steps": "step", "axes": "axis"}
"""What tells the checks of each part of a visit apart."""

visits = typer.Typer()
"""The command that `chibo visits` takes in."""
findings = typer.Typer()
"""The command that `chibo findings` takes in."""


@visits.command("correct")
def correct_visit(
    *,
    visit: VisitName,
    on: Annotated[
        date | None, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày dự đúng.")
    ] = None,
    visitors: Visitors = None,
    grades: Grades = None,
    points: Points = None,
    unscored: Annotated[bool, typer.Option("--unscored", help="Thật ra không chấm điểm.")] = False,
    books_good: BooksGood = None,
    books_missing: BooksMissing = None,
    books_outdated: BooksOutdated = None,
    books_incorrect: BooksIncorrect = None,
    steps_followed: StepsFollowed = None,
    steps_missed: StepsMissed = None,
    not_seen: Annotated[
        list[str] | None,
        typer.Option(
            "--not-seen", metavar="NAME", help="Sổ, bước hoặc mặt thật ra không xem; có thể ghi nhiều."
        ),
    ] = None,
    guidance: Guidance = None,
    no_guidance: Annotated[bool, typer.Option("--no-guidance", help="Xóa hướng dẫn đã ghi.")] = False,
    comment: Comment = None,
    no_comment: Annotated[bool, typer.Option("--no-comment", help="Xóa nhận xét chung đã ghi.")] = False,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Đính chính một lần dự: chỉ điều được ghi lại thay đổi; --visitor thì ghi đủ mọi người đã dự."""
    body: dict[str, Any] = {"unscored": True} if unscored else {}
    if on:
        body["visited_on"] = iso(on)
    for name, said, gone in (("guidance", guidance, no_guidance), ("comment", comment, no_comment)):
        if said is not None and gone:
            raise typer.BadParameter(f"Hãy ghi --{name} hoặc --no-{name}, không ghi cả hai.")
        if said is not None or gone:
            body[name] = said
    new_points = points_said(points)
    with refusals_shown():
        service = Client(url)
        before = service.get(path_of(visit), headers={"X-Chibo-Actor": actor})
        checklist = service.get("/v1/checklist", on=iso(on) or before["visited_on"])
        books = books_said(checklist, books_good, books_missing, books_outdated, books_incorrect)
        steps, axes = steps_said(checklist, steps_followed, steps_missed), axes_said(checklist, grades)
        labels = {code: label for part in _KEYS for code, label in labels_of(checklist, part).items()}
        gone_codes = {code_of(name, labels) or name for name in not_seen or ()}
        if unknown := gone_codes - {one[key] for part, key in _KEYS.items() for one in before[part]}:
            raise Refused(f"Lần dự không ghi gì về: {', '.join(sorted(unknown))}.")
        for part, said_ in (("books", books), ("steps", steps), ("axes", axes)):
            key = _KEYS[part]
            if said_ or any(one[key] in gone_codes for one in before[part]):
                body[part] = _laid_over(before[part], said_, key, gone_codes)
        if new_points:
            body["points"] = (before["score"] or {}).get("points", {}) | new_points
        if visitors:
            body["visitor_ids"] = ids_of(People(Client(register), actor), visitors)
        answer = service.send_whole(f"{path_of(visit)}/correction", body, version=before["version"])
        give(answer, show_changed, json=json)


def _laid_over(
    before: Iterable[Mapping[str, Any]], said: Iterable[Mapping[str, Any]], key: str, gone: set[str]
) -> list[dict[str, Any]]:
    """Return what was said, without what is gone and with what is said now; a remark stays with what it is on."""
    found = {one[key]: dict(one) for one in before if one[key] not in gone}
    for one in said:
        remark = {name: found.get(one[key], {}).get(name) for name in ("remark", "comment")}
        found[one[key]] = {name: text for name, text in remark.items() if text} | dict(one)
    return list(found.values())


@findings.command("correct")
def correct_finding(
    *,
    finding: FindingName,
    summary: Annotated[str | None, typer.Option(help="Nội dung đúng.")] = None,
    severity: Annotated[Severity | None, typer.Option(help="Mức độ đúng.")] = None,
    limitation: LimitationCode = None,
    axis: AxisCode = None,
    unit: OwnerUnit = None,
    position: OwnerPosition = None,
    member: OwnerMember = None,
    due: Due = None,
    actor: Reader = "unknown",
    register: RegisterUrl = MEMBERSHIP,
    url: InspectionUrl = INSPECTION,
    json: Json = False,
) -> None:
    """Đính chính một hạn chế, kể cả đã xác nhận khắc phục; số liệu của mọi ngày từ ngày dự được tính lại."""
    with refusals_shown():
        service = Client(url)
        before = service.get(finding_path(finding), headers={"X-Chibo-Actor": actor})
        body = {
            "summary": summary,
            "severity": severity,
            **lacking_said(service, limitation, axis),
            # An axis alone takes it off the checklist's limitation, which has an axis of its own.
            "no_limitation": axis is not None and limitation is None,
            "due_on": iso(due),
            "owner": owner_said(before["cell_code"], unit, position, member, People(Client(register), actor)),
        }
        answer = service.send(f"{finding_path(finding)}/correction", body, version=before["version"])
        give(answer, show_finding_changed, json=json)
