"""A sheet that was filled in: what it says, or what is wrong in which of its cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from chassis.faults import FaultsFound
from chassis.table_rows import SHOWN, Words, read_day
from chassis.tables import UnreadableError, lines
from chassis.vietnamese import fold, nfc
from contracts.visits import AxisComment, BookCheck, StepCheck
from rules.guidance import Criterion
from services.inspection.checklists import Checklist
from services.inspection.faults import Fault
from services.inspection.findings.finding import Found
from services.inspection.forms.layout import YES_NO, limitation_labels
from services.inspection.imports.columns import GRADES, SEVERITIES
from services.inspection.visits import domain as visits

T = TypeVar("T")

_POINTS: Final = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?", re.ASCII)
_MOST: Final = 4000
_FIRST: Final = 2
"""The column that is filled in first, after the hidden one and that of labels."""


@dataclass(frozen=True, slots=True)
class Head:
    """Which visit a sheet is of."""

    meeting_id: UUID
    team_code: str
    visitor_ids: tuple[UUID, ...]
    visited_on: date | None


@dataclass(slots=True)
class Sheet:
    """The cells of a sheet by the codes of their lines; `faults` collects what is wrong, with the cell where."""

    rows: Mapping[str, tuple[int, list[str]]]
    faults: list[Fault] = field(default_factory=list)

    def place(self, code: str, number: int = 0) -> str:
        """Return the name of a cell, such as C12."""
        return f"{'CDEF'[number]}{self.rows[code][0]}" if code in self.rows else code

    def text(self, code: str, number: int = 0) -> str:
        """Return the text of a cell; empty where there is none."""
        texts = self.rows.get(code, (0, []))[1]
        text = nfc(texts[number]).strip() if number < len(texts) else ""
        if len(text) > _MOST:
            self.faults.append(Fault("text-too-long", self.place(code, number), {"most": _MOST}))
        return text[:_MOST]

    def word(self, code: str, number: int, words: Words[T]) -> T | None:
        """Return what a cell means; None where it is empty or means nothing, which is noted."""
        text = self.text(code, number)
        meaning = words.get(text) if text else None
        if text and meaning is None:
            self._note_word(code, number, text, words.offered, words.offered_en)
        return meaning

    def day(self, code: str, number: int = 0) -> date | None:
        """Return the day in a cell; None where it is empty or no day, which is noted."""
        text = self.text(code, number).removesuffix(" 00:00:00")
        found = read_day(text)
        if text and found is None:
            fault = Fault("day-unreadable", self.place(code, number), {"value": text[:SHOWN]})
            self.faults.append(fault)
        return found

    def _note_word(self, code: str, number: int, text: str, allowed: str, allowed_en: str) -> None:
        facts = {"value": text[:SHOWN], "allowed": allowed, "allowed_en": allowed_en}
        self.faults.append(Fault("unknown-word", self.place(code, number), facts))

    def _note_missing(self, code: str, number: int = 0) -> None:
        self.faults.append(Fault("value-missing", self.place(code, number)))

    def check_list(self, its: Checklist) -> None:
        """Note lines of books, steps and axes that the checklist does not have: it is not that of the sheet."""
        for part, known in (("book", its.books), ("step", its.steps), ("axis", its.axes)):
            codes = [one.code for one in known]
            for code in self.rows:
                name, _, its_code = code.partition(":")
                if name == part and its_code not in codes and any(self.rows[code][1]):
                    facts = {"code": its_code[:SHOWN], "allowed": ", ".join(codes)}
                    self.faults.append(Fault("not-on-checklist", self.place(code), facts))

    def findings(self, its: Checklist) -> list[tuple[str, Found]]:
        """Return the findings of the sheet, each with its line's code."""
        labels = {fold(label): meant for label, meant in limitation_labels(its).items()}
        found = []
        for code in (one for one in self.rows if one.startswith("finding:")):
            texts = [self.text(code, number) for number in range(4)]
            if not any(texts):
                continue
            meant = labels.get(fold(texts[0]))
            if meant is None:
                allowed = "; ".join(limitation_labels(its))
                self._note_word(code, 0, texts[0], allowed, allowed)
            severity = self.word(code, 1, SEVERITIES)
            for number in (1, 3):
                if not texts[number]:
                    self._note_missing(code, number)
            due_on = self.day(code, 2)
            if meant and severity and texts[3]:
                axis, limitation = meant
                one = Found(
                    summary=texts[3],
                    severity=severity,
                    axis=None if limitation else axis,
                    limitation=limitation,
                    due_on=due_on,
                )
                found.append((code, one))
        return found

    def report(self, its: Checklist, head: Head) -> visits.Report:
        """Return the report of the sheet; what is wrong is noted in `faults`."""
        books, steps, axes = [], [], []
        words: dict[str, dict[str, str]] = {"book": {}, "step": {}, "axis": {}}
        for one in its.books:
            code = f"book:{one.code}"
            said = [self.word(code, number, YES_NO) for number in range(3)]
            if any(value is not None for value in said) or self.text(code, 3):
                present, up_to_date, correct = said
                books.append(
                    BookCheck(book=one.code, present=present, up_to_date=up_to_date, correct=correct)
                )
                words["book"][one.code] = self.text(code, 3)
        for step in its.steps:
            code = f"step:{step.code}"
            followed = self.word(code, 0, YES_NO)
            if followed is not None:
                steps.append(StepCheck(step=step.code, followed=followed))
                words["step"][step.code] = self.text(code, 1)
            elif self.text(code, 1):
                self._note_missing(code)
        for axis in its.axes:
            code = f"axis:{axis.code}"
            grade = self.word(code, 0, GRADES)
            if grade is not None:
                axes.append(AxisComment(axis=axis.code, grade=grade))
                words["axis"][axis.code] = self.text(code, 1)
            elif self.text(code, 1):
                self._note_missing(code)
        return visits.Report(
            visited_on=head.visited_on,
            visitor_ids=head.visitor_ids,
            books=tuple(books),
            steps=tuple(steps),
            axes=tuple(axes),
            points=self._points(),
            words=visits.Words(
                guidance=self.text("text:guidance") or None,
                comment=self.text("text:comment") or None,
                books=_said(words["book"]),
                steps=_said(words["step"]),
                axes=_said(words["axis"]),
            ),
        )

    def _points(self) -> Mapping[Criterion, Decimal] | None:
        found = {}
        for criterion in Criterion:
            code = f"points:{criterion.value}"
            if text := self.text(code):
                if _POINTS.fullmatch(text):
                    found[criterion] = Decimal(text.replace(",", "."))
                else:
                    facts = {"value": text[:SHOWN]}
                    self.faults.append(Fault("points-unreadable", self.place(code), facts))
        return found or None


def read_sheet(body: bytes) -> tuple[Head, Sheet]:
    """Return which visit a workbook is of, and its cells. CPU-bound.

    Raises FaultsFound where it cannot be read, or is no such sheet.
    """
    sheet = _read_lines(body)
    try:
        meeting = UUID(sheet.text("meta:meeting"))
        visitors = tuple(UUID(one) for one in sheet.text("meta:visitors").split())
    except ValueError:
        raise FaultsFound([Fault("no-visit-form")]) from None
    head = Head(meeting, sheet.text("meta:team"), visitors, sheet.day("meta:visited_on"))
    return head, sheet


def _read_lines(body: bytes) -> Sheet:
    """Return the lines of a workbook by their codes; a line that was copied, code and all, is noted.

    Raises FaultsFound where the workbook cannot be read.
    """
    rows: dict[str, tuple[int, list[str]]] = {}
    faults = []
    try:
        for line, texts in lines(body, workbook=True):
            code = texts[0].strip()
            if ":" not in code or len(texts) <= _FIRST:
                continue
            said = texts[_FIRST:]
            if any(said) and any(rows.get(code, (0, []))[1]):
                faults.append(Fault("said-twice", f"B{line}", {"code": texts[1][:SHOWN] or code}))
            if any(said) or code not in rows:
                rows[code] = line, said
    except UnreadableError as error:
        raise FaultsFound([Fault(error.code, None, error.parameters)]) from error
    return Sheet(rows, faults)


def _said(words: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code, text in words.items() if text}
