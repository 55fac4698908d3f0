"""Several clients at once, whatever they do: nobody is ever twice or nowhere, and what is kept is what was told.

Where a race was found it is run again with its steps in the order that broke it: a lock that the test holds lets each
command come as far as it did then.
"""

import asyncio
from collections import Counter
from datetime import date
from itertools import zip_longest
from uuid import UUID

import pytest

from chassis.event_log import events_of_each
from contracts.positions import Position
from services.membership.app import SERVICE as MEMBERSHIP
from services.membership.history import History, history_of, spells_of, steps_of
from services.membership.positions.domain import first_day_lost
from services.membership.positions.store import PositionStore
from services.membership.positions.tenures import days_of
from services.membership.store import ORGANISATION, organisation, read_member_event
from tests.integration.served import served
from tests.office import MEMBERS_FILE, UNITS, Office

CLIENTS, COMMANDS = 8, 500


@pytest.fixture
async def register(database_url):
    async with served(MEMBERSHIP, database_url) as (client, pool):
        yield client, pool


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_clients_do_at_once_everybody_is_in_one_place_and_every_seat_is_held_by_somebody_there(
    register, seed
):
    client, pool = register
    office = Office(client, seed, most=9)
    await office.open()
    await asyncio.gather(*(office.work(COMMANDS) for _ in range(CLIENTS)))
    assert office.broken == []
    await sane(pool)


MEMBERS = MEMBERS_FILE + "".join(
    f"{code},{cell},Lò Thị Ánh,1960-05-01,female,Thái,,no,2000-01-01,2001-01-01,,\n"
    for code, cell in [("M1", "A1"), ("M2", "A1"), ("M3", "P1")]
)
CSV = {"Content-Type": "text/csv"}


@pytest.fixture
async def filled(register):
    client, pool = register
    for kind, text in (("organisations", UNITS), ("members", MEMBERS)):
        answer = await client.post(f"/v1/imports/{kind}", content=text.encode(), headers=CSV)
        assert answer.status_code == 200, answer.text
    return client, pool


async def one_by_one(pool, gate: str, *commands) -> list[int]:
    """Hold what `gate` locks, let each command come until it waits, then let all go on; return their statuses."""
    tasks = []
    async with pool.acquire() as holder, pool.acquire() as observer, holder.transaction():
        await holder.execute(gate)
        for command in commands:
            tasks.append(asyncio.create_task(command))
            async with asyncio.timeout(30):
                while await observer.fetchval(WAITING) < len(tasks):
                    await asyncio.sleep(0.005)
    answers = await asyncio.gather(*tasks)
    return [answer.status_code for answer in answers]


WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def test_nobody_takes_a_seat_while_their_cell_is_hung_away_from_below_it(filled):
    """P1 hangs under P, and so two steps below A: who takes a seat in A holds A, and P1 must wait for that."""
    client, pool = filled
    statuses = await one_by_one(
        pool,
        "LOCK TABLE positions IN EXCLUSIVE MODE",
        client.post(
            "/v1/positions",
            json={
                "organisation_code": "A",
                "member_code": "M3",
                "position": "secretary",
                "from_on": "2019-01-01",
            },
        ),
        client.post(
            "/v1/organisations/P1/reparent",
            json={"parent_code": "B", "type": "subordinate_cell", "effective_date": "2020-01-01"},
        ),
    )
    assert statuses == [201, 200]
    await sane(pool)
    assert await pool.fetchval("SELECT until_on FROM positions") == date(2020, 1, 1)


A1_HELD = "SELECT FROM organisations WHERE code = 'A1' FOR UPDATE"


async def test_a_file_of_members_and_an_election_in_their_cell_wait_for_each_other_in_one_order(filled):
    client, pool = filled
    left = MEMBERS.replace("2001-01-01,,\n", "2001-01-01,2020-01-01,died\n", 1)
    seat = {"organisation_code": "A1", "member_code": "M1", "position": "secretary", "from_on": "2019-01-01"}
    statuses = await one_by_one(
        pool,
        A1_HELD,
        client.post("/v1/imports/members", content=left.encode(), headers=CSV),
        client.post("/v1/positions", json=seat),
    )
    assert statuses[0] == 200
    assert statuses[1] in {201, 422}
    await sane(pool)


async def test_ratings_of_a_cell_and_a_change_of_a_member_of_it_wait_for_each_other_in_one_order(filled):
    client, pool = filled
    rated = [{"code": code, "grade": "good"} for code in ("M1", "M2")]
    statuses = await one_by_one(
        pool,
        A1_HELD,
        client.post("/v1/organisations/A1/ratings", json={"year": 2020, "ratings": rated}),
        client.post("/v1/members/M1/exemption", json={"effective_date": "2021-06-01"}),
    )
    assert statuses == [201, 200]


async def test_a_file_of_units_and_a_transfer_between_them_wait_for_each_other_in_one_order(filled):
    client, pool = filled
    codes = await pool.fetch("SELECT code FROM organisations WHERE code IN ('A1', 'C') ORDER BY id")
    first, second = [row["code"] for row in codes]
    # The transfer holds its destination first: let that be the unit that the file comes to last.
    cell = {"fact": 1, "cell_code": first}
    assert (await client.post("/v1/members/M1/corrections", json=cell)).status_code in {200, 422}
    asked = {"member_code": "M1", "destination_code": second, "requested_on": "2020-03-02"}
    statuses = await one_by_one(
        pool,
        f"SELECT FROM organisations WHERE code = '{first}' FOR UPDATE",
        client.post("/v1/imports/organisations", content=UNITS.encode(), headers=CSV),
        client.post("/v1/transfers", json=asked),
    )
    assert statuses == [200, 201]


async def test_a_key_sent_twice_at_once_is_one_command_and_one_that_was_refused_may_be_sent_again(filled):
    client, pool = filled
    key = {"Idempotency-Key": "a-departure"}
    left = {"left_on": "2020-01-01", "left_reason": "died"}
    before = await pool.fetchval("SELECT count(*) FROM event_log")

    def send():
        return client.post("/v1/members/M9/departure", json=left, headers=key)

    refused = await asyncio.gather(*(send() for _ in range(4)))
    assert {answer.status_code for answer in refused} == {404}
    row = "M9,A1,Lò Thị Ánh,1960-05-01,female,Thái,,no,2000-01-01,2001-01-01,,\n"
    await client.post("/v1/imports/members", content=(MEMBERS_FILE + row).encode(), headers=CSV)
    done = await asyncio.gather(*(send() for _ in range(4)))
    assert {(answer.status_code, answer.text) for answer in done} == {(200, done[0].text)}
    # Admitted, confirmed, left: each once.
    assert await pool.fetchval("SELECT count(*) FROM event_log") == before + 3


async def sane(pool) -> None:
    """What the tables say is what the log says, and it can be."""
    async with pool.acquire() as connection, connection.transaction():
        members = {row["id"]: row for row in await connection.fetch("SELECT * FROM members")}
        recorded = await events_of_each(connection, list(members))
        histories = {
            id_: history_of([read_member_event(event) for event in events])
            for id_, events in recorded.items()
        }
        for id_, history in histories.items():
            await _states(connection, id_, history)
            await _spells(connection, id_, history)
        await _positions(connection)
        await _transfers(connection, members)


async def _states(connection, id_: UUID, history: History) -> None:
    """The days that somebody counts, in each cell: as the fold of their events has it, one after the other."""
    rows = await connection.fetch("SELECT * FROM member_states WHERE member_id = $1 ORDER BY from_on", id_)
    kept: list[tuple[date, UUID, str]] = []
    for row, following in zip_longest(rows, rows[1:]):
        assert row["until_on"] is None or row["from_on"] < row["until_on"]
        assert following is None or (row["until_on"] and row["until_on"] <= following["from_on"])
        kept.append((row["from_on"], row["cell_id"], row["standing"]))
        if row["until_on"] and (following is None or following["from_on"] > row["until_on"]):
            kept.append((row["until_on"], None, None))
    told = {}
    for step in steps_of(history):
        after = step.after
        told[step.effective_date] = (after.cell_id, after.standing.value) if after else (None, None)
    days = sorted(told)
    assert {day: (cell, standing) for day, cell, standing in kept} == {
        day: told[day] for day, former in zip(days, [None, *days], strict=False)
        if told[day] != (told[former] if former else (None, None)) or told[day] != (None, None)
    }  # fmt: skip


async def _spells(connection, id_: UUID, history: History) -> None:
    """What holds beside is what the events say, and only while somebody counts."""
    rows = await connection.fetch("SELECT * FROM member_spells WHERE member_id = $1", id_)
    assert {(row["fact"], row["kind"], row["from_on"], row["ended_on"], row["cell_id"]) for row in rows} == {
        (spell.fact, spell.kind.value, spell.from_on, spell.ended_on, spell.cell_id)
        for spell in spells_of(history)
    }
    outside = await connection.fetchval(
        "SELECT count(*) FROM member_spells AS spell WHERE member_id = $1 AND NOT"
        " daterange(from_on, ended_on) <@ (SELECT range_agg(daterange(from_on, until_on)) FROM member_states"
        " WHERE member_id = $1)",
        id_,
    )
    assert outside == 0


async def _positions(connection) -> None:
    """Each is held by an official member below its unit, while the unit is there, and of secretaries there is one."""
    store = PositionStore(connection, None)
    units = {row["id"]: organisation(row) for row in await connection.fetch(ORGANISATION)}
    held = [one for one in await store.positions() if one.state]
    secretaries: dict[UUID, list] = {}
    for one in held:
        state = one.state
        [holder] = (await store.holders({state.member_id: ""}, [state.organisation_id])).values()
        assert first_day_lost(state, holder) is None, (units[state.organisation_id].code, state, holder)
        unit = units[state.organisation_id]
        assert unit.dissolved_on is None or (state.until_on and state.until_on <= unit.dissolved_on)
        assert unit.established_on <= state.from_on
        if state.position is Position.SECRETARY:
            for other in secretaries.setdefault(unit.id, []):
                assert not days_of(other).meets(days_of(state))
            secretaries[unit.id].append(state)


async def _transfers(connection, members) -> None:
    """Nobody has two open ones, and none that began once they had left; one from before may be told late."""
    rows = await connection.fetch("SELECT * FROM transfers WHERE state IN ('requested', 'released')")
    assert max(Counter(row["member_id"] for row in rows).values(), default=0) <= 1
    for row in rows:
        if row["origin_id"] and (left_on := members[row["member_id"]]["left_on"]):
            assert row["requested_on"] < left_on
