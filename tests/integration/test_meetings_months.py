"""Year plans, interruptions and months missed on a real database, with the job that finds them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from httpx import AsyncClient
from prometheus_client import REGISTRY

from chassis.event_log import EventLog
from chassis.jobs import JobRunner
from chassis.resources import Resources
from chassis.settings import Settings
from contracts.membership import (
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationFact,
    OrganisationFactKind,
    OrganisationHistoryRestated,
    OrganisationState,
    OrganisationStep,
    OrganisationType,
)
from replicas.membership.replica import MembershipReplica
from services.meetings.app import SERVICE
from services.meetings.figures.gauges import MONTH_GAUGES
from services.meetings.months.watch import MONTHS_MISSED
from tests.integration.served import served
from tests.integration.test_reporting_restated import Received

BLOC, COMMITTEE, CELL, OTHER, OUTSIDE = (UUID(int=number) for number in range(1, 6))
LONG_AGO = date(1990, 1, 1)
ORDER = {"number": "16/CT-TTg", "date": "2020-03-31"}
IN_MAY = datetime(2020, 5, 15, tzinfo=UTC)


def state(type_, parent):
    return OrganisationState(type=OrganisationType(type_), parent_id=parent)


def founded(id_, code, type_, parent, day=LONG_AGO):
    return OrganisationEstablished(
        effective_date=day, organisation_id=id_, code=code, name=code, after=state(type_, parent)
    )


BEFORE = [
    founded(BLOC, "K", "bloc", None),
    founded(COMMITTEE, "K.01", "grassroots_committee", BLOC),
    founded(CELL, "K.01.01", "subordinate_cell", COMMITTEE),
    founded(OTHER, "K.01.02", "subordinate_cell", COMMITTEE),
    founded(OUTSIDE, "K.02", "grassroots_cell", BLOC),
]


@pytest.fixture
async def told(pool):
    """Tell the service what membership published, as its consumer applies it."""
    replica, sequences = MembershipReplica("meetings"), iter(range(1, 10_000))

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


@pytest.fixture
def runner(pool, database_url):
    """Make the job as another process has it, at an instant."""

    def make(now, job=MONTHS_MISSED):
        settings = Settings(database_url=database_url, kafka="127.0.0.1:1")
        return JobRunner(job, Resources(pool, EventLog(1_000_000), settings), lambda: now)

    return make


async def post(client, path, status=200, headers=None, **asked):
    answer = await client.post(f"/v1/{path}", json=asked, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def get(client, path, **parameters):
    answer = await client.get(f"/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def plan_year(client, unit="K", first="2020-01", last="2020-12", day=3):
    for code in ("K.01.01", "K.01.02", "K.02"):
        await post(
            client,
            f"cells/{code}/calendar",
            from_on="2020-01-01",
            day=day,
            starts_at="14:30",
            place="Phòng họp",
        )
    return await post(client, "meeting-plans", unit_code=unit, from_month=first, to_month=last)


async def hold(pool, cell, month, day):
    """Record a meeting as held: what it takes to come so far is shown elsewhere."""
    await pool.execute(
        "UPDATE meetings SET status = 'held', starts_at = $3, minutes = 90, counted = 0, present = 0, excused = 0,"
        " unexcused = 0 WHERE cell_id = $1 AND month = $2",
        cell, month, datetime(day.year, day.month, day.day, 7, tzinfo=UTC),
    )  # fmt: skip


async def of_months(pool):
    """What was told of months: cell, month, and by what it was made good (None: missed)."""
    rows = await pool.fetch(
        "SELECT type, payload FROM event_log WHERE type LIKE '%.month-m%' ORDER BY position"
    )
    told = [msgspec.json.decode(row["payload"]) for row in rows]
    return [(UUID(one["cell_id"]), one["month"], one.get("by")) for one in told]


async def test_a_year_is_planned_from_regular_days_and_themes_and_again_plans_nothing_twice(client, pool):
    plan = await post(
        client,
        "cells/K.01.01/year-plans/2020",
        themes=[
            {"month": "2020-03", "topic": "2020-hoc-tap-bac"},
            {"month": "2020-11", "theme": "Phòng, chống dịch"},
        ],
    )
    assert plan["quarters_without"] == ["2020-Q2", "2020-Q3"]
    assert [warning["code"] for warning in plan["warnings"]] == ["quarter-without-theme"] * 2
    done = await plan_year(client, day=31)
    assert done == {"planned": 36, "left_alone": 0, "interrupted": 0, "without_calendar": []}
    again = await post(client, "meeting-plans", unit_code="K", from_month="2020-01", to_month="2021-01")
    assert again == {"planned": 3, "left_alone": 36, "interrupted": 0, "without_calendar": []}
    meetings = (await get(client, "cells/K.01.01/meetings"))["items"]
    assert [one["starts_at"][:16] for one in meetings[:4]] == [
        "2020-01-31T07:30", "2020-02-29T07:30", "2020-03-31T07:30", "2020-04-30T07:30",
    ]  # fmt: skip
    assert {one["month"]: one["theme"] for one in meetings if one["theme"]} == {
        "2020-03": "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        "2020-11": "Phòng, chống dịch",
    }
    types = Counter(row["type"].rsplit(".", 2)[1] for row in await pool.fetch("SELECT type FROM event_log"))
    assert types == {"meeting-planned": 39, "cell-calendar-set": 3, "year-plan-set": 1}
    assert await pool.fetchval("SELECT count(*) FROM event_log WHERE payload::text LIKE '%dịch%'") == 0


async def test_two_who_plan_the_same_months_at_once_plan_each_once(client, pool):
    await plan_year(client, first="2019-12", last="2019-12")
    answers = await asyncio.gather(
        *(
            client.post(
                "/v1/meeting-plans", json={"unit_code": "K", "from_month": "2020-01", "to_month": "2020-12"}
            )
            for _ in range(5)
        )
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert await pool.fetchval("SELECT count(*) FROM meetings WHERE month >= '2020-01-01'") == 36


async def test_cells_without_a_regular_day_are_named(client):
    await post(
        client, "cells/K.02/calendar", from_on="2020-03-01", day=3, starts_at="08:00", place="Hội trường"
    )
    done = await post(client, "meeting-plans", unit_code="K", from_month="2020-02", to_month="2020-03")
    assert done == {
        "planned": 1, "left_alone": 0, "interrupted": 0, "without_calendar": ["K.01.01", "K.01.02", "K.02"],
    }  # fmt: skip


async def test_a_calendar_changes_from_a_day_on_and_an_old_copy_is_refused(client):
    path = "cells/K.01.01/calendar"
    regular = {"starts_at": "14:30", "place": "Phòng họp"}
    await post(client, path, from_on="2020-01-01", day=3, **regular)
    await post(client, path, from_on="2020-07-01", day=5, headers={"If-Match": '"1"'}, **regular)
    await post(client, path, 412, from_on="2020-08-01", day=9, headers={"If-Match": '"1"'}, **regular)
    await post(client, path, 409, from_on="2020-08-01", day=5, **regular)
    calendar = await get(client, path)
    assert [(one["from_on"], one["day"]) for one in calendar["days"]] == [
        ("2020-01-01", 3),
        ("2020-07-01", 5),
    ]
    await post(client, "meeting-plans", unit_code="K.01.01", from_month="2020-06", to_month="2020-07")
    meetings = (await get(client, "cells/K.01.01/meetings"))["items"]
    assert [one["starts_at"][:10] for one in meetings] == ["2020-06-03", "2020-07-05"]


async def test_one_order_puts_off_the_meetings_of_all_cells_below_and_excuses_months_without_one(
    client, pool
):
    await plan_year(client, last="2020-04")
    order = await post(
        client, "interruptions", 201,
        unit_codes=["K.01"], from_on="2020-04-01", until_on="2020-05-31", reason="epidemic", document=ORDER,
    )  # fmt: skip
    assert (order["postponed"], order["version"]) == (2, 1)
    found = await get(client, "months", unit="K", **{"from": "2020-03", "to": "2020-05"})
    assert {item["cell_code"]: [month["status"] for month in item["months"]] for item in found["items"]} == {
        "K.01.01": ["missed", "postponed", "excused"],
        "K.01.02": ["missed", "postponed", "excused"],
        "K.02": ["missed", "missed", "missed"],
    }
    assert found["totals"] == {"due": 9, "held": 0, "postponed": 2, "excused": 2, "missed": 5, "open": 0}
    events = await pool.fetch(
        "SELECT type, payload FROM event_log WHERE type LIKE '%interrupt%' OR type LIKE '%postp%'"
    )
    assert [row["type"].rsplit(".", 2)[1] for row in events] == [
        "interruption-ordered", "meeting-postponed", "meeting-postponed",
    ]  # fmt: skip
    told = msgspec.json.decode(events[1]["payload"])
    assert (told["interruption_id"], told["reason"], told["document"]) == (order["id"], "epidemic", ORDER)
    done = await post(client, "meeting-plans", unit_code="K", from_month="2020-05", to_month="2020-05")
    assert (done["planned"], done["interrupted"]) == (1, 2)


async def test_an_order_that_ends_sooner_or_is_withdrawn_excuses_no_more(client):
    await plan_year(client, last="2020-05")
    order = await post(
        client, "interruptions", 201,
        unit_codes=["K.01.01"], from_on="2020-04-01", until_on="2020-05-31", reason="epidemic", document=ORDER,
    )  # fmt: skip
    path = f"interruptions/{order['id']}"

    async def april_and_may():
        found = await get(client, "months", unit="K.01.01", **{"from": "2020-04", "to": "2020-05"})
        return [month["status"] for month in found["items"][0]["months"]]

    assert await april_and_may() == ["postponed", "postponed"]
    await post(client, f"{path}/revision", until_on="2020-04-22")
    assert await april_and_may() == ["postponed", "missed"]
    again = await post(client, f"{path}/revision", until_on="2020-06-30", headers={"If-Match": '"2"'})
    assert (again["postponed"], again["version"]) == (0, 3)
    assert await april_and_may() == ["postponed", "postponed"]
    await post(client, f"{path}/withdrawal", 412, headers={"If-Match": '"2"'})
    await post(client, f"{path}/withdrawal")
    assert await april_and_may() == ["missed", "missed"]
    await post(client, f"{path}/revision", 409, until_on="2020-07-31")
    [listed] = (await get(client, "interruptions"))["items"]
    assert (listed["withdrawn"], listed["until_on"], listed["unit_codes"]) == (
        True,
        "2020-06-30",
        ["K.01.01"],
    )


async def test_months_missed_are_told_once_and_made_good_by_what_is_recorded_late(client, pool, runner, told):
    await plan_year(client, last="2020-04")
    assert not await runner(IN_MAY).turn()
    assert await of_months(pool) == []  # nobody said yet where the record of meetings begins
    await post(client, "monthly-watch", from_month="2020-03")
    await hold(pool, CELL, date(2020, 3, 1), date(2020, 3, 3))
    for _ in range(3):
        await runner(IN_MAY).turn()
    march, april = "2020-03-01", "2020-04-01"
    assert await of_months(pool) == [
        (OTHER, march, None), (OUTSIDE, march, None),
        (CELL, april, None), (OTHER, april, None), (OUTSIDE, april, None),
    ]  # fmt: skip
    await hold(pool, OTHER, date(2020, 3, 1), date(2020, 4, 20))
    await post(
        client, "interruptions", 201,
        unit_codes=["K.01"], from_on="2020-04-01", until_on="2020-04-22", reason="epidemic", document=ORDER,
    )  # fmt: skip
    gone = state("grassroots_cell", BLOC)
    await told(OrganisationDissolved(effective_date=date(2020, 3, 20), organisation_id=OUTSIDE, before=gone))
    await runner(IN_MAY).turn()
    await runner(IN_MAY).turn()
    assert (await of_months(pool))[5:] == [
        (OTHER, march, "held"), (OUTSIDE, march, "not_owed"),
        (CELL, april, "postponed"), (OTHER, april, "postponed"), (OUTSIDE, april, "not_owed"),
    ]  # fmt: skip
    await post(client, "monthly-watch", from_month="2020-02")
    await runner(IN_MAY).turn()
    assert (await of_months(pool))[10:] == [
        (CELL, "2020-02-01", None),
        (OTHER, "2020-02-01", None),
        (OUTSIDE, "2020-02-01", None),
    ]


async def test_a_cell_that_turns_out_founded_earlier_owes_months_of_the_past(client, pool, runner, told):
    await post(client, "monthly-watch", from_month="2020-01")
    late, after = uuid4(), state("subordinate_cell", COMMITTEE)
    await told(founded(late, "K.01.09", "subordinate_cell", COMMITTEE, date(2020, 4, 15)))
    await runner(IN_MAY).turn()
    assert [one for one in await of_months(pool) if one[0] == late] == []

    def step(day):
        return OrganisationStep(effective_date=day, before=None, after=after)

    await told(
        OrganisationHistoryRestated(
            effective_date=date(2020, 3, 1),
            organisation_id=late,
            code="K.01.09",
            corrects=1,
            fact=OrganisationFact(
                kind=OrganisationFactKind.ESTABLISHED, effective_date=date(2020, 3, 1), name="K.01.09"
            ),
            names_retracted=(),
            names_stated=(),
            retracted=(step(date(2020, 4, 15)),),
            stated=(step(date(2020, 3, 1)),),
        )
    )
    await runner(IN_MAY).turn()
    assert [one for one in await of_months(pool) if one[0] == late] == [
        (late, "2020-03-01", None),
        (late, "2020-04-01", None),
    ]


async def test_schedulers_that_race_tell_of_each_month_once(client, pool, runner, told):
    cells = [uuid4() for _ in range(60)]
    await told(
        *(
            founded(cell, f"K.01.1{number:02}", "subordinate_cell", COMMITTEE)
            for number, cell in enumerate(cells)
        )
    )
    await post(client, "monthly-watch", from_month="2016-01")

    async def process():
        turns = runner(IN_MAY)
        while await turns.turn():
            pass

    # Some of them find that another has the turn; so does each again until nothing is left to tell.
    for _ in range(3):
        await asyncio.gather(*(process() for _ in range(6)))
    told_ = Counter((cell, month) for cell, month, _ in await of_months(pool))
    assert set(told_.values()) == {1}
    assert len(told_) == 63 * 52
    assert await pool.fetchval("SELECT count(*) FROM cell_months WHERE missed AND version = 1") == 63 * 52


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (datetime(2020, 2, 29, 16, 59, 59, 999999, tzinfo=UTC), "2020-01-01"),
        (datetime(2020, 2, 29, 17, tzinfo=UTC), "2020-02-01"),
        (datetime(2020, 12, 31, 16, 59, tzinfo=UTC), "2020-11-01"),
        (datetime(2020, 12, 31, 17, tzinfo=UTC), "2020-12-01"),
    ],
)
async def test_a_month_is_over_at_midnight_in_viet_nam(client, pool, runner, now, last):
    await post(client, "monthly-watch", from_month="2020-01")
    await runner(now).turn()
    assert max(month for _, month, _ in await of_months(pool)) == last
    # A process whose clock is a little behind leaves alone what was told.
    before = await of_months(pool)
    await runner(now - timedelta(seconds=2)).turn()
    assert await of_months(pool) == before


async def test_one_order_for_hundreds_of_cells_and_several_months_is_one_command(client, pool, told):
    cells = [uuid4() for _ in range(240)]
    await told(
        *(founded(cell, f"K.01.1{n:03}", "subordinate_cell", COMMITTEE) for n, cell in enumerate(cells))
    )
    await pool.execute("INSERT INTO cell_calendars SELECT unnest($1::uuid[]), 1", cells)
    await pool.execute(
        "INSERT INTO regular_days (cell_id, from_on, day, starts_at, place)"
        " SELECT unnest($1::uuid[]), '2020-01-01', 3, '14:30', 'Phòng họp'",
        cells,
    )
    done = await post(client, "meeting-plans", unit_code="K.01", from_month="2020-01", to_month="2020-12")
    assert done["planned"] == 2880
    asked = {"unit_codes": ["K"], "from_on": "2020-02-10", "until_on": "2020-05-31", "reason": "epidemic"}
    first, second = await asyncio.gather(
        *(post(client, "interruptions", 201, document=ORDER, **asked) for _ in range(2))
    )
    assert {first["postponed"], second["postponed"]} == {720, 0}
    assert (
        await pool.fetchval("SELECT count(*) FROM event_log WHERE type LIKE '%.meeting-postponed.%'") == 720
    )
    found = await get(client, "months", unit="K", **{"from": "2020-02", "to": "2020-04"})
    # February's meetings were to be on the 3rd, before the order; three cells planned nothing.
    assert found["totals"] == {
        "due": 729,
        "held": 0,
        "postponed": 480,
        "excused": 9,
        "missed": 240,
        "open": 0,
    }


async def test_pages_of_months_and_what_cannot_be_asked(client):
    first = await get(client, "months", unit="K", limit=2, **{"from": "2020-01", "to": "2020-01"})
    second = await get(
        client, "months", unit="K", limit=2, cursor=first["next"], **{"from": "2020-01", "to": "2020-01"}
    )
    assert [item["cell_code"] for page in (first, second) for item in page["items"]] == [
        "K.01.01", "K.01.02", "K.02",
    ]  # fmt: skip
    assert first["totals"] == second["totals"]
    assert second["next"] is None
    for parameters, status in (
        ({"unit": "K.99", "from": "2020-01", "to": "2020-02"}, 404),
        ({"unit": "K", "from": "2020-02", "to": "2020-01"}, 422),
        ({"unit": "K", "from": "2010-01", "to": "2020-01"}, 422),
        ({"unit": "K", "from": "2020-13", "to": "2020-01"}, 422),
    ):
        assert (await client.get("/v1/months", params=parameters)).status_code == status


async def test_gauges_tell_how_cells_meet_this_month_and_met_in_the_last(client, pool, runner):
    def gauges(name, month, of):
        return {
            sample.labels[of]: sample.value
            for metric in REGISTRY.collect()
            for sample in metric.samples
            if sample.name == name and sample.labels["month"] == month and sample.value
        }

    await plan_year(client, first="2020-03", last="2020-05")
    await hold(pool, CELL, date(2020, 3, 1), date(2020, 3, 3))
    await hold(pool, OTHER, date(2020, 4, 1), date(2020, 4, 3))
    await hold(pool, OUTSIDE, date(2020, 4, 1), date(2020, 4, 3))
    last_of_april = datetime(2020, 4, 30, 16, 59, 59, tzinfo=UTC)
    for now, became in (
        (last_of_april, {"previous": {"held": 1, "missed": 2}, "current": {"held": 2, "open": 1}}),
        (
            last_of_april + timedelta(seconds=1),
            {"previous": {"held": 2, "missed": 1}, "current": {"open": 3}},
        ),
    ):
        assert not await runner(now, MONTH_GAUGES).turn()
        for month, expected in became.items():
            assert gauges("chibo_meetings_cell_months", month, "status") == expected, (now, month)
            assert gauges("chibo_meetings_held", month, "kind").get("regular", 0) == expected.get("held", 0)
    # Nothing is owed before the record of meetings begins.
    await post(client, "monthly-watch", from_month="2020-05")
    await runner(IN_MAY, MONTH_GAUGES).turn()
    assert gauges("chibo_meetings_cell_months", "previous", "status") == {}
    assert gauges("chibo_meetings_held", "previous", "kind") == {"regular": 2}
