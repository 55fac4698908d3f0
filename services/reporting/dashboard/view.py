"""What the page shows of one unit on one day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from chassis.database import Pool
from services.reporting import parameters
from services.reporting.dashboard import heat, wording
from services.reporting.dashboard.charts import Chart, Series
from services.reporting.dashboard.heat import Heat
from services.reporting.dashboard.snapshot import Snapshot, snapshot
from services.reporting.dated_tree import Trees
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.dimensions import VALUES, Dimension
from services.reporting.figures.measure import Kind
from services.reporting.figures.periods import after_month, month_start, months
from services.reporting.figures.query import Mark, Row, difference
from services.reporting.tree import Unit

_MONTHS: Final = 24
"""Months that trends go back, so that each has the same month of the year before beside it."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with that of a year before."""

    label: str
    now: float | None
    before: float | None
    difference: float | None
    ratio: bool
    """Whether it is a share or a mean, to one decimal."""
    unit: str
    whole: float | None = None
    """Of how many it is a part, where that says something."""


@dataclass(frozen=True, slots=True)
class Below:
    """A unit directly below: its members, and how its cells met since the beginning of the year."""

    unit: Unit
    there: bool
    """Whether it still is there on the day, and not only was some time in the year."""
    members: int
    before: int
    due: int
    held: int
    put_off: int
    missed: int


@dataclass(frozen=True, slots=True)
class View:
    """Everything of one page."""

    unit: Unit | None
    """None for the whole register, where it has more than one root."""
    path: Sequence[Unit]
    """The units above it, from the root, itself the last."""
    as_of: date
    before: date
    today: date
    mark: Mark
    members: Sequence[Tile]
    organisations: Sequence[Tile]
    meetings: Sequence[Tile]
    trend: Chart
    ages: Chart | None
    """None for a cell: of so few people it would point at single ones."""
    scores: Chart
    heat: Heat
    below: Sequence[Below]
    is_empty: bool
    """Whether nothing at all is known of the day."""


async def look(pool: Pool, trees: Trees, *, unit: str | None, as_of: date, today: date) -> View:
    """Return what there is to show; without a unit, of the only root, or the whole register where there are more.

    Raises Problem `unknown-unit` where no unit of that code is known.
    """
    async with snapshot(pool, trees) as known:
        code = unit or _only_root(known, as_of)
        path = _path(known, code, as_of)
        is_cell = bool(path) and path[-1].type in wording.CELL_TYPES
        year = {"unit": code, "from_": f"{as_of.year:04}-01-01", "to": as_of.isoformat()}
        [figures] = await known.rows(
            **year, measures="members*,units.*,meetings.*,tasks*", compare="last-year"
        )
        return View(
            unit=path[-1] if path else None,
            path=path,
            as_of=as_of,
            before=wording.year_before(as_of),
            today=today,
            mark=known.mark,
            members=_tiles(figures, _MEMBER_TILES, without=_OF_FEW if is_cell else ()),
            organisations=[one for one in _tiles(figures, _UNIT_TILES) if one.now or one.before],
            meetings=_meeting_tiles(figures),
            trend=await _trend(known, code, as_of),
            ages=None if is_cell else await _ages(known, code, as_of),
            scores=await _scores(known, code, as_of),
            heat=await _heat(known, code, as_of),
            below=[] if is_cell else await _below(known, year, as_of),
            is_empty=not any(
                (its or {}).get(one) for its in (figures.values, figures.last_year) for one in _SOMETHING
            ),
        )


def _only_root(known: Snapshot, day: date) -> str | None:
    roots = [root for root in known.tree.children(None, day) if known.tree.types_on(root, day)]
    found = known.tree.unit(roots[0], day) if len(roots) == 1 else None
    return found.code if found else None


def _path(known: Snapshot, code: str | None, day: date) -> list[Unit]:
    """Return the units from the root down to that of a code. Raises Problem where none has it."""
    if code is None:
        return []
    at = known.tree.of_code(code, day)
    if at is None:
        raise parameters.unknown_unit(code)
    seen = [at]
    # A unit met before ends it: a tree told in pieces may have a circle for a moment.
    while (place := known.tree.place(seen[-1], day)) and place.parent and place.parent not in seen:
        seen.append(place.parent)
    return [unit for one in reversed(seen) if (unit := known.tree.unit(one, day))]


_SOMETHING: Final = ("members", "units.cells", "units.grassroots_organisations", "meetings.held")
_MEMBER_TILES: Final = {
    "members": "Đảng viên",
    "members.women": "Đảng viên nữ",
    "members.ethnic_minority": "Dân tộc thiểu số",
    "members.with_religion": "Có đạo",
    "members.youth": "Đoàn viên, thanh niên",
    "members.probationary": "Đảng viên dự bị",
    "members.mean_age": "Tuổi bình quân",
}
_OF_FEW: Final = ("members.ethnic_minority", "members.with_religion")
"""Not shown of a cell: there these are a few people, whom a page before an audience would point at."""
_UNIT_TILES: Final = {
    "units.grassroots_organisations": "Tổ chức cơ sở đảng",
    "units.grassroots_committees": "Đảng bộ cơ sở",
    "units.grassroots_cells": "Chi bộ cơ sở",
    "units.divisional_committees": "Đảng bộ bộ phận",
    "units.subordinate_cells": "Chi bộ trực thuộc",
}
_MEETING_TILES: Final = {
    "meetings.months_held": "Kỳ đã họp định kỳ",
    "meetings.postponed": "Kỳ hoãn có lý do",
    "meetings.excused": "Kỳ tạm dừng theo chỉ đạo",
    "meetings.missed": "Kỳ không họp, không lý do",
    "meetings.attendance_rate": "Đảng viên dự họp",
    "meetings.thematic_rate": "Chi bộ họp chuyên đề hằng quý",
    "tasks.on_time_rate": "Nhiệm vụ đúng hạn",
}
_WHOLE: Final = {
    **dict.fromkeys(_MEMBER_TILES, "members"),
    **dict.fromkeys(_MEETING_TILES, "meetings.due"),
}


def _tiles(row: Row, labels: Mapping[str, str], *, without: Sequence[str] = ()) -> list[Tile]:
    before = row.last_year or {}
    found = []
    for code, label in labels.items():
        measure = MEASURES[code]
        whole = _WHOLE.get(code)
        is_part = measure.kind is not Kind.RATIO and whole not in {None, code}
        if code not in without:
            found.append(
                Tile(
                    label,
                    row.values[code],
                    before.get(code),
                    difference(measure, row.values[code], before.get(code))[0],
                    measure.kind is Kind.RATIO,
                    measure.unit if measure.kind is Kind.RATIO and measure.unit == "%" else "",
                    row.values[whole] if is_part and whole else None,
                )
            )
    return found


def _meeting_tiles(row: Row) -> list[Tile]:
    shown = _tiles(row, _MEETING_TILES)
    excused = _MEETING_TILES["meetings.excused"]
    return [one for one in shown if one.label != excused or one.now or one.before]


async def _trend(known: Snapshot, code: str | None, as_of: date) -> Chart:
    rows = await known.rows(
        unit=code,
        from_=_months_back(as_of, _MONTHS),
        to=as_of.isoformat(),
        by_period="month",
        measures="members",
    )
    return Chart(
        f"Số đảng viên cuối mỗi tháng, từ {wording.month(rows[0].period.last)} đến {wording.month(as_of)}",
        [wording.month(row.period.last) for row in rows],
        [Series("Đảng viên", [row.values["members"] for row in rows])],
    )


async def _ages(known: Snapshot, code: str | None, as_of: date) -> Chart:
    day = as_of.isoformat()
    rows = await known.rows(unit=code, from_=day, to=day, measures="members", by="age_band,gender")
    counts = {(row.group["age_band"], row.group["gender"]): row.values["members"] or 0 for row in rows}
    bands = {
        band: label
        for band, label in VALUES[Dimension.AGE_BAND].items()
        if band != "under_18" or any(key[0] == band for key in counts)
    }
    return Chart(
        f"Đảng viên theo nhóm tuổi và giới tính, ngày {wording.day(as_of)}",
        list(bands.values()),
        [
            Series(label, [counts.get((band, gender), 0) for band in bands])
            for gender, label in VALUES[Dimension.GENDER].items()
        ],
    )


async def _scores(known: Snapshot, code: str | None, as_of: date) -> Chart:
    rows = await known.rows(
        unit=code, from_=_months_back(as_of, 11), to=as_of.isoformat(), by_period="month", measures="scores.*"
    )
    official = any(row.values["scores.official"] for row in rows)
    kind, said = ("official", "cấp trên chấm") if official else ("self", "chi bộ tự chấm")
    return Chart(
        f"Cuộc họp được {said}, theo xếp loại và tháng",
        [wording.month(row.period.last) for row in rows],
        [
            Series(label, [row.values[f"scores.{kind}.{grade}"] for row in rows])
            for grade, label in VALUES[Dimension.GRADE].items()
        ],
    )


async def _heat(known: Snapshot, code: str | None, as_of: date) -> Heat:
    first = _months_back(as_of, _MONTHS - 1)
    # To the month's end: a month counts by its first day, and what is not over yet is told as open.
    rows = await known.rows(
        unit=code, from_=first, to=as_of.isoformat(), by_period="month", measures=heat.MEASURES, by="cell"
    )
    return heat.heat(
        months(date.fromisoformat(first), month_start(as_of)),
        [(row.period.first, row.unit, heat.became(row.values)) for row in rows if row.unit],
    )


async def _below(known: Snapshot, year: Mapping[str, str | None], as_of: date) -> list[Below]:
    code = year["unit"]
    above = None if code is None else known.tree.of_code(code, as_of)
    there = {
        found.code
        for unit in known.tree.children(above, as_of)
        if known.tree.types_on(unit, as_of) and (found := known.tree.unit(unit, as_of))
    }
    measures = "members,meetings.due,meetings.months_held,meetings.postponed,meetings.excused,meetings.missed"
    rows = await known.rows(**year, measures=measures, by="unit", compare="last-year")
    return [
        Below(
            row.unit,
            there=row.unit.code in there,
            members=_count(row.values, "members"),
            before=_count(row.last_year, "members"),
            due=_count(row.values, "meetings.due"),
            held=_count(row.values, "meetings.months_held"),
            put_off=_count(row.values, "meetings.postponed", "meetings.excused"),
            missed=_count(row.values, "meetings.missed"),
        )
        for row in rows
        if row.unit
    ]


def _count(values: Mapping[str, float | None] | None, *codes: str) -> int:
    return sum(int((values or {}).get(code) or 0) for code in codes)


def _months_back(day: date, months_: int) -> str:
    return after_month(day, -months_).isoformat()
