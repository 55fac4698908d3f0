"""Working teams over HTTP on a real database, by the register that events make; the replica of meetings."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient

from contracts.correction_examples import CORRECTION_EXAMPLES
from contracts.corrections import MinutesCorrected
from contracts.inspection import TeamMemberSeated
from contracts.meetings import (
    AttendanceFigures,
    CriterionPoints,
    InterruptionReason,
    MeetingAnnounced,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    MeetingPlan,
    MeetingPlanned,
    MeetingPostponed,
    MeetingRescheduled,
    MeetingScored,
    ScoreKind,
)
from contracts.membership import (
    DepartureReason,
    DocumentRef,
    Gender,
    MemberAdmitted,
    MemberConfirmed,
    MemberLeft,
    MemberState,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationState,
    OrganisationType,
    Standing,
)
from contracts.spells import (
    MemberExempted,
    MemberSuspended,
    MemberTemporaryStayBegan,
    Spell,
    SpellKind,
)
from replicas.membership.replica import MembershipReplica
from services.inspection.app import SERVICE
from services.inspection.meetings import MeetingsReplica
from services.meetings.app import SERVICE as MEETINGS
from tests.integration.served import problem, served
from tests.integration.test_reporting_restated import Received

BLOC, HEALTH, CELL, OTHER, ALONE = (uuid4() for _ in range(5))
ANN, BEN, CAM, DAN, EVE = (UUID(int=number) for number in range(1, 6))
LONG_AGO, ADMITTED, CONFIRMED, FORMED = date(1990, 1, 1), date(2015, 3, 1), date(2016, 3, 1), "2020-01-15"
ORDER = {"number": "12-QĐ/ĐUK", "date": "2020-01-10"}


def state(cell=CELL, standing=Standing.OFFICIAL):
    return MemberState(
        cell_id=cell, standing=standing, gender=Gender.FEMALE, ethnic_minority=False, religious=False,
        youth_union=False, birth_date=LONG_AGO,
    )  # fmt: skip


def founded(id_, code, type_, parent):
    after = OrganisationState(type=OrganisationType(type_), parent_id=parent)
    return OrganisationEstablished(
        effective_date=LONG_AGO, organisation_id=id_, code=code, name=f"Tổ chức {code}", after=after
    )


def admitted(member, cell=CELL):
    before, after = state(cell, Standing.PROBATIONARY), state(cell)
    return [
        MemberAdmitted(effective_date=ADMITTED, member_id=member, after=before),
        MemberConfirmed(effective_date=CONFIRMED, member_id=member, before=before, after=after),
    ]


BEFORE = [
    founded(BLOC, "K", "bloc", None),
    founded(HEALTH, "K.01", "grassroots_committee", BLOC),
    founded(CELL, "K.01.01", "subordinate_cell", HEALTH),
    founded(OTHER, "K.01.02", "subordinate_cell", HEALTH),
    founded(ALONE, "K.02", "grassroots_cell", BLOC),
    *(event for member in (ANN, BEN, CAM, DAN) for event in admitted(member)),
    MemberAdmitted(effective_date=ADMITTED, member_id=EVE, after=state(ALONE, Standing.PROBATIONARY)),
]


@pytest.fixture
async def told(pool):
    """Tell the service what others published, as its consumers apply it."""
    register, meetings, sequences = MembershipReplica("inspection"), MeetingsReplica(), iter(range(1, 1_000))

    async def tell(*events):
        received = [
            Received(event.TYPE, next(sequences), event.as_json().encode(), "2026-01-01T00:00:00Z")
            for event in events
        ]
        async with pool.acquire() as connection, connection.transaction():
            for replica in (register, meetings):
                its = [one for one in received if one.type in replica.types]
                await replica.write(connection, [replica.fold([one]) for one in its[:1]])
                await replica.write(connection, [replica.fold(its[1:])])

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


async def get(client, path, **parameters):
    answer = await client.get(f"/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def formed(client, code="TCT-1", **other):
    asked = {"code": code, "name": f"Tổ công tác  {code}", "from_on": FORMED, "document": ORDER}
    return await post(client, "teams", 201, **(asked | other))


async def seated(client, member=ANN, role="member", code="TCT-1", from_on=FORMED, **other):
    return await post(
        client, f"teams/{code}/seats", member_id=str(member), role=role, from_on=from_on, **other
    )


async def free_on(client, day):
    answer = await get(client, "team-members", on=day)
    return {UUID(one["member_id"]).int: one["hindrances"] for one in answer["items"]}


async def test_a_team_from_formation_to_end(client, pool):
    team = await formed(client)
    assert (team["code"], team["name"], team["version"]) == ("TCT-1", "Tổ công tác TCT-1", 1)
    led = await seated(client, role="leader", document=ORDER)
    given = await post(client, "teams/TCT-1/area", from_on=FORMED, unit_codes=["K.01", "K.02"])
    assert (given["areas"], given["warnings"]) == ([{"from_on": FORMED, "unit_codes": ["K.01", "K.02"]}], [])
    await post(client, f"teams/TCT-1/seats/{led['seat_id']}/release", on="2020-09-01")
    await seated(client, BEN, "leader", from_on="2020-09-01")
    await post(client, "teams/TCT-1/dissolution", on="2020-12-31", document=ORDER)
    [then] = (await get(client, "teams", on="2020-06-30"))["items"]
    assert (then["seats"], then["cells"], then["unit_codes"]) == (1, 3, ["K.01", "K.02"])
    assert (await get(client, "teams", on="2020-12-31"))["items"] == []
    card = await get(client, "teams/TCT-1")
    assert [(one["role"], one["until_on"]) for one in card["seats"]] == [
        ("leader", "2020-09-01"),
        ("leader", None),
    ]
    history = (await get(client, "teams/TCT-1/history"))["items"]
    assert [fact["type"].rsplit(".", 2)[1] for fact in history] == [
        "team-formed", "team-member-seated", "team-area-set", "team-member-released", "team-member-seated",
        "team-dissolved",
    ]  # fmt: skip
    assert history[0]["event"]["decision_date"] == "2020-01-10"
    assert history[1]["event"]["document"] == ORDER
    reads = await pool.fetch("SELECT resource, count FROM personal_data_reads ORDER BY id")
    assert [tuple(row) for row in reads] == [("team:TCT-1", 2), ("team-history:TCT-1", 2)]


async def test_who_is_free_on_a_day_and_why_others_are_not(client, told):
    await formed(client)
    await formed(client, "TCT-2")
    for member in (ANN, BEN, CAM, DAN):
        await seated(client, member)
    await seated(client, ANN, "leader", code="TCT-2")
    away = {"first_on": "2020-07-06", "last_on": "2020-07-17", "reason": "study"}
    await post(client, "absences", 201, member_id=str(BEN), **away)
    stay = Spell(fact=1, kind=SpellKind.TEMPORARY_STAY, from_on=date(2020, 2, 1), cell_id=OTHER)
    hung = Spell(fact=2, kind=SpellKind.SUSPENSION, from_on=date(2020, 7, 1), ended_on=date(2020, 8, 1))
    free = Spell(fact=3, kind=SpellKind.EXEMPTION, from_on=date(2020, 7, 1))
    await told(
        MemberTemporaryStayBegan(effective_date=stay.from_on, member_id=ANN, before=None, after=stay),
        MemberSuspended(effective_date=hung.from_on, member_id=CAM, before=None, after=hung),
        MemberExempted(effective_date=free.from_on, member_id=CAM, before=None, after=free),
        MemberLeft(
            effective_date=date(2020, 7, 1), member_id=DAN, before=state(), reason=DepartureReason.RESIGNED
        ),
    )
    assert await free_on(client, "2020-07-05") == {
        1: [], 2: [], 3: ["exempt", "suspended"], 4: ["not_in_register"],
    }  # fmt: skip
    assert (await free_on(client, "2020-07-06"))[2] == (await free_on(client, "2020-07-17"))[2] == ["absent"]
    assert (await free_on(client, "2020-08-01"))[3] == ["exempt"]
    assert await free_on(client, "2020-06-30") == {1: [], 2: [], 3: [], 4: []}
    [ann] = [
        one
        for one in (await get(client, "team-members", on="2020-06-30"))["items"]
        if one["member_id"] == str(ANN)
    ]
    assert (ann["cell_codes"], ann["free"]) == (["K.01.01", "K.01.02"], True)
    assert ann["teams"] == [
        {"team_code": "TCT-1", "role": "member"},
        {"team_code": "TCT-2", "role": "leader"},
    ]


async def test_what_cannot_have_been_is_refused_and_says_how_to_mend_it(client, told):
    await formed(client)
    await seated(client, role="leader")
    seats = {"role": "member", "from_on": FORMED}
    for asked, status, type_ in (
        (seats | {"member_id": str(ANN)}, 409, "seated-twice"),
        (seats | {"member_id": str(BEN), "role": "leader"}, 409, "two-leaders"),
        (seats | {"member_id": str(uuid4())}, 422, "not-in-register"),
        (seats | {"member_id": str(BEN), "from_on": "2019-01-01"}, 409, "outside-team"),
        (seats | {"member_id": str(BEN), "until_on": FORMED}, 422, "ends-before-it-starts"),
    ):
        answer = await client.post("/v1/teams/TCT-1/seats", json=asked)
        assert problem(answer, status) == type_, answer.text
    assert problem(
        await client.post("/v1/teams", json={"code": "TCT-1", "name": "Khác", "from_on": FORMED}), 409
    ) == ("team-code-taken")
    gone = OrganisationDissolved(
        effective_date=date(2019, 1, 1),
        organisation_id=ALONE,
        before=OrganisationState(type=OrganisationType.GRASSROOTS_CELL, parent_id=BLOC),
    )
    await told(gone)
    for code, status, type_ in (("K.02", 422, "unit-not-there"), ("K.99", 404, "unknown-unit")):
        answer = await client.post("/v1/teams/TCT-1/area", json={"from_on": FORMED, "unit_codes": [code]})
        assert problem(answer, status) == type_
    assert problem(await client.get("/v1/teams/TCT-9"), 404) == "unknown-team"
    release = f"/v1/teams/TCT-1/seats/{uuid4()}/release"
    assert problem(await client.post(release, json={"on": "2020-06-01"}), 404) == "unknown-seat"
    warned = await seated(client, EVE)
    assert [warning["code"] for warning in warned["warnings"]] == ["on-probation"]


async def test_a_shared_area_is_told_and_recorded_all_the_same(client):
    await formed(client)
    await formed(client, "TCT-2")
    await post(client, "teams/TCT-1/area", from_on=FORMED, unit_codes=["K.01"])
    shared = await post(client, "teams/TCT-2/area", from_on="2020-02-01", unit_codes=["K.01.02", "K.02"])
    [warning] = shared["warnings"]
    assert warning["code"] == "area-shared"
    assert "1 chi bộ" in warning["message"]
    assert "TCT-1" in warning["message"]


async def test_each_cell_has_its_teams_and_a_forgotten_one_none(client, told):
    await formed(client, until_on="2020-12-31")
    await formed(client, "TCT-2")
    await post(client, "teams/TCT-1/area", from_on=FORMED, unit_codes=["K.01"])
    await post(client, "teams/TCT-2/area", from_on=FORMED, unit_codes=["K.01.02"])
    found = await get(client, "areas", on="2020-03-02")
    assert found["without_team"] == 1
    assert [(one["cell_code"], one["team_codes"]) for one in found["items"]] == [
        ("K.01.01", ["TCT-1"]), ("K.01.02", ["TCT-1", "TCT-2"]), ("K.02", []),
    ]  # fmt: skip
    type_ = OrganisationType.GRASSROOTS_CELL
    gone = OrganisationState(type=type_, parent_id=BLOC)
    await told(
        OrganisationDissolved(effective_date=date(2021, 1, 1), organisation_id=ALONE, before=gone),
    )
    assert (await get(client, "areas", on="2020-12-31"))["without_team"] == 2
    assert (await get(client, "areas", on="2021-01-01"))["without_team"] == 1


async def test_corrections_restate_what_was_so_then(client):
    await formed(client)
    seat = (await seated(client, ANN, "leader", until_on="2020-06-01"))["seat_id"]
    assert await free_on(client, "2020-06-01") == {}
    await post(client, f"teams/TCT-1/seats/{seat}/correction", ongoing=True, role="deputy_leader")
    assert await free_on(client, "2020-06-01") == {1: []}
    both = {"ongoing": True, "until_on": "2020-07-01"}
    answer = await client.post(f"/v1/teams/TCT-1/seats/{seat}/correction", json=both)
    assert problem(answer, 422) == "ends-and-goes-on"
    await post(client, "teams/TCT-1/correction", from_on="2020-01-02", name="Tổ 1", new_code="TO-1")
    assert (await get(client, "teams", on="2020-01-02"))["items"][0]["code"] == "TO-1"
    await post(client, f"teams/TO-1/seats/{seat}/withdrawal")
    assert await free_on(client, "2020-06-01") == {}
    await post(client, "teams/TO-1/withdrawal")
    assert problem(await client.get("/v1/teams/TO-1"), 404) == "unknown-team"
    assert (await formed(client, "TO-1"))["version"] == 1


async def test_an_absence_is_recorded_put_right_and_taken_back(client, pool):
    await formed(client)
    await seated(client, until_on="2020-07-10")
    asked = {"member_id": str(ANN), "first_on": "2020-07-06", "last_on": "2020-07-17", "reason": "illness"}
    away = await post(client, "absences", 201, **asked)
    assert problem(await client.post("/v1/absences", json=asked), 409) == "away-already"
    later = asked | {"first_on": "2020-07-10", "last_on": "2020-07-17"}
    await post(client, f"absences/{away['id']}/correction", last_on="2020-07-08")
    assert problem(await client.post("/v1/absences", json=later), 422) == "in-no-team"
    assert (await get(client, f"absences/{away['id']}"))["last_on"] == "2020-07-08"
    assert [one["id"] for one in (await get(client, "absences", to="2020-07-06"))["items"]] == [away["id"]]
    assert (await get(client, "absences", **{"from": "2020-07-09"}))["items"] == []
    await post(client, f"absences/{away['id']}/withdrawal")
    assert (await free_on(client, "2020-07-06")) == {1: []}
    again = await client.post(f"/v1/absences/{away['id']}/withdrawal", json={})
    assert problem(again, 409) == "absence-withdrawn"
    told = await pool.fetch("SELECT payload::text AS payload FROM event_log")
    assert not [row for row in told if "illness" in row["payload"]], "why somebody is away is in no event"
    reads = await pool.fetch("SELECT resource FROM personal_data_reads ORDER BY id")
    assert [row["resource"] for row in reads][:2] == [f"absence:{away['id']}", "absences"]


async def test_of_two_absences_at_once_one_is_recorded(client):
    await formed(client)
    await seated(client)
    asked = {"member_id": str(ANN), "first_on": "2020-07-06", "last_on": "2020-07-17", "reason": "leave"}
    answers = await asyncio.gather(*(client.post("/v1/absences", json=asked) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]


async def test_of_two_leaders_at_once_one_is_seated(client):
    await formed(client)
    asked = [
        {"member_id": str(member), "role": "leader", "from_on": FORMED} for member in (ANN, BEN, CAM, DAN)
    ]
    answers = await asyncio.gather(*(client.post("/v1/teams/TCT-1/seats", json=one) for one in asked))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_a_command_sent_again_is_one_and_a_change_of_another_version_refused(client, pool):
    key = {"Idempotency-Key": "form-1"}
    asked = {"code": "TCT-1", "name": "Tổ 1", "from_on": FORMED}
    first, second = [await client.post("/v1/teams", json=asked, headers=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert await pool.fetchval("SELECT count(*) FROM event_log") == 1
    tag = first.headers["ETag"]
    await seated(client)
    stale = await client.post(
        "/v1/teams/TCT-1/dissolution", json={"on": "2020-12-31"}, headers={"If-Match": tag}
    )
    assert problem(stale, 412) == "precondition-failed"
    read = await client.get("/v1/teams/TCT-1")
    assert read.headers["ETag"] == '"2"'
    assert (await client.get("/v1/teams/TCT-1", headers={"If-None-Match": '"2"'})).status_code == 304


async def test_teams_come_in_pages(client):
    for number in range(3):
        await formed(client, f"TCT-{number}")
    seen, cursor = [], None
    while True:
        asked = {"on": FORMED, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await get(client, "teams", **asked)
        seen += [team["code"] for team in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["TCT-0", "TCT-1", "TCT-2"]


async def test_other_systems_are_told_of_teams_and_of_nobody_in_them(client, pool):
    await formed(client)
    await seated(client)
    rows = await pool.fetch("SELECT type, payload::text AS payload FROM event_log ORDER BY position")
    assert [row["type"] for row in rows][1] == TeamMemberSeated.TYPE
    public = [
        form
        for row in rows
        for publication in SERVICE.publications
        if ".public." in publication.topic
        and (form := publication.form(_Streamed(row["type"], row["payload"]))) is not None
    ]
    assert [form.type for form in public] == ["vn.chibo.public.working-team-formed.v1"]
    assert str(ANN) not in public[0].value.decode()


class _Streamed:
    def __init__(self, type_: str, payload: str) -> None:
        self.type, self.payload = type_, payload


async def test_the_checklist_of_a_day_has_books_axes_and_the_rubric_of_its_meetings(client):
    found = await get(client, "checklist", on="2020-11-30")
    assert (len(found["books"]), len(found["axes"])) == (6, 5)
    assert found["rubric"]["guidance"] == "Hướng dẫn 12-HD/BTCTW (6/7/2018)"
    assert sum(found["rubric"]["points"].values()) == 100
    later = await get(client, "checklist", on="2025-10-28")
    assert "42-HD/BTCTW" in later["rubric"]["guidance"]
    assert problem(await client.get("/v1/checklist", params={"on": "2018-07-05"}), 404) == "no-checklist"


# What inspection knows of meetings.

PLAN = MeetingPlan(
    cell_id=CELL, kind=MeetingKind.REGULAR, month=date(2020, 3, 1),
    starts_at=datetime(2020, 3, 3, 7, 30, tzinfo=UTC), thematic=False,
)  # fmt: skip


def step(event, id_, **of):
    return event(effective_date=date(2020, 3, 3), meeting_id=id_, **of)


async def test_the_replica_knows_when_cells_meet_how_far_that_is_and_how_it_scored(client, told, pool):
    held, off, called_off = uuid4(), uuid4(), uuid4()
    moved = PLAN.model_copy(update={"starts_at": datetime(2020, 3, 5, 7, 30, tzinfo=UTC), "thematic": True})
    nowhen = PLAN.model_copy(update={"starts_at": None})
    figures = AttendanceFigures(counted=9, present=9, excused=0, unexcused=0)
    score = {
        "guidance": DocumentRef(number="12-HD/BTCTW", date=date(2018, 7, 6)),
        "points": (CriterionPoints(criterion="content", points=22.5),), "grade": "good",
    }  # fmt: skip
    await told(
        *(step(MeetingPlanned, one, after=PLAN) for one in (held, off, called_off)),
        step(MeetingRescheduled, held, before=PLAN, after=moved),
        step(MeetingAnnounced, held, plan=moved),
        step(MeetingHeld, held, plan=moved, minutes=95, attendance=figures, attenders=()),
        step(MeetingScored, held, kind=ScoreKind.SELF, total=95, **score),
        step(MeetingScored, held, kind=ScoreKind.SELF, total=91.25, **score),
        step(MeetingScored, held, kind=ScoreKind.OFFICIAL, total=88, **score),
        step(MeetingPostponed, off, before=PLAN, after=nowhen, reason=InterruptionReason.EPIDEMIC),
        step(MeetingCancelled, called_off, before=PLAN, reason=InterruptionReason.OTHER),
    )
    rows = {row["id"]: row for row in await pool.fetch("SELECT * FROM meetings")}
    assert {id_: row["status"] for id_, row in rows.items()} == {
        held: "held", off: "postponed", called_off: "cancelled",
    }  # fmt: skip
    assert (rows[held]["starts_at"], rows[held]["thematic"], rows[held]["cell_id"]) == (
        moved.starts_at, True, CELL,
    )  # fmt: skip
    assert rows[off]["starts_at"] is None
    scores = await pool.fetch("SELECT * FROM meeting_scores ORDER BY kind")
    assert [(row["kind"], float(row["total"])) for row in scores] == [("official", 88), ("self", 91.25)]
    assert json.loads(scores[0]["points"]) == {"content": 22.5}


async def test_minutes_put_right_say_when_a_meeting_began(client, told, pool):
    id_, began = uuid4(), datetime(2020, 3, 3, 7, 0, tzinfo=UTC)
    figures = AttendanceFigures(counted=9, present=9, excused=0, unexcused=0)
    corrected = next(one for one in CORRECTION_EXAMPLES if isinstance(one, MinutesCorrected))
    right = corrected.after.model_copy(update={"plan": PLAN.model_copy(update={"starts_at": began})})
    await told(
        step(MeetingPlanned, id_, after=PLAN),
        step(MeetingHeld, id_, plan=PLAN, minutes=95, attendance=figures, attenders=()),
        corrected.model_copy(update={"meeting_id": id_, "after": right}),
    )
    row = await pool.fetchrow("SELECT starts_at, status, cell_id FROM meetings WHERE id = $1", id_)
    assert tuple(row) == (began, "held", CELL)


async def test_an_event_told_again_changes_nothing(client, told, pool):
    id_ = uuid4()
    await told(
        step(MeetingPlanned, id_, after=PLAN), step(MeetingCancelled, id_, before=PLAN, reason="other")
    )
    replica = MeetingsReplica()
    old = step(MeetingPlanned, id_, after=PLAN)
    async with pool.acquire() as connection, connection.transaction():
        received = Received(old.TYPE, 1, old.as_json().encode(), "2026-01-01T00:00:00Z")
        await replica.write(connection, [replica.fold([received])])
    assert await pool.fetchval("SELECT status FROM meetings WHERE id = $1", id_) == "cancelled"


_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns
    WHERE table_schema = 'public'
      AND table_name IN ('unit_steps', 'unit_names', 'member_steps', 'member_spells', 'terms', 'positions')
    ORDER BY table_name, ordinal_position
"""


async def test_the_replica_of_membership_has_the_same_tables_in_both_services(stack):
    found = []
    for service in (SERVICE, MEETINGS):
        url = stack.database_url(f"test_{uuid4().hex[:12]}")
        async with served(service, url) as (_, pool):
            found.append([tuple(row) for row in await pool.fetch(_COLUMNS)])
    assert found[0] == found[1] != []
