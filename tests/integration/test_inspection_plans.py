"""Monthly plans over HTTP on a real database: proposed, pinned, approved; what happens afterwards is planned anew."""

import asyncio
import json
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from chassis.event_log import EventLog
from chassis.jobs import JobRunner
from chassis.resources import Resources
from chassis.settings import Settings
from contracts.inspection import Absence
from contracts.meetings import (
    CriterionPoints,
    InterruptionReason,
    MeetingCancelled,
    MeetingKind,
    MeetingPlan,
    MeetingPlanned,
    MeetingPostponed,
    MeetingRescheduled,
    MeetingScored,
    ScoreKind,
)
from contracts.membership import DocumentRef, MemberMoved, MoveReason
from contracts.spells import MemberTemporaryStayBegan, Spell, SpellKind
from services.inspection.app import SERVICE
from services.inspection.plans.watch import REPLANNING
from services.inspection.store import Store
from services.inspection.teams.absences import AbsenceReason, decide_absence
from services.inspection.teams.store import AbsenceStore
from tests.integration.served import problem
from tests.integration.test_inspection import (
    ALONE,
    ANN,
    BEN,
    CAM,
    CELL,
    OTHER,
    client,
    formed,
    get,
    post,
    seated,
    state,
    told,
)

__all__ = ["client", "told"]
MONTH, ON = "2030-03", "2026-11-20"
NOW = datetime(2030, 2, 25, tzinfo=UTC)


def plan_of(cell, day, hour=1, kind=MeetingKind.REGULAR):
    return MeetingPlan(
        cell_id=cell, kind=kind, month=date(2030, 3, 1), starts_at=datetime(2030, 3, day, hour, tzinfo=UTC),
        thematic=kind is MeetingKind.THEMATIC,
    )  # fmt: skip


HERS, THEIRS, LAST = plan_of(CELL, 4), plan_of(OTHER, 5), plan_of(ALONE, 20, kind=MeetingKind.THEMATIC)


def step(event, id_, **of):
    return event(effective_date=date(2030, 2, 1), meeting_id=id_, **of)


@pytest.fixture
async def meetings(client, told):
    """A team of three, all of them of the first cell; a meeting of each of three cells."""
    await formed(client)
    await post(client, "teams/TCT-1/area", from_on="2020-01-15", unit_codes=["K"])
    for member in (ANN, BEN, CAM):
        await seated(client, member)
    ids = {plan.cell_id: uuid4() for plan in (HERS, THEIRS, LAST)}
    await told(*(step(MeetingPlanned, ids[plan.cell_id], after=plan) for plan in (HERS, THEIRS, LAST)))
    return ids


async def proposed(client, **asked):
    return await post(client, "visit-plans", 201, month=MONTH, on=ON, **asked)


async def change(client, what, status=200, **asked):
    return await post(client, f"visit-plans/{MONTH}/{what}", status, **({"on": ON} | asked))


def visits(plan):
    return {one["cell_code"]: UUID(one["member_id"]).int for one in plan["visits"] if one["lapsed"] is None}


@pytest.fixture
def turn(pool):
    """One turn of the job that plans anew, as a process of the service has it."""
    settings = Settings(database_url="postgresql://nowhere", kafka="nowhere:1")

    async def turn(now=NOW):
        resources = Resources(pool, EventLog(1_000_000), settings)
        await JobRunner(REPLANNING, resources, lambda: now).turn()

    return turn


async def recorded(pool, like="%"):
    rows = await pool.fetch(
        "SELECT type, payload::text AS payload FROM event_log WHERE type LIKE $1 ORDER BY position",
        f"vn.chibo.inspection.visit-{like}",
    )
    return [(row["type"].rsplit(".", 2)[1], json.loads(row["payload"])) for row in rows]


async def test_a_month_is_proposed_with_reasons_for_each_cell(client, meetings):
    plan = await proposed(client)
    assert (plan["status"], plan["per_person"], plan["policy"], plan["version"]) == (
        "draft",
        2,
        "2018-07-01",
        1,
    )
    # All three are of the first cell, and nobody goes to their own.
    assert visits(plan).keys() == {"K.01.02", "K.02"}
    assert {one["team_code"] for one in plan["visits"]} == {"TCT-1"}
    assert plan["visits"][0]["why"][0]["message"] == "Chưa từng được dự sinh hoạt."
    [left] = plan["left_out"]
    assert (left["cell_code"], left["code"], left["rules"]) == ("K.01.01", "nobody-can", {"own_cell": 3})
    assert left["message"] == "Không ai trong các tổ đi dự được: 3 người là chi bộ của chính mình."
    assert (await get(client, f"visit-plans/{MONTH}"))["visits"] == plan["visits"]
    [brief] = (await get(client, "visit-plans"))["items"]
    assert brief == {
        "month": MONTH, "status": "draft", "visits": 2, "lapsed": 0, "left_out": 1, "version": 1,
    }  # fmt: skip


async def test_what_was_seen_in_cells_counts(client, meetings, told, pool):
    team = await pool.fetchval("SELECT id FROM teams")
    earlier = uuid4()
    score = {
        "guidance": DocumentRef(number="42-HD/BTCTW", date=date(2025, 10, 28)),
        "points": (CriterionPoints(criterion="content", points=10),),
    }  # fmt: skip
    await told(
        step(MeetingPlanned, earlier, after=plan_of(OTHER, 5).model_copy(update={
            "month": date(2026, 9, 1), "starts_at": datetime(2026, 9, 5, tzinfo=UTC),
        })),
        step(MeetingScored, earlier, kind=ScoreKind.SELF, total=95, grade="good", **score),
        step(MeetingScored, earlier, kind=ScoreKind.OFFICIAL, total=40, grade="poor", **score),
    )  # fmt: skip
    visit = uuid4()
    await pool.execute(
        "INSERT INTO visits (id, meeting_id, cell_id, month, kind, team_id, visited_on, visitor_ids, checklist,"
        " withdrawn, version) VALUES ($1, $2, $3, '2026-09-01', 'regular', $4, '2026-09-05', '{}', '2018-07-06',"
        " false, 1)", visit, earlier, OTHER, team,
    )  # fmt: skip
    for due_on, state_ in (("2026-10-01", "open"), ("2030-06-01", "remedying"), ("2026-10-01", "closed")):
        await pool.execute(
            "INSERT INTO findings (id, visit_id, cell_id, found_on, axis, severity, summary, owner_unit_id, due_on,"
            " state, overdue, reopened, since, withdrawn, version) VALUES ($1, $2, $3, '2026-09-05', 'content',"
            " 'minor', 'x', $3, $4, $5, false, 0, '2026-09-05', false, 1)",
            uuid4(), visit, OTHER, date.fromisoformat(due_on), state_,
        )  # fmt: skip
    plan = await proposed(client)
    [why] = [one["why"] for one in plan["visits"] if one["cell_code"] == "K.01.02"]
    assert [reason["message"] for reason in why][:4] == [
        "Đã 42 tháng chưa được dự.", "Còn 2 hạn chế chưa khắc phục xong.", "1 hạn chế đã quá hạn.",
        "Lần chấm điểm gần nhất xếp loại kém.",
    ]  # fmt: skip


async def test_the_officer_pins_forbids_and_changes_and_is_refused_by_rule(client, meetings):
    await proposed(client)
    own = await client.post(
        f"/v1/visit-plans/{MONTH}/pins",
        json={"meeting_id": str(meetings[CELL]), "member_id": str(ANN), "on": ON},
    )
    assert problem(own, 409) == "visit-own-cell"
    assert "K.01.01 (04/03)" in own.json()["detail"]
    nobody = await client.post(
        f"/v1/visit-plans/{MONTH}/pins", json={"meeting_id": str(meetings[CELL]), "on": ON}
    )
    assert problem(nobody, 409) == "nobody-for-pinned"
    assert "3 người là chi bộ của chính mình" in nobody.json()["detail"]
    plan = await change(client, "pins", meeting_id=str(meetings[OTHER]), member_id=str(CAM))
    assert visits(plan)["K.01.02"] == CAM.int
    assert plan["visits"][0]["pin"] == "visitor"
    who = next(member for member in (ANN, BEN, CAM) if member.int != visits(plan)["K.02"])
    plan = await change(client, "changes", meeting_id=str(meetings[ALONE]), member_id=str(who))
    assert visits(plan) == {"K.01.02": CAM.int, "K.02": who.int}
    pinned = await client.post(f"/v1/visit-plans/{MONTH}/bans", json={"member_id": str(CAM), "on": ON})
    assert problem(pinned, 409) == "pinned-visit"
    await change(client, "pins/removal", meeting_id=str(meetings[OTHER]))
    await change(client, "pins/removal", meeting_id=str(meetings[ALONE]))
    plan = await change(client, "bans", member_id=str(CAM))
    assert CAM.int not in visits(plan).values()
    assert plan["bans"] == [{"meeting_id": None, "cell_code": None, "member_id": str(CAM)}]
    plan = await change(client, "proposal", at_most=1)
    assert len(plan["visits"]) == 1
    assert "plan-full" in {one["code"] for one in plan["left_out"]}
    assert (await change(client, "bans/removal", member_id=str(CAM)))["bans"] == []
    for body, status, type_ in (
        ({"meeting_id": str(uuid4())}, 404, "unknown-plan-meeting"),
        ({"meeting_id": "x"}, 422, "invalid-request"),
    ):
        assert problem(await client.post(f"/v1/visit-plans/{MONTH}/pins", json=body), status) == type_


async def test_order_versions_and_keys_of_commands_are_heeded(client, meetings, pool):
    key = {"Idempotency-Key": "plan-1"}
    asked = {"month": MONTH, "on": ON}
    first, second = [await client.post("/v1/visit-plans", json=asked, headers=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert problem(await client.post("/v1/visit-plans", json=asked), 409) == "plan-there"
    assert problem(await client.post("/v1/visit-plans", json={"month": "2030-04"}), 409) == "no-open-meeting"
    answer = await client.post("/v1/visit-plans", json={"month": "2030-04", "on": "2999-02-20"})
    assert problem(answer, 422) == "plan-to-come"
    long_ago = {"month": "2030-04", "on": "0001-01-01"}
    assert problem(await client.post("/v1/visit-plans", json=long_ago), 409) == "no-open-meeting"
    assert (
        problem(await client.post("/v1/visit-plans", json={"month": "2018-06"}), 404) == "no-planning-policy"
    )
    assert (
        problem(await client.post("/v1/visit-plans/2030-04/approval", json={}), 404) == "unknown-visit-plan"
    )
    stale = {"If-Match": '"7"'}
    path = f"/v1/visit-plans/{MONTH}/approval"
    assert problem(await client.post(path, json={"on": ON}, headers=stale), 412) == "precondition-failed"
    order = {"number": "03-KH/ĐUK", "date": "2030-02-20"}
    done = await change(client, "approval", document=order)
    assert (done["status"], done["version"]) == ("approved", 2)
    for what, body in (("approval", {}), ("proposal", {}), ("pins", {"meeting_id": str(meetings[OTHER])})):
        answer = await client.post(f"/v1/visit-plans/{MONTH}/{what}", json={"on": ON} | body)
        assert problem(answer, 409) == "plan-approved"
    history = (await get(client, f"visit-plans/{MONTH}/history"))["items"]
    assert [one["type"].rsplit(".", 2)[1] for one in history] == [
        "visit-plan-proposed", "visit-assigned", "visit-assigned", "visit-plan-approved",
    ]  # fmt: skip
    reads = await pool.fetch("SELECT resource, count FROM personal_data_reads")
    assert [tuple(row) for row in reads] == [(f"visit-plan-history:{MONTH}", 2)]


async def test_others_are_told_of_cell_meeting_and_day_and_of_nobody(client, meetings, pool):
    await proposed(client)
    await change(client, "approval")
    form = next(one.form for one in SERVICE.publications if ".public." in one.topic)
    rows = await pool.fetch("SELECT type, payload::text AS payload FROM event_log WHERE type LIKE '%visit%'")
    public = [told for row in rows if (told := form(_Streamed(row["type"], row["payload"])))]
    assert {told.type for told in public} == {"vn.chibo.public.cell-visit-planned.v1"}
    assert [json.loads(told.value)["after"]["visit_on"] for told in public] == ["2030-03-05", "2030-03-20"]
    assert not [member for member in (ANN, BEN, CAM) for told in public if str(member) in told.value.decode()]


class _Streamed:
    def __init__(self, type_, payload):
        self.type, self.payload = type_, payload


async def approved(client, meetings, visitor=ANN):
    await proposed(client)
    await change(client, "pins", meeting_id=str(meetings[OTHER]), member_id=str(visitor))
    return await change(client, "approval")


async def test_a_moved_meeting_keeps_its_visitor_and_is_told_with_both_times(
    client, meetings, told, pool, turn
):
    await approved(client, meetings)
    moved = THEIRS.model_copy(update={"starts_at": datetime(2030, 3, 6, 7, tzinfo=UTC)})
    await told(step(MeetingRescheduled, meetings[OTHER], before=THEIRS, after=moved))
    await turn()
    [(_, event)] = await recorded(pool, "assignment-changed%")
    assert (event["reason"], event["before"]["starts_at"], event["after"]["starts_at"]) == (
        "meeting_moved", "2030-03-05T01:00:00Z", "2030-03-06T07:00:00Z",
    )  # fmt: skip
    assert event["before"]["member_id"] == event["after"]["member_id"] == str(ANN)
    plan = await get(client, f"visit-plans/{MONTH}")
    assert plan["version"] == 4
    await turn()
    assert len(await recorded(pool, "assignment-changed%")) == 1, "looked at again it changes nothing"


async def test_whoever_transfers_to_the_visited_cell_is_replaced_and_nobody_else(
    client, meetings, told, pool, turn
):
    plan = await approved(client, meetings)
    await told(
        MemberMoved(
            effective_date=date(2030, 3, 1), member_id=ANN, before=state(), after=state(OTHER),
            reason=MoveReason.TRANSFER,
        )
    )  # fmt: skip
    await turn()
    [(_, event)] = await recorded(pool, "assignment-changed%")
    assert (event["reason"], event["before"]["member_id"]) == ("own_cell", str(ANN))
    assert event["after"]["member_id"] in {str(BEN), str(CAM)}
    after = await get(client, f"visit-plans/{MONTH}")
    assert visits(after)["K.02"] == visits(plan)["K.02"]


async def test_a_temporary_stay_an_absence_and_a_seat_that_ended_count_too(
    client, meetings, told, pool, turn
):
    await approved(client, meetings)
    stay = Spell(fact=1, kind=SpellKind.TEMPORARY_STAY, from_on=date(2030, 3, 1), cell_id=OTHER)
    await told(MemberTemporaryStayBegan(effective_date=stay.from_on, member_id=ANN, before=None, after=stay))
    await turn()
    second = UUID((await recorded(pool, "assignment-changed%"))[-1][1]["after"]["member_id"])
    away = {"first_on": "2030-03-05", "last_on": "2030-03-05", "reason": "illness"}
    absence = await post(client, "absences", 201, member_id=str(second), **away)
    await turn()
    third = ({ANN, BEN, CAM} - {ANN, second}).pop()
    team = await get(client, "teams/TCT-1")
    [seat] = [one["id"] for one in team["seats"] if one["member_id"] == str(third)]
    await post(client, f"teams/TCT-1/seats/{seat}/release", on="2030-03-05")
    await turn()
    events = [event for _, event in await recorded(pool, "assignment-changed%")]
    of_other = [event for event in events if (event["before"] or event["after"])["cell_id"] == str(OTHER)]
    assert [event["reason"] for event in of_other] == ["own_cell", "absent", "not_seated"]
    assert of_other[-1].get("after") is None
    plan = await get(client, f"visit-plans/{MONTH}")
    assert plan["visits"][0]["lapsed"] == "not_seated"
    await post(client, f"absences/{absence['id']}/withdrawal")
    await turn()
    plan = await get(client, f"visit-plans/{MONTH}")
    assert visits(plan)["K.01.02"] == second.int, "it is planned again as soon as somebody can"


async def test_a_meeting_called_off_or_put_off_has_no_visit_until_it_has_a_time(
    client, meetings, told, pool, turn
):
    plan = await approved(client, meetings)
    none = THEIRS.model_copy(update={"starts_at": None})
    reason = InterruptionReason.EPIDEMIC
    await told(
        step(MeetingPostponed, meetings[OTHER], before=THEIRS, after=none, reason=reason),
        step(MeetingCancelled, meetings[ALONE], before=LAST, reason=reason),
    )
    await turn()
    events = [event for _, event in await recorded(pool, "assignment-changed%")]
    assert {event["reason"] for event in events} == {"meeting_postponed", "meeting_cancelled"}
    assert visits(await get(client, f"visit-plans/{MONTH}")) == {}
    again = THEIRS.model_copy(update={"starts_at": datetime(2030, 3, 12, 1, tzinfo=UTC)})
    await told(step(MeetingRescheduled, meetings[OTHER], before=none, after=again))
    await turn()
    assert visits(await get(client, f"visit-plans/{MONTH}")) == {"K.01.02": visits(plan)["K.01.02"]}


async def test_of_many_processes_one_plans_anew(client, meetings, told, pool, turn):
    await approved(client, meetings)
    await told(step(MeetingCancelled, meetings[ALONE], before=LAST, reason=InterruptionReason.OTHER))
    await asyncio.gather(*(turn() for _ in range(5)))
    assert len(await recorded(pool, "assignment-changed%")) == 1


async def test_what_is_committed_after_a_later_event_is_looked_at_too(client, meetings, pool, turn):
    """Positions of the log are drawn before commits: the last one does not tell that nothing came before it."""
    plan = await approved(client, meetings)
    await turn()
    who = UUID(int=visits(plan)["K.02"])
    days = Absence(member_id=who, first_on=date(2030, 3, 1), last_on=date(2030, 3, 31))
    async with pool.acquire() as connection, connection.transaction():
        away = AbsenceStore(Store(connection, EventLog(1_000_000)))
        reason = AbsenceReason.OTHER
        await away.save(decide_absence(days, reason, new_id=uuid4(), others=(), sits=True))
        await formed(client, "TCT-2")
        await turn()
        assert await recorded(pool, "assignment-changed%") == []
    await turn()
    assert len(await recorded(pool, "assignment-changed%")) >= 1


async def test_a_visit_that_was_made_stays_whatever_comes_later(client, meetings, told, pool, turn):
    await approved(client, meetings)
    absence = {"first_on": "2030-03-01", "last_on": "2030-03-31", "reason": "other"}
    await post(client, "absences", 201, member_id=str(ANN), **absence)
    await turn(datetime(2030, 3, 6, tzinfo=UTC))
    changed = [event for _, event in await recorded(pool, "assignment-changed%")]
    assert str(OTHER) not in {(event["before"] or event["after"])["cell_id"] for event in changed}


async def test_a_draft_that_cannot_be_any_more_is_refused_and_mended(client, meetings, told):
    await proposed(client)
    moved = THEIRS.model_copy(update={"starts_at": datetime(2030, 3, 6, 7, tzinfo=UTC)})
    await told(step(MeetingRescheduled, meetings[OTHER], before=THEIRS, after=moved))
    refused = await client.post(f"/v1/visit-plans/{MONTH}/approval", json={"on": ON})
    assert problem(refused, 409) == "visit-moved"
    mended = await change(client, "replanning")
    assert mended["visits"][0]["starts_at"] == "2030-03-06T07:00:00+00:00"
    assert problem(await client.post(f"/v1/visit-plans/{MONTH}/replanning", json={"on": ON}), 409) == (
        "nothing-changes"
    )
    await change(client, "approval")
