"""Eras of admission and party age by month, against plain counting of made-up lives."""

import random
from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

from contracts.membership import (
    DepartureReason,
    Gender,
    MemberAdmitted,
    MemberConfirmed,
    MemberLeft,
    MemberReceived,
    MemberState,
    Standing,
)
from services.reporting.background import ERAS
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.domain import AGE_BANDS, PARTY_AGE_BANDS, day_number
from tests.integration import test_reporting_inspection
from tests.integration.test_reporting_inspection import CELL, OTHER, ask, month_end, tell

reporting = test_reporting_inspection.reporting
MONTHS = [date(2019 + month // 12, month % 12 + 1, 1) for month in range(24)]


class Someone:
    """Received in the first days of the tree, perhaps confirmed and gone later; some joined on a leap day."""

    def __init__(self, chance):
        self.id, self.left = uuid4(), None
        self.born = date(1930, 1, 1) + timedelta(chance.randrange(25_000))
        self.joined = chance.choice([date(1940, 2, 29), date(2012, 2, 29), self.born + timedelta(7_000)])
        self.since = (
            self.joined - timedelta(chance.randrange(1, 60)) if chance.random() < 0.5 else self.joined
        )
        self.entered = max(self.joined, date(2018, 2, 1) + timedelta(chance.randrange(500)))
        state = MemberState(
            cell_id=chance.choice([CELL, OTHER]), standing=Standing.PROBATIONARY, gender=Gender.MALE,
            ethnic_minority=False, religious=False, youth_union=False, birth_date=self.born, joined_on=self.joined,
            party_since=None if self.since == self.joined else self.since,
        )  # fmt: skip
        official = state.model_copy(update={"standing": Standing.OFFICIAL})
        own = {"member_id": self.id}
        self.events = [
            MemberReceived(effective_date=self.entered, after=state, **own),
            MemberConfirmed(effective_date=self.entered + timedelta(90), before=state, after=official, **own),
        ]
        if chance.random() < 0.4:
            self.left = self.entered + timedelta(chance.randrange(100, 700))
            reason = DepartureReason.RESIGNED
            self.events.append(MemberLeft(effective_date=self.left, reason=reason, before=official, **own))

    def group(self, day, by):
        its = {
            "admission_era": [name for name, first in ERAS.items() if first <= self.joined][-1],
            "party_age": band(PARTY_AGE_BANDS, self.since, day),
            "age_band": band(AGE_BANDS, self.born, day),
        }
        return tuple(its[name] for name in by)


def band(bands, since, day):
    years = (day_number(day) - day_number(since)) // 10_000
    return [one.label for one in bands if one.lowest <= years][-1]


async def test_eras_and_party_age_are_those_that_plain_counting_gives(reporting):
    client, pool = reporting
    chance = random.Random(3)
    people = [Someone(chance) for _ in range(60)]
    await tell(pool, MEMBERSHIP_FACTS, [event for one in people for event in one.events], start=100)
    for by in (("party_age",), ("admission_era",), ("age_band", "admission_era", "party_age")):
        rows = await ask(
            client, unit="K", measures="members", by=",".join(by), by_period="month",
            **{"from": "2019", "to": "2020"},
        )  # fmt: skip
        found = {(row["period"], *row["group"].values()): row["values"]["members"] for row in rows}
        expected = Counter(
            (f"{month:%Y-%m}", *one.group(month_end(month), by))
            for month in MONTHS
            for one in people
            if one.entered <= month_end(month) and not (one.left and one.left <= month_end(month))
        )
        assert found == expected


async def test_who_joined_when_nothing_says_so(reporting):
    """Events of the first weeks told it of an entry only where it was another day, and of what followed never."""
    client, pool = reporting
    state = MemberState(
        cell_id=CELL, standing=Standing.PROBATIONARY, gender=Gender.MALE, ethnic_minority=False, religious=False,
        youth_union=False, birth_date=date(1980, 1, 1),
    )  # fmt: skip
    official = state.model_copy(update={"standing": Standing.OFFICIAL})
    first, second = {"member_id": uuid4()}, {"member_id": uuid4()}
    await tell(
        pool,
        MEMBERSHIP_FACTS,
        [
            MemberAdmitted(effective_date=date(2019, 5, 19), after=state, **first),
            MemberConfirmed(effective_date=date(2020, 5, 19), before=state, after=official, **first),
            MemberConfirmed(effective_date=date(2020, 5, 19), before=state, after=official, **second),
        ],
        start=100,
    )
    asked = {"unit": "K", "to": "2020-12-31", "measures": "members", "by": "admission_era,party_age"}
    assert [(*row["group"].values(), row["values"]["members"]) for row in await ask(client, **asked)] == [
        ("from_2011", "under_10", 1)
    ]
