"""Opening + in - out = closing, of every unit and period, over random histories of a thousand commands.

The commands go over HTTP into membership, late and corrected ones among them; its events are then told to reporting.
Both are compared with a plain count of the events' signed sides and of the tree as Python has it, which knows
nothing of either service's SQL.
"""

import json
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Final, get_args

import asyncpg
import pytest
from httpx import AsyncClient

from chassis.database import Pool
from chassis.migrations import migrate
from contracts.membership import MemberChange, MemberHistoryRestatedV2
from services.membership import store as register
from services.membership.app import SERVICE
from services.membership.domain import Organisation
from services.reporting.app import SERVICE as REPORTING
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.movement_query import movement
from tests.integration.served import served
from tests.integration.test_reporting_restated import Received
from tests.office import DAYS, FIRST, Office

COMMANDS: Final = 1000


@pytest.fixture
async def membership(database_url) -> AsyncIterator[AsyncClient]:
    async with served(SERVICE, database_url) as (client, _):
        yield client


@pytest.fixture
async def reporting(stack) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(stack.database_url(f"test_{secrets.token_hex(6)}"))
    try:
        await migrate(connection, REPORTING.all_migrations)
        yield connection
    finally:
        await connection.close()


COUNTED: Final = {event.TYPE for event in (*get_args(MemberChange), MemberHistoryRestatedV2)}


class Told:
    """What the log says, counted plainly: signed sides by day and cell, and where each unit hung."""

    def __init__(self, events: Sequence[Received], units: Sequence[Organisation]) -> None:
        self.signed: Counter[tuple[date, str]] = Counter()
        self.units = {str(unit.id): unit for unit in units}
        for event in events:
            told = json.loads(event.value)
            if event.type not in COUNTED:
                continue
            steps = [] if "stated" in told else [(told, 1)]
            steps += [
                (step, sign)
                for name, sign in (("retracted", -1), ("stated", 1))
                for step in told.get(name, ())
            ]
            for step, sign in steps:
                for side, delta in (("before", -sign), ("after", sign)):
                    if step.get(side):
                        self.signed[date.fromisoformat(step["effective_date"]), step[side]["cell_id"]] += (
                            delta
                        )

    def count(self, unit: Organisation, day: date) -> int:
        """How many count on a day in a unit and in what hangs under it then."""
        inside = {id_ for id_ in self.units if self._within(id_, unit, day)}
        return sum(n for (since, cell), n in self.signed.items() if since <= day and cell in inside)

    def _within(self, id_: str, top: Organisation, day: date) -> bool:
        above: str | None = id_
        while above is not None:
            unit = self.units[above]
            if unit.id == top.id:
                return True
            parent = unit.on(day).parent_id
            above = parent and str(parent)
        return False


async def told_by(pool: Pool) -> tuple[list[Received], Told]:
    rows = await pool.fetch("SELECT position, type, payload, recorded_at FROM event_log ORDER BY position")
    events = [
        Received(row["type"], row["position"], row["payload"].encode(), row["recorded_at"].isoformat())
        for row in rows
    ]
    units = [register.organisation(row) for row in await pool.fetch(register.ORGANISATION)]
    return events, Told(events, units)


def periods(chance: random.Random) -> list[tuple[date, date]]:
    """The whole time, and parts of it; some of one day."""
    days = [sorted(chance.randrange(-5, DAYS + 5) for _ in range(2)) for _ in range(9)]
    return [
        (FIRST + timedelta(first), FIRST + timedelta(last)) for first, last in [(-5, DAYS + 5), (7, 7), *days]
    ]


@pytest.mark.parametrize("seed", [1, 2])
async def test_opening_and_what_came_and_went_are_the_closing_everywhere(membership, reporting, pool, seed):
    office = Office(membership, seed)
    await office.open()
    await office.work(COMMANDS)
    # Enough of each was possible to be a history, and nothing broke.
    assert office.broken == []
    assert office.done.keys() >= {
        "admit", "confirm", "depart", "correct", "withdraw", "reparent", "receive", "cancel", "profile", "split",
        "merge", "dissolve", "correct unit", "rename", "begin spell", "take", "import members", "import transfers",
    }  # fmt: skip
    assert office.done.keys() & {"restore", "readmit"}
    assert office.done.total() > COMMANDS // 4

    events, told = await told_by(pool)
    counted = [event for event in events if event.type in MEMBERSHIP_FACTS.types]
    await MEMBERSHIP_FACTS.write(reporting, [MEMBERSHIP_FACTS.fold(counted)])
    for first, last in periods(random.Random(seed)):
        for unit in told.units.values():
            opening, closing = told.count(unit, first - timedelta(1)), told.count(unit, last)
            await in_membership(membership, unit.code, first, last, opening, closing)
            await in_reporting(reporting, unit.code, first, last, opening, closing)


async def in_membership(client, code, first, last, opening, closing) -> None:
    asked = {"from": str(first), "to": str(last), "limit": 500}
    listed: Counter[tuple[str, str]] = Counter()
    while True:
        answer = await client.get(f"/v1/organisations/{code}/movements", params=asked)
        assert answer.status_code == 200, answer.text
        table = answer.json()
        listed.update((row["direction"], row["cause"]) for row in table["items"])
        if (cursor := table["next"]) is None:
            break
        asked |= {"cursor": cursor}
    assert (table["opening"], table["closing"]) == (opening, closing)
    came, went = table["came"], table["went"]
    assert opening + sum(came.values()) - sum(went.values()) == closing
    assert listed == Counter(
        {(way, cause): n for way, counts in (("in", came), ("out", went)) for cause, n in counts.items()}
    )
    assert not {"confirmed", "profile"} & (came.keys() | went.keys())


async def in_reporting(database, code, first, last, opening, closing) -> None:
    answer = await movement(
        database,
        unit=code,
        first=first,
        last=last,
        known_at=None,
        by_unit=False,
    )
    table = answer.movement
    assert (table.opening, table.closing) == (opening, closing)
    assert opening + table.came.total - table.went.total == closing
