"""Notices on a real database and through a real SMTP server: told once, to whom it concerns, whatever breaks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient
from icalendar import Calendar
from pydantic import SecretStr

from chassis.event_log import EventLog
from chassis.letters.notifiers import notifier_of
from chassis.migrations import migrate
from chassis.resources import Resources
from chassis.service import Role, make_app
from chassis.settings import Settings
from contracts.membership import MemberMoved, MoveReason, OrganisationType, Standing
from replicas.membership.replica import MembershipReplica
from services.meetings.app import SERVICE
from services.meetings.notices import sending
from tests.integration.chassis_way import until
from tests.integration.mailbox import Mailbox, empty, plain
from tests.integration.test_meetings import BEFORE, CELL, MEMBERS, OFFICIAL, OTHER, founded, post, state
from tests.integration.test_reporting_restated import Received

AT, LATER = "2099-03-03T14:30:00+07:00", "2099-03-05T08:00:00+07:00"
[ABOVE] = [event.after.parent_id for event in BEFORE if getattr(event, "organisation_id", None) == CELL]
SENDER = "vp@dangboso.example"
EVERYBODY = {f"m{id_.int}@soyte.example" for id_ in MEMBERS} | {"dangboso@soyte.example"}


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    await mailbox.up()
    yield mailbox
    mailbox.open.set()
    await mailbox.down()


@pytest.fixture
def settings(database_url, mailbox):
    return Settings(
        database_url=database_url, kafka="127.0.0.1:1", smtp_host="127.0.0.1", smtp_port=mailbox.port,
        smtp_security="none", smtp_from=SENDER,
    )  # fmt: skip


@pytest.fixture
def resources(pool, settings):
    return Resources(pool, EventLog(settings.max_event_bytes), settings)


@pytest.fixture
async def told(pool):
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
async def client(pool, settings, told) -> AsyncIterator[AsyncClient]:
    async with pool.acquire() as connection:
        await migrate(connection, SERVICE.all_migrations)
    await told(founded(ABOVE, "K.00", OrganisationType.GRASSROOTS_COMMITTEE), *BEFORE)
    app = make_app(SERVICE, Role.API, settings)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(
            transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://meetings"
        ) as client,
    ):
        yield client


@pytest.fixture
async def reachable(client):
    """Everybody has an address."""
    for id_ in MEMBERS:
        await put(client, f"contacts/{id_}", f"m{id_.int}@soyte.example")
    await put(client, "unit-contacts/K.00", "dangboso@soyte.example")


async def put(client, path, address, status=200, headers=None):
    answer = await client.put(f"/v1/{path}", json={"email": address}, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def planned(client, at=AT):
    asked = {"cell_code": "K.01", "kind": "regular", "starts_at": at, "place": "Phòng họp tầng 2; nhà A",
             "agenda": ["Đánh giá nghị quyết", "Phương hướng, nhiệm vụ"], "theme": "Nêu gương"}  # fmt: skip
    return (await post(client, "meetings", 201, **asked))["id"]


async def announced(client, at=AT):
    id_ = await planned(client, at)
    await post(client, f"meetings/{id_}/agreement", agreed_on="2026-11-20")
    await post(client, f"meetings/{id_}/announcement", told_at="2026-11-21T08:00:00+07:00")
    return id_


async def send_all(resources, now=None):
    return await empty(sending.SENDER, resources, now)


async def deliveries(client, id_):
    answer = await client.get(f"/v1/meetings/{id_}/notices")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def states(notice):
    return [one["state"] for one in notice["deliveries"]]


async def events(pool):
    rows = await pool.fetch(
        "SELECT payload::jsonb ->> 'topic' AS topic, payload::jsonb -> 'sent' AS sent, payload::jsonb -> 'failed' AS"
        " failed, payload::jsonb -> 'logged' AS logged FROM event_log WHERE type LIKE '%notices-sent%'"
        " ORDER BY position"
    )
    return [(row["topic"], int(row["sent"]), int(row["failed"]), int(row["logged"])) for row in rows]


def calendar_of(letter):
    [part] = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == calendar["METHOD"]
    [event] = calendar.walk("VEVENT")
    return calendar["METHOD"], event


@pytest.mark.usefixtures("reachable")
async def test_who_is_on_the_list_and_the_committee_above_are_told_what_when_and_where(
    client, mailbox, pool, resources
):
    id_ = await announced(client)
    assert await send_all(resources) == 6
    assert mailbox.addresses == sorted(EVERYBODY)
    letter = mailbox.taken()["m1@soyte.example"]
    assert (letter["To"], letter["From"]) == ("m1@soyte.example", SENDER)
    assert letter["Subject"] == "Mời họp: Sinh hoạt chi bộ định kỳ - Chi bộ K.01, 14:30 ngày 03/03/2099"
    words = plain(letter)
    assert "Địa điểm: Phòng họp tầng 2; nhà A\nChuyên đề: Nêu gương\nNội dung:\n1. Đánh giá" in words
    method, event = calendar_of(letter)
    assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", f"{id_}@chibo", 3)
    assert event["DTSTART"].dt == datetime.fromisoformat(AT)
    assert (event["ATTENDEE"], event["ORGANIZER"]) == ("mailto:m1@soyte.example", f"mailto:{SENDER}")
    [notice] = await deliveries(client, id_)
    assert states(notice) == ["sent"] * 6
    assert await events(pool) == [("announced", 6, 0, 0)]
    assert await send_all(resources) == 0


@pytest.mark.usefixtures("reachable")
async def test_what_is_recorded_after_the_fact_is_told_to_nobody(client, mailbox, resources):
    asked = {"cell_code": "K.01", "kind": "regular", "starts_at": "2026-03-03T14:30:00+07:00", "place": "P",
             "agenda": ["Đánh giá"]}  # fmt: skip
    id_ = (await post(client, "meetings", 201, **asked))["id"]
    await post(client, f"meetings/{id_}/agreement", agreed_on="2026-02-20")
    await post(client, f"meetings/{id_}/announcement", told_at="2026-03-01T08:00:00+07:00")
    await post(client, f"meetings/{id_}/cancellation", reason="other", on="2026-03-02")
    assert await send_all(resources) == 0
    assert await deliveries(client, id_) == []


@pytest.mark.usefixtures("reachable")
async def test_a_change_is_told_when_it_is_announced_and_to_who_need_not_come_any_more(
    client, mailbox, resources, told
):
    id_ = await announced(client)
    await send_all(resources)
    mailbox.taken()
    await told(
        MemberMoved(
            effective_date=date(2026, 3, 1), member_id=MEMBERS[0], reason=MoveReason.TRANSFER, before=OFFICIAL,
            after=state(OTHER, Standing.OFFICIAL),
        )
    )  # fmt: skip
    await post(client, f"meetings/{id_}/schedule", starts_at=LATER)
    assert await send_all(resources) == 0
    await post(client, f"meetings/{id_}/announcement", told_at="2026-11-22T08:00:00+07:00")
    assert await send_all(resources) == 6
    letters = mailbox.taken()
    gone, event = calendar_of(letters.pop("m1@soyte.example"))
    assert (gone, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 5)
    assert {calendar_of(letter)[0] for letter in letters.values()} == {"REQUEST"}
    assert all(letter["Subject"].startswith("Mời họp (có thay đổi): ") for letter in letters.values())
    # Told once that they need not come, they hear no more of it.
    await post(client, f"meetings/{id_}/postponement", reason="epidemic", on="2026-11-23")
    await send_all(resources)
    letters = mailbox.taken()
    assert letters.keys() == EVERYBODY - {"m1@soyte.example"}
    assert {calendar_of(letter)[0] for letter in letters.values()} == {"CANCEL"}
    words = plain(letters["m2@soyte.example"])
    assert "Hoãn họp: " in words
    assert "Lý do: phòng, chống dịch bệnh\nThời gian mới sẽ được báo sau." in words
    await post(client, f"meetings/{id_}/cancellation", reason="other", on="2026-11-24")
    await send_all(resources)
    assert mailbox.taken().keys() == EVERYBODY - {"m1@soyte.example"}
    topics = [notice["topic"] for notice in await deliveries(client, id_)]
    assert topics == ["cancelled", "postponed", "changed", "announced"]


@pytest.mark.usefixtures("reachable")
async def test_what_holds_no_more_is_not_sent(client, mailbox, pool, resources):
    id_ = await announced(client)
    await post(client, f"meetings/{id_}/schedule", place="Hội trường")
    assert await send_all(resources) == 0
    [notice] = await deliveries(client, id_)
    assert (notice["superseded"], states(notice)) == (True, ["dropped"] * 6)
    assert await events(pool) == []


@pytest.mark.usefixtures("reachable")
async def test_a_server_that_is_away_is_waited_for(client, mailbox, pool, resources):
    await mailbox.down()
    id_ = await announced(client)
    now = datetime.now(UTC)
    assert await send_all(resources) == 0
    assert await pool.fetchval("SELECT sum(attempts) FROM deliveries") == 1, "one try says that it is away"
    await mailbox.up()
    assert await send_all(resources, now) == 5
    assert await send_all(resources, now + timedelta(minutes=1)) == 1
    assert mailbox.addresses == sorted(EVERYBODY)
    [notice] = await deliveries(client, id_)
    assert states(notice) == ["sent"] * 6
    assert await events(pool) == [("announced", 6, 0, 0)]


@pytest.mark.usefixtures("reachable")
async def test_a_server_that_is_busy_is_tried_less_and_less_often_until_it_is_too_late(
    client, mailbox, pool, resources
):
    mailbox.busy = True
    id_ = await announced(client)
    now = datetime.now(UTC)
    for _ in range(4):
        assert await send_all(resources, now) == 6
        assert await send_all(resources, now) == 0
        now = await pool.fetchval("SELECT max(next_try_at) FROM deliveries")
    assert await pool.fetchval("SELECT array_agg(DISTINCT attempts) FROM deliveries") == [4]
    assert await send_all(resources, datetime.fromisoformat(AT)) == 6
    [notice] = await deliveries(client, id_)
    assert {one["reason"] for one in notice["deliveries"]} == {"too-late"}
    assert await events(pool) == [("announced", 0, 6, 0)]


@pytest.mark.usefixtures("reachable")
async def test_who_could_not_be_reached_is_told_once_there_is_another_address(
    client, mailbox, pool, resources
):
    mailbox.refused = {"m1@soyte.example"}
    answer = await client.delete(f"/v1/contacts/{MEMBERS[1]}")
    assert answer.status_code == 200
    id_ = await announced(client)
    await send_all(resources)
    [notice] = await deliveries(client, id_)
    reasons = {UUID(one["id"]): one["reason"] for one in notice["deliveries"] if one["state"] == "failed"}
    assert reasons == {MEMBERS[0]: "address-refused", MEMBERS[1]: "no-address"}
    mailbox.taken()
    await put(client, f"contacts/{MEMBERS[0]}", "other@soyte.example")
    await put(client, f"contacts/{MEMBERS[1]}", "m2@soyte.example")
    await send_all(resources)
    assert mailbox.addresses == ["m2@soyte.example", "other@soyte.example"]
    assert await events(pool) == [("announced", 4, 2, 0), ("announced", 6, 0, 0)]


@pytest.mark.usefixtures("reachable")
async def test_several_workers_share_the_work_and_send_each_letter_once(client, mailbox, pool, resources):
    ids = [await announced(client, f"2099-0{month}-03T14:30:00+07:00") for month in range(1, 6)]
    await asyncio.gather(*(send_all(resources) for _ in range(4)))
    assert mailbox.addresses == sorted([*EVERYBODY] * len(ids))
    assert len({letter["Message-ID"] for _, letter in mailbox.letters}) == 6 * len(ids)
    assert await events(pool) == [("announced", 6, 0, 0)] * len(ids)


@pytest.mark.usefixtures("reachable")
async def test_a_process_that_ends_in_the_middle_leaves_its_letter_to_another(
    client, mailbox, pool, resources, database_url
):
    await announced(client)
    mailbox.open.clear()
    lost = await asyncpg.connect(database_url)

    async def send():
        async with lost.transaction():
            await sending.SENDER.send_one(lost, resources, datetime.now(UTC), notifier_of(resources.settings))

    ending = asyncio.create_task(send())
    await until(lambda: asyncio.sleep(0, bool(mailbox.letters)))
    # The server has the letter; who sent it is gone before it is recorded. Meanwhile nobody else takes it.
    await pool.execute("SELECT pg_terminate_backend($1)", lost.get_server_pid())
    mailbox.open.set()
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
        await ending
    assert await pool.fetchval("SELECT count(*) FROM deliveries WHERE state = 'waiting'") == 6
    assert await send_all(resources) == 6
    assert set(mailbox.addresses) == EVERYBODY
    assert len(mailbox.letters) == 7
    assert len({letter["Message-ID"] for _, letter in mailbox.letters}) == 6, "it is known again"
    assert await events(pool) == [("announced", 6, 0, 0)]


@pytest.mark.usefixtures("reachable")
async def test_a_change_does_not_wait_for_a_letter_that_is_under_way(client, mailbox, pool, resources):
    id_ = await announced(client)
    mailbox.open.clear()
    sending = asyncio.create_task(send_all(resources))
    await until(lambda: asyncio.sleep(0, bool(mailbox.letters)))
    await post(client, f"meetings/{id_}/cancellation", reason="other", on="2026-11-24")
    mailbox.open.set()
    await sending
    await send_all(resources)
    cancelled, invited = await deliveries(client, id_)
    assert sorted(states(invited)) == ["dropped"] * 5 + ["sent"]
    assert states(cancelled) == ["sent"] * 6
    assert await events(pool) == [("cancelled", 6, 0, 0)]


@pytest.mark.usefixtures("reachable")
async def test_the_service_sends_by_itself(client, mailbox, settings, pool):
    app = make_app(SERVICE, Role.JOBS, settings)
    async with app.router.lifespan_context(app):
        await announced(client)
        await until(lambda: asyncio.sleep(0, len(mailbox.letters) == 6))
        await until(lambda: pool.fetchval("SELECT count(*) = 6 FROM deliveries WHERE state = 'sent'"))
    assert await events(pool) == [("announced", 6, 0, 0)]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.usefixtures("reachable")
async def test_nothing_goes_out_in_the_clear_or_past_a_wrong_password(client, mailbox, pool, resources):
    await announced(client)

    def office(**other):
        settings = resources.settings.model_copy(update=other)
        return Resources(resources.pool, resources.event_log, settings)

    now = datetime.now(UTC)
    assert await send_all(office(smtp_security="starttls"), now) == 0, "the server offers no encryption"
    assert await send_all(office(smtp_security="tls"), now) == 0
    mailbox.password = b"secret"
    assert await send_all(office(smtp_user="vp", smtp_password=SecretStr("wrong")), now) == 0
    assert mailbox.letters == []
    right = office(smtp_user="vp", smtp_password=SecretStr("secret"))
    assert await send_all(right, now + timedelta(hours=1)) == 6
    assert "secret" not in repr(right)


async def test_without_a_mail_server_notices_are_logged_and_counted_so(client, pool, settings, capsys):
    id_ = await announced(client)
    away = Resources(pool, EventLog(10_000), settings.model_copy(update={"smtp_host": None}))
    assert await send_all(away) == 6
    assert await events(pool) == [("announced", 6, 0, 6)]
    [notice] = await deliveries(client, id_)
    assert all(one["logged"] for one in notice["deliveries"])


@pytest.mark.usefixtures("reachable")
async def test_an_address_is_kept_nowhere_but_in_its_table_and_who_reads_it_is_noted(
    client, mailbox, pool, resources, capsys
):
    mailbox.refused = {"m3@soyte.example"}
    path = f"/v1/contacts/{MEMBERS[2]}"
    await put(
        client,
        f"contacts/{MEMBERS[2]}",
        "m3@soyte.example",
        headers={"Idempotency-Key": "k", "If-Match": '"1"'},
    )
    answer = await client.get(path, headers={"X-Chibo-Actor": "chị Hoa".encode()})
    assert (answer.json()["email"], answer.headers["ETag"]) == ("m3@soyte.example", '"2"')
    await announced(client)
    await send_all(resources)
    [read] = await pool.fetch("SELECT resource, count FROM personal_data_reads")
    assert tuple(read) == (f"contacts/member/{MEMBERS[2]}", 1)
    for table in ("event_log", "idempotency_keys", "notices", "deliveries", "personal_data_reads"):
        kept = await pool.fetchval(f"SELECT string_agg({table}::text, ' ') FROM {table}")
        assert kept, table
        assert "soyte.example" not in kept
    written = capsys.readouterr()
    assert "notice-undeliverable" in written.out + written.err
    assert "soyte.example" not in written.out + written.err
    stale = {"If-Match": '"1"'}
    await put(client, f"contacts/{MEMBERS[2]}", "a@soyte.example", 412, stale)
    assert (await client.delete(path)).json()["version"] == 3
    assert (await client.get(path)).status_code == 404


async def test_addresses_that_no_server_takes_and_who_is_not_known(client):
    for wrong in (
        "a@b",
        "a b@soyte.example",
        "a..b@soyte.example",
        "a@soyte.example\n",
        "ô@soyte.example",
        "",
    ):
        answer = await put(client, f"contacts/{MEMBERS[0]}", wrong, 422)
        assert wrong.strip() == "" or wrong not in str(answer)
    await put(client, f"contacts/{uuid4()}", "a@soyte.example", 404)
    await put(client, "unit-contacts/K.99", "a@soyte.example", 404)
    assert (await client.delete(f"/v1/contacts/{MEMBERS[0]}")).status_code == 404


async def test_calendar_files_of_a_meeting_and_of_a_cell(client):
    id_ = await planned(client)

    async def file(path):
        answer = await client.get(f"/v1/{path}/calendar.ics")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        calendar = Calendar.from_ical(answer.content)
        return calendar["METHOD"], [(event["UID"], event["STATUS"]) for event in calendar.walk("VEVENT")]

    entry = f"{id_}@chibo"
    assert await file(f"meetings/{id_}") == ("PUBLISH", [(entry, "TENTATIVE")])
    assert await file("cells/K.01") == ("PUBLISH", []), "members are told after the agreement"
    await post(client, f"meetings/{id_}/agreement", agreed_on="2026-11-20")
    await post(client, f"meetings/{id_}/announcement", told_at="2026-11-21T08:00:00+07:00")
    assert await file("cells/K.01") == ("PUBLISH", [(entry, "CONFIRMED")])
    await post(client, f"meetings/{id_}/postponement", reason="epidemic", on="2026-11-23")
    assert await file(f"meetings/{id_}") == ("CANCEL", [(entry, "CANCELLED")])
    assert await file("cells/K.01") == ("PUBLISH", [])
    assert (await client.get("/v1/cells/K.99/calendar.ics")).status_code == 404
    assert (await client.get(f"/v1/meetings/{uuid4()}/calendar.ics")).status_code == 404
