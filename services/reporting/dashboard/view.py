"""What the page shows of one unit on one day, put together from reporting's own queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.database import Pool
from services.reporting import domain, movement_query, parameters, statistics
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.dashboard import place, wording
from services.reporting.tree import Unit


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure of the day beside that of a year before."""

    label: str
    now: int
    before: int
    whole: int | None = None
    """Of how many it is a part, where that says something."""


@dataclass(frozen=True, slots=True)
class Below:
    """A unit directly below, with its members on the day and a year before."""

    unit: Unit
    members: int
    before: int


@dataclass(frozen=True, slots=True)
class View:
    """Everything of one page."""

    unit: Unit | None
    """None for the whole register, where it has more than one root."""
    path: Sequence[Unit]
    as_of: date
    before: date
    today: date
    members: Sequence[Tile]
    organisations: Sequence[Tile]
    mean_age: float | None
    below: Sequence[Below]

    @property
    def is_cell(self) -> bool:
        """Whether the unit is one in which members meet."""
        return self.unit is not None and self.unit.type in wording.CELL_TYPES

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known of the day."""
        return not (self.below or any(tile.now for tile in (*self.members, *self.organisations)))


async def look(pool: Pool, *, unit: str | None, as_of: date, today: date) -> View:
    """Return what there is to show; without a unit, the only root, or the whole register where there are more.

    Raises Problem `unknown-unit` where no unit of that code is known.
    """
    before = wording.year_before(as_of)
    if unit is None:
        roots = await statistics.units_below(pool, parent=None, as_of=as_of) or []
        unit = roots[0].code if len(roots) == 1 else None
    now, then = [await _counted(pool, unit=unit, as_of=one) for one in (as_of, before)]
    children = await statistics.units_below(pool, parent=unit, as_of=as_of) or []
    moved = await movement_query.movement(
        pool,
        consumer=MEMBERSHIP_FACTS.name,
        unit=unit,
        first=before + timedelta(days=1),
        last=as_of,
        known_at=None,
        by_unit=True,
    )
    by_code = {row.unit.code: row.movement for row in moved.rows} if moved else {}
    return View(
        unit=now.unit,
        path=await place.path_to(pool, unit=unit, as_of=as_of) if unit is not None else [],
        as_of=as_of,
        before=before,
        today=today,
        members=_member_tiles(now, then),
        organisations=_organisation_tiles(now, then),
        mean_age=domain.mean_age(now.groups),
        below=[
            Below(child, by_code[child.code].closing, by_code[child.code].opening)
            if child.code in by_code
            else Below(child, 0, 0)
            for child in children
        ],
    )


async def _counted(pool: Pool, *, unit: str | None, as_of: date) -> statistics.Answer:
    answer = await statistics.statistics(
        pool, consumer=MEMBERSHIP_FACTS.name, unit=unit, as_of=as_of, known_at=None
    )
    if answer is None:
        raise parameters.unknown_unit(unit or "")
    return answer


def _member_tiles(now: statistics.Answer, then: statistics.Answer) -> list[Tile]:
    members, before = domain.count_members(now.groups), domain.count_members(then.groups)
    whole = members.total
    tiles = [
        Tile("Đảng viên", members.total, before.total),
        Tile("Đảng viên nữ", members.women, before.women, whole),
        Tile("Đoàn viên, thanh niên", members.youth, before.youth, whole),
        Tile("Đảng viên dự bị", members.probationary, before.probationary, whole),
    ]
    if now.unit is None or now.unit.type not in wording.CELL_TYPES:
        # Of a cell these are a few people, whom a projected page would point at.
        tiles[2:2] = [
            Tile("Dân tộc thiểu số", members.ethnic_minority, before.ethnic_minority, whole),
            Tile("Có đạo", members.with_religion, before.with_religion, whole),
        ]
    return tiles


def _organisation_tiles(now: statistics.Answer, then: statistics.Answer) -> list[Tile]:
    units, before = (domain.count_organisations(answer.units_by_type) for answer in (now, then))
    tiles = [
        Tile("Tổ chức cơ sở đảng", units.grassroots_organisations, before.grassroots_organisations),
        Tile("Đảng bộ cơ sở", units.grassroots_committees, before.grassroots_committees),
        Tile("Chi bộ cơ sở", units.grassroots_cells, before.grassroots_cells),
        Tile("Đảng bộ bộ phận", units.divisional_committees, before.divisional_committees),
        Tile("Chi bộ trực thuộc", units.subordinate_cells, before.subordinate_cells),
    ]
    return [tile for tile in tiles if tile.now or tile.before]
