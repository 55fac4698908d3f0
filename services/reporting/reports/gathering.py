"""The figures of a report, asked for by the queries that answer every other question, in one snapshot."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from chassis.database import Connection
from chassis.problems import Problem
from services.reporting import movement_query, parameters
from services.reporting.dashboard.wording import day
from services.reporting.dated_tree import DatedTree, Trees
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.measure import Measure
from services.reporting.figures.periods import Period, Step
from services.reporting.figures.query import Answer, Mark, Row, answer, difference
from services.reporting.figures.question import Compare, Question
from services.reporting.recorded import local_day
from services.reporting.reports.facts import Facts, Figure
from services.reporting.reports.spans import Reported
from services.reporting.tree import Unit

_TREND: Final = (
    "members", "meetings.due", "meetings.months_held", "meetings.missed", "meetings.postponed", "meetings.excused",
    "meetings.attendance_rate",
)  # fmt: skip
_BELOW: Final = (
    "members", "meetings.due", "meetings.months_held", "meetings.missed", "meetings.postponed", "meetings.excused",
    "meetings.held_rate", "meetings.attendance_rate",
)  # fmt: skip


async def gathered(
    connection: Connection,
    trees: Trees,
    reported: Reported,
    *,
    unit: str | None,
    known_at: datetime | None,
    mark: Mark,
) -> Facts:
    """Return what a report of a unit tells, of the only root for None, or of the whole register where it has more.

    The connection reads one snapshot, of which `mark` is the mark. Raises Problem `unknown-unit` (404), and
    `unit-not-there` (404) where the unit was there on no day of the period.
    """
    tree, period = await trees.read(connection, known_at), reported.period
    if unit is None:
        roots = [one for one in tree.children(None, period.last) if _there(tree, one, period)]
        asked = roots[0] if len(roots) == 1 else None
        found = None if asked is None else tree.unit(asked, period.last)
    else:
        asked = tree.of_code(unit, period.last)
        found = None if asked is None else tree.unit(asked, period.last)
        if asked is None or found is None:
            raise parameters.unknown_unit(unit)
        if not _there(tree, asked, period):
            raise unit_not_there(unit, found.name, period)
    code = None if found is None else found.code

    async def ask(
        of: Period, measures: Sequence[str] | None = None, *by: Dimension, step: Step = Step.WHOLE
    ) -> Sequence[Row]:
        question = Question(
            unit=code, first=of.first, last=of.last, step=step, by=by, known_at=known_at,
            measures=list(MEASURES.values()) if measures is None else [MEASURES[one] for one in measures],
            compare=None if of is not period or Dimension.UNIT in by else Compare.LAST_YEAR,
        )  # fmt: skip
        return _found(await answer(connection, trees, question, mark)).rows

    [whole] = await ask(period)
    moved = await movement_query.movement(
        connection, unit=code, first=period.first, last=period.last,
        known_at=known_at, by_unit=False,
    )  # fmt: skip
    if moved is None:  # the unit was found in the same snapshot
        raise AssertionError("movement does not know a unit that the tree knows")
    return Facts(
        reported=reported,
        unit=found,
        above=_above(tree, asked, period.last),
        until=None if asked is None else _until(tree, asked, period),
        figures={measure.code: _figure(measure, whole) for measure in MEASURES.values()},
        ages={
            row.group[Dimension.AGE_BAND]: _figure(MEASURES["members"], row)
            for row in await ask(period, ["members"], Dimension.AGE_BAND)
        },
        axes={
            (row.group[Dimension.AXIS], row.group[Dimension.GRADE]): row.values["visits.grades"] or 0
            for row in await ask(period, ["visits.grades"], Dimension.AXIS, Dimension.GRADE)
        },
        moved=moved.movement,
        months=[(row.period, row.values) for row in await ask(reported.months, _TREND, step=Step.MONTH)],
        below=[
            (row.unit, row.values)
            for row in await ask(period, _BELOW, Dimension.UNIT)
            if row.unit is not None and row.unit.code != code
        ],
        known_at=known_at,
        up_to=mark.up_to,
        at=mark.at,
        made_on=local_day(mark.at),
    )


def unit_not_there(code: str, name: str, period: Period) -> Problem:
    """Return the problem of a unit that was not there in the period of the report."""
    return Problem(
        "unit-not-there",
        404,
        title="Tổ chức đảng không có trong kỳ báo cáo",
        title_en="Unit not there in the period",
        detail=f"“{name}” ({code[:50]}) không tồn tại ngày nào từ {day(period.first)} đến {day(period.last)}: chưa"
        " thành lập hoặc đã kết thúc hoạt động. Hãy chọn kỳ khác.",
    )


def _found(answer_: Answer | None) -> Answer:
    if answer_ is None:  # the unit was found in the same snapshot
        raise AssertionError("figures do not know a unit that the tree knows")
    return answer_


def _figure(measure: Measure, row: Row) -> Figure:
    now, before = row.values[measure.code], _of(row.last_year, measure.code)
    return Figure(now, before, *difference(measure, now, before))


def _of(values: Mapping[str, float | None] | None, code: str) -> float | None:
    return None if values is None else values[code]


def _there(tree: DatedTree, unit: UUID, period: Period) -> bool:
    """Return whether a unit was there on any day of a period."""
    spans = [span for its in tree.spans.get(unit, {}).values() for span in its]
    return any(
        span.since <= period.last and (span.until is None or span.until > period.first) for span in spans
    )


def _until(tree: DatedTree, unit: UUID, period: Period) -> date | None:
    """Return the first day on which a unit is gone, where it goes within a period and does not come back in it."""
    if tree.is_on(unit, period.last):
        return None
    ends = [span.until for its in tree.spans.get(unit, {}).values() for span in its if span.until]
    return max((end for end in ends if end <= period.last), default=None)


def _above(tree: DatedTree, unit: UUID | None, on: date) -> Unit | None:
    place = None if unit is None else tree.place(unit, on)
    return None if place is None or place.parent is None else tree.unit(place.parent, on)
