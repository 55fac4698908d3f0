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
from typing import Any, Final, get_args

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient

from chassis.database import Pool
from chassis.migrations import migrate
from chassis.service import Role, make_app
from chassis.settings import Settings
from contracts.membership import DepartureReason, MemberChange, MemberHistoryRestatedV2
from services.membership import store as register
from services.membership.app import SERVICE
from services.membership.domain import Organisation
from services.reporting.app import SERVICE as REPORTING
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.movement_query import movement
from tests.integration.test_reporting_restated import Received

COMMANDS: Final = 1000
FIRST, DAYS = date(2018, 1, 1), 1000
UNITS: Final = """code,parent_code,type,name,established_on,dissolved_on
K,,bloc,Đảng bộ Khối,1976-01-01,
A,K,grassroots_committee,Đảng bộ A,1980-01-01,
B,K,grassroots_committee,Đảng bộ B,1980-01-01,
A1,A,subordinate_cell,Chi bộ A1,1980-01-01,
A2,A,subordinate_cell,Chi bộ A2,1980-01-01,
B1,B,subordinate_cell,Chi bộ B1,1980-01-01,
C,K,grassroots_cell,Chi bộ C,1980-01-01,
D,K,grassroots_cell,Chi bộ D,2018-06-01,
"""
CELLS: Final = ("A1", "A2", "B1", "C", "D")


class Office:
    """Somebody who enters whatever comes to their mind, mostly sensible."""

    def __init__(self, client: AsyncClient, seed: int) -> None:
        self._client = client
        self._chance = random.Random(seed)
        self._members: list[str] = []
        self._cells = list(CELLS)
        self.statuses: Counter[int] = Counter()
        self.done: Counter[str] = Counter()

    async def work(self) -> None:
        """Enter a thousand commands; count how they were answered, and which were possible."""
        kinds = (
            (self._admit, 6), (self._confirm, 5), (self._depart, 4), (self._correct, 4), (self._withdraw, 1),
            (self._reparent, 2), (self._transfer, 3), (self._profile, 2), (self._come_back, 3), (self._split, 1),
            (self._merge, 1),
        )  # fmt: skip
        makers, weights = zip(*kinds, strict=True)
        while self.statuses.total() < COMMANDS:
            [make] = self._chance.choices(makers, weights)
            await make()

    async def _do(self, what: str, path: str, **asked: Any) -> Any:
        answer = await self._client.post(f"/v1/{path}", json=asked)
        self.statuses[answer.status_code] += 1
        if not answer.is_success:
            return None
        self.done[what] += 1
        return answer.json()

    def _day(self, after: int = 0) -> str:
        return (FIRST + timedelta(self._chance.randrange(after, DAYS))).isoformat()

    def _member(self) -> str:
        return self._chance.choice(self._members or ["M0"])

    def _cell(self) -> str:
        return self._chance.choice(self._cells)

    async def _admit(self) -> None:
        code = f"M{len(self._members)}"
        admitted = {
            "code": code,
            "cell_code": self._cell(),
            "full_name": "Lò Thị Ánh",
            "birth_date": "1990-05-01",
            "gender": self._chance.choice(["female", "male"]),
            "ethnicity": "Thái",
            "youth_union": True,
            "admitted_on": self._day(),
        }
        if await self._do("admit", "members", **admitted):
            self._members.append(code)

    async def _confirm(self) -> None:
        await self._do("confirm", f"members/{self._member()}/confirmation", official_on=self._day())

    async def _depart(self) -> None:
        reason = self._chance.choice(list(DepartureReason)).value
        await self._do(
            "depart", f"members/{self._member()}/departure", left_on=self._day(), left_reason=reason
        )

    async def _correct(self) -> None:
        asked: dict[str, Any] = {"fact": self._chance.randint(1, 4)}
        asked |= self._chance.choice([{"effective_date": self._day()}, {"cell_code": self._cell()}])
        await self._do("correct", f"members/{self._member()}/corrections", **asked)

    async def _withdraw(self) -> None:
        fact = self._chance.randint(1, 4)
        await self._do("withdraw", f"members/{self._member()}/corrections", fact=fact, withdraw=True)

    async def _profile(self) -> None:
        asked = {"youth_union": self._chance.choice([True, False]), "effective_date": self._day()}
        await self._do("profile", f"members/{self._member()}/profile", **asked)

    async def _come_back(self) -> None:
        member, day = self._member(), self._day(DAYS // 2)
        if self._chance.random() < 0.5:
            await self._do("restore", f"members/{member}/restoration", effective_date=day)
        else:
            asked = {"cell_code": self._cell(), "admitted_on": day, "youth_union": False}
            await self._do("readmit", f"members/{member}/readmission", **asked)

    async def _transfer(self) -> None:
        """From cell to cell, or out; sometimes it goes no further than the request."""
        to = {"destination_code": self._cell()} if self._chance.random() < 0.7 else {"outside": "Tỉnh khác"}
        day = FIRST + timedelta(self._chance.randrange(DAYS - 40))
        asked = await self._do(
            "request", "transfers", member_code=self._member(), requested_on=str(day), **to
        )
        if asked is None:
            return
        path = f"transfers/{asked['id']}"
        if self._chance.random() < 0.2:
            await self._do("cancel", f"{path}/cancellation", cancelled_on=str(day), reason="withdrawn")
            return
        await self._do("release", f"{path}/release", released_on=str(day + timedelta(5)))
        await self._do("receive", f"{path}/reception", received_on=str(day + timedelta(20)))

    async def _reparent(self) -> None:
        code, parent = self._cell(), self._chance.choice("KAB")
        type_ = "grassroots_cell" if parent == "K" else "subordinate_cell"
        asked = {"parent_code": parent, "type": type_, "effective_date": self._day()}
        await self._do("reparent", f"organisations/{code}/reparent", **asked)

    async def _split(self) -> None:
        source, new, day = self._cell(), f"N{len(self._cells)}", self._day()
        listed = await self._client.get(f"/v1/organisations/{source}/members", params={"as_of": day})
        there = [item["code"] for item in listed.json()["items"]]
        parts = [{"code": new, "name": f"Chi bộ {new}", "members": there[: len(there) // 2]}]
        if await self._do("split", f"organisations/{source}/split", parts=parts, effective_date=day):
            self._cells.append(new)

    async def _merge(self) -> None:
        target, source = self._cell(), self._cell()
        asked = {"sources": [source], "effective_date": self._day(DAYS // 2)}
        await self._do("merge", f"organisations/{target}/merger", **asked)


@pytest.fixture
async def membership(pool, database_url) -> AsyncIterator[AsyncClient]:
    async with pool.acquire() as connection:
        await migrate(connection, SERVICE.all_migrations)
    app = make_app(SERVICE, Role.API, Settings(database_url=database_url, kafka="127.0.0.1:1"))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://membership") as client,
    ):
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
    answer = await membership.post(
        "/v1/imports/organisations", content=UNITS.encode(), headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 200, answer.text
    office = Office(membership, seed)
    await office.work()
    # Enough of each was possible to be a history, and nothing broke.
    assert set(office.statuses) <= {200, 201, 404, 409, 422}
    assert office.done.keys() >= {
        "admit", "confirm", "depart", "correct", "withdraw", "reparent", "receive", "cancel", "profile", "restore",
        "readmit", "split", "merge",
    }  # fmt: skip
    assert office.done.total() > COMMANDS // 3

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
        consumer=MEMBERSHIP_FACTS.name,
        unit=code,
        first=first,
        last=last,
        known_at=None,
        by_unit=False,
    )
    table = answer.movement
    assert (table.opening, table.closing) == (opening, closing)
    assert opening + table.came.total - table.went.total == closing
