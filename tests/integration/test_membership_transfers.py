"""Transfers over HTTP on a real database: from request to reception, what ends them, and clients who race."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import get_args

import pytest

from chassis.event_log import EventLog
from chassis.jobs import JobRunner, utc_now
from chassis.resources import Resources
from chassis.settings import Settings
from contracts.membership import MemberChange, MemberEvent, MemberHistoryRestatedV2
from services.membership.transfers.watch import TRANSFERS_EXPIRED, expire_forgotten
from tests.integration.served import problem
from tests.integration.test_membership_commands import CELL, MEMBER, log, make_tree

NEAR = CELL | {"code": "K.1.2", "name": "Chi bộ Hai"}
FAR = {"code": "K.2", "parent_code": "K", "type": "grassroots_cell", "name": "Chi bộ Sở Tài chính",
       "established_on": "1996-01-01"}  # fmt: skip
PAPERS = {"full_name": "Quàng Văn Ví Dụ", "birth_date": "1985-01-02", "gender": "male", "ethnicity": "Thái",
          "religion": None, "youth_union": False, "admitted_on": "2010-05-19",
          "admission_decided_on": "2010-05-03"}  # fmt: skip


@pytest.fixture
async def register(client):
    await make_tree(client)
    for path, body in (("organisations", NEAR), ("organisations", FAR), ("members", MEMBER)):
        assert (await client.post(f"/v1/{path}", json=body)).status_code == 201
    return client


async def ask(register, code="M1", day="2020-03-02", to="K.2", **about):
    body = {"member_code": code, "requested_on": day, "destination_code": to, **about}
    return await register.post("/v1/transfers", json={k: v for k, v in body.items() if v is not None})


async def step(register, id_, name, **body):
    return await register.post(f"/v1/transfers/{id_}/{name}", json=body)


async def released(register, on="2020-03-09", **about) -> str:
    answer = await ask(register, **about)
    assert answer.status_code == 201, answer.text
    id_ = answer.json()["id"]
    assert (await step(register, id_, "release", released_on=on)).status_code == 200
    return id_


async def places(pool, day: date) -> Counter:
    """Who counts where on a day, by codes."""
    rows = await pool.fetch(
        "SELECT member.code AS member, cell.code AS cell FROM member_states AS state"
        " JOIN members AS member ON member.id = state.member_id JOIN organisations AS cell ON cell.id = state.cell_id"
        " WHERE state.from_on <= $1 AND (state.until_on IS NULL OR state.until_on > $1)",
        day,
    )
    return Counter((row["member"], row["cell"]) for row in rows)


async def every_day_in_one_place(pool, first=date(2020, 2, 1), days=130) -> None:
    """Nobody counts twice on any day, and what is counted is the sum of what the events say."""
    units = {row["id"]: row["code"] for row in await pool.fetch("SELECT id, code FROM organisations")}
    codes = {row["id"]: row["code"] for row in await pool.fetch("SELECT id, code FROM members")}
    signed = [
        (sign, codes[event.member_id], step)
        for event in await member_events(pool)
        for sign, steps in steps_said(event)
        for step in steps
    ]
    for day in (first + timedelta(n) for n in range(days)):
        told: Counter = Counter()
        for sign, code, step in signed:
            if step.effective_date <= day:
                for side, sense in ((step.before, -sign), (step.after, sign)):
                    if side is not None:
                        told[code, units[side.cell_id]] += sense
        assert set(told.values()) <= {0, 1}
        assert max(Counter(code for code, _ in (+told).elements()).values(), default=0) <= 1
        assert await places(pool, day) == +told, day


async def member_events(pool) -> list:
    rows = await pool.fetch("SELECT type, payload FROM event_log ORDER BY position")
    classes = {event.TYPE: event for event in get_args(MemberEvent)}
    return [
        classes[row["type"]].model_validate_json(row["payload"]) for row in rows if row["type"] in classes
    ]


def steps_said(event) -> list:
    """What an event says of where its member counts, by sign; a stay beside is counted nowhere."""
    if isinstance(event, MemberHistoryRestatedV2):
        return [(1, event.stated), (-1, event.retracted)]
    return [(1, [event])] if isinstance(event, MemberChange) else []


# One after the other


async def test_a_transfer_goes_from_request_to_reception_and_each_step_is_an_event(register, pool):
    asked = await ask(register, decision_date="2020-02-28")
    assert asked.status_code == 201, asked.text
    transfer = asked.json()
    assert (transfer["kind"], transfer["state"], transfer["origin_code"]) == (
        "within_bloc",
        "requested",
        "K.1.1",
    )
    assert (asked.headers["etag"], transfer["due_on"], transfer["warnings"]) == ('"1"', None, [])
    let_go = await step(register, transfer["id"], "release", released_on="2020-03-09")
    assert (let_go.json()["state"], let_go.json()["due_on"]) == ("released", "2020-06-04")
    assert await places(pool, date(2020, 3, 19)) == {("M1", "K.1.1"): 1}
    received = await step(
        register, transfer["id"], "reception", received_on="2020-03-20", decision_date="2020-03-18"
    )
    assert received.status_code == 200, received.text
    assert (received.json()["state"], received.json()["ended_on"], received.json()["version"]) == (
        "received", "2020-03-20", 3,
    )  # fmt: skip
    recorded = (await log(pool))[-4:]
    assert [(type_, version) for type_, version, _ in recorded] == [
        ("transfer-requested", 1), ("transfer-released", 2), ("transfer-received", 3), ("member-moved", 2),
    ]  # fmt: skip
    assert {event.get("decision_date") for _, _, event in recorded[2:]} == {"2020-03-18"}
    assert recorded[3][2]["reason"] == "transfer"
    assert await places(pool, date(2020, 3, 19)) == {("M1", "K.1.1"): 1}
    assert await places(pool, date(2020, 3, 20)) == {("M1", "K.2"): 1}
    await every_day_in_one_place(pool)


@pytest.mark.parametrize(
    ("about", "kind", "event"),
    [
        ({"to": "K.1.2"}, "within_committee", "member-moved"),
        ({"to": "K.2"}, "within_bloc", "member-moved"),
        ({"to": None, "outside": "Đảng bộ huyện Mai Sơn"}, "out_of_bloc", "member-left"),
        (
            {"to": "K.2", "temporary": True, "until_on": "2020-09-30"},
            "temporary",
            "member-temporary-stay-began",
        ),
    ],
)
async def test_what_a_reception_makes_of_a_member_follows_from_the_kind(register, pool, about, kind, event):
    id_ = await released(register, **about)
    received = await step(register, id_, "reception", received_on="2020-03-20")
    assert (received.status_code, received.json()["kind"]) == (200, kind), received.text
    assert (await log(pool))[-1][0] == event
    assert "Mai Sơn" not in json.dumps(await log(pool))
    there = {"within_committee": "K.1.2", "within_bloc": "K.2", "temporary": "K.1.1"}.get(kind)
    assert await places(pool, date(2020, 3, 20)) == ({("M1", there): 1} if there else {})
    await every_day_in_one_place(pool)


async def test_somebody_from_outside_enters_the_register_when_received(register, pool):
    id_ = await released(register, code="M9", outside="Đảng bộ huyện Mai Sơn")
    assert await pool.fetchval("SELECT count(*) FROM members") == 1
    assert problem(await step(register, id_, "reception", received_on="2020-03-20"), 422) == "papers-missing"
    received = await step(
        register, id_, "reception", received_on="2020-03-20", newcomer=PAPERS, official_on="2011-05-19"
    )
    assert received.status_code == 200, received.text
    member = (await register.get("/v1/members/M9")).json()
    assert (member["full_name"], member["cell_code"], member["admitted_on"], member["official_on"]) == (
        PAPERS["full_name"], "K.2", "2010-05-19", "2011-05-19",
    )  # fmt: skip
    assert await places(pool, date(2020, 3, 19)) == {("M1", "K.1.1"): 1}
    assert await places(pool, date(2020, 3, 20)) == {("M1", "K.1.1"): 1, ("M9", "K.2"): 1}
    type_, version, event = (await log(pool))[-1]
    assert (type_, version, event["after"]["joined_on"]) == ("member-received", 1, "2010-05-19")
    told = json.dumps(await log(pool), ensure_ascii=False)
    assert not any(word in told for word in ("Quàng", "Thái", "Mai Sơn"))
    # The next thing happens to them as to anybody else.
    left = await register.post(
        "/v1/members/M9/departure", json={"left_on": "2020-05-01", "left_reason": "died"}
    )
    assert left.status_code == 200, left.text
    await every_day_in_one_place(pool)


async def test_who_was_transferred_out_comes_back_with_the_same_code(register, pool):
    id_ = await released(register, to=None, outside="Đảng bộ huyện Mai Sơn")
    assert (await step(register, id_, "reception", received_on="2020-03-20")).status_code == 200
    back = await released(register, on="2020-05-04", day="2020-05-04", outside="Đảng bộ huyện Mai Sơn")
    assert (await step(register, back, "reception", received_on="2020-05-08")).status_code == 200
    member = (await register.get("/v1/members/M1")).json()
    assert (member["cell_code"], member["admitted_on"], member["left_on"]) == ("K.2", "2015-03-01", None)
    await every_day_in_one_place(pool)
    listed = (await register.get("/v1/members/M1/transfers")).json()["items"]
    assert [one["kind"] for one in listed] == ["out_of_bloc", "into_bloc"]


async def test_every_step_out_of_order_is_a_conflict_that_says_the_state(register):
    id_ = (await ask(register)).json()["id"]
    for name, body in (
        ("reception", {"received_on": "2020-03-20"}),
        ("expiry", {"expired_on": "2020-12-01"}),
    ):
        answer = await step(register, id_, name, **body)
        assert problem(answer, 409) == "transfer-out-of-order"
        assert "chờ nơi đi giới thiệu" in answer.json()["detail"]
    assert problem(await ask(register, to="K.1.2"), 409) == "transfer-open"
    cancelled = await step(register, id_, "cancellation", cancelled_on="2020-03-05", reason="withdrawn")
    assert (cancelled.json()["state"], cancelled.json()["cancelled_for"]) == ("cancelled", "withdrawn")
    for name, day in (
        ("release", "released_on"), ("cancellation", "cancelled_on"), ("reception", "received_on"),
        ("expiry", "expired_on"),
    ):  # fmt: skip
        answer = await step(register, id_, name, **{day: "2020-12-01"})
        assert problem(answer, 409) == "transfer-out-of-order"
        assert "đã bị hủy" in answer.json()["detail"]
    assert problem(await step(register, "0e6b2f0e-52a1-4f5c-8a58-0c1f5b0b8b71", "release", released_on="2020-03-03"),
                   404) == "unknown-transfer"  # fmt: skip


async def test_a_step_heeds_if_match_and_the_same_command_sent_again_is_done_once(register, pool):
    id_ = (await ask(register)).json()["id"]
    path, body = f"/v1/transfers/{id_}/release", {"released_on": "2020-03-09"}
    stale = await register.post(path, json=body, headers={"If-Match": '"2"'})
    assert problem(stale, 412) == "precondition-failed"
    headers = {"If-Match": '"1"', "Idempotency-Key": "gioi-thieu-1"}
    first, second = [await register.post(path, json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (200, first.json())
    assert [type_ for type_, _, _ in await log(pool)].count("transfer-released") == 1
    read = await register.get(f"/v1/transfers/{id_}")
    again = await register.get(f"/v1/transfers/{id_}", headers={"If-None-Match": read.headers["etag"]})
    assert (read.json()["full_name"], again.status_code) == (MEMBER["full_name"], 304)


async def test_all_overdue_transfers_expire_in_one_command_and_only_they(register, pool):
    for number in range(2, 6):
        assert (await register.post("/v1/members", json=MEMBER | {"code": f"M{number}"})).status_code == 201
    late = [await released(register, code=code) for code in ("M1", "M2")]
    await released(register, on="2020-03-10", code="M3")
    await released(register, code="M4", temporary=True)
    await ask(register, code="M5")
    to_come = await register.post("/v1/transfers/expiry", json={"as_of": "9999-06-05"})
    assert problem(to_come, 422) == "expiry-in-future"
    assert (
        problem(await step(register, late[0], "expiry", expired_on="9999-06-05"), 422) == "expiry-in-future"
    )
    in_time = await register.post("/v1/transfers/expiry", json={"as_of": "2020-06-04"})
    assert (in_time.json()["count"], in_time.json()["as_of"]) == (0, "2020-06-04")
    overdue = (await register.get("/v1/lists/transfers-overdue", params={"as_of": "2020-06-05"})).json()[
        "items"
    ]
    assert {one["id"] for one in overdue} == set(late)
    assert {(one["due_on"], one["overdue_since"], one["overdue"]) for one in overdue} == {
        ("2020-06-04", "2020-06-05", True)
    }
    asked, key = {"as_of": "2020-06-05"}, {"Idempotency-Key": "het-han-6-2020"}
    first, second = [await register.post("/v1/transfers/expiry", json=asked, headers=key) for _ in range(2)]
    assert first.status_code == 200, first.text
    assert sorted(first.json()["expired"]) == sorted(late)
    assert second.json() == first.json()
    assert (await register.post("/v1/transfers/expiry", json=asked)).json()["count"] == 0
    assert (
        problem(await step(register, late[0], "reception", received_on="2020-06-05"), 409)
        == "transfer-out-of-order"
    )
    told = [event for type_, _, event in await log(pool) if type_ == "transfer-expired"]
    assert [event["due_on"] for event in told] == ["2020-06-04"] * 2
    assert (await places(pool, date(2020, 7, 1)))["M1", "K.1.1"] == 1
    # An expired transfer is over: another may be asked for.
    assert (await ask(register, day="2020-06-05")).status_code == 201


def expiry(pool, database_url, days: int, at_once: int = 500) -> JobRunner:
    """The job as a process has it so many days from now."""
    work = partial(expire_forgotten, at_once=at_once)
    resources = Resources(pool, EventLog(1_000_000), Settings(database_url=database_url, kafka="127.0.0.1:1"))
    return JobRunner(replace(TRANSFERS_EXPIRED, work=work), resources, lambda: utc_now() + timedelta(days))


async def test_a_transfer_that_nobody_brought_to_an_end_expires_by_itself_and_once(
    register, pool, database_url
):
    for number in range(2, 5):
        assert (await register.post("/v1/members", json=MEMBER | {"code": f"M{number}"})).status_code == 201
    late = [await released(register, code=code) for code in ("M1", "M2")]
    await released(register, code="M3", temporary=True)
    await ask(register, code="M4")

    async def expired() -> list[str]:
        rows = await pool.fetch("SELECT aggregate_id FROM event_log WHERE type LIKE '%.transfer-expired.v1'")
        return sorted(str(row[0]) for row in rows)

    # However long ago it was: what was recorded just now goes on.
    assert not await expiry(pool, database_url, 29).turn()
    assert await expired() == []
    # As after a stop between two transactions: another process goes on with what is left, and two at once do it once.
    assert await expiry(pool, database_url, 31, at_once=1).turn()
    assert len(await expired()) == 1
    await asyncio.gather(*(expiry(pool, database_url, 31).turn() for _ in range(3)))
    assert await expired() == sorted(late)
    assert not await expiry(pool, database_url, 400).turn()
    assert await expired() == sorted(late)
    (one,) = (await register.get("/v1/members/M1/transfers")).json()["items"]
    assert (one["state"], one["due_on"]) == ("expired", "2020-06-04")
    assert (await places(pool, date(2020, 7, 1)))["M1", "K.1.1"] == 1
    # An officer who finds the papers after all takes the expiry back.
    withdrawn = await register.post(
        f"/v1/transfers/{late[0]}/corrections", json={"fact": 3, "withdraw": True}
    )
    assert withdrawn.json()["state"] == "released", withdrawn.text
    assert (await step(register, late[0], "reception", received_on="2020-03-20")).status_code == 200
    await every_day_in_one_place(pool)


async def test_an_overdue_transfer_is_received_with_a_warning(register):
    id_ = await released(register)
    answer = await step(register, id_, "reception", received_on="2020-06-05")
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["received-late"]


async def test_who_dies_on_the_way_is_on_no_way(register, pool):
    id_ = await released(register)
    left = await register.post(
        "/v1/members/M1/departure", json={"left_on": "2020-03-15", "left_reason": "died"}
    )
    assert [warning["code"] for warning in left.json()["warnings"]] == ["left-while-on-the-way"]
    one = (await register.get(f"/v1/transfers/{id_}")).json()
    assert (one["state"], one["cancelled_for"], one["ended_on"]) == (
        "cancelled",
        "left_register",
        "2020-03-15",
    )
    assert [type_ for type_, _, _ in (await log(pool))[-2:]] == ["member-left", "transfer-cancelled"]
    await every_day_in_one_place(pool)


async def test_the_end_of_a_unit_warns_of_who_is_on_the_way_there(register):
    await released(register)
    dissolved = await register.post("/v1/organisations/K.2/dissolution", json={"dissolved_on": "2020-03-12"})
    assert [warning["code"] for warning in dissolved.json()["warnings"]] == ["transfers-on-the-way"]


async def test_a_reception_found_late_is_told_between_what_is_known(register, pool):
    await register.post("/v1/members/M1/confirmation", json={"official_on": "2020-04-01"})
    id_ = await released(register)
    assert (await step(register, id_, "reception", received_on="2020-03-20")).status_code == 200
    assert (await log(pool))[-1][0] == "member-history-restated"
    await every_day_in_one_place(pool)


async def test_transfers_are_found_by_state_unit_and_direction(register, pool):
    assert (await register.post("/v1/members", json=MEMBER | {"code": "M2"})).status_code == 201
    first = await released(register)
    second = (await ask(register, code="M2", to="K.1.2", day="2020-03-03")).json()["id"]
    third = await released(register, code="M9", day="2020-03-04", outside="Nơi khác")

    async def found(**parameters):
        answer = await register.get("/v1/transfers", params={"as_of": "2020-06-05", **parameters})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    assert await found() == [first, second, third]
    assert await found(state="requested") == [second]
    assert await found(state=["requested", "released"]) == [first, second, third]
    assert await found(unit="K.1") == [first, second]
    assert await found(unit="K.1", direction="out") == [first]
    assert await found(unit="K.1", direction="in") == []
    assert await found(unit="K.1.2", direction="in") == [second]
    assert await found(unit="K.2", direction="in") == [first, third]
    assert await found(direction="in") == [third]
    assert await found(overdue=True) == [first, third]
    assert await found(overdue=False) == [second]
    page = (await register.get("/v1/transfers", params={"limit": 2})).json()
    rest = await register.get("/v1/transfers", params={"limit": 2, "cursor": page["next"]})
    assert [one["id"] for one in (*page["items"], *rest.json()["items"])] == [first, second, third]
    assert rest.json()["next"] is None
    wrong = await register.get("/v1/transfers", params={"cursor": "WyJ4IiwieCJd"})
    assert problem(wrong, 400) == "invalid-cursor"
    assert problem(await register.get("/v1/members/M77/transfers"), 404) == "unknown-member"
    noted = await pool.fetchval("SELECT count FROM personal_data_reads WHERE resource = 'transfers?unit=K.2'")
    assert noted == 2


# At the same time


async def both(*commands):
    answers = await asyncio.gather(*commands)
    assert all(answer.status_code < 500 for answer in answers), [answer.text for answer in answers]
    return sorted(answer.status_code for answer in answers)


async def sane(register, pool) -> dict:
    """Every state is reached once, and everybody is in one place at most on every day."""
    await every_day_in_one_place(pool)
    events = await log(pool)
    last = {
        event["transfer_id"]: event["after"] for type_, _, event in events if type_.startswith("transfer")
    }
    ended = Counter(
        event["transfer_id"] for type_, _, event in events if type_ in {
            "transfer-received", "transfer-cancelled", "transfer-expired",
        }
    )  # fmt: skip
    assert max(ended.values(), default=0) <= 1
    rows = await pool.fetch("SELECT id, state, version FROM transfers")
    assert {str(row["id"]): row["state"] for row in rows} == {id_: one["state"] for id_, one in last.items()}
    return last


ROUNDS = pytest.mark.parametrize("round_", range(3))


@ROUNDS
async def test_two_requests_at_once_make_one_transfer(register, pool, round_):
    assert await both(*(ask(register, to=to) for to in ("K.2", "K.1.2", "K.2"))) == [201, 409, 409]
    assert len(await sane(register, pool)) == 1


@ROUNDS
async def test_two_requests_for_somebody_unknown_make_one_transfer(register, pool, round_):
    assert await both(*(ask(register, code="M9", outside="Nơi khác") for _ in range(3))) == [201, 409, 409]
    assert len(await sane(register, pool)) == 1


@ROUNDS
async def test_two_receptions_at_once_move_a_member_once(register, pool, round_):
    id_ = await released(register)
    days = ("2020-03-20", "2020-03-21", "2020-03-20")
    assert await both(*(step(register, id_, "reception", received_on=day) for day in days)) == [200, 409, 409]
    await sane(register, pool)
    assert [type_ for type_, _, _ in await log(pool)].count("member-moved") == 1


@ROUNDS
async def test_two_receptions_of_a_newcomer_make_one_member(register, pool, round_):
    id_ = await released(register, code="M9", outside="Nơi khác")
    statuses = await both(
        *(step(register, id_, "reception", received_on="2020-03-20", newcomer=PAPERS) for _ in range(3))
    )
    assert statuses[0] == 200
    assert set(statuses[1:]) <= {409, 422}
    await sane(register, pool)
    assert await pool.fetchval("SELECT count(*) FROM members WHERE code = 'M9'") == 1


@ROUNDS
async def test_of_a_reception_and_a_cancellation_one_wins(register, pool, round_):
    id_ = await released(register)
    assert await both(
        step(register, id_, "reception", received_on="2020-03-20"),
        step(register, id_, "cancellation", cancelled_on="2020-03-20"),
    ) == [200, 409]
    [transfer] = (await sane(register, pool)).values()
    there = {"received": "K.2", "cancelled": "K.1.1"}[transfer["state"]]
    assert await places(pool, date(2020, 3, 20)) == {("M1", there): 1}


@ROUNDS
async def test_of_a_reception_and_an_expiry_of_all_one_wins(register, pool, round_):
    id_ = await released(register)
    await both(
        step(register, id_, "reception", received_on="2020-06-05"),
        register.post("/v1/transfers/expiry", json={"as_of": "2020-06-05"}),
    )
    [transfer] = (await sane(register, pool)).values()
    there = {"received": "K.2", "expired": "K.1.1"}[transfer["state"]]
    assert await places(pool, date(2020, 6, 5)) == {("M1", there): 1}


@ROUNDS
@pytest.mark.parametrize("about", [{}, {"to": None, "outside": "Nơi khác"}], ids=["within", "out"])
async def test_a_reception_and_a_death_leave_nobody_on_the_way_or_in_two_places(
    register, pool, round_, about
):
    id_ = await released(register, **about)
    await both(
        step(register, id_, "reception", received_on="2020-03-20"),
        register.post("/v1/members/M1/departure", json={"left_on": "2020-03-25", "left_reason": "died"}),
    )
    [transfer] = (await sane(register, pool)).values()
    assert transfer["state"] in {"received", "cancelled"}
    assert await places(pool, date(2020, 3, 25)) == {}


@ROUNDS
async def test_a_request_and_a_death_leave_nobody_on_the_way(register, pool, round_):
    await both(
        ask(register, day="2020-03-02"),
        register.post("/v1/members/M1/departure", json={"left_on": "2020-03-01", "left_reason": "died"}),
    )
    assert all(one["state"] == "cancelled" for one in (await sane(register, pool)).values())


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_several_clients_do_at_once_everybody_is_in_one_place(register, pool, seed):
    chance = random.Random(seed)
    assert (await register.post("/v1/members", json=MEMBER | {"code": "M2"})).status_code == 201
    done: Counter = Counter()
    ways = [
        {"to": "K.2"}, {"to": "K.1.2"}, {"to": "K.1.1"}, {"to": None, "outside": "Nơi khác"}, {"outside": "Nơi khác"},
    ]  # fmt: skip

    def command(day: date, on_the_way: dict[str, tuple[str, str]], known: set[str]):
        """Something that a client does; most often the next step of a transfer that it saw."""
        code, later = chance.choice(["M1", "M2", "M9"]), (day + timedelta(chance.randrange(5))).isoformat()
        id_, state = on_the_way.get(code, ("", ""))
        draw = chance.random()
        if draw < 0.1:
            left = {"left_on": later, "left_reason": "transferred_out"}
            return "leave", register.post(f"/v1/members/{code}/departure", json=left)
        if draw < 0.2:
            return "expire", register.post("/v1/transfers/expiry", json={"as_of": later})
        if not id_ or draw < 0.3:
            return "ask", ask(register, code=code, day=later, **chance.choice(ways))
        if draw < 0.4:
            return "cancel", step(register, id_, "cancellation", cancelled_on=later)
        if state == "requested":
            return "release", step(register, id_, "release", released_on=later)
        papers = {} if code in known else {"newcomer": PAPERS}
        return "receive", step(register, id_, "reception", received_on=later, **papers)

    for round_ in range(25):
        rows = await pool.fetch("SELECT * FROM transfers WHERE state IN ('requested', 'released')")
        on_the_way = {row["member_code"]: (str(row["id"]), row["state"]) for row in rows}
        assert len(on_the_way) == len(rows)
        known = {row["code"] for row in await pool.fetch("SELECT code FROM members")}
        asked = [command(date(2020, 3, 2) + timedelta(4 * round_), on_the_way, known) for _ in range(3)]
        answers = await asyncio.gather(*(one for _, one in asked))
        assert all(answer.status_code < 500 for answer in answers), [answer.text for answer in answers]
        done.update(name for (name, _), answer in zip(asked, answers, strict=True) if answer.is_success)
    await sane(register, pool)
    assert done["receive"] >= 3, done
