"""Figures frozen, restated by late facts with the events that made it, and found out where somebody altered them."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer

from chassis.broker import ensure_topics, find_events
from chassis.cloudevents import encode_headers
from chassis.event_log import EventLog
from chassis.jobs import JobRunner
from chassis.resources import Resources
from chassis.settings import Settings
from contracts.membership import (
    Gender,
    MemberAdmitted,
    MemberProfileChanged,
    MemberState,
    OrganisationReparented,
    OrganisationState,
    OrganisationType,
    PoliticalTheory,
    ProfileChange,
    Standing,
)
from contracts.statistics import MonthFrozen
from contracts.statistics_public import public_form
from services.reporting.app import SERVICE
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.snapshots import origins
from services.reporting.snapshots.domain import Terms, hash_of
from services.reporting.snapshots.jobs import FREEZE_MONTH, REVISE
from services.reporting.snapshots.store import last_revision
from tests.integration import test_reporting_api
from tests.integration.served import problem
from tests.integration.test_reporting_api import BLOC, CELL, GONE, TOPIC, Received

client = test_reporting_api.client
YEAR = {"unit": "K", "from": "2020-01-01", "to": "2020-12-31"}
PATH = "/v1/snapshots"


@pytest.fixture
async def sent(monkeypatch, stack, topic):
    """Where events are sent to: a topic of this test alone, in the place of membership's."""

    async def find(bootstrap, _, source, wanted):
        return await find_events(bootstrap, topic, source, wanted)

    monkeypatch.setattr(origins, "find_events", find)
    await ensure_topics(stack.kafka, [topic])

    async def send(*events):
        async with AIOKafkaProducer(bootstrap_servers=stack.kafka) as producer:
            await producer.send_and_wait(topic, b"{}", headers=[("ce_type", b"foreign")])
            for sequence, recorded, event in events:
                headers = encode_headers(
                    source="/chibo/membership", type_=event.TYPE, subject=event.aggregate_id,
                    recorded_at=datetime.fromisoformat(recorded), sequence=sequence, previous=0, traceparent=None,
                )  # fmt: skip
                await producer.send_and_wait(topic, event.as_json().encode(), headers=headers)

    return send


@pytest.fixture
def runner(pool, database_url, stack, sent):
    resources = Resources(pool, EventLog(1_000_000), Settings(database_url=database_url, kafka=stack.kafka))

    def make(job, now=datetime(2021, 2, 1, tzinfo=UTC)):
        return JobRunner(job, resources, lambda: now)

    return make


async def told(pool, *events, partition=0):
    """Apply events as the consumer does, with the mark of a partition."""
    async with pool.acquire() as connection, connection.transaction():
        received = [
            Received(event.TYPE, sequence, event.model_dump_json().encode(), recorded)
            for sequence, recorded, event in events
        ]
        await MEMBERSHIP_FACTS.write(connection, [MEMBERSHIP_FACTS.fold(received)])
        await connection.execute(
            "INSERT INTO stream_marks (consumer, topic, partition, sequence) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (consumer, topic, partition) DO UPDATE SET sequence = excluded.sequence",
            MEMBERSHIP_FACTS.name, TOPIC, partition, received[-1].sequence,
        )  # fmt: skip


def admitted(day, cell=CELL):
    state = MemberState(
        cell_id=cell, standing=Standing.PROBATIONARY, gender=Gender.FEMALE, ethnic_minority=False, religious=False,
        youth_union=True, birth_date=date(1999, 1, 1),
    )  # fmt: skip
    return MemberAdmitted(effective_date=day, member_id=uuid4(), after=state)


async def frozen(client, **asked):
    answer = await client.post(PATH, json=YEAR | asked)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_figures_are_frozen_once_and_read_again(client):
    key = {"Idempotency-Key": "chot-2020"}
    first = await client.post(PATH, json=YEAR, headers=key)
    snapshot = first.json()
    assert first.status_code == 201
    assert first.headers["etag"] == '"1"'
    assert snapshot["latest"]["figures"]["whole"]["members"] == 1
    assert snapshot["latest"]["figures"]["below"]["K.1"]["members"] == 1
    assert snapshot["latest"]["unit"] == {"code": "K", "name": "Đảng bộ Khối", "type": "bloc"}
    assert snapshot["latest"]["up_to"] == {TOPIC: {"0": 7, "1": 8}}
    assert (await client.post(PATH, json=YEAR, headers=key)).json() == snapshot
    again = await client.post(PATH, json=YEAR)
    assert problem(again, 409) == "snapshot-exists"
    assert again.json()["id"] == snapshot["id"]
    one = await client.get(f"{PATH}/{snapshot['id']}")
    assert one.json() == snapshot
    known = await client.get(f"{PATH}/{snapshot['id']}", headers={"If-None-Match": '"1"'})
    assert known.status_code == 304
    assert (await client.get(f"{PATH}/{snapshot['id']}/revisions/1/diff")).json()["previous"] is None


async def test_what_cannot_be_frozen_is_refused(client):
    assert problem(await client.post(PATH, json=YEAR | {"to": "2199-01-01"}), 409) == "period-not-over"
    assert problem(await client.post(PATH, json=YEAR | {"from": "2021-01-01"}), 422) == "period-invalid"
    assert problem(await client.post(PATH, json=YEAR | {"unit": "K.99"}), 404) == "unknown-unit"
    assert problem(await client.get(f"{PATH}/{uuid4()}"), 404) == "unknown-snapshot"
    snapshot = await frozen(client)
    assert problem(await client.get(f"{PATH}/{snapshot['id']}/revisions/2"), 404) == "unknown-revision"


async def test_pages_follow_one_another(client):
    for month in ("01", "02", "03"):
        await frozen(client, **{"from": f"2020-{month}-01", "to": f"2020-{month}-28"})
    await frozen(client, unit=None)
    first = (await client.get(PATH, params={"limit": 3})).json()
    rest = (await client.get(PATH, params={"cursor": first["next"]})).json()
    assert [item["to"] for item in first["items"] + rest["items"]] == [
        "2020-12-31", "2020-03-28", "2020-02-28", "2020-01-28",
    ]  # fmt: skip
    assert rest["next"] is None
    assert len((await client.get(PATH, params={"unit": "K"})).json()["items"]) == 3
    assert problem(await client.get(PATH, params={"cursor": "x"}), 400) == "invalid-cursor"
    assert problem(await client.get(PATH, params={"units": "K"}), 400) == "invalid-parameter"


async def test_a_late_fact_makes_the_next_revision_and_the_diff_names_its_event(client, pool, runner, sent):
    snapshot = await frozen(client)
    earlier = await frozen(client, **{"from": "2019-01-01", "to": "2019-12-31"})
    path = f"{PATH}/{snapshot['id']}"
    # Events of another cell's time, of a later day, and one that is late; partitions are not in step.
    late = (20, "2021-01-05T00:00:00Z", admitted(date(2020, 6, 1)))
    await told(pool, late, partition=2)
    await told(pool, (19, "2021-01-04T00:00:00Z", admitted(date(2021, 1, 3))), partition=1)
    # Once more after what came later, as a relay sends that was stopped.
    await sent(late, (19, "2021-01-04T00:00:00Z", admitted(date(2021, 1, 3))), late)
    assert not await runner(REVISE).turn()
    now = (await client.get(path)).json()
    assert now["version"] == 2
    assert (await client.get(f"{path}/revisions/1")).json() == snapshot["latest"]
    assert now["latest"]["previous_hash"] == snapshot["latest"]["hash"]
    diff = (await client.get(f"{path}/revisions/2/diff")).json()
    assert {"unit": None, "measure": "members", "before": 1.0, "after": 2.0} in diff["figures"]
    assert {"unit": "K.1", "measure": "members.women", "before": 1.0, "after": 2.0} in diff["figures"]
    assert diff["events"] == [
        {
            "topic": TOPIC, "sequence": 20, "type": "vn.chibo.membership.member-admitted.v1",
            "effective_date": "2020-06-01", "recorded_at": "2021-01-05T00:00:00Z", "about": ["admitted"],
        }
    ]  # fmt: skip
    # Once: nothing more is to be told until something more comes in, and then only that.
    await runner(REVISE).turn()
    assert (await client.get(path)).json() == now
    assert (await client.get(f"{PATH}/{earlier['id']}")).json()["version"] == 1
    await told(pool, (21, "2021-01-06T00:00:00Z", admitted(date(2020, 7, 1))), partition=0)
    await told(pool, (18, "2021-01-03T00:00:00Z", admitted(date(2020, 8, 1))), partition=3)
    await runner(REVISE).turn()
    diff = (await client.get(f"{path}/revisions/3/diff")).json()
    # What is on the topic no more is told without its type, and holds nothing up.
    assert [(event["sequence"], event["type"]) for event in diff["events"]] == [(18, None), (21, None)]
    verified = (await client.get(f"{path}/verification")).json()
    assert verified == {"intact": True, "revisions": 3, "first_altered": None}


async def test_a_late_event_that_changed_nothing_did_not_make_the_revision_after_it(client, pool, runner):
    path = f"{PATH}/{(await frozen(client))['id']}"
    state = admitted(date(2020, 6, 1)).after
    profile = ProfileChange(theory=PoliticalTheory.INTERMEDIATE)
    learned = MemberProfileChanged(
        effective_date=date(2020, 6, 2), member_id=uuid4(), profile=profile, before=state,
        after=state.model_copy(update={"theory": profile.theory}),
    )  # fmt: skip
    await told(pool, (20, "2021-01-05T00:00:00Z", learned))
    await runner(REVISE).turn()
    assert (await client.get(path)).json()["version"] == 1
    await told(pool, (21, "2021-01-06T00:00:00Z", admitted(date(2020, 7, 1))))
    await runner(REVISE).turn()
    diff = (await client.get(f"{path}/revisions/2/diff")).json()
    assert [event["sequence"] for event in diff["events"]] == [21]


async def test_no_revision_is_made_of_a_projection_that_is_read_anew(client, pool, runner):
    snapshot = await frozen(client)
    await pool.execute("TRUNCATE member_facts")
    await pool.execute("DELETE FROM stream_marks WHERE partition = 1")
    await runner(REVISE).turn()
    assert (await client.get(f"{PATH}/{snapshot['id']}")).json()["version"] == 1


async def test_a_revision_also_comes_of_a_unit_that_hung_elsewhere(client, pool, runner):
    snapshot = await frozen(client, unit="K.1")
    above = await frozen(client)
    before = OrganisationState(type=OrganisationType.GRASSROOTS_CELL, parent_id=BLOC)
    moved = OrganisationReparented(
        effective_date=date(2020, 1, 1), organisation_id=CELL, before=before,
        after=before.model_copy(update={"parent_id": GONE}),
    )  # fmt: skip
    await told(pool, (30, "2021-01-05T00:00:00Z", moved))
    await runner(REVISE).turn()
    assert (await client.get(f"{PATH}/{snapshot['id']}")).json()["version"] == 1
    diff = (await client.get(f"{PATH}/{above['id']}/revisions/2/diff")).json()
    assert {row["unit"] for row in diff["figures"]} == {"K.1", "K.2"}
    assert [(event["sequence"], event["about"]) for event in diff["events"]] == [(30, ["organisation"])]


async def test_of_two_processes_one_makes_the_revision_and_a_stop_loses_none(client, pool, runner):
    snapshot = await frozen(client)
    await told(pool, (20, "2021-01-05T00:00:00Z", admitted(date(2020, 6, 1))))
    broken = JobRunner(REVISE, runner(REVISE)._resources)

    async def stopped(connection, resources, now):
        await REVISE.work(connection, resources, now)
        raise ConnectionError

    broken.job = type(REVISE)(REVISE.name, 1, stopped)
    with pytest.raises(ConnectionError):
        await broken.turn()
    assert (await client.get(f"{PATH}/{snapshot['id']}")).json()["version"] == 1
    await asyncio.gather(*(runner(REVISE).turn() for _ in range(3)))
    await runner(REVISE).turn()
    assert (await client.get(f"{PATH}/{snapshot['id']}")).json()["version"] == 2


async def test_a_hash_tells_nothing_to_somebody_who_tries_out_what_is_frozen(client, pool):
    """All of a revision but some small counts may be known outside, and its hash is published."""
    snapshot = await frozen(client)
    answered = json.dumps((await client.get(f"{PATH}/{snapshot['id']}")).json())
    revision = await last_revision(pool, UUID(snapshot["id"]))
    terms = Terms(UUID(snapshot["id"]), "K", date(2020, 1, 1), date(2020, 12, 31))
    assert hash_of(terms, revision).hex() == snapshot["latest"]["hash"]
    assert hash_of(terms, replace(revision, nonce=None)) != revision.hash
    assert revision.nonce.hex() not in answered
    assert len(revision.nonce) == 16


async def test_frozen_figures_cannot_be_changed_and_a_change_is_found(client, pool):
    snapshot = await frozen(client)
    for statement in (
        "UPDATE snapshot_revisions SET figures = '{}'",
        "DELETE FROM snapshot_revisions",
        "TRUNCATE snapshot_revisions",
        "UPDATE snapshots SET last = last",
    ):
        with pytest.raises(Exception, match="permission denied"):
            await pool.execute(statement)
    await pool.execute("GRANT UPDATE ON snapshot_revisions TO CURRENT_USER")
    await pool.execute(
        """UPDATE snapshot_revisions SET figures = replace(figures::text, '"members": 1', '"members": 2')::json"""
    )
    verified = (await client.get(f"{PATH}/{snapshot['id']}/verification")).json()
    assert verified == {"intact": False, "revisions": 1, "first_altered": 1}


async def test_a_month_that_is_over_is_frozen_by_itself_once(client, pool, runner):
    assert not await runner(FREEZE_MONTH).turn(), "events are just coming in"
    assert (await client.get(PATH)).json()["items"] == []
    await pool.execute("UPDATE stream_marks SET updated_at = now() - interval '2 minutes'")
    freeze = runner(FREEZE_MONTH, datetime(2020, 11, 30, 17, 0, tzinfo=UTC))  # 1 December in Vietnam
    assert await freeze.turn()
    assert not await freeze.turn()
    listed = (await client.get(PATH)).json()["items"]
    assert [(item["unit_code"], item["from"], item["to"]) for item in listed] == [
        ("K", "2020-11-01", "2020-11-30")
    ]
    assert {FREEZE_MONTH, REVISE} <= set(SERVICE.jobs)


async def test_a_frozen_month_and_what_restates_it_are_published_without_small_counts(client, pool, runner):
    await pool.execute("UPDATE stream_marks SET updated_at = now() - interval '2 minutes'")
    await runner(FREEZE_MONTH, datetime(2020, 11, 15, tzinfo=UTC)).turn()
    await told(pool, (20, "2021-01-05T00:00:00Z", admitted(date(2020, 6, 1))), partition=2)
    await runner(REVISE).turn()
    await frozen(client)  # a year: nothing is told of it
    rows = await pool.fetch("SELECT * FROM event_log ORDER BY position")
    first, second = (MonthFrozen.model_validate_json(row["payload"]) for row in rows)
    assert [row["aggregate_version"] for row in rows] == [1, 2]
    assert (first.revision, second.revision, second.before) == (1, 2, first.after)
    assert {row.unit: row.members for row in second.after.below} == {"K.1": 3}
    assert (first.unit, first.from_on, first.effective_date) == ("K", date(2020, 10, 1), date(2020, 10, 31))
    for event in (first, second):
        outside = public_form(event)
        assert all(figure.measure.startswith("units.") for figure in outside.whole)
        assert [row.counts for row in outside.below] == [()]
        assert outside.digest == event.digest
