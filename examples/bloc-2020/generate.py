"""Generate the example bloc: organisations, members, meetings, teams, visits and findings, the same bytes always.

    python examples/bloc-2020/generate.py            # write the files beside this script
    python examples/bloc-2020/generate.py --check    # fail if the files differ from what would be written

Every person is synthetic. The totals at 30/11/2020 are stated facts, the constants marked [S] below;
everything else is invented. The way there: build the tree; lay out seats (a cell and the days a member is in
it) so that exactly the stated number is filled on the day counted; then draw a person for each seat, with
exactly the stated number of women and so on among those counted. How the cells met is in ``meetings.py``,
how they were visited in ``visits.py``.
"""

import argparse
import csv
import io
import math
import random
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeVar

from basics import is_working_day, stream, working_day_from
from meetings import COLUMNS as MEETING_COLUMNS
from meetings import Stay, build_meetings, meeting_row
from names import ETHNIC_MINORITIES, KINH, full_name
from units import Unit, build_units
from visits import (
    FINDING_COLUMNS,
    TEAM_COLUMNS,
    VISIT_COLUMNS,
    build_teams,
    build_visits,
    finding_rows,
    team_row,
    visit_row,
)

T = TypeVar("T")

HERE: Final = Path(__file__).resolve().parent

# [S] Stated by the article of 30/12/2020, see facts.json. The numbers of units follow from units.py.
COUNTED_ON: Final = date(2020, 11, 30)
MEMBERS: Final = 2712
WOMEN: Final = 1056
ETHNIC_MINORITY: Final = 65
YOUTH: Final = 218
WITH_RELIGION: Final = 265

# Rules the rows obey.
CELL_OFFICIALS: Final = 3  # a cell has at least 3 official members
COMMITTEE_MEMBERS: Final = 30  # a grassroots committee normally has 30 members or more
ADMISSION_AGES: Final = (18, 60)
YOUTH_UNTIL: Final = 35  # the age to which a member may be marked as of the youth union
WORKING_UNTIL: Final = {"female": 55, "male": 60}  # the retired belong to the cell where they live

# Invented from here on.
FIRST_ADMISSION: Final = date(1980, 1, 1)
HISTORY_FROM: Final = date(2019, 1, 1)  # from here on, admissions and departures follow the monthly plans
RECORDED_UNTIL: Final = date(2020, 12, 31)  # the files know nothing later
MONTHLY_ADMISSIONS: Final = {
    2019: (3, 9, 5, 6, 14, 7, 6, 8, 12, 7, 11, 9),
    2020: (4, 10, 5, 1, 13, 8, 7, 4, 11, 9, 12, 7),
}
"""Members admitted, by month: many about 3/2, 19/5, 2/9 and 7/11, next to none in April 2020 (COVID-19)."""
MONTHLY_DEPARTURES: Final = {
    2019: (8, 4, 7, 9, 5, 5, 10, 5, 6, 9, 6, 12),
    2020: (9, 3, 7, 3, 5, 6, 11, 8, 6, 12, 7, 6),
}
"""Members who left, by month, besides those of dissolved units."""
EARLIER_DEPARTURES: Final = {2016: 18, 2017: 22, 2018: 26}
LEFT_REASONS: Final = {"transferred_out": 70, "died": 12, "resigned": 8, "removed": 7, "expelled": 3}
FOUNDERS: Final = 4  # members admitted on the day when a cell is established in 2019–2020
DISSOLVED_CELL_SIZES: Final = (10, 14)
MINORITY_SHARE: Final = 0.024  # of those who are not counted on the day
RELIGION_SHARE: Final = 0.1  # likewise
RELIGIONS: Final = {"Phật giáo": 50, "Công giáo": 30, "Cao Đài": 9, "Hòa Hảo": 5, "Tin Lành": 6}
RELIGION_OF: Final = {"Khmer": "Phật giáo", "Hoa": "Phật giáo", "Mông": "Tin Lành", "Ê Đê": "Tin Lành"}
NO_RELIGION: Final = ("Không", "Không", "")
WOMEN_WEIGHTS: Final = {"Bệnh viện": 2.0, "Trường": 1.8, "Giáo dục": 1.8, "Phụ nữ": 12.0, "Công ty": 0.6}
MINORITY_WEIGHTS: Final = {"Dân tộc": 12.0, "dân tộc": 12.0, "Nông": 2.0}

ORGANISATION_COLUMNS: Final = ("code", "parent_code", "type", "name", "established_on", "dissolved_on")
MEMBER_COLUMNS: Final = (
    "code",
    "cell_code",
    "full_name",
    "birth_date",
    "gender",
    "ethnicity",
    "religion",
    "youth_union",
    "admitted_on",
    "official_on",
    "left_on",
    "left_reason",
)


@dataclass
class Seat:
    """A place in a cell for one member: when admitted at the earliest and latest, when gone and why."""

    cell: Unit
    admitted_from: date
    admitted_to: date
    left_on: date | None = None
    left_reason: str = ""

    @property
    def counted(self) -> bool:
        """Say whether its member is in the stated totals."""
        return self.admitted_from <= COUNTED_ON and (self.left_on is None or self.left_on > COUNTED_ON)


@dataclass
class Member:
    """One synthetic person in a seat; attributes are filled in step by step."""

    seat: Seat
    gender: str = "male"
    birth_date: date = date.min
    admitted_on: date = date.min
    official_on: date | None = None
    ethnicity: str = KINH
    religion: str = ""
    youth_union: bool = False
    full_name: str = ""
    code: str = ""


# --- randomness and dates -------------------------------------------------------------------------


def pick_exactly(rng: random.Random, items: Sequence[T], count: int, weight: Callable[[T], float]) -> list[T]:
    """Pick exactly ``count`` of the items, the heavier ones more likely (Efraimidis and Spirakis, 2006)."""
    keys = [-math.log(1 - rng.random()) / weight(item) for item in items]
    order = sorted(range(len(items)), key=lambda index: keys[index])
    return [items[index] for index in sorted(order[:count])]


def pick_weighted(rng: random.Random, weights: Mapping[str, float]) -> str:
    """Pick one key by its weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def word_weight(name: str, weights: Mapping[str, float]) -> float:
    """Give the weight of the first word that the name contains, else 1."""
    return next((weight for word, weight in weights.items() if word in name), 1.0)


def years_after(day: date, years: int) -> date:
    """Give the same day some years on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def days_of_month(rng: random.Random, year: int, month: int, count: int) -> list[date]:
    """Draw working days of a month; the day counted and the day after it are always among theirs.

    So a reader who counts the boundary the wrong way gets another total.
    """
    first = date(year, month, 1)
    possible = [day for day in (first + timedelta(days=n) for n in range(31)) if day.month == month]
    working = [day for day in possible if is_working_day(day)]
    days = sorted(rng.choices(working, k=count))
    for boundary in (COUNTED_ON, COUNTED_ON + timedelta(days=1)):
        if (boundary.year, boundary.month) == (year, month):
            days[0] = boundary
    return days


def planned_days(rng: random.Random, plan: Mapping[int, Sequence[int]]) -> list[date]:
    """Spell a monthly plan out into days."""
    return [
        day
        for year, counts in plan.items()
        for month, count in enumerate(counts, start=1)
        for day in days_of_month(rng, year, month, count)
    ]


# --- seats ----------------------------------------------------------------------------------------


def build_seats(units: Sequence[Unit]) -> list[Seat]:
    """Lay out a seat for every row of the members' file."""
    cells = [unit for unit in units if unit.is_cell]
    founded = [cell for cell in cells if cell.established_on >= HISTORY_FROM]
    dissolved = [cell for cell in cells if cell.dissolved_on]
    lasting = [cell for cell in cells if cell not in founded and cell not in dissolved]
    others = [
        *founding_seats(founded),
        *dissolved_seats(stream("dissolved"), dissolved),
        *departed_seats(stream("departed"), lasting),
    ]
    admissions = planned_days(stream("admissions"), MONTHLY_ADMISSIONS)
    counted_elsewhere = sum(seat.counted for seat in others)
    to_come = sum(day > COUNTED_ON for day in admissions)
    return others + lasting_seats(stream("seats"), lasting, MEMBERS - counted_elsewhere + to_come, admissions)


def old_seat(cell: Unit, left_on: date | None = None, left_reason: str = "") -> Seat:
    """Make a seat whose member was admitted before 2019, and at least two years before leaving."""
    latest = HISTORY_FROM - timedelta(days=10)
    if left_on:
        latest = min(latest, years_after(left_on, -2))
    return Seat(cell, max(FIRST_ADMISSION, cell.established_on), latest, left_on, left_reason)


def founding_seats(cells: Iterable[Unit]) -> list[Seat]:
    """Give each cell established in 2019–2020 its first members, admitted that day."""
    return [Seat(cell, cell.established_on, cell.established_on) for cell in cells for _ in range(FOUNDERS)]


def dissolved_seats(rng: random.Random, cells: Iterable[Unit]) -> Iterator[Seat]:
    """Give each dissolved cell members, transferred out by the day of dissolution, most of them on it."""
    for cell in cells:
        end = cell.dissolved_on
        assert end is not None  # noqa: S101 - narrows the type
        for _ in range(rng.randint(*DISSOLVED_CELL_SIZES)):
            early = 0 if rng.random() < 0.8 else rng.randint(10, 120)
            left_on = end if not early else working_day_from(end - timedelta(days=early))
            yield old_seat(cell, left_on, "transferred_out")


def departed_seats(rng: random.Random, cells: Sequence[Unit]) -> Iterator[Seat]:
    """Seat those who left a lasting cell, before 2019 and by the monthly plan."""
    earlier = [
        working_day_from(date(year, 1, 4) + timedelta(days=rng.randrange(355)))
        for year, count in EARLIER_DEPARTURES.items()
        for _ in range(count)
    ]
    for left_on in earlier + planned_days(rng, MONTHLY_DEPARTURES):
        cell, reason = rng.choice(cells), pick_weighted(rng, LEFT_REASONS)
        if reason == "removed" and rng.random() < 0.6:  # a probationary member, never confirmed
            yield Seat(cell, left_on - timedelta(days=330), left_on - timedelta(days=60), left_on, reason)
        else:
            yield old_seat(cell, left_on, reason)


def lasting_seats(
    rng: random.Random, cells: Sequence[Unit], total: int, admissions: Sequence[date]
) -> list[Seat]:
    """Seat the members of the lasting cells who stay: newcomers by the plan, the others admitted earlier.

    Newcomers never take one of the first seats of a cell, which stay with official members.
    """
    seats: list[Seat] = []
    open_to_newcomers: list[Seat] = []
    for cell, size in zip(cells, cell_sizes(rng, cells, total), strict=True):
        of_cell = [old_seat(cell) for _ in range(size)]
        seats += of_cell
        open_to_newcomers += of_cell[CELL_OFFICIALS + 1 :]
    for seat, day in zip(rng.sample(open_to_newcomers, len(admissions)), admissions, strict=True):
        seat.admitted_from = seat.admitted_to = day
    return seats


def cell_sizes(rng: random.Random, cells: Sequence[Unit], total: int) -> list[int]:
    """Share the members out: no cell and no committee too small, cells directly under the bloc larger."""
    siblings: dict[str, int] = {}
    for cell in cells:
        siblings[cell.grassroots_code] = siblings.get(cell.grassroots_code, 0) + 1
    directly = [cell.type == "grassroots_cell" for cell in cells]
    sizes = [
        7 if alone else max(6, -(-COMMITTEE_MEMBERS // siblings[cell.grassroots_code]) + 1)
        for cell, alone in zip(cells, directly, strict=True)
    ]
    weights = [rng.uniform(0.5, 1.5) * (2.2 if alone else 1.0) for alone in directly]
    for index in rng.choices(range(len(cells)), weights=weights, k=total - sum(sizes)):
        sizes[index] += 1
    return sizes


# --- people ---------------------------------------------------------------------------------------


def build_members(units: Sequence[Unit]) -> list[Member]:
    """Draw a person for every seat, ordered by code."""
    grassroots_names = {unit.code: unit.name for unit in units if unit.grassroots_code == unit.code}
    members = [Member(seat) for seat in build_seats(units)]
    assign_gender(stream("gender"), members, grassroots_names)
    assign_lives(stream("lives"), members)
    assign_ethnicity(stream("ethnicity"), members, grassroots_names)
    assign_religion(stream("religion"), members)
    assign_youth(stream("youth"), members)
    assign_names(stream("names"), members)
    assign_codes(stream("codes"), members)
    return sorted(members, key=lambda member: member.code)


def split_counted(members: Iterable[Member]) -> tuple[list[Member], list[Member]]:
    """Separate those in the stated totals from the others."""
    counted: list[Member] = []
    others: list[Member] = []
    for member in members:
        (counted if member.seat.counted else others).append(member)
    return counted, others


def assign_gender(rng: random.Random, members: Sequence[Member], grassroots_names: dict[str, str]) -> None:
    """Make exactly the stated number women; more of them in hospitals and schools."""
    counted, others = split_counted(members)

    def weight(member: Member) -> float:
        return word_weight(grassroots_names[member.seat.cell.grassroots_code], WOMEN_WEIGHTS)

    women = pick_exactly(rng, counted, WOMEN, weight)
    women += [member for member in others if rng.random() < WOMEN / MEMBERS]
    for member in women:
        member.gender = "female"


def assign_lives(rng: random.Random, members: Iterable[Member]) -> None:
    """Draw birth, admission and confirmation."""
    for member in members:
        member.birth_date, member.admitted_on = draw_birth_and_admission(rng, member)
        member.official_on = draw_confirmation(rng, member)


def draw_birth_and_admission(rng: random.Random, member: Member) -> tuple[date, date]:
    """Draw a plausible life until it fits the seat and the ages of admission and of work."""
    seat = member.seat
    end = seat.left_on or RECORDED_UNTIL
    oldest = WORKING_UNTIL[member.gender]
    while True:
        admission_age = rng.triangular(18.5, 45, 25)
        if seat.admitted_from == seat.admitted_to:
            admitted = seat.admitted_to
            birth = admitted - timedelta(days=int(admission_age * 365.25))
        else:
            birth = end - timedelta(days=int(rng.triangular(22, oldest, oldest * 0.9) * 365.25))
            admitted = working_day_from(birth + timedelta(days=int(admission_age * 365.25)))
        fits = seat.admitted_from <= admitted <= seat.admitted_to
        youngest, eldest = (years_after(birth, age) for age in ADMISSION_AGES)
        if fits and youngest <= admitted <= eldest and end < years_after(birth, oldest):
            return birth, admitted


def draw_confirmation(rng: random.Random, member: Member) -> date | None:
    """Confirm after twelve months, one in eight somewhat later; not those who left before or are not due."""
    confirmed = years_after(member.admitted_on, 1)
    if rng.random() < 0.125:
        confirmed += timedelta(days=rng.randint(5, 75))
    end = member.seat.left_on or RECORDED_UNTIL
    return confirmed if confirmed <= end else None


def assign_ethnicity(rng: random.Random, members: Sequence[Member], grassroots_names: dict[str, str]) -> None:
    """Give exactly the stated number an ethnic minority; more of them where work with minorities is done."""
    counted, others = split_counted(members)

    def weight(member: Member) -> float:
        return word_weight(grassroots_names[member.seat.cell.grassroots_code], MINORITY_WEIGHTS)

    minority = pick_exactly(rng, counted, ETHNIC_MINORITY, weight)
    minority += [member for member in others if rng.random() < MINORITY_SHARE]
    for member in minority:
        member.ethnicity = pick_weighted(rng, ETHNIC_MINORITIES)


def assign_religion(rng: random.Random, members: Sequence[Member]) -> None:
    """Give exactly the stated number a religion; write none in both ways the format allows."""
    counted, others = split_counted(members)
    believers = pick_exactly(rng, counted, WITH_RELIGION, lambda _: 1.0)
    believers += [member for member in others if rng.random() < RELIGION_SHARE]
    for member in members:
        member.religion = rng.choice(NO_RELIGION)
    for member in believers:
        member.religion = RELIGION_OF.get(member.ethnicity) or pick_weighted(rng, RELIGIONS)


def assign_youth(rng: random.Random, members: Sequence[Member]) -> None:
    """Mark exactly the stated number as of the youth union, nearly all of them aged 30 or less."""
    counted, others = split_counted(members)

    def last_day(member: Member) -> date:
        return member.seat.left_on or RECORDED_UNTIL

    def young(member: Member, age: int) -> bool:
        return last_day(member) < years_after(member.birth_date, age + 1)

    eligible = [member for member in counted if young(member, YOUTH_UNTIL)]
    youth = pick_exactly(rng, eligible, YOUTH, lambda member: 25.0 if young(member, 30) else 1.0)
    youth += [member for member in others if young(member, 30)]
    for member in youth:
        member.youth_union = True


def assign_names(rng: random.Random, members: Iterable[Member]) -> None:
    """Draw every name; equal names occur, as they do among real people."""
    for member in members:
        member.full_name = full_name(rng, member.gender, member.ethnicity, member.birth_date.year)


def assign_codes(rng: random.Random, members: Sequence[Member]) -> None:
    """Give opaque codes: their order says nothing about cell or admission."""
    numbers = list(range(1, len(members) + 1))
    rng.shuffle(numbers)
    for member, number in zip(members, numbers, strict=True):
        member.code = f"DV-{number:06}"


# --- files ----------------------------------------------------------------------------------------


def iso(day: date | None) -> str:
    """Write a date; nothing for one that is not (yet)."""
    return day.isoformat() if day else ""


def organisation_row(unit: Unit) -> tuple[str, ...]:
    """Give the cells of a unit, in the order of ORGANISATION_COLUMNS."""
    return (
        unit.code,
        unit.parent_code,
        unit.type,
        unit.name,
        iso(unit.established_on),
        iso(unit.dissolved_on),
    )


def member_row(member: Member) -> tuple[str, ...]:
    """Give the cells of a member, in the order of MEMBER_COLUMNS."""
    return (
        member.code,
        member.seat.cell.code,
        member.full_name,
        iso(member.birth_date),
        member.gender,
        member.ethnicity,
        member.religion,
        "yes" if member.youth_union else "no",
        iso(member.admitted_on),
        iso(member.official_on),
        iso(member.seat.left_on),
        member.seat.left_reason,
    )


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write UTF-8 without BOM, NFC, lines ending in a line feed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return unicodedata.normalize("NFC", text.getvalue()).encode()


def generate() -> dict[str, bytes]:
    """Make the files in memory: name -> content."""
    units = build_units(stream("units"))
    members = build_members(units)
    stays = [Stay(member.seat.cell.code, member.admitted_on, member.seat.left_on) for member in members]
    meetings, teams = build_meetings(units, stays), build_teams(units)
    visits = build_visits(teams, meetings)
    return {
        "organisations.csv": to_csv(ORGANISATION_COLUMNS, map(organisation_row, units)),
        "members.csv": to_csv(MEMBER_COLUMNS, map(member_row, members)),
        "meetings.csv": to_csv(MEETING_COLUMNS, map(meeting_row, meetings)),
        "teams.csv": to_csv(TEAM_COLUMNS, map(team_row, teams)),
        "visits.csv": to_csv(VISIT_COLUMNS, map(visit_row, visits)),
        "findings.csv": to_csv(FINDING_COLUMNS, (row for one in visits for row in finding_rows(one))),
    }


def differing(folder: Path, files: dict[str, bytes]) -> list[str]:
    """Name the files that are missing or differ from what they should be."""
    return [
        name
        for name, content in files.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]


def main() -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description="Generate the synthetic example bloc.")
    parser.add_argument(
        "--out", type=Path, default=HERE, help="folder of the files (default: beside this script)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file differs")
    arguments = parser.parse_args()
    files = generate()
    if arguments.check:
        wrong = differing(arguments.out, files)
        for name in wrong:
            sys.stderr.write(f"{arguments.out / name} differs from what generate.py makes\n")
        return 1 if wrong else 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (arguments.out / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
