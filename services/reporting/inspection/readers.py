"""Tolerant readers of the inspection service's events: only what is counted, as in membership_facts.py."""

from datetime import date
from typing import Final, Literal

import msgspec

from contracts import findings, visits


class BookCheck(msgspec.Struct, gc=False):
    """Of `contracts.visits.BookCheck`."""

    present: bool | None = None
    up_to_date: bool | None = None
    correct: bool | None = None


class StepCheck(msgspec.Struct, gc=False):
    """Of `contracts.visits.StepCheck`."""

    followed: bool


class AxisComment(msgspec.Struct, gc=False):
    """Of `contracts.visits.AxisComment`."""

    axis: str
    grade: Literal["good", "fair", "average", "poor"]


class Score(msgspec.Struct, gc=False):
    """Of `contracts.visits.InspectorScore`."""

    total: float
    grade: str


class Visit(msgspec.Struct, gc=False):
    """Of `contracts.visits.VisitFacts`."""

    cell_id: str
    month: date
    kind: Literal["regular", "thematic", "extraordinary"]
    books: list[BookCheck] = []
    steps: list[StepCheck] = []
    axes: list[AxisComment] = []
    score: Score | None = None


class Recorded(msgspec.Struct, gc=False):
    """Of `contracts.visits.VisitRecorded`."""

    visit_id: str
    after: Visit


class Restated(msgspec.Struct, gc=False):
    """Of `contracts.visits.VisitRestated`."""

    visit_id: str
    before: Visit
    after: Visit | None


class Finding(msgspec.Struct, gc=False):
    """Of `contracts.findings.FindingFacts`."""

    cell_id: str
    found_on: date
    axis: str
    severity: Literal["minor", "moderate", "serious"]
    due_on: date
    state: Literal["open", "remedying", "reported", "closed"]
    reopened: int = 0
    recurrence_of: str | None = None


class FindingOpened(msgspec.Struct, gc=False):
    """Of `contracts.findings.FindingOpened`."""

    effective_date: date
    after: Finding
    before: None = None


class FindingChanged(msgspec.Struct, gc=False):
    """Of all steps of a finding's life after the first."""

    effective_date: date
    before: Finding
    after: Finding


class FindingStep(msgspec.Struct, gc=False):
    """Of `contracts.findings.FindingStep`."""

    effective_date: date
    before: Finding | None
    after: Finding | None


class FindingRestated(msgspec.Struct, gc=False):
    """Of `contracts.findings.FindingRestated`."""

    effective_date: date
    before: Finding
    after: Finding | None
    retracted: list[FindingStep] = []
    stated: list[FindingStep] = []


VISITS: Final[dict[str, type[Recorded | Restated]]] = {
    visits.VisitRecorded.TYPE: Recorded,
    visits.VisitRestated.TYPE: Restated,
}
FindingEvent = FindingOpened | FindingChanged | FindingRestated
FINDINGS: Final[dict[str, type[FindingEvent]]] = {
    findings.FindingOpened.TYPE: FindingOpened,
    findings.FindingRestated.TYPE: FindingRestated,
    **{
        event.TYPE: FindingChanged
        for event in findings.EVENTS
        if event not in {findings.FindingOpened, findings.FindingRestated}
    },
}
READERS: Final[dict[str, type[msgspec.Struct]]] = {**VISITS, **FINDINGS}
"""Which struct reads which event."""
