"""What was answered at an instant is answered again of it, whatever was put right since; and in whatever order events
come, and in whatever batches, the replicas and projections are the same.
"""

import json
import random
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from chassis.cloudevents import instant
from chassis.migrations import migrate
from replicas.membership.cells import cells_of
from replicas.membership.members import placed_on
from replicas.membership.replica import MembershipReplica
from services.meetings.app import SERVICE as MEETINGS
from services.meetings.cells import listed_on
from services.membership.app import SERVICE as MEMBERSHIP
from services.reporting.app import SERVICE as REPORTING
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.dated_tree import Trees
from services.reporting.movement_query import movement
from services.reporting.statistics import statistics
from tests.integration.served import served
from tests.integration.test_reporting_restated import Received
from tests.office import CELLS, DAYS, FIRST, Office

ROUNDS, COMMANDS = 6, 60
LAST = FIRST + timedelta(DAYS)
TABLES = {
    "reporting": ("member_facts", "organisation_facts", "organisations"),
    "meetings": ("unit_steps", "unit_names", "member_steps", "member_spells"),
}


@pytest.fixture
async def register(database_url):
    async with served(MEMBERSHIP, database_url) as (client, pool):
        yield client, pool


@pytest.fixture
async def databases(stack):
    """Empty databases of reporting and of meetings, two of each."""
    opened: dict[str, list[asyncpg.Connection]] = {}
    try:
        for name, of in (("reporting", REPORTING), ("meetings", MEETINGS)):
            for number in range(2):
                url = stack.database_url(f"test_{name}_{number}_{random.getrandbits(40):x}")
                opened.setdefault(name, []).append(await asyncpg.connect(url))
                await migrate(opened[name][-1], of.all_migrations)
        yield opened
    finally:
        for connections in opened.values():
            for connection in connections:
                await connection.close()


async def test_what_was_known_then_and_in_whatever_order_it_is_told(register, databases):
    client, pool = register
    office, chance = Office(client, 3, most=8), random.Random(3)
    await office.open()
    asked: list[tuple[Any, dict[str, Any]]] = []
    told = 0
    for _ in range(ROUNDS):
        await office.work(office.statuses.total() + COMMANDS)
        events = await received(pool, told)
        told = events[-1].sequence if events else told
        await tell(databases["reporting"][0], MEMBERSHIP_FACTS, [events])
        await tell(databases["meetings"][0], MembershipReplica("meetings"), [events])
        at = await pool.fetchval("SELECT clock_timestamp()")
        asked.append((at, await answers(client, databases["reporting"][0], office, None)))
    assert office.broken == []
    assert sum(office.done[what] for what in office.done if "correct" in what) > 5, office.done

    for at, then in asked:
        now = await answers(client, databases["reporting"][0], office, at, list(then))
        assert now == then, at

    events = shuffled(await received(pool, 0), chance)
    batches = []
    while events:
        size = chance.randint(1, 60)
        batches.append(events[:size])
        events = events[size:]
    await tell(databases["reporting"][1], MEMBERSHIP_FACTS, batches)
    await tell(databases["meetings"][1], MembershipReplica("meetings"), batches)
    for name, tables in TABLES.items():
        in_order, out_of_order = databases[name]
        for table in tables:
            assert await rows(in_order, table) == await rows(out_of_order, table), table
    await lists_are_those_of_the_register(pool, databases["meetings"][1])
    await places_are_those_of_the_register(pool, databases["meetings"][1])


async def received(pool, after: int) -> list[Received]:
    """The events after a place of the log, which one client at a time fills in the order of the stream."""
    found = await pool.fetch(
        "SELECT position, type, payload, recorded_at FROM event_log WHERE position > $1 ORDER BY position",
        after,
    )
    return [
        Received(row["type"], row["position"], row["payload"].encode(), instant(row["recorded_at"]))
        for row in found
    ]


async def tell(database, handler, batches: list[list[Received]]) -> None:
    for batch in batches:
        handled = [event for event in batch if event.type in handler.types]
        async with database.transaction():
            await handler.write(database, [handler.fold(handled)])


def shuffled(events: list[Received], chance: random.Random) -> list[Received]:
    """The same events in another order, but of each key in its own: as partitions give them."""
    queues: dict[str, list[Received]] = {}
    for event in events:
        said = json.loads(event.value)
        key = next((said[name] for name in ("member_id", "organisation_id") if name in said), "")
        queues.setdefault(key, []).append(event)
    order = [key for key, queue in queues.items() for _ in queue]
    chance.shuffle(order)
    return [queues[key].pop(0) for key in order]


async def rows(database, table: str) -> list[str]:
    return [row[0] for row in await database.fetch(f"SELECT t::text FROM {table} AS t ORDER BY 1")]


async def answers(client, reporting, office: Office, at, of: list[str] | None = None) -> dict[str, Any]:
    """Whatever may be asked with `known_at`; `of` are the questions that were asked then."""
    known_at = {} if at is None else {"known_at": at.isoformat()}
    days = [FIRST + timedelta(n) for n in (400, DAYS)]
    questions = of or [
        *(
            f"members/{code}/{what}"
            for code in office.members
            for what in ("history", "positions", "ratings")
        ),
        *(f"organisations/{code}/{what}" for code in [*CELLS, "A"] for what in ("history", "terms")),
        *(f"organisations/{code}/positions?as_of={day}" for code in [*CELLS, "A"] for day in days),
        *(f"organisations/{code}/ratings?year={year}" for code in CELLS for year in (2018, 2019)),
        *(f"statistics {unit} {day}" for unit in ["", "A", *CELLS] for day in days),
        *(f"movement {unit}" for unit in ["", "A", *CELLS]),
    ]
    given: dict[str, Any] = {}
    for question in questions:
        path, _, rest = question.partition(" ")
        if path == "statistics":
            unit, _, day = rest.rpartition(" ")
            told = await statistics(
                reporting,
                Trees(),
                unit=unit or None,
                as_of=date.fromisoformat(day),
                known_at=at,
            )
            given[question] = told and (told.unit, told.units_by_type, sorted(map(repr, told.groups)))
        elif path == "movement":
            told = await movement(
                reporting, unit=rest or None, first=FIRST, last=LAST, known_at=at,
                by_unit=False,
            )  # fmt: skip
            given[question] = told and told.movement
        else:
            path, _, query = path.partition("?")
            parameters = dict([query.split("=")]) if query else {}
            answer = await client.get(f"/v1/{path}", params=parameters | known_at)
            assert answer.status_code in {200, 404}, answer.text
            given[question] = answer.json()
    return given


async def lists_are_those_of_the_register(pool, meetings) -> None:
    """Who is to come to a meeting of a cell on a day, as the register has it."""
    units = {row["code"]: row["id"] for row in await pool.fetch("SELECT id, code FROM organisations")}
    cells = await cells_of(meetings, list(units))
    assert cells.keys() == units.keys()
    for day in (FIRST + timedelta(n) for n in range(0, DAYS, 50)):
        for code, id_ in units.items():
            kept = await pool.fetch(LISTED, id_, day)
            there = await listed_on(meetings, id_, day)
            assert {(row["member_id"], row["roll"], row["exempt"]) for row in kept} == {
                (member, one.roll.value, one.exempt) for member, one in there.items()
            }, (code, day)


async def places_are_those_of_the_register(pool, meetings) -> None:
    """Where each member is on a day, and what holds beside, as the register has it."""
    members = [row["id"] for row in await pool.fetch("SELECT id FROM members")]
    found = 0
    for day in (FIRST + timedelta(n) for n in range(0, DAYS, 5)):
        kept = {row["member_id"]: tuple(row) for row in await pool.fetch(PLACED, day)}
        there = await placed_on(meetings, members, day)
        assert kept == {
            id_: (id_, one.cell_id, one.standing.value, one.exempt, one.suspended, one.host_id)
            for id_, one in there.items()
        }, day
        found += len(kept)
    assert found


PLACED = """
    WITH holds AS (
        SELECT * FROM member_spells WHERE from_on <= $1 AND (ended_on IS NULL OR ended_on > $1)
    )
    SELECT member_id, cell_id, standing,
        EXISTS (SELECT FROM holds WHERE holds.member_id = state.member_id AND kind = 'exemption'),
        EXISTS (SELECT FROM holds WHERE holds.member_id = state.member_id AND kind = 'suspension'),
        (SELECT cell_id FROM holds WHERE holds.member_id = state.member_id AND kind = 'temporary_stay')
    FROM member_states AS state WHERE from_on <= $1 AND (until_on IS NULL OR until_on > $1)
"""
LISTED = """
    WITH holds AS (
        SELECT * FROM member_spells WHERE from_on <= $2 AND (ended_on IS NULL OR ended_on > $2)
    ), here AS (
        SELECT member_id, standing AS roll FROM member_states
        WHERE cell_id = $1 AND from_on <= $2 AND (until_on IS NULL OR until_on > $2)
          AND member_id NOT IN (SELECT member_id FROM holds WHERE kind = 'temporary_stay')
        UNION ALL
        SELECT member_id, 'visiting' FROM holds WHERE kind = 'temporary_stay' AND cell_id = $1
    )
    SELECT here.*, member_id IN (SELECT member_id FROM holds WHERE kind = 'exemption') AS exempt
    FROM here WHERE member_id NOT IN (SELECT member_id FROM holds WHERE kind = 'suspension')
"""
