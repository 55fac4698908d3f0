"""Rows of a file of past visits, or of findings: from texts to what the domain is asked. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from chassis import faults
from chassis.table_rows import SHOWN, Cells, Row, read_day
from contracts.meetings import MeetingKind
from contracts.visits import AxisComment, BookCheck, StepCheck
from rules.guidance import Criterion
from services.inspection.checklists import Checklist
from services.inspection.faults import Fault
from services.inspection.findings.finding import Found
from services.inspection.imports.columns import AXES, FINDINGS, GRADES, KINDS, SEVERITIES, VISITS
from services.inspection.visits.domain import Report, Words

_MONTH: Final = re.compile(
    r"((?:19|20)\d\d)-(\d\d)(?:-01)?|(?:0?1[/.-])?(\d{1,2})[/.-]((?:19|20)\d\d)", re.ASCII
)
_POINTS: Final = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?", re.ASCII)
_ALL_RIGHT: Final = "-"


@dataclass(frozen=True, slots=True)
class Where:
    """Which team was at which meeting, as a row names them."""

    team_code: str
    cell_code: str
    kind: MeetingKind
    month: date
    """Its first day."""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A past visit as a row has it."""

    where: Where | None
    report: Report
    faults: Sequence[faults.Fault]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as a row has it, and when it was reported and confirmed as mended."""

    where: Where | None
    found: Found | None
    reported_on: date | None
    evidence: str | None
    closed_on: date | None
    faults: Sequence[faults.Fault]


def read_visit(row: Row, its: Checklist) -> VisitRow:
    """Return the visit of a row; `its` is the checklist of its day."""
    cells = Cells(row, VISITS)
    where, visited_on = _where(cells), _day(cells, "visited_on")
    axes = []
    for axis in AXES:
        if cells.text(f"grade_{axis}"):
            grade = cells.word(f"grade_{axis}", GRADES)
            if grade is not None:
                axes.append(AxisComment(axis=axis, grade=grade))
    report = Report(
        visited_on=visited_on,
        books=_books(cells, its),
        steps=_steps(cells, its),
        axes=tuple(axes),
        points=_points(cells),
        words=Words(guidance=cells.line("advice")),
    )
    return VisitRow(where, report, cells.faults)


def read_finding(row: Row) -> FindingRow:
    """Return the finding of a row."""
    cells = Cells(row, FINDINGS)
    where, severity, summary = _where(cells), cells.word("severity", SEVERITIES), cells.needed("summary")
    due_on, reported_on, closed_on = (_day(cells, name) for name in ("due_on", "reported_on", "closed_on"))
    evidence = cells.line("evidence")
    if reported_on and not evidence:
        cells.faults.append(Fault("value-missing", "evidence"))
    if closed_on and not reported_on:
        cells.faults.append(Fault("value-missing", "reported_on"))
    found = None
    if severity is not None and not cells.faults:
        found = Found(
            summary=summary,
            severity=severity,
            axis=cells.text("axis") or None,
            limitation=cells.text("limitation") or None,
            due_on=due_on,
        )
    return FindingRow(where, found, reported_on, evidence, closed_on, cells.faults)


def read_month(text: str) -> date | None:
    """Return the first day of a month written as 2020-06 or 06/2020; None where it is none."""
    if not (found := _MONTH.fullmatch(text)):
        return None
    year, month = int(found[1] or found[4]), int(found[2] or found[3])
    return date(year, month, 1) if 1 <= month <= 12 else None


def _where(cells: Cells) -> Where | None:
    team, cell = cells.needed("team_code"), cells.needed("cell_code")
    kind = cells.word("kind", KINDS)
    cells.needed("month")
    month = cells.read("month", read_month, "month-unreadable")
    return None if kind is None or month is None else Where(team, cell, kind, month)


def _day(cells: Cells, column: str) -> date | None:
    return cells.read(column, read_day, "day-unreadable")


def _books(cells: Cells, its: Checklist) -> tuple[BookCheck, ...]:
    """Return how each book was; nothing where nobody looked at any."""
    said = {name: _list(cells, f"books_{name}") for name in ("missing", "outdated", "incorrect")}
    if all(codes is None for codes in said.values()):
        return ()
    missing, outdated, incorrect = (said[name] for name in ("missing", "outdated", "incorrect"))
    known = [one.code for one in its.books]
    others = [one for codes in said.values() for one in codes or () if one not in known]
    return tuple(
        BookCheck(
            book=book,
            present=None if missing is None else book not in missing,
            up_to_date=_so(book, missing, outdated),
            correct=_so(book, missing, incorrect),
        )
        for book in [*known, *others]
    )


def _so(book: str, missing: Sequence[str] | None, wrong: Sequence[str] | None) -> bool | None:
    if wrong is None or book in (missing or ()):
        return None
    return book not in wrong


def _steps(cells: Cells, its: Checklist) -> tuple[StepCheck, ...]:
    missed = _list(cells, "steps_missed")
    if missed is None:
        return ()
    known = [one.code for one in its.steps]
    others = [one for one in missed if one not in known]
    return tuple(StepCheck(step=step, followed=step not in missed) for step in [*known, *others])


def _list(cells: Cells, column: str) -> list[str] | None:
    """Return the codes of a cell; None where it is empty, nothing for a hyphen."""
    text = cells.text(column)
    if not text:
        return None
    return [] if text == _ALL_RIGHT else [one.strip() for one in text.split(";") if one.strip()]


def _points(cells: Cells) -> Mapping[Criterion, Decimal] | None:
    """Return the points of a row; None where it has none. That some are missing the domain says."""
    found = {}
    for criterion in Criterion:
        column = f"points_{criterion.value}"
        if text := cells.text(column):
            if _POINTS.fullmatch(text):
                found[criterion] = Decimal(text.replace(",", "."))
            else:
                cells.faults.append(Fault("points-unreadable", column, {"value": text[:SHOWN]}))
    return found or None
