"""What the page shows of one unit on one day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.reporting import parameters
from services.reporting.dashboard import heat, inspection, tiles, wording
from services.reporting.dashboard.charts import Chart, Series
from services.reporting.dashboard.heat import Heat
from services.reporting.dashboard.inspection import Inspection
from services.reporting.dashboard.later import Later, later
from services.reporting.dashboard.snapshot import Snapshot
from services.reporting.dashboard.tiles import Tile
from services.reporting.figures.dimensions import VALUES, Dimension
from services.reporting.figures.periods import after_month, month_start, months
from services.reporting.figures.query import Mark, Row
from services.reporting.tree import CELL_TYPES, Unit

_MONTHS: Final = 24
"""Months that trends go back, so that each has the same month of the year before beside it."""


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
    cells: int
    visited: int
    """How many of its cells working teams have been to."""


@dataclass(frozen=True, slots=True)
class View:
    """Everything of one page."""

    unit: Unit | None
    """None for the whole register, where it has more than one root."""
    path: Sequence[Unit]
    """The units above it, from the root, itself the last."""
    is_there: bool
    """Whether the unit is there on the day; where not, the day nearest to it says since when, or from when."""
    nearest: date | None
    as_of: date
    before: date
    known_on: date | None
    """At the end of which day this was known; None for all that is known."""
    later: Mapping[str, Later]
    """By label: figures that are others by what became known since."""
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
    inspection: Inspection
    below: Sequence[Below]
    is_empty: bool
    """Whether nothing at all is known of the day."""


async def look(
    known: Snapshot, *, unit: str | None, as_of: date, today: date, known_on: date | None = None
) -> View:
    """Return what there is to show; without a unit, of the only root, or the whole register where there are more.

    `known_on` is the day at whose end `known` was known, None for now.

    Raises Problem `unknown-unit` where no unit of that code is known.
    """
    code = unit or _only_root(known, as_of)
    path = _path(known, code, as_of)
    is_there, nearest = _presence(known, code, as_of)
    is_cell = bool(path) and path[-1].type in CELL_TYPES
    year = {"unit": code, "from_": f"{as_of.year:04}-01-01", "to": as_of.isoformat()}
    [figures] = await known.rows(**year, measures=tiles.ALL, compare="last-year")
    without = tiles.OF_FEW if is_cell else ()
    [since] = await replace(known, known_at=None).rows(**year, measures=tiles.ALL) if known_on else [figures]
    return View(
        unit=path[-1] if path else None,
        path=path,
        is_there=is_there,
        nearest=nearest,
        as_of=as_of,
        before=wording.year_before(as_of),
        known_on=known_on,
        later=later(figures, since, without=without),
        today=today,
        mark=known.mark,
        members=tiles.tiles(figures, tiles.MEMBERS, without=without),
        organisations=tiles.said(tiles.tiles(figures, tiles.UNITS)),
        meetings=_meetings(figures),
        trend=await _trend(known, code, as_of),
        ages=None if is_cell else await _ages(known, code, as_of),
        scores=await _scores(known, code, as_of),
        heat=await _heat(known, code, as_of, cells=int(figures.values["units.cells"] or 0)),
        inspection=await inspection.inspection(
            known, figures, unit=code, as_of=as_of, today=known_on or today
        ),
        below=[] if is_cell else await _below(known, year, as_of),
        is_empty=not any(
            (its or {}).get(one) for its in (figures.values, figures.last_year) for one in _SOMETHING
        ),
    )


def _only_root(known: Snapshot, day: date) -> str | None:
    roots = [root for root in known.tree.children(None, day) if known.tree.is_on(root, day)]
    found = known.tree.unit(roots[0], day) if len(roots) == 1 else None
    return found.code if found else None


def _path(known: Snapshot, code: str | None, day: date) -> list[Unit]:
    """Return the units from the root down to that of a code. Raises Problem where none has it."""
    if code is None:
        return []
    at = known.tree.of_code(code, day)
    if at is None:
        raise parameters.unknown_unit(code, known_at=known.known_at)
    seen = [at]
    # A unit met before ends it: a tree told in pieces may have a circle for a moment.
    while (place := known.tree.place(seen[-1], day)) and place.parent and place.parent not in seen:
        seen.append(place.parent)
    return [unit for one in reversed(seen) if (unit := known.tree.unit(one, day))]


def _presence(known: Snapshot, code: str | None, day: date) -> tuple[bool, date | None]:
    """Return whether a unit is there on a day; if not, when it ended last before, or else begins first after."""
    unit = None if code is None else known.tree.of_code(code, day)
    if unit is None or known.tree.is_on(unit, day):
        return True, None
    spans = [span for its in known.tree.spans.get(unit, {}).values() for span in its]
    ended = [span.until for span in spans if span.until and span.until <= day]
    return False, max(ended) if ended else min((span.since for span in spans), default=None)


_SOMETHING: Final = ("members", "units.cells", "units.grassroots_organisations", "meetings.held")


def _meetings(figures: Row) -> list[Tile]:
    """Return the tiles; that of orders that interrupt meetings only where there was one."""
    interrupted = tiles.MEETINGS["meetings.excused"]
    return [
        one
        for one in tiles.tiles(figures, tiles.MEETINGS)
        if one.label != interrupted or one.now or one.before
    ]


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


_SCORED_BY: Final = {
    "official": "cấp trên chấm", "inspector": "tổ công tác chấm", "self": "chi bộ tự chấm"
}  # fmt: skip
"""Whose points are shown, where there are several: of whoever decides before whoever proposes."""


async def _scores(known: Snapshot, code: str | None, as_of: date) -> Chart:
    rows = await known.rows(
        unit=code, from_=_months_back(as_of, 11), to=as_of.isoformat(), by_period="month", measures="scores.*"
    )
    kind, said = next(
        (one for one in _SCORED_BY.items() if any(row.values[f"scores.{one[0]}"] for row in rows)),
        ("self", "chấm"),
    )
    return Chart(
        f"Cuộc họp được {said}, theo xếp loại và tháng",
        [wording.month(row.period.last) for row in rows],
        [
            Series(label, [row.values[f"scores.{kind}.{grade}"] for row in rows])
            for grade, label in VALUES[Dimension.GRADE].items()
        ],
    )


_MOST_CELLS: Final = 600
"""In a map: more than twice a bloc of today. Beyond, lines are thinner than a pixel, and the page is long to make."""


async def _heat(known: Snapshot, code: str | None, as_of: date, *, cells: int) -> Heat:
    first = _months_back(as_of, _MONTHS - 1)
    asked = {
        "unit": code,
        "from_": first,
        "to": as_of.isoformat(),
        "by_period": "month",
        "measures": heat.MEASURES,
    }
    between = months(date.fromisoformat(first), month_start(as_of))
    if cells > _MOST_CELLS:
        rows = await known.rows(**asked, by="unit")
        return heat.grouped(between, [(row.period.first, row.unit, row.values) for row in rows if row.unit])
    rows = await known.rows(**asked, by="cell")
    return heat.heat(
        between, [(row.period.first, row.unit, heat.became(row.values)) for row in rows if row.unit]
    )


_OF_BELOW: Final = (
    "members,meetings.due,meetings.months_held,meetings.postponed,meetings.excused,meetings.missed,units.cells,"
    "visits.cells"
)


async def _below(known: Snapshot, year: Mapping[str, str | None], as_of: date) -> list[Below]:
    code = year["unit"]
    above = None if code is None else known.tree.of_code(code, as_of)
    there = {unit.code for unit in known.tree.there_under(above, as_of)}
    rows = await known.rows(**year, measures=_OF_BELOW, by="unit", compare="last-year")
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
            cells=_count(row.values, "units.cells"),
            visited=_count(row.values, "visits.cells"),
        )
        for row in rows
        if row.unit
    ]


def _count(values: Mapping[str, float | None] | None, *codes: str) -> int:
    return sum(int((values or {}).get(code) or 0) for code in codes)


def _months_back(day: date, months_: int) -> str:
    return after_month(day, -months_).isoformat()
