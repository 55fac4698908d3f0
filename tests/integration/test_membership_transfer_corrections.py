"""Transfers put right over HTTP: the register follows, what was known is still told, and nobody overtakes."""

import asyncio
from datetime import date, timedelta

import pytest

from services.membership.paging import today
from tests.integration.served import problem
from tests.integration.test_membership_commands import log
from tests.integration.test_membership_transfers import (
    PAPERS,
    ask,
    every_day_in_one_place,
    places,
    register,
    released,
    step,
)

__all__ = ["register"]


async def correct(register, id_, fact, headers=None, **body):
    return await register.post(
        f"/v1/transfers/{id_}/corrections", json={"fact": fact, **body}, headers=headers or {}
    )


async def received(register, on="2020-03-20", **about) -> str:
    id_ = await released(register, **about)
    answer = await step(register, id_, "reception", received_on=on)
    assert answer.status_code == 200, answer.text
    return id_


async def test_a_corrected_reception_moves_the_member_and_the_history_says_what_was_known(register, pool):
    id_ = await received(register)
    known_at = await pool.fetchval("SELECT max(recorded_at) FROM event_log")
    done = await correct(register, id_, 3, effective_date="2020-03-25", decision_date="2020-03-18")
    assert done.status_code == 200, done.text
    assert (done.json()["ended_on"], done.json()["version"], done.headers["etag"]) == (
        "2020-03-25", 4, '"4"',
    )  # fmt: skip
    recorded = (await log(pool))[-2:]
    assert [type_ for type_, _, _ in recorded] == ["transfer-restated", "member-history-restated"]
    assert recorded[0][2]["corrects"] == 3
    assert {event["decision_date"] for _, _, event in recorded} == {"2020-03-18"}
    assert await places(pool, date(2020, 3, 24)) == {("M1", "K.1.1"): 1}
    assert await places(pool, date(2020, 3, 25)) == {("M1", "K.2"): 1}
    await every_day_in_one_place(pool)

    now = (await register.get(f"/v1/transfers/{id_}/history")).json()
    assert now["transfer"]["ended_on"] == "2020-03-25"
    assert [(one["step"], one["status"], one["replaced_by"]) for one in now["entries"]] == [
        ("requested", "stands", None),
        ("released", "stands", None),
        ("received", "replaced", 4),
        ("received", "stands", None),
    ]
    assert now["entries"][3]["before"]["ended_on"] == "2020-03-20"
    then = (
        await register.get(f"/v1/transfers/{id_}/history", params={"known_at": known_at.isoformat()})
    ).json()
    assert (then["transfer"]["ended_on"], len(then["entries"])) == ("2020-03-20", 3)
    assert then["entries"][2]["status"] == "stands"
    early = await register.get(
        f"/v1/transfers/{id_}/history", params={"known_at": "2001-01-01T00:00:00+07:00"}
    )
    assert early.status_code == 404


@pytest.mark.parametrize(
    "about",
    [
        {"to": "K.1.2"},
        {"to": None, "outside": "Đảng bộ huyện Mai Sơn"},
        {"to": "K.2", "temporary": True, "until_on": "2020-09-30"},
    ],
)
async def test_a_reception_by_mistake_is_withdrawn_and_may_come_true(register, pool, about):
    id_ = await received(register, **about)
    there = await places(pool, date(2020, 3, 20))
    assert (await correct(register, id_, 3, withdraw=True)).json()["state"] == "released"
    assert await places(pool, date(2020, 3, 20)) == {("M1", "K.1.1"): 1}
    again = await step(register, id_, "reception", received_on="2020-03-30")
    assert again.status_code == 200, again.text
    assert await places(pool, date(2020, 3, 30)) == there
    await every_day_in_one_place(pool)


async def test_a_newcomer_received_by_mistake_is_awaited_again(register, pool):
    id_ = await released(register, code="M9", outside="Đảng bộ huyện Mai Sơn")
    body = {"received_on": "2020-03-20", "newcomer": PAPERS, "official_on": "2011-05-19"}
    assert (await step(register, id_, "reception", **body)).status_code == 200
    withdrawn = await correct(register, id_, 3, withdraw=True)
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "released"), withdrawn.text
    assert await places(pool, date(2020, 3, 20)) == {("M1", "K.1.1"): 1}
    again = await step(register, id_, "reception", received_on="2020-03-27", official_on="2011-05-19")
    assert again.status_code == 200, again.text
    assert await places(pool, date(2020, 3, 27)) == {("M1", "K.1.1"): 1, ("M9", "K.2"): 1}
    await every_day_in_one_place(pool)


async def test_a_place_outside_is_called_otherwise_and_the_history_says_what_it_was_called(register, pool):
    asked = (await ask(register, to=None, outside="Đảng bộ huyện Mai Sơn")).json()
    assert (await correct(register, asked["id"], 1, outside="Đảng bộ huyện Yên Châu")).status_code == 200
    told = (await register.get(f"/v1/transfers/{asked['id']}/history")).json()
    assert [one["after"]["outside"] for one in told["entries"]] == [
        "Đảng bộ huyện Mai Sơn",
        "Đảng bộ huyện Yên Châu",
    ]
    assert "Yên Châu" not in str(await log(pool))


async def test_what_a_reception_said_is_not_put_right_in_the_members_history_alone(register, pool):
    await received(register)
    before = await log(pool)
    for body in ({"fact": 2, "effective_date": "2020-03-25"}, {"fact": 2, "withdraw": True}):
        refused = await register.post("/v1/members/M1/corrections", json=body)
        assert problem(refused, 409) == "transfer-fact"
    assert await log(pool) == before


async def test_a_correction_that_cannot_be_true_changes_nothing(register, pool):
    id_ = await received(register)
    left = await register.post("/v1/members/M1/departure", json={"left_on": "2020-04-20"})
    assert left.status_code == 200, left.text
    before = await log(pool)
    assert (await correct(register, id_, 3, effective_date="2020-04-21")).status_code in {409, 422}
    assert problem(await correct(register, id_, 2, withdraw=True), 409) == "transfer-step-not-last"
    assert problem(await correct(register, id_, 9, withdraw=True), 422) == "no-such-fact"
    stale = await correct(register, id_, 3, headers={"If-Match": '"2"'}, effective_date="2020-03-25")
    assert stale.status_code == 412
    assert await log(pool) == before


async def test_no_step_is_recorded_on_a_day_to_come(register, pool):
    tomorrow = (today() + timedelta(1)).isoformat()
    before = await log(pool)
    assert problem(await ask(register, day="2999-03-02"), 422) == "transfer-in-future"
    assert await log(pool) == before
    id_ = (await ask(register)).json()["id"]
    assert problem(await step(register, id_, "release", released_on=tomorrow), 422) == "transfer-in-future"
    assert (
        problem(await step(register, id_, "cancellation", cancelled_on=tomorrow), 422) == "transfer-in-future"
    )
    assert problem(await correct(register, id_, 1, effective_date=tomorrow), 422) == "transfer-in-future"
    await step(register, id_, "release", released_on="2020-03-09")
    assert problem(await step(register, id_, "reception", received_on=tomorrow), 422) == "transfer-in-future"


@pytest.mark.parametrize("round_", range(3))
async def test_a_correction_and_another_step_at_once_leave_one_truth(register, pool, round_):
    id_ = await released(register)
    answers = await asyncio.gather(
        correct(register, id_, 2, effective_date="2020-03-15"),
        step(register, id_, "reception", received_on="2020-03-12"),
        correct(register, id_, 2, withdraw=True),
    )
    assert all(answer.status_code < 500 for answer in answers), [answer.text for answer in answers]
    # Each makes the others impossible, in whatever order they come.
    assert [answer.is_success for answer in answers].count(True) == 1
    row = await pool.fetchrow("SELECT state, requested_on, released_on, ended_on, version FROM transfers")
    there = {("M1", "K.2"): 1} if row["state"] == "received" else {("M1", "K.1.1"): 1}
    assert await places(pool, date(2020, 3, 12)) == there
    last = [event for type_, _, event in await log(pool) if type_.startswith("transfer")]
    assert len(last) == row["version"]
    assert last[-1]["after"]["state"] == row["state"]
    await every_day_in_one_place(pool)


@pytest.mark.parametrize("round_", range(3))
async def test_of_two_who_saw_the_same_version_one_is_told(register, pool, round_):
    id_ = await received(register)
    answers = await asyncio.gather(
        correct(register, id_, 3, headers={"If-Match": '"3"'}, effective_date="2020-03-25"),
        correct(register, id_, 3, headers={"If-Match": '"3"'}, withdraw=True),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    await every_day_in_one_place(pool)
