"""Meetings over HTTP on a real database: from plan to score, by the list that membership's events make."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient

from contracts.membership import (
    Gender,
    MemberAdmitted,
    MemberConfirmed,
    MemberMoved,
    MemberState,
    MoveReason,
    OrganisationEstablished,
    OrganisationState,
    OrganisationType,
    OrganisationUpgraded,
    Standing,
)
from contracts.spells import (
    MemberExempted,
    MemberExemptionEnded,
    MemberSuspended,
    MemberTemporaryStayBegan,
    Spell,
    SpellKind,
)
from replicas.membership.replica import MembershipReplica
from services.meetings.app import SERVICE
from tests.integration.served import served
from tests.integration.test_reporting_restated import Received

CELL, OTHER = uuid4(), uuid4()
MEMBERS = [UUID(int=number) for number in range(1, 6)]
LONG_AGO, ADMITTED, CONFIRMED = date(1990, 1, 1), date(2015, 3, 1), date(2016, 3, 1)
AT = "2026-03-03T14:30:00+07:00"


def state(cell=CELL, standing=Standing.PROBATIONARY):
    return MemberState(
        cell_id=cell, standing=standing, gender=Gender.FEMALE, ethnic_minority=False, religious=False,
        youth_union=False, birth_date=LONG_AGO,
    )  # fmt: skip


def founded(id_, code, type_=OrganisationType.GRASSROOTS_CELL):
    after = OrganisationState(type=type_, parent_id=uuid4())
    return OrganisationEstablished(
        effective_date=LONG_AGO, organisation_id=id_, code=code, name=f"Chi bộ {code}", after=after
    )


OFFICIAL = state(standing=Standing.OFFICIAL)
BEFORE = [
    founded(CELL, "K.01"),
    founded(OTHER, "K.02"),
    *(MemberAdmitted(effective_date=ADMITTED, member_id=id_, after=state()) for id_ in MEMBERS),
    *(
        MemberConfirmed(effective_date=CONFIRMED, member_id=id_, before=state(), after=OFFICIAL)
        for id_ in MEMBERS[:4]
    ),
]


@pytest.fixture
async def told(pool):
    """Tell the service what membership published, as its consumer applies it."""
    replica, sequences = MembershipReplica("meetings"), iter(range(1, 1_000))

    async def tell(*events):
        received = [
            Received(event.TYPE, next(sequences), event.as_json().encode(), "2026-01-01T00:00:00Z")
            for event in events
        ]
        async with pool.acquire() as connection, connection.transaction():
            await replica.write(connection, [replica.fold(received)])

    return tell


@pytest.fixture
async def client(database_url, told) -> AsyncIterator[AsyncClient]:
    async with served(SERVICE, database_url) as (client, _):
        await told(*BEFORE)
        yield client


async def post(client, path, status=200, headers=None, **asked):
    answer = await client.post(f"/v1/{path}", json=asked, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def planned(client, **other):
    asked = {
        "cell_code": "K.01",
        "kind": "regular",
        "starts_at": AT,
        "place": "Phòng  họp",
        "agenda": ["Đánh giá", "Khác"],
    }
    return await post(client, "meetings", 201, **(asked | other))


async def announced(client, **other):
    meeting = await planned(client, **other)
    await post(client, f"meetings/{meeting['id']}/agreement", agreed_on="2026-02-27")
    return await post(client, f"meetings/{meeting['id']}/announcement", told_at="2026-03-01T08:00:00+07:00")


def roll(presence="present", members=MEMBERS, **of):
    return [{"member_id": str(id_), "presence": of.get(f"m{id_.int}", presence)} for id_ in members]


HELD = {"began_at": AT, "ended_at": "2026-03-03T16:05:00+07:00"}


async def test_a_meeting_from_plan_to_score(client, pool):
    meeting = await announced(client)
    assert (meeting["status"], meeting["month"], meeting["place"]) == ("announced", "2026-03", "Phòng họp")
    held = await post(
        client, f"meetings/{meeting['id']}/holding", **HELD, roll=roll(m2="excused", m5="unexcused")
    )
    assert held["minutes"] == 95
    assert held["attendance"] == {"counted": 5, "present": 3, "excused": 1, "unexcused": 1, "percent": 60.0}
    points = {"duration": 5, "attendance": 5, "preparation": 9, "procedure": 5, "content": 22, "chairing": 9,
              "principles": 5, "results": 27.5, "closing": 5}  # fmt: skip
    scored = await post(
        client, f"meetings/{meeting['id']}/scores", kind="self", decided_on="2026-03-03", points=points
    )
    assert [warning["column"] for warning in scored["warnings"]] == ["attendance"]
    answer = await client.get(f"/v1/meetings/{meeting['id']}")
    [score] = answer.json()["scores"]
    assert (score["total"], score["grade"], score["guidance"]) == (
        92.5, "good", "Hướng dẫn 42-HD/BTCTW (28/10/2025)",
    )  # fmt: skip
    types = await pool.fetch("SELECT type FROM event_log ORDER BY position")
    assert [row["type"].rsplit(".", 2)[1] for row in types] == [
        "meeting-planned", "agenda-agreed", "meeting-announced", "meeting-held", "meeting-scored",
    ]  # fmt: skip


async def test_steps_out_of_order_are_a_conflict_that_says_what_comes_next(client):
    meeting = await planned(client)
    answer = await post(client, f"meetings/{meeting['id']}/holding", 409, **HELD, roll=roll())
    assert answer["type"] == "urn:chibo:problem:wrong-state"
    assert "thống nhất chương trình" in answer["detail"]
    await post(client, f"meetings/{meeting['id']}/scores", 409, kind="self", decided_on="2026-03-03",
               points=dict.fromkeys(["duration", "attendance", "preparation", "procedure", "content", "chairing",
                                     "principles", "results", "closing"], 1))  # fmt: skip


async def test_a_month_has_one_regular_meeting_even_when_two_plan_at_once(client):
    answers = await asyncio.gather(
        *(
            client.post(
                "/v1/meetings",
                json={"cell_code": "K.01", "kind": "regular", "starts_at": AT, "place": f"Phòng {number}"},
            )
            for number in range(6)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    await planned(client, kind="extraordinary")
    await planned(client, kind="thematic", theme="Nêu gương")
    [meeting] = [answer.json() for answer in answers if answer.status_code == 201]
    await post(client, f"meetings/{meeting['id']}/cancellation", reason="epidemic", on="2026-03-01")
    await planned(client)


async def test_the_same_key_gives_the_same_meeting_and_an_old_copy_is_refused(client, pool):
    asked = {"cell_code": "K.01", "kind": "regular", "starts_at": AT, "place": "Phòng họp", "agenda": ["Một"]}
    first = await post(client, "meetings", 201, headers={"Idempotency-Key": "k-1"}, **asked)
    again = await post(client, "meetings", 201, headers={"Idempotency-Key": "k-1"}, **asked)
    assert first == again
    assert await pool.fetchval("SELECT count(*) FROM event_log") == 1
    await post(client, f"meetings/{first['id']}/agreement", agreed_on="2026-02-27")
    await post(
        client, f"meetings/{first['id']}/schedule", 412, headers={"If-Match": '"1"'}, place="Hội trường"
    )


async def test_who_is_to_come_is_what_membership_says_of_that_day(client, told):
    away, here, ill, suspended = MEMBERS[0], uuid4(), MEMBERS[1], MEMBERS[2]

    def spell(kind, fact=9, **more):
        return Spell(kind=kind, fact=fact, from_on=date(2026, 1, 1), **more)

    stay = spell(SpellKind.TEMPORARY_STAY, cell_id=OTHER)
    comes = spell(SpellKind.TEMPORARY_STAY, cell_id=CELL)
    exempt = spell(SpellKind.EXEMPTION)
    await told(
        MemberTemporaryStayBegan(effective_date=date(2026, 1, 1), member_id=away, after=stay),
        MemberTemporaryStayBegan(effective_date=date(2026, 1, 1), member_id=here, after=comes),
        MemberExempted(effective_date=date(2026, 1, 1), member_id=ill, after=exempt),
        MemberSuspended(
            effective_date=date(2026, 1, 1), member_id=suspended, after=spell(SpellKind.SUSPENSION)
        ),
    )
    assert await listed(client, "2026-03-03") == {
        str(here): ("visiting", False),
        str(ill): ("official", True),
        str(MEMBERS[3]): ("official", False),
        str(MEMBERS[4]): ("probationary", False),
    }
    assert len(await listed(client, "2025-12-31")) == 5
    ended = exempt.model_copy(update={"ended_on": date(2026, 2, 1)})
    await told(
        MemberExemptionEnded(effective_date=date(2026, 2, 1), member_id=ill, before=exempt, after=ended),
        MemberMoved(
            effective_date=date(2026, 3, 3),
            member_id=MEMBERS[3],
            reason=MoveReason.TRANSFER,
            before=OFFICIAL,
            after=state(OTHER, Standing.OFFICIAL),
        ),
    )
    now = await listed(client, "2026-03-03")
    assert now[str(ill)] == ("official", False)
    assert str(MEMBERS[3]) not in now
    assert str(MEMBERS[3]) in await listed(client, "2026-03-02")


async def listed(client, day):
    answer = await client.get("/v1/cells/K.01/list", params={"on": day})
    assert answer.status_code == 200, answer.text
    return {item["member_id"]: (item["roll"], item["exempt"]) for item in answer.json()["items"]}


async def test_the_roll_is_the_list_of_the_day(client):
    meeting = await announced(client)
    path = f"meetings/{meeting['id']}/holding"
    short = await post(client, path, 422, **HELD, roll=roll(members=MEMBERS[:3]))
    assert [error["code"] for error in short["errors"]] == ["left-off-the-roll"]
    twice = await post(client, path, 422, **HELD, roll=roll() + roll(members=MEMBERS[:1]))
    assert [error["code"] for error in twice["errors"]] == ["twice-on-the-roll"]
    later = {name: (datetime.now(UTC) + timedelta(hours=number)).isoformat()
             for number, name in ((1, "began_at"), (2, "ended_at"))}  # fmt: skip
    future = await post(client, path, 422, **later, roll=roll())
    assert [error["code"] for error in future["errors"]] == ["in-the-future"]


async def test_the_months_that_a_cell_owes_and_what_became_of_them(client):
    meeting = await announced(client, theme="Nêu gương")
    await post(client, f"meetings/{meeting['id']}/holding", **HELD, roll=roll())
    april = await planned(client, starts_at="2026-04-02T14:30:00+07:00")
    order = {"number": "16/CT-TTg", "date": "2026-03-31"}
    await post(
        client, f"meetings/{april['id']}/postponement", reason="epidemic", on="2026-04-01", document=order
    )
    answer = await client.get("/v1/cells/K.01/months", params={"from": "2026-01-15", "to": "2026-04-01"})
    assert answer.json() == {
        "cell_code": "K.01",
        "due": 4,
        "held": 1,
        "months": [
            {"month": "2026-01", "status": None},
            {"month": "2026-02", "status": None},
            {"month": "2026-03", "status": "held"},
            {"month": "2026-04", "status": "postponed"},
        ],
        "quarters_due": ["2026-Q1"],
        "quarters_thematic": ["2026-Q1"],
    }


async def test_a_cell_that_became_a_committee_owes_no_more_meetings(client, told):
    cell, above = OrganisationState(type=OrganisationType.GRASSROOTS_CELL, parent_id=uuid4()), uuid4()
    await told(
        OrganisationUpgraded(
            effective_date=date(2026, 2, 10),
            organisation_id=CELL,
            before=cell,
            after=OrganisationState(type=OrganisationType.GRASSROOTS_COMMITTEE, parent_id=above),
        )
    )
    answer = await client.get("/v1/cells/K.01/months", params={"from": "2026-01-01", "to": "2026-04-01"})
    assert [month["month"] for month in answer.json()["months"]] == ["2026-01"]
    refused = await client.post(
        "/v1/meetings", json={"cell_code": "K.01", "kind": "regular", "starts_at": AT, "place": "Phòng họp"}
    )
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not-a-cell")


async def test_pages_and_codes_that_are_not_known(client):
    for month in (1, 2, 3):
        await planned(client, starts_at=f"2026-0{month}-03T14:30:00+07:00")
    first = (await client.get("/v1/cells/K.01/meetings", params={"limit": 2})).json()
    second = (await client.get("/v1/cells/K.01/meetings", params={"cursor": first["next"]})).json()
    assert [item["month"] for page in (first, second) for item in page["items"]] == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]
    assert second["next"] is None
    for path in ("cells/K.99/meetings", "cells/K%00/list", f"meetings/{uuid4()}"):
        assert (await client.get(f"/v1/{path}")).status_code == 404


async def test_points_are_assigned_to_who_is_on_the_list_and_a_small_cell_does_not_meet_by_group(
    client, pool
):
    preparing = [{"point": 2, "member_id": str(MEMBERS[1])}]
    meeting = await planned(client, assignments=preparing)
    assert (meeting["assignments"], meeting["by_group"]) == (preparing, False)
    path = f"meetings/{meeting['id']}"
    await post(client, f"{path}/agreement", agreed_on="2026-02-27")
    moved = await post(client, f"{path}/schedule", place="Hội trường")
    assert (moved["assignments"], moved["status"]) == (preparing, "agreed")
    stranger = [{"point": 1, "member_id": str(uuid4())}]
    refused = await post(client, f"{path}/schedule", 422, assignments=stranger)
    assert [error["code"] for error in refused["errors"]] == ["assigned-to-others"]
    refused = await post(client, f"{path}/schedule", 422, by_group=True)
    assert [error["code"] for error in refused["errors"]] == ["too-few-for-groups"]
    again = await post(client, f"{path}/schedule", assignments=[])
    assert (again["assignments"], again["status"]) == ([], "planned")
    payloads = await pool.fetch("SELECT payload FROM event_log WHERE type LIKE '%agenda-agreed%'")
    assert ['"assigned":1' in row["payload"] for row in payloads] == [True]


async def test_a_large_cell_meets_by_group_three_times_a_year_whoever_plans_at_once(client, told):
    await told(
        *(
            MemberAdmitted(effective_date=ADMITTED, member_id=UUID(int=id_), after=state())
            for id_ in range(100, 145)
        )
    )
    asked = {"cell_code": "K.01", "kind": "extraordinary", "place": "Tổ", "by_group": True}
    answers = await asyncio.gather(
        *(
            client.post("/v1/meetings", json=asked | {"starts_at": f"2026-0{month}-03T14:30:00+07:00"})
            for month in (1, 2, 3, 4, 5)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 201, 422, 422]
    [code] = {answer.json()["errors"][0]["code"] for answer in answers if answer.status_code == 422}
    assert code == "too-often-by-group"
    await post(client, "meetings", 201, **asked, starts_at="2027-01-03T14:30:00+07:00")


async def test_absences_that_fail_the_criterion_of_2018_are_listed(client):
    for month in range(2, 7):
        day = f"2020-0{month}-03"
        meeting = await planned(client, starts_at=f"{day}T14:30:00+07:00")
        path = f"meetings/{meeting['id']}"
        await post(client, f"{path}/agreement", agreed_on=f"2020-0{month}-01")
        await post(client, f"{path}/announcement", told_at=f"2020-0{month}-01T08:00:00+07:00")
        times = {"began_at": f"{day}T14:30:00+07:00", "ended_at": f"{day}T16:05:00+07:00"}
        away = {"m2": "excused"} if month < 6 else {}
        await post(client, f"{path}/holding", **times, roll=roll(**away))
    answer = await client.get("/v1/lists/absences", params={"year": 2020, "unit": "K.01"})
    [item] = answer.json()["items"]
    assert (item["member_id"], item["longest_run"], item["unexcused"], len(item["meeting_ids"])) == (
        str(MEMBERS[1]), 4, 0, 1,
    )  # fmt: skip
    assert (await client.get("/v1/lists/absences", params={"year": 2021})).json()["items"] == []
