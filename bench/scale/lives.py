"""The lives of a province's members: who is there when its years begin, and what becomes of whom month by month.

Shares a year are likely ones, such that about as many come as go. All of it is drawn month by month, so that half of
the years has half of the changes.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final
from uuid import UUID

from contracts import membership
from contracts.membership import (
    DepartureReason,
    Education,
    Gender,
    MemberState,
    MoveReason,
    Occupation,
    PoliticalTheory,
    ProfileChange,
    Qualification,
    Standing,
)

_ADMITTED, _LEFT, _MOVED, _CHANGED = 0.03, 0.03, 0.03, 0.10
"""Of the members, a year."""
_MONTHS: Final = 12
_DAYS: Final = 28
_UNTIL_RECORDED: Final = timedelta(days=3)
_REASONS: Final[Mapping[DepartureReason, float]] = {
    DepartureReason.TRANSFERRED_OUT: 0.6, DepartureReason.DIED: 0.3, DepartureReason.RESIGNED: 0.06,
    DepartureReason.REMOVED: 0.03, DepartureReason.EXPELLED: 0.01,
}  # fmt: skip
_BACKGROUNDS: Final[Mapping[str, Mapping[StrEnum | None, float]]] = {
    "education": {Education.UPPER_SECONDARY: 0.9, Education.LOWER_SECONDARY: 0.08, Education.PRIMARY: 0.02},
    "qualification": {
        Qualification.BACHELOR: 0.55, Qualification.INTERMEDIATE: 0.15, Qualification.MASTER: 0.12,
        Qualification.COLLEGE: 0.1, Qualification.ELEMENTARY: 0.06, Qualification.DOCTOR: 0.02,
    },
    "theory": {
        None: 0.35, PoliticalTheory.INTERMEDIATE: 0.3, PoliticalTheory.ELEMENTARY: 0.2,
        PoliticalTheory.ADVANCED: 0.1, PoliticalTheory.BACHELOR: 0.05,
    },
    "occupation": {
        Occupation.CIVIL_SERVANT: 0.3, Occupation.PUBLIC_EMPLOYEE: 0.3, Occupation.RETIRED: 0.15,
        Occupation.FARMER: 0.1, Occupation.WORKER: 0.06, Occupation.BUSINESS: 0.05,
        Occupation.ARMED_FORCES: 0.02, Occupation.STUDENT: 0.01, Occupation.OTHER: 0.01,
    },
}  # fmt: skip
"""Likely shares; each is drawn by itself, so that a cross-table has more groups than real people make."""
_CHANGING: Final = ("qualification", "theory", "occupation")

Recorded = tuple[datetime, membership.MemberChange]
"""An event, and when it was recorded."""


@dataclass(slots=True)
class Life:
    """A member as they count now."""

    id: UUID
    state: MemberState


class Lives:
    """The members of some cells; `in_cell` has those who are there after the months drawn so far."""

    def __init__(self, members: int, cells: Sequence[UUID], chance: random.Random) -> None:
        self._wanted, self._cells, self._chance = members, cells, chance
        self._all: list[Life] = []
        self._probationary: deque[tuple[date, Life]] = deque()
        self.in_cell: dict[UUID, dict[UUID, Life]] = {cell: {} for cell in cells}

    def beginning(self, first: date) -> Iterator[membership.MemberChange]:
        """Yield the admission of those who are there on the first day, and that they were confirmed."""
        chance = self._chance
        for number in range(self._wanted):
            admitted = first - timedelta(days=chance.randrange(366, 30 * 365))
            # At most 65 on the first day, and a grown-up when admitted.
            oldest = max(first - timedelta(days=65 * 365), admitted - timedelta(days=45 * 365))
            life = self._new(
                admitted, oldest, admitted - timedelta(days=18 * 366), self._cells[number % len(self._cells)]
            )
            yield membership.MemberAdmitted(effective_date=admitted, member_id=life.id, after=life.state)
            yield self._confirmed(life, admitted + timedelta(days=365))

    def month(self, month: date) -> Iterator[Recorded]:
        """Yield the changes of a month; months have to be asked for in their order."""
        due: list[tuple[int, int, Callable[[date], membership.MemberChange | None]]] = []
        while self._probationary and self._probationary[0][0] <= month:
            due.append(
                (
                    self._chance.randrange(_DAYS),
                    len(due),
                    partial(self._ends, self._probationary.popleft()[1]),
                )
            )
        for share, change in (
            (_ADMITTED, self._admitted), (_MOVED, self._moved), (_CHANGED, self._changed), (_LEFT, self._left),
        ):  # fmt: skip
            for _ in range(self._number(share)):
                due.append((self._chance.randrange(_DAYS), len(due), change))
        # By their days: what somebody is before a change is what the change before it made of them.
        for number, _, happens in sorted(due):
            day = month + timedelta(days=number)
            if event := happens(day):
                yield datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + _UNTIL_RECORDED, event

    def _number(self, share: float) -> int:
        """Return how many of a year's share fall on a month; what is left of a whole is left to chance."""
        whole, rest = divmod(self._wanted * share / _MONTHS, 1)
        return int(whole) + (self._chance.random() < rest)

    def _new(self, joined: date, first_birth: date, last_birth: date, cell: UUID) -> Life:
        chance = self._chance
        birth = first_birth + timedelta(days=chance.randrange(max(1, (last_birth - first_birth).days)))
        state = MemberState(
            cell_id=cell,
            standing=Standing.PROBATIONARY,
            gender=chance.choice((Gender.FEMALE, Gender.MALE)),
            ethnic_minority=chance.random() < 0.03,
            religious=chance.random() < 0.1,
            youth_union=chance.random() < 0.1,
            birth_date=birth,
            joined_on=joined,
            party_since=joined,
            **{name: _drawn(chance, name) for name in _BACKGROUNDS},
        )
        life = Life(UUID(int=chance.getrandbits(128), version=4), state)
        self._all.append(life)
        self.in_cell[cell][life.id] = life
        return life

    def _admitted(self, day: date) -> membership.MemberChange:
        first, last = day - timedelta(days=35 * 365), day - timedelta(days=19 * 366)
        life = self._new(day, first, last, self._chance.choice(self._cells))
        self._probationary.append((date(day.year + 1, day.month, 1), life))
        return membership.MemberAdmitted(effective_date=day, member_id=life.id, after=life.state)

    def _ends(self, life: Life, day: date) -> membership.MemberChange | None:
        """End somebody's probation, if they are still there."""
        return self._confirmed(life, day) if life.id in self.in_cell[life.state.cell_id] else None

    def _confirmed(self, life: Life, day: date) -> membership.MemberChange:
        before, after = self._becomes(life, standing=Standing.OFFICIAL)
        return membership.MemberConfirmed(effective_date=day, member_id=life.id, before=before, after=after)

    def _moved(self, day: date) -> membership.MemberChange:
        life = self._chance.choice(self._all)
        before, after = self._becomes(life, cell_id=self._chance.choice(self._cells))
        return membership.MemberMoved(
            effective_date=day, member_id=life.id, reason=MoveReason.TRANSFER, before=before, after=after
        )

    def _changed(self, day: date) -> membership.MemberChange:
        life, name = self._chance.choice(self._all), self._chance.choice(_CHANGING)
        value = _drawn(self._chance, name) or getattr(life.state, name)
        before, after = self._becomes(life, **{name: value})
        return membership.MemberProfileChanged(
            effective_date=day, member_id=life.id, profile=ProfileChange.model_validate({name: value}),
            before=before, after=after,
        )  # fmt: skip

    def _left(self, day: date) -> membership.MemberChange:
        place = self._chance.randrange(len(self._all))
        self._all[place], self._all[-1] = self._all[-1], self._all[place]
        life = self._all.pop()
        del self.in_cell[life.state.cell_id][life.id]
        reason = self._chance.choices(list(_REASONS), list(_REASONS.values()))[0]
        return membership.MemberLeft(effective_date=day, member_id=life.id, reason=reason, before=life.state)

    def _becomes(self, life: Life, **changes: object) -> tuple[MemberState, MemberState]:
        before = life.state
        life.state = after = before.model_copy(update=changes)
        if after.cell_id != before.cell_id:
            del self.in_cell[before.cell_id][life.id]
            self.in_cell[after.cell_id][life.id] = life
        return before, after


def _drawn(chance: random.Random, name: str) -> StrEnum | None:
    its = _BACKGROUNDS[name]
    return chance.choices(list(its), list(its.values()))[0]
