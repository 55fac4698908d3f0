"""Files of a made-up bloc, and the plain count of their rows: the yardstick of the whole way of the events.

Shares nothing with the services. The counting rule is DESIGN's (input files): a unit counts on D if
established_on <= D < dissolved_on, a member if admitted_on <= D < left_on.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

UNIT_COLUMNS = ("code", "parent_code", "type", "name", "established_on", "dissolved_on")
MEMBER_COLUMNS = (
    "code", "cell_code", "full_name", "birth_date", "gender", "ethnicity", "religion", "youth_union",
    "admitted_on", "official_on", "left_on", "left_reason",
)  # fmt: skip
PARENTS = {
    "grassroots_committee": ("bloc",),
    "grassroots_cell": ("bloc",),
    "divisional_committee": ("grassroots_committee",),
    "subordinate_cell": ("grassroots_committee", "divisional_committee"),
}
CELLS = ("grassroots_cell", "subordinate_cell")
FIRST, LAST = date(2018, 1, 1), date(2021, 12, 31)
NAMES = ("Nguyễn Thị Ánh", "Trần Văn Đức", "Lò Thị Ưng", "Hoàng A Páo", "Đặng Thùy Dương", "Y Blôk Êban")
REASONS = ("transferred_out", "resigned", "removed", "expelled", "died")

Row = dict[str, str]


@dataclass
class Bloc:
    """The rows of two files; codes begin with the root's."""

    root: str
    units: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)

    def write(self, folder: Path) -> tuple[Path, Path]:
        organisations, members = folder / "organisations.csv", folder / "members.csv"
        write_csv(organisations, UNIT_COLUMNS, self.units)
        write_csv(members, MEMBER_COLUMNS, self.members)
        return organisations, members


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def read_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


days = st.dates(FIRST, LAST)


@st.composite
def blocs(draw: st.DrawFn, root: str, *, most_units: int = 10, most_members: int = 25) -> Bloc:
    """Any valid pair of files below one root: units in any order of rows, dates that touch and overlap."""
    bloc = Bloc(root)
    types = {root: "bloc"}
    established = {root: FIRST - timedelta(days=draw(st.integers(0, 400)))}
    dissolved: dict[str, date | None] = {root: None}
    bloc.units.append(_unit(root, "", "bloc", established[root], None))
    for number in range(draw(st.integers(0, most_units))):
        code = f"{root}.{number:02}"
        parents = {
            kind: [unit for unit, its in types.items() if its in allowed] for kind, allowed in PARENTS.items()
        }
        kind = draw(st.sampled_from([kind for kind, found in parents.items() if found]))
        parent = draw(st.sampled_from(parents[kind]))
        start = draw(st.dates(established[parent], LAST))
        end = draw(st.none() | st.dates(start + timedelta(days=1), LAST + timedelta(days=30)))
        types[code], established[code], dissolved[code] = kind, start, end
        bloc.units.append(_unit(code, parent, kind, start, end))
    bloc.units = draw(st.permutations(bloc.units))
    cells = [unit for unit, kind in types.items() if kind in CELLS]
    for number in range(draw(st.integers(0, most_members)) if cells else 0):
        cell = draw(st.sampled_from(cells))
        end = dissolved[cell]
        admitted = draw(st.dates(established[cell], (end or LAST) - timedelta(days=1) if end else LAST))
        left = draw(st.none() | st.dates(admitted, end or LAST + timedelta(days=30)))
        if end is not None and left is None:
            left = end
        official = draw(st.none() | st.dates(admitted, left or LAST + timedelta(days=30)))
        bloc.members.append(
            {
                "code": f"{root}-{number:03}",
                "cell_code": cell,
                "full_name": draw(st.sampled_from(NAMES)),
                "birth_date": iso(draw(st.dates(date(1950, 1, 1), date(2000, 2, 29)))),
                "gender": draw(st.sampled_from(("female", "male"))),
                "ethnicity": draw(st.sampled_from(("Kinh", "Kinh", "Tày", "Hmông"))),
                "religion": draw(st.sampled_from(("", "Không", "Phật giáo", "Công giáo"))),
                "youth_union": draw(st.sampled_from(("yes", "no"))),
                "admitted_on": iso(admitted),
                "official_on": iso(official),
                "left_on": iso(left),
                "left_reason": draw(st.sampled_from(REASONS)) if left else "",
            }
        )
    return bloc


def _unit(code: str, parent: str, kind: str, start: date, end: date | None) -> Row:
    return {
        "code": code, "parent_code": parent, "type": kind, "name": f"Tổ chức đảng {code}",
        "established_on": iso(start), "dissolved_on": iso(end),
    }  # fmt: skip


def _there(row: Row, day: date, start: str, end: str) -> bool:
    return row[start] <= day.isoformat() and not (row[end] and row[end] <= day.isoformat())


def count(units: Sequence[Row], members: Sequence[Row], day: date) -> dict[str, object]:
    """The figures of the day in the shape in which the bloc's own were published, counted row by row."""
    kinds = [unit["type"] for unit in units if _there(unit, day, "established_on", "dissolved_on")]
    counted = [member for member in members if _there(member, day, "admitted_on", "left_on")]
    return {
        "as_of": day.isoformat(),
        "organisations": {
            "grassroots_organisations": kinds.count("grassroots_committee") + kinds.count("grassroots_cell"),
            "grassroots_committees": kinds.count("grassroots_committee"),
            "grassroots_cells": kinds.count("grassroots_cell"),
            "subordinate_cells": kinds.count("subordinate_cell"),
        },
        "members": {
            "total": len(counted),
            "women": sum(member["gender"] == "female" for member in counted),
            "ethnic_minority": sum(member["ethnicity"] != "Kinh" for member in counted),
            "youth": sum(member["youth_union"] == "yes" for member in counted),
            "with_religion": sum(member["religion"] not in {"", "Không"} for member in counted),
        },
    }


def age(born: str, day: date) -> int:
    """Completed years; somebody born on 29 February turns a year older on 1 March in common years."""
    birth = date.fromisoformat(born)
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


BANDS = ((18, 30), (31, 35), (36, 40), (41, 45), (46, 50), (51, 55), (56, 60))


def band(years: int) -> str:
    if years < 18:
        return "under_18"
    return next((f"{low}-{high}" for low, high in BANDS if low <= years <= high), "over_60")


def standing(member: Row, day: date) -> str:
    official = member["official_on"]
    return "official" if official and official <= day.isoformat() else "probationary"


DIMENSIONS: dict[str, Callable[[Row, date], object]] = {
    "gender": lambda member, day: member["gender"],
    "ethnic_minority": lambda member, day: member["ethnicity"] != "Kinh",
    "religion": lambda member, day: member["religion"] not in {"", "Không"},
    "youth": lambda member, day: member["youth_union"] == "yes",
    "standing": standing,
    "age_band": lambda member, day: band(age(member["birth_date"], day)),
}


def cross_table(members: Sequence[Row], day: date, by: Sequence[str]) -> dict[tuple[object, ...], int]:
    """How many members there are in each combination of the dimensions `by` on the day."""
    table: dict[tuple[object, ...], int] = {}
    for member in members:
        if _there(member, day, "admitted_on", "left_on"):
            key = tuple(DIMENSIONS[dimension](member, day) for dimension in by)
            table[key] = table.get(key, 0) + 1
    return table


def below(units: Sequence[Row], code: str) -> set[str]:
    """The codes of a unit and of everything under it."""
    found = {code}
    while more := {unit["code"] for unit in units if unit["parent_code"] in found} - found:
        found |= more
    return found
