"""Exemption, suspension, temporary stay, profile and the ways back, over HTTP on a real database."""

import asyncio
import json
import random
from datetime import date, timedelta

import pytest

from chassis.event_log import events_of
from chassis.migrations import migrate
from services.membership.app import SERVICE
from services.membership.history import history_of, spells_of, steps_of
from services.membership.store import read_member_event
from tests.integration.served import problem
from tests.integration.test_membership_commands import CELL, MEMBER, log, make_tree

OTHER = CELL | {"code": "K.1.2", "name": "Chi bộ Hai"}


@pytest.fixture
async def register(client):
    await make_tree(client)
    for path, body in (("organisations", OTHER), ("members", MEMBER)):
        answer = await client.post(f"/v1/{path}", json=body)
        assert answer.status_code == 201, answer.text
    return client


async def tell(register, what, status=200, code="M1", **asked):
    answer = await register.post(f"/v1/members/{code}/{what}", json=asked)
    assert answer.status_code == status, answer.text
    return answer


async def listed(register, name, **parameters):
    answer = await register.get(f"/v1/lists/{name}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def spells(pool):
    return [tuple(row) for row in await pool.fetch(
        "SELECT kind, from_on::text, until_on::text, ended_on::text FROM member_spells ORDER BY from_on, kind"
    )]  # fmt: skip


async def test_an_exemption_has_grounds_that_no_event_and_no_stored_answer_tells(register, pool):
    key = {"Idempotency-Key": "mien-1"}
    asked = {"effective_date": "2020-06-01", "until": "2021-06-01", "grounds": "Tuổi cao, sức yếu"}
    for _ in range(2):
        answer = await register.post("/v1/members/M1/exemption", json=asked, headers=key)
        assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    kind, version, payload = (await log(pool))[-1]
    assert (kind, version) == ("member-exempted", 2)
    assert payload["after"] == {
        "kind": "exemption",
        "fact": 2,
        "from_on": "2020-06-01",
        "until": "2021-06-01",
    } | {name: None for name in ("cell_id", "ended_on") if name in payload["after"]}
    told = json.dumps(await log(pool), ensure_ascii=False) + str(
        await pool.fetch("SELECT * FROM idempotency_keys")
    )
    assert "Tuổi cao" not in told
    (item,) = await listed(register, "exempt", as_of="2020-11-30")
    assert (item["code"], item["grounds"], item["until"], item["overdue"]) == (
        "M1",
        "Tuổi cao, sức yếu",
        "2021-06-01",
        False,
    )
    assert (await listed(register, "exempt", as_of="2021-06-01"))[0]["overdue"]
    await tell(register, "exemption/end", effective_date="2021-07-01")
    assert await listed(register, "exempt", as_of="2021-07-01") == []
    assert len(await listed(register, "exempt", as_of="2021-06-30")) == 1
    assert await spells(pool) == [("exemption", "2020-06-01", "2021-06-01", "2021-07-01")]


async def test_an_exempt_member_stays_eligible_for_the_badge(register):
    veteran = MEMBER | {"code": "M9", "birth_date": "1966-05-01", "admitted_on": "1998-04-22", "cell_code": "K.1.1",
                        "decision_date": "1990-04-22"}  # fmt: skip
    assert (await register.post("/v1/members", json=veteran)).status_code == 201
    await tell(register, "confirmation", code="M9", official_on="1999-04-22")
    await tell(register, "exemption", code="M9", effective_date="2019-06-01")
    answer = await register.get("/v1/lists/badges-due", params={"award_day": "2020-05-19"})
    assert [(item["code"], item["badge_years"], item["counted_from"]) for item in answer.json()["items"]] == [
        ("M9", 30, "admission_decision")
    ]


async def test_the_same_twice_is_a_conflict_and_nothing_changes(register, pool):
    await tell(register, "suspension", effective_date="2020-06-01")
    again = await tell(register, "suspension", 409, effective_date="2020-07-01")
    assert problem(again, 409) == "already-so"
    assert problem(await tell(register, "exemption/end", 422, effective_date="2020-07-01"), 422) == "not-so"
    before = await tell(register, "exemption", 422, effective_date="2020-07-01", until="2020-07-01")
    assert problem(before, 422) == "planned-before-beginning"
    early = await tell(register, "exemption", 422, effective_date="2015-02-28")
    assert problem(early, 422) == "not-there-yet"
    assert len(await listed(register, "suspended", as_of="2020-07-01", unit="K.1")) == 1
    assert await pool.fetchval("SELECT count(*) FROM member_spells") == 1
    assert await pool.fetchval("SELECT version FROM members") == 2


async def test_a_stay_is_seen_from_both_cells_and_counts_at_home(register):
    answer = await tell(register, "temporary-stay", cell_code="K.1.2", effective_date="2020-06-01")
    assert answer.json()["cell_code"] == "K.1.1"
    (guest,) = await listed(register, "temporary-stays", as_of="2020-07-01", unit="K.1.2")
    assert (guest["cell_code"], guest["host_code"], guest["host_name"]) == ("K.1.1", "K.1.2", "Chi bộ Hai")
    assert await listed(register, "temporary-stays", as_of="2020-07-01", unit="K.1.1") == []
    (away,) = await listed(register, "temporary-stays", as_of="2020-07-01", unit="K.1.1", side="home")
    assert away == guest
    for code, count in (("K.1.1", 1), ("K.1.2", 0)):
        counted = await register.get(f"/v1/organisations/{code}/members", params={"as_of": "2020-07-01"})
        assert len(counted.json()["items"]) == count
    assert problem(await tell(register, "temporary-stay", 422, cell_code="K.9", effective_date="2020-06-01"),
                   422) == "unknown-cell"  # fmt: skip
    await tell(register, "temporary-stay/end", effective_date="2020-08-01")
    assert await listed(register, "temporary-stays", as_of="2020-08-01") == []


async def test_a_spell_is_put_right_with_its_grounds_and_withdrawn(register, pool):
    await tell(register, "exemption", effective_date="2020-06-01", grounds="Sức yếu")
    await tell(register, "corrections", fact=2, effective_date="2020-06-15", until="2021-01-01")
    (item,) = await listed(register, "exempt", as_of="2020-06-15")
    assert (item["from_on"], item["until"], item["grounds"]) == ("2020-06-15", "2021-01-01", "Sức yếu")
    assert await listed(register, "exempt", as_of="2020-06-14") == []
    await tell(register, "corrections", fact=3, grounds="Tuổi cao")
    assert (await listed(register, "exempt", as_of="2020-06-15"))[0]["grounds"] == "Tuổi cao"
    await tell(register, "corrections", fact=4, withdraw=True)
    assert await spells(pool) == []
    history = (await register.get("/v1/members/M1/history")).json()
    assert [entry["status"] for entry in history["entries"]] == [
        "stands",
        "replaced",
        "replaced",
        "withdrawn",
        "withdrawal",
    ]
    assert history["entries"][2]["fact"]["until"] == "2021-01-01"
    assert "yếu" not in json.dumps(await log(pool), ensure_ascii=False)


async def test_leaving_ends_what_holds_and_the_history_tells_the_spells(register, pool):
    await tell(register, "exemption", effective_date="2020-06-01")
    await tell(register, "departure", left_on="2020-09-01", left_reason="died")
    assert (await log(pool))[-1][2]["ended"][0]["ended_on"] == "2020-09-01"
    assert await spells(pool) == [("exemption", "2020-06-01", None, "2020-09-01")]
    assert (await register.get("/v1/members/M1/history")).json()["spells"] == [
        {
            "kind": "exemption",
            "from": "2020-06-01",
            "until": None,
            "ended_on": "2020-09-01",
            "cell_code": None,
        }
    ]


async def test_a_profile_changes_from_a_day_and_the_youth_union_list_follows(register, pool):
    (due,) = await listed(register, "youth-union-ending", as_of="2020-05-01")
    assert (due["due_from"], due["latest_on"]) == ("2020-05-01", "2025-05-01")
    assert await listed(register, "youth-union-ending", as_of="2020-04-30") == []
    assert len(await listed(register, "youth-union-ending", as_of="2020-04-30", within_days=1)) == 1
    await tell(register, "profile", effective_date="2020-06-01", youth_union=False, theory="advanced")
    assert await listed(register, "youth-union-ending", as_of="2020-06-01") == []
    assert len(await listed(register, "youth-union-ending", as_of="2020-05-31")) == 1
    rows = await pool.fetch("SELECT youth_union, theory FROM member_states ORDER BY from_on")
    assert [tuple(row) for row in rows] == [(True, None), (False, "advanced")]
    await tell(register, "corrections", fact=2, profile={"youth_union": False, "theory": "intermediate"})
    assert await pool.fetchval("SELECT theory FROM members") == "intermediate"
    nothing = await tell(register, "profile", 422, effective_date="2020-06-01")
    assert problem(nothing, 422) == "invalid-request"
    same = await tell(register, "profile", 422, effective_date="2020-07-01", youth_union=False)
    assert problem(same, 422) == "profile-unchanged"


async def test_who_left_is_restored_or_admitted_again(register):
    await tell(register, "confirmation", official_on="2016-03-01")
    await tell(register, "departure", left_on="2018-01-01", left_reason="expelled")
    restored = (await tell(register, "restoration", effective_date="2019-01-01", cell_code="K.1.2")).json()
    assert (restored["cell_code"], restored["admitted_on"], restored["official_on"], restored["left_on"]) == (
        "K.1.2",
        "2015-03-01",
        "2016-03-01",
        None,
    )
    await tell(register, "departure", left_on="2020-01-01", left_reason="removed")
    again = await tell(
        register, "readmission", admitted_on="2022-12-31", decision_date="2022-12-20", cell_code="K.1.1"
    )
    assert [warning["code"] for warning in again.json()["warnings"]] == ["readmitted-early"]
    assert (again.json()["admitted_on"], again.json()["official_on"]) == ("2022-12-31", None)
    there = await tell(register, "restoration", 409, effective_date="2023-01-01")
    assert problem(there, 409) == "already-in-register"


async def test_party_age_counts_from_the_decision_less_the_time_outside(register, pool):
    since = "SELECT party_since::text, counted_from FROM members"
    assert tuple(await pool.fetchrow(since)) == ("2015-02-20", "admission_decision")
    await tell(register, "departure", left_on="2018-01-01", left_reason="removed")
    await tell(register, "readmission", admitted_on="2018-01-31", cell_code="K.1.1")
    assert tuple(await pool.fetchrow(since)) == ("2015-03-22", "admission_decision")


async def test_an_admission_entered_by_mistake_is_withdrawn_and_later_true(register):
    await tell(register, "corrections", fact=1, withdraw=True)
    listed_ = await register.get("/v1/organisations/K.1.1/members", params={"as_of": "2016-01-01"})
    assert listed_.json()["items"] == []
    answer = await tell(register, "readmission", admitted_on="2016-02-03", cell_code="K.1.2")
    assert (answer.json()["admitted_on"], answer.json()["warnings"]) == ("2016-02-03", [])


async def test_two_exemptions_at_once_leave_one(register):
    answers = await asyncio.gather(
        *(
            register.post("/v1/members/M1/exemption", json={"effective_date": f"2020-06-0{day}"})
            for day in (1, 2, 3)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]


async def test_a_command_heeds_if_match_and_knows_its_member(register):
    asked = {"effective_date": "2020-06-01"}
    stale = await register.post("/v1/members/M1/exemption", json=asked, headers={"If-Match": '"7"'})
    assert problem(stale, 412) == "precondition-failed"
    assert problem(await tell(register, "exemption", 404, code="M9", **asked), 404) == "unknown-member"


async def test_reading_a_list_is_noted(register, pool):
    await register.get("/v1/lists/exempt", params={"unit": "K.1"}, headers={"X-Chibo-Actor": "ba"})
    assert tuple(await pool.fetchrow("SELECT actor, resource, count FROM personal_data_reads")) == (
        "ba",
        "lists/exempt?unit=K.1",
        0,
    )


def some_command(chance):
    """Something that an office may record of a member, on a day drawn from five years."""
    day = (date(2015, 3, 1) + timedelta(chance.randrange(1800))).isoformat()
    later = (date.fromisoformat(day) + timedelta(chance.randrange(-20, 400))).isoformat()
    cell = chance.choice(["K.1.1", "K.1.2"])
    return chance.choice(
        [
            ("confirmation", {"official_on": day}),
            (
                "departure",
                {"left_on": day, "left_reason": chance.choice(["removed", "expelled", "resigned"])},
            ),
            ("restoration", {"effective_date": day, "cell_code": cell}),
            ("readmission", {"admitted_on": day, "cell_code": cell}),
            ("exemption", {"effective_date": day, "until": later}),
            ("exemption/end", {"effective_date": day}),
            ("suspension", {"effective_date": day}),
            ("suspension/end", {"effective_date": day}),
            ("temporary-stay", {"effective_date": day, "cell_code": cell}),
            ("temporary-stay/end", {"effective_date": day}),
            ("profile", {"effective_date": day, "youth_union": chance.choice([True, False])}),
            ("profile", {"effective_date": day, "theory": chance.choice(["elementary", "advanced"])}),
            ("corrections", {"fact": chance.randrange(1, 12), "effective_date": day}),
            ("corrections", {"fact": chance.randrange(1, 12), "cell_code": cell}),
            ("corrections", {"fact": chance.randrange(1, 12), "withdraw": True}),
        ]
    )


@pytest.mark.parametrize("seed", range(3))
async def test_the_tables_are_always_the_fold_of_the_log(register, pool, seed):
    chance = random.Random(seed)
    taken = 0
    for _ in range(120):
        what, asked = some_command(chance)
        answer = await register.post(f"/v1/members/M1/{what}", json=asked)
        assert answer.status_code in {200, 409, 422}, answer.text
        taken += answer.status_code == 200
        if answer.status_code != 200:
            continue
        async with pool.acquire() as connection:
            member_id = await connection.fetchval("SELECT id FROM members")
            history = history_of(
                [read_member_event(event) for event in await events_of(connection, member_id)]
            )
            states = await connection.fetch(
                "SELECT from_on, until_on, cell_id, standing, youth_union, theory FROM member_states ORDER BY from_on"
            )
            held = await connection.fetch(
                "SELECT fact, kind, from_on, until_on, ended_on, cell_id FROM member_spells ORDER BY from_on, fact"
            )
        steps = steps_of(history)
        folded = [
            (one.effective_date, following and following.effective_date, *of(one.after))
            for one, following in zip(steps, [*steps[1:], None], strict=True)
            if one.after and (following is None or following.effective_date != one.effective_date)
        ]
        assert [tuple(row) for row in states] == folded
        assert [tuple(row) for row in held] == [
            (one.fact, one.kind, one.from_on, one.until, one.ended_on, one.cell_id)
            for one in spells_of(history)
        ]
    assert taken > 10


def of(state):
    return state.cell_id, state.standing, state.youth_union, state.theory


HEADER = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason"
)
M1 = "M1,K.1.1,Lê Thị Hoa,1990-05-01,female,Thái,Phật giáo,yes,2015-03-01,,,"
M2 = "M2,K.1.1,Lò Văn Ba,1985-05-01,male,Kinh,,no,2014-03-01,2015-03-01,,"


async def send(register, lines, **parameters):
    answer = await register.post(
        "/v1/imports/members",
        content="\n".join(lines).encode(),
        params=parameters,
        headers={"Content-Type": "text/csv"},
    )
    return answer.json()


async def test_a_file_may_say_profile_and_decision_and_fills_in_what_was_not_stated(register, pool):
    header = f"{HEADER},Ngày QĐ kết nạp,Trình độ học vấn,Chuyên môn,LLCT,Nghề nghiệp"
    told = [
        header,
        f"{M1},,THPT,Đại học,Cử nhân,Viên chức",
        f"{M2},14/02/2014,,thạc sỹ,,Cán bộ",
    ]
    report = await send(register, told)
    assert (report["imported"], report["errors_total"], report["changes"]) == (
        2,
        0,
        {"member-profile-changed": 1, "member-admitted": 1, "member-confirmed": 1},
    )
    rows = await pool.fetch(
        "SELECT code, education, qualification, theory, occupation, party_since::text FROM members ORDER BY code"
    )
    assert [tuple(row) for row in rows] == [
        ("M1", "upper_secondary", "bachelor", "bachelor", "public_employee", "2015-02-20"),
        ("M2", None, "master", None, "civil_servant", "2014-02-14"),
    ]
    again = await send(register, told)
    assert (again["unchanged"], again["events"]) == (2, 0)
    # A file without these columns says nothing of them.
    assert (await send(register, [HEADER, M1, M2]))["unchanged"] == 2
    other = await send(register, [f"{HEADER},theory", f"{M1},advanced"])
    assert [error["code"] for error in other["errors"]] == ["personal-differs-from-register"]


async def test_a_decision_on_admission_that_was_not_stated_is_filled_in_by_a_correction(register, pool):
    await send(register, [HEADER, M2])
    await tell(register, "departure", code="M2", left_on="2020-01-01", left_reason="died")
    gone = M2[:-2] + ",2020-01-01,died"
    report = await send(register, [f"{HEADER},admission_decided_on,education", f"{gone},2014-02-14,primary"])
    assert (report["errors"], report["changes"]) == ([], {"member-history-restated": 2})
    row = await pool.fetchrow(
        "SELECT party_since::text, counted_from, education FROM members WHERE code = 'M2'"
    )
    assert tuple(row) == ("2014-02-14", "admission_decision", "primary")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_an_export_tells_profile_and_decision_and_imports_back_unchanged(register, form):
    await send(register, [HEADER, M2])
    await tell(register, "profile", effective_date="2016-01-01", qualification="bachelor", theory="bachelor")
    exported = await register.get(f"/v1/exports/members.{form}")
    assert exported.status_code == 200, exported.text
    if form == "csv":
        head, _, of_m1 = [line.split(",") for line in exported.text.splitlines()]
        assert dict(zip(head, of_m1, strict=True))["theory"] == "bachelor"
        assert "2015-02-20" in exported.text
    answer = await register.post(
        "/v1/imports/members",
        content=exported.content,
        headers={"Content-Type": exported.headers["content-type"]},
    )
    assert (answer.json()["unchanged"], answer.json()["errors_total"]) == (2, 0), answer.text


async def test_the_migration_finds_the_decision_on_admission_that_was_stated_last(pool):
    before = [path for path in SERVICE.all_migrations if path.name[:14] < "20261124000091"]
    event = "vn.chibo.membership.member-{}"
    told = {  # by the member's number: the admission, what corrects it
        1: [("admitted.v1", {"decision_date": "2015-02-20"})],
        2: [("admitted.v1", {})],
        3: [
            ("admitted.v1", {"decision_date": "2015-02-20"}),
            ("confirmed.v1", {"decision_date": "2016-02-20"}),
            ("history-restated.v2", {"fact": {"kind": "admitted", "decision_date": "2015-02-10"}}),
            ("history-restated.v2", {"fact": {"kind": "confirmed", "decision_date": "2016-02-21"}}),
            ("history-restated.v2", {"fact": None}),
        ],
        4: [("admitted.v1", {"decision_date": "2015-03-02"})],
    }
    async with pool.acquire() as connection:
        await migrate(connection, before)
        cell = await connection.fetchval(
            "INSERT INTO organisations (id, code, name, type, established_on, version)"
            " VALUES (gen_random_uuid(), 'C', 'Chi bộ', 'bloc', '1990-01-01', 1) RETURNING id"
        )
        for number, events in told.items():
            member_id = await connection.fetchval(
                "INSERT INTO members (id, code, cell_id, gender, youth_union, admitted_on, entered_on, changed_on,"
                " version)"
                " VALUES (gen_random_uuid(), $1, $2, 'female', false, '2015-03-01', '2015-03-01', '2015-03-01', $3)"
                " RETURNING id",
                f"M{number}", cell, len(events),
            )  # fmt: skip
            for version, (kind, payload) in enumerate(events, 1):
                await connection.execute(
                    "INSERT INTO event_log (aggregate_id, aggregate_version, type, payload, metadata)"
                    " VALUES ($1, $2, $3, $4, '{}')",
                    member_id, version, event.format(kind), json.dumps(payload),
                )  # fmt: skip
        await migrate(connection, SERVICE.all_migrations)
        rows = await connection.fetch(
            "SELECT code, party_since::text, counted_from FROM members ORDER BY code"
        )
    assert [tuple(row) for row in rows] == [
        ("M1", "2015-02-20", "admission_decision"),
        ("M2", "2015-03-01", "admission"),
        ("M3", "2015-02-10", "admission_decision"),
        ("M4", "2015-03-01", "admission"),
    ]
