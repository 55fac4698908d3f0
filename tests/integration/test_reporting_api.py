"""Reporting's HTTP side, on a real server: the answer's shape, and what is said about a wrong question."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from chassis import problems
from chassis.event_log import EventLog
from chassis.migrations import migrate
from contracts.membership import (
    DepartureReason,
    Event,
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
from services.reporting.api import router
from services.reporting.app import SERVICE
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.dated_tree import Trees

TOPIC = "chibo.membership.internal.v1"
BLOC, CELL, GONE = uuid4(), uuid4(), uuid4()


@dataclass
class Received:
    type: str
    sequence: int
    value: bytes
    time: str


def history() -> list[tuple[Event, str]]:
    """A bloc, two cells of which one is dissolved, and two members; with the instants of recording."""
    hung = OrganisationState(type=OrganisationType.GRASSROOTS_CELL, parent_id=BLOC)
    woman = MemberState(
        cell_id=CELL, standing=Standing.PROBATIONARY, gender=Gender.FEMALE, ethnic_minority=True, religious=False,
        youth_union=True, birth_date=date(1995, 6, 1),
    )  # fmt: skip
    confirmed = woman.model_copy(update={"standing": Standing.OFFICIAL})
    man = MemberState(
        cell_id=CELL, standing=Standing.PROBATIONARY, gender=Gender.MALE, ethnic_minority=False, religious=True,
        youth_union=False, birth_date=date(1970, 6, 1),
    )  # fmt: skip
    she, he = uuid4(), uuid4()
    start, early, late = date(2018, 1, 1), "2020-01-01T00:00:00Z", "2020-12-30T08:00:00Z"
    return [
        (OrganisationEstablished(effective_date=start, organisation_id=BLOC, code="K", name="Đảng bộ Khối",
                                 after=OrganisationState(type=OrganisationType.BLOC, parent_id=None)), early),
        (OrganisationEstablished(effective_date=start, organisation_id=CELL, code="K.1", name="Chi bộ Một",
                                 after=hung), early),
        (OrganisationEstablished(effective_date=start, organisation_id=GONE, code="K.2", name="Chi bộ Hai",
                                 after=hung), early),
        (OrganisationDissolved(effective_date=date(2019, 1, 1), organisation_id=GONE, before=hung), early),
        (MemberAdmitted(effective_date=date(2019, 5, 1), member_id=she, after=woman), early),
        (MemberConfirmed(effective_date=date(2020, 5, 1), member_id=she, before=woman, after=confirmed), late),
        (MemberAdmitted(effective_date=date(2020, 3, 1), member_id=he, after=man), early),
        (MemberLeft(effective_date=date(2020, 11, 1), member_id=he, before=man, reason=DepartureReason.DIED), late),
    ]  # fmt: skip


@pytest.fixture
async def client(pool) -> AsyncIterator[AsyncClient]:
    async with pool.acquire() as connection, connection.transaction():
        await migrate(connection, SERVICE.all_migrations)
        events = [
            Received(event.TYPE, sequence, event.model_dump_json().encode(), recorded)
            for sequence, (event, recorded) in enumerate(history(), start=1)
        ]
        await MEMBERSHIP_FACTS.write(connection, [MEMBERSHIP_FACTS.fold(events)])
        await connection.executemany(
            "INSERT INTO stream_marks (consumer, topic, partition, sequence) VALUES ($1, $2, $3, $4)",
            [
                (MEMBERSHIP_FACTS.name, TOPIC, 0, 7),
                (MEMBERSHIP_FACTS.name, TOPIC, 1, 8),
                ("another", TOPIC, 0, 3),
            ],
        )
    app = FastAPI()
    problems.install(app)
    app.include_router(router(SimpleNamespace(pool=pool, event_log=EventLog(1_000_000)), Trees()))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://reporting") as client:
        yield client


async def test_the_whole_answer(client):
    answer = await client.get("/v1/statistics?unit=K&as_of=2020-05-31&by=gender,standing,age_band,religion")
    assert answer.status_code == 200
    told = answer.json()
    assert datetime.fromisoformat(told.pop("true_at")).tzinfo
    assert told == {
        "unit": {"code": "K", "name": "Đảng bộ Khối", "type": "bloc"},
        "as_of": "2020-05-31",
        "known_at": None,
        "organisations": {
            "grassroots_organisations": 1,
            "grassroots_committees": 0,
            "grassroots_cells": 1,
            "subordinate_cells": 0,
            "divisional_committees": 0,
        },
        "members": {
            "total": 2,
            "women": 1,
            "ethnic_minority": 1,
            "youth": 1,
            "with_religion": 1,
            "probationary": 1,
            "official": 1,
        },
        "by": ["gender", "standing", "age_band", "religion"],
        "groups": [
            {"gender": "female", "standing": "official", "age_band": "18-30", "religion": False, "count": 1},
            {"gender": "male", "standing": "probationary", "age_band": "46-50", "religion": True, "count": 1},
        ],
        "age": {"mean": 36.5},
        "up_to": {TOPIC: {"0": 7, "1": 8}},
    }


async def test_the_whole_register(client):
    answer = (await client.get("/v1/statistics?as_of=2018-12-31")).json()
    assert answer["unit"] is None
    assert answer["organisations"]["grassroots_cells"] == 2
    assert answer["members"]["total"] == 0
    assert answer["age"] == {"mean": None}
    assert (answer["by"], answer["groups"]) == ([], [])


@pytest.mark.parametrize(
    ("instant", "total", "official"),
    [
        ("2020-12-30T07:59:59Z", 2, 0),
        ("2020-12-30T14:59:59%2B07:00", 2, 0),
        ("2020-12-30T08:00:00Z", 1, 1),
        ("2020-12-30t15:00:00.000%2B07:00", 1, 1),
    ],
)
async def test_what_was_known_then(client, instant, total, official):
    answer = (await client.get(f"/v1/statistics?unit=K.1&as_of=2020-11-30&known_at={instant}")).json()
    assert (answer["members"]["total"], answer["members"]["official"]) == (total, official)


async def test_a_unit_recorded_later_was_not_known_then(client):
    answer = await client.get("/v1/statistics?unit=K&known_at=2019-12-31T00:00:00Z")
    assert answer.status_code == 404


async def test_the_day_is_today_in_vietnam_by_default(client):
    vietnam = ZoneInfo("Asia/Ho_Chi_Minh")
    before = datetime.now(vietnam).date()
    answer = (await client.get("/v1/statistics")).json()
    assert before <= date.fromisoformat(answer["as_of"]) <= datetime.now(vietnam).date()


async def test_the_day_in_vietnam_begins_seven_hours_before_utc(client, monkeypatch):
    class Late(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromisoformat("2020-11-30T17:00:00+00:00").astimezone(tz)

    monkeypatch.setattr("services.reporting.parameters.datetime", Late)
    assert (await client.get("/v1/units")).json()["as_of"] == "2020-12-01"


@pytest.mark.parametrize(
    "asked", ["statistics?unit=K&as_of=2020-05-31", "movement?unit=K&to=2020-11-30", "units"]
)
async def test_a_copy_holds_until_an_event_is_counted(client, pool, asked):
    first = await client.get(f"/v1/{asked}")
    known = {"If-None-Match": first.headers["etag"]}
    again = await client.get(f"/v1/{asked}", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = asked.replace("2020", "2019") if "2020" in asked else "units?as_of=2019-01-01"
    assert (await client.get(f"/v1/{other}", headers=known)).status_code == 200
    await pool.execute("UPDATE stream_marks SET sequence = sequence + 1")
    assert (await client.get(f"/v1/{asked}", headers=known)).status_code == 200
    await pool.execute("UPDATE stream_marks SET sequence = sequence - 1")


async def test_the_tree_to_look_through(client):
    roots = (await client.get("/v1/units?as_of=2018-06-01")).json()
    assert roots.pop("true_at")
    assert roots == {
        "as_of": "2018-06-01",
        "units": [{"code": "K", "name": "Đảng bộ Khối", "type": "bloc"}],
        "up_to": {TOPIC: {"0": 7, "1": 8}},
    }
    listed = [
        [unit["code"] for unit in (await client.get(f"/v1/units?parent=K&as_of={day}")).json()["units"]]
        for day in ("2017-12-31", "2018-01-01", "2019-01-01")
    ]
    assert listed == [[], ["K.1", "K.2"], ["K.1"]]


@pytest.mark.parametrize(
    ("query", "status", "kind", "says"),
    [
        ("statistics?unit=K.9", 404, "unknown-unit", "K.9"),
        ("statistics?unit=", 404, "unknown-unit", "mã"),
        ("statistics?unit=K%00", 404, "unknown-unit", "mã"),
        ("units?parent=K.9", 404, "unknown-unit", "K.9"),
        ("statistics?as_of=2020-02-30", 400, "invalid-parameter", "2020-11-30"),
        ("statistics?as_of=30/11/2020", 400, "invalid-parameter", "NĂM-THÁNG-NGÀY"),
        ("statistics?as_of=20201130", 400, "invalid-parameter", "NĂM-THÁNG-NGÀY"),
        ("statistics?as_of=0000-01-01", 400, "invalid-parameter", "NĂM-THÁNG-NGÀY"),
        ("statistics?as_of=", 400, "invalid-parameter", "NĂM-THÁNG-NGÀY"),
        ("units?as_of=hôm nay", 400, "invalid-parameter", "NĂM-THÁNG-NGÀY"),
        (
            "statistics?by=gender,colour",
            400,
            "invalid-parameter",
            "gender, ethnic_minority, religion, youth, standing",
        ),
        ("statistics?by=gender,", 400, "invalid-parameter", "age_band"),
        ("statistics?by=gender,standing,gender", 400, "invalid-parameter", "“gender” chỉ được nêu một lần"),
        ("statistics?known_at=2020-11-30", 400, "invalid-parameter", "RFC 3339"),
        ("statistics?known_at=2020-11-30T08:00:00", 400, "invalid-parameter", "múi giờ"),
        ("statistics?known_at=2020-11-30T15:00:00+07:00", 400, "invalid-parameter", "%2B"),
        ("statistics?known_at=0001-01-01T00:00:00%2B07:00", 400, "invalid-parameter", "RFC 3339"),
        ("statistics?as-of=2020-11-30", 400, "invalid-parameter", "unit, as_of, by, known_at"),
        ("statistics?as_of=2020-11-30&as_of=2020-12-30", 400, "invalid-parameter", "một lần"),
        ("units?known_at=2020-11-30T08:00:00Z", 400, "invalid-parameter", "parent, as_of"),
        ("movement?unit=K.9", 404, "unknown-unit", "K.9"),
        ("movement?from=2020-12-01&to=2020-11-30", 400, "invalid-parameter", "01/12/2020 sau 30/11/2020"),
        ("movement?from=2020-02-30", 400, "invalid-parameter", "NĂM-THÁNG-NGÀY"),
        ("movement?to=30/11/2020", 400, "invalid-parameter", "NĂM-THÁNG-NGÀY"),
        ("movement?by=gender", 400, "invalid-parameter", "by=unit"),
        ("movement?as_of=2020-11-30", 400, "invalid-parameter", "unit, from, to, by, known_at"),
        ("movement?from_=2020-11-30", 400, "invalid-parameter", "unit, from, to, by, known_at"),
    ],
)
async def test_a_wrong_question_is_told_what_is_wrong(client, query, status, kind, says):
    answer = await client.get(f"/v1/{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:chibo:problem:{kind}"
    assert says in problem["detail"]


@pytest.mark.parametrize(
    ("query", "parameter"), [("from=x", "from"), ("to=x", "to"), ("from=2020-01-02&to=2020-01-01", "from")]
)
async def test_a_wrong_period_is_told_which_end_is_wrong(client, query, parameter):
    assert (await client.get(f"/v1/movement?{query}")).json()["parameter"] == parameter


async def test_the_whole_answer_of_movement(client):
    """In 2020 up to November he was admitted and died; she was admitted the year before and confirmed in May."""
    answer = await client.get("/v1/movement?unit=K&to=2020-11-30&by=unit")
    assert answer.status_code == 200
    no_way_in = dict.fromkeys(("received", "restored", "transfer", "merger", "split", "upgrade"), 0)
    no_way_out = dict.fromkeys(
        ("expelled", "removed", "resigned", "transferred_out", "unstated", "transfer", "merger", "split",
         "upgrade"), 0,
    )  # fmt: skip
    figures = {
        "opening": 1,
        "in": {"total": 1, "by_reason": {"admitted": 1, **no_way_in, "unit_moved_in": 0}},
        "out": {
            "total": 1,
            "by_reason": {"died": 1, **no_way_out, "unit_moved_out": 0},
            "removed_on_probation": 0,
        },
        "within": {"confirmed": 1, "transfer": 0, "merger": 0, "split": 0, "upgrade": 0, "profile": 0},
        "closing": 1,
    }
    cell = {"code": "K.1", "name": "Chi bộ Một", "type": "grassroots_cell"}
    told = answer.json()
    assert told.pop("true_at")
    assert told == {
        "unit": {"code": "K", "name": "Đảng bộ Khối", "type": "bloc"},
        "from": "2020-01-01",
        "to": "2020-11-30",
        "known_at": None,
        **figures,
        "by": "unit",
        "units": [{"unit": cell, **figures}],
        "up_to": {TOPIC: {"0": 7, "1": 8}},
    }


async def test_movement_of_the_whole_register_as_it_was_known(client):
    asked = "from=2020-04-01&to=2020-11-30&known_at=2020-12-30T07:59:59Z"
    answer = (await client.get(f"/v1/movement?{asked}")).json()
    assert (answer["unit"], answer["by"], answer["units"]) == (None, None, [])
    assert (answer["opening"], answer["in"]["total"], answer["out"]["total"], answer["closing"]) == (
        2,
        0,
        0,
        2,
    )
    assert (await client.get(f"/v1/movement?{asked.replace('2020-12', '2019-12')}&unit=K")).status_code == 404


async def test_the_period_is_this_year_in_vietnam_until_today_by_default(client):
    vietnam = ZoneInfo("Asia/Ho_Chi_Minh")
    before = datetime.now(vietnam).date()
    answer = (await client.get("/v1/movement")).json()
    last = date.fromisoformat(answer["to"])
    assert before <= last <= datetime.now(vietnam).date()
    assert answer["from"] == f"{last.year}-01-01"


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "0001-01-01"), ("0001-01-01", "9999-12-31")])
async def test_any_period_of_the_calendar_has_an_answer(client, first, last):
    for unit in ("", "&unit=K"):
        answer = await client.get(f"/v1/movement?from={first}&to={last}&by=unit{unit}")
        assert answer.status_code == 200
        assert answer.json()["closing"] == (1 if last > "2020" else 0)


@pytest.mark.parametrize("day", ["0001-01-01", "1900-02-28", "9999-12-31"])
async def test_any_day_of_the_calendar_has_an_answer(client, day):
    """PostgreSQL's driver takes the first and the last for minus and plus infinity."""
    for unit in ("", "&unit=K"):
        answer = await client.get(f"/v1/statistics?as_of={day}&by=age_band{unit}")
        assert answer.status_code == 200
        assert answer.json()["members"]["total"] == (1 if day > "2020" else 0)
    assert (await client.get(f"/v1/units?as_of={day}")).status_code == 200


async def test_a_code_is_found_however_its_letters_were_composed(client, pool):
    async with pool.acquire() as connection:
        event = OrganisationEstablished(
            effective_date=date(2020, 1, 1), organisation_id=uuid4(), code="Đ.Ủ", name="Đảng ủy",
            after=OrganisationState(type=OrganisationType.GRASSROOTS_COMMITTEE, parent_id=None),
        )  # fmt: skip
        received = Received(event.TYPE, 99, event.model_dump_json().encode(), "2020-01-01T00:00:00Z")
        await MEMBERSHIP_FACTS.write(connection, [MEMBERSHIP_FACTS.fold([received])])
    answer = await client.get("/v1/statistics", params={"unit": "Đ.U\u0309"})
    assert answer.json()["unit"]["code"] == "Đ.Ủ"
