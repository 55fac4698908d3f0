"""A made-up register of any size: the same units and members at every run, as files or as events.

Every person in it is synthetic; names are common Vietnamese name words joined at random.
"""

import csv
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from contracts import membership
from contracts.membership import (
    DepartureReason,
    Gender,
    MemberState,
    OrganisationState,
    OrganisationType,
    Standing,
)

_SEED: Final = 2020
_ROOT: Final = "LON"
_CELLS_OF_A_COMMITTEE: Final = 12
_MEMBERS_OF_A_CELL: Final = 40
_FOUNDED: Final = date(1976, 2, 20)
_FIRST_BIRTH: Final = date(1960, 1, 1)
_LAST_BIRTH: Final = date(1995, 12, 31)
_LAST_ADMISSION: Final = date(2018, 12, 31)
_KNOWN_UNTIL: Final = date(2020, 12, 31)
_GROWN_UP: Final = timedelta(days=20 * 366)
_PROBATION: Final = timedelta(days=366)
_DAY: Final = timedelta(days=1)

_FAMILY: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
_MIDDLE: Final = ("Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh", "Quốc", "Thu")
_GIVEN: Final = ("An", "Bình", "Châu", "Dũng", "Hà", "Hương", "Lan", "Long", "Nam", "Phúc", "Tâm", "Yến")
_REASONS: Final = (DepartureReason.TRANSFERRED_OUT, DepartureReason.RESIGNED, DepartureReason.DIED)


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of the organisations file."""

    id: UUID
    code: str
    parent: "Unit | None"
    type: OrganisationType
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A row of the members file."""

    id: UUID
    code: str
    cell: Unit
    full_name: str
    birth_date: date
    gender: Gender
    ethnicity: str
    religion: str
    youth_union: bool
    admitted_on: date
    official_on: date | None
    left_on: date | None
    left_reason: DepartureReason | None


@dataclass(frozen=True, slots=True)
class Register:
    """Units, a parent always before what is below it, and members."""

    units: Sequence[Unit]
    members: Sequence[Member]


def make(members: int, *, cells: int | None = None, root: str = _ROOT) -> Register:
    """Return a register of that many members in that many cells; by default about 40 members to a cell.

    All codes begin with `root`, so that two registers can stand in one system.
    """
    chance = random.Random(f"{_SEED}{root}")
    units = list(_units(chance, cells or max(1, members // _MEMBERS_OF_A_CELL), root))
    homes = [unit for unit in units if unit.type.is_cell]
    return Register(
        units, [_member(chance, f"{root}-{number:06d}", homes) for number in range(1, members + 1)]
    )


def _units(chance: random.Random, cells: int, code_of_root: str) -> Iterator[Unit]:
    root = Unit(_id(chance), code_of_root, None, OrganisationType.BLOC, "Đảng bộ Khối (dữ liệu đo)")
    yield root
    for number in range(cells):
        in_committee = number % _CELLS_OF_A_COMMITTEE + 1
        if in_committee == 1:
            code = f"{root.code}.{number // _CELLS_OF_A_COMMITTEE + 1:03d}"
            committee = Unit(
                _id(chance), code, root, OrganisationType.GRASSROOTS_COMMITTEE, f"Đảng bộ cơ quan số {code}"
            )
            yield committee
        code = f"{committee.code}.{in_committee:02d}"
        yield Unit(_id(chance), code, committee, OrganisationType.SUBORDINATE_CELL, f"Chi bộ số {code}")


def _member(chance: random.Random, code: str, cells: Sequence[Unit]) -> Member:
    birth = _between(chance, _FIRST_BIRTH, _LAST_BIRTH)
    admitted = _between(chance, max(birth + _GROWN_UP, _FOUNDED), _LAST_ADMISSION)
    official = _between(chance, admitted + _PROBATION, _KNOWN_UNTIL) if chance.random() < 0.96 else None
    left = (
        _between(chance, (official or admitted) + _DAY, _KNOWN_UNTIL + _DAY)
        if chance.random() < 0.24
        else None
    )
    return Member(
        id=_id(chance),
        code=code,
        cell=chance.choice(cells),
        full_name=f"{chance.choice(_FAMILY)} {chance.choice(_MIDDLE)} {chance.choice(_GIVEN)}",
        birth_date=birth,
        gender=chance.choice((Gender.FEMALE, Gender.MALE)),
        ethnicity="Kinh" if chance.random() < 0.97 else "Khmer",
        religion="Không" if chance.random() < 0.9 else "Phật giáo",
        youth_union=chance.random() < 0.1,
        admitted_on=admitted,
        official_on=official,
        left_on=left,
        left_reason=chance.choice(_REASONS) if left else None,
    )


def _between(chance: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def organisations_file(register: Register) -> bytes:
    """Return the units as a file to import."""
    names = ("code", "parent_code", "type", "name", "established_on", "dissolved_on")
    return _csv(
        names,
        (
            (unit.code, unit.parent.code if unit.parent else "", unit.type, unit.name, _FOUNDED, "")
            for unit in register.units
        ),
    )


def members_file(register: Register) -> bytes:
    """Return the members as a file to import."""
    names = (
        "code", "cell_code", "full_name", "birth_date", "gender", "ethnicity", "religion", "youth_union",
        "admitted_on", "official_on", "left_on", "left_reason",
    )  # fmt: skip
    return _csv(
        names,
        (
            (
                m.code,
                m.cell.code,
                m.full_name,
                m.birth_date,
                m.gender,
                m.ethnicity,
                m.religion,
                "yes" if m.youth_union else "no",
                m.admitted_on,
                m.official_on or "",
                m.left_on or "",
                m.left_reason or "",
            )
            for m in register.members
        ),
    )


def _csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().encode()


def events(register: Register) -> Iterator[membership.MembershipEvent]:
    """Yield what membership would tell of an import of both files, in its order."""
    for unit in register.units:
        yield membership.OrganisationEstablished(
            effective_date=_FOUNDED,
            organisation_id=unit.id,
            code=unit.code,
            name=unit.name,
            after=OrganisationState(type=unit.type, parent_id=unit.parent.id if unit.parent else None),
        )
    for member in register.members:
        yield from _member_events(member)


def _member_events(member: Member) -> Iterator[membership.MemberChange]:
    state = MemberState(
        cell_id=member.cell.id,
        standing=Standing.PROBATIONARY,
        gender=member.gender,
        ethnic_minority=member.ethnicity != "Kinh",
        religious=member.religion != "Không",
        youth_union=member.youth_union,
        birth_date=member.birth_date,
        joined_on=member.admitted_on,
    )
    yield membership.MemberAdmitted(effective_date=member.admitted_on, member_id=member.id, after=state)
    if member.official_on:
        before, state = state, state.model_copy(update={"standing": Standing.OFFICIAL})
        yield membership.MemberConfirmed(
            effective_date=member.official_on, member_id=member.id, before=before, after=state
        )
    if member.left_on and member.left_reason:
        yield membership.MemberLeft(
            effective_date=member.left_on, member_id=member.id, reason=member.left_reason, before=state
        )
