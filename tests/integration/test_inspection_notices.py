"""Who is told of an approved plan, on a real database and through a real mail server: once, what concerns them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from chassis.event_log import EventLog
from chassis.jobs import JobRunner
from chassis.resources import Resources
from chassis.settings import Settings
from contracts.meetings import MeetingRescheduled
from contracts.membership import MemberMoved, MoveReason
from services.inspection.notices.letters import SENDER
from services.inspection.plans.watch import REPLANNING
from tests.integration.chassis_way import until
from tests.integration.mailbox import Mailbox, empty, plain
from tests.integration.test_inspection import ALONE, ANN, BEN, CAM, OTHER, client, get, state, told
from tests.integration.test_inspection_plans import (
    MONTH,
    NOW,
    ON,
    THEIRS,
    approved,
    change,
    meetings,
    proposed,
    step,
    visits,
)

__all__ = ["client", "meetings", "told"]
OFFICE = "vp@dangboso.example"
CODES = {OTHER: "K.01.02", ALONE: "K.02"}


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    await mailbox.up()
    yield mailbox
    mailbox.open.set()
    await mailbox.down()


@pytest.fixture
def resources(pool, mailbox):
    settings = Settings(
        database_url="postgresql://nowhere", kafka="nowhere:1", smtp_host="127.0.0.1", smtp_port=mailbox.port,
        smtp_security="none", smtp_from=OFFICE,
    )  # fmt: skip
    return Resources(pool, EventLog(1_000_000), settings)


@pytest.fixture
async def reachable(client):
    for member in (ANN, BEN, CAM):
        await put(client, f"contacts/{member}", f"m{member.int}@soyte.example")
    for code in CODES.values():
        await put(client, f"unit-contacts/{code}", f"{code}@soyte.example")


async def put(client, path, address, status=200):
    answer = await client.put(f"/v1/{path}", json={"email": address})
    assert answer.status_code == status, answer.text
    return answer.json()


async def send_all(resources):
    return await empty(SENDER, resources, NOW)


async def turn(resources):
    await JobRunner(REPLANNING, resources, lambda: NOW).turn()


async def notices(client):
    return (await get(client, f"visit-plans/{MONTH}/notices"))["items"]


def calendar_of(letter):
    [part] = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == calendar["METHOD"] == "PUBLISH"
    return {event["SUMMARY"]: event["STATUS"] for event in calendar.walk("VEVENT")}


async def moved_to_the_visited_cell(told, member, cell):
    before, after = state(), state(cell)
    of = {"effective_date": date(2030, 3, 1), "reason": MoveReason.TRANSFER}
    await told(MemberMoved(member_id=member, before=before, after=after, **of))


@pytest.mark.usefixtures("reachable")
async def test_whoever_visits_and_the_cells_are_told_once_of_an_approved_plan(
    client, meetings, mailbox, resources
):
    await proposed(client)
    await change(client, "pins", meeting_id=str(meetings[OTHER]), member_id=str(ANN))
    assert await send_all(resources) == 0, "of a draft nobody is told"
    asked = {"json": {"on": ON}, "headers": {"Idempotency-Key": "once"}}
    for _ in range(2):
        answer = await client.post(f"/v1/visit-plans/{MONTH}/approval", **asked)
        assert answer.status_code == 200
    other = visits(answer.json())["K.02"]
    assert await send_all(resources) == 4 - (other == ANN.int)
    assert set(mailbox.addresses) == {f"m{ANN.int}@soyte.example", f"m{other}@soyte.example"} | {
        f"{code}@soyte.example" for code in CODES.values()
    }
    letters = mailbox.taken()
    hers = letters[f"m{ANN.int}@soyte.example"]
    assert hers["Subject"] == "Phân công dự sinh hoạt chi bộ, tháng 03/2030"
    assert "- 08:00 ngày 05/03/2030: Tổ chức K.01.02 (Tổ công tác TCT-1)" in plain(hers)
    assert calendar_of(hers)["Dự sinh hoạt Tổ chức K.01.02"] == "CONFIRMED"
    comes = letters["K.01.02@soyte.example"]
    assert "tổ công tác cử người dự" in plain(comes)
    assert calendar_of(comes) == {"Tổ công tác TCT-1 dự sinh hoạt Tổ chức K.01.02": "CONFIRMED"}
    assert {one["state"] for one in await notices(client)} == {"sent"}
    assert await send_all(resources) == 0
    assert (await client.get("/v1/visit-plans/2031-01/notices")).status_code == 404


@pytest.mark.usefixtures("reachable")
async def test_a_visit_taken_away_is_told_to_who_had_it_and_to_nobody_whom_it_does_not_concern(
    client, meetings, told, mailbox, resources
):
    await approved(client, meetings)
    await send_all(resources)
    mailbox.taken()
    await moved_to_the_visited_cell(told, ANN, OTHER)
    await turn(resources)
    await send_all(resources)
    letters = mailbox.taken()
    hers = letters.pop(f"m{ANN.int}@soyte.example")
    assert "không phải dự các buổi sau nữa:\n- 08:00 ngày 05/03/2030: Tổ chức K.01.02" in plain(hers)
    assert calendar_of(hers)["Dự sinh hoạt Tổ chức K.01.02"] == "CANCELLED"
    [(address, letter)] = letters.items()
    assert address in {f"m{BEN.int}@soyte.example", f"m{CAM.int}@soyte.example"}
    assert calendar_of(letter)["Dự sinh hoạt Tổ chức K.01.02"] == "CONFIRMED"
    # The cell was told which team comes, and that is as it was.
    await change(client, "changes", meeting_id=str(meetings[OTHER]))
    await send_all(resources)
    letters = mailbox.taken()
    assert letters.keys() == {address, "K.01.02@soyte.example"}
    gone = letters["K.01.02@soyte.example"]
    assert gone["Subject"] == "Tổ công tác không dự sinh hoạt với chi bộ nữa, tháng 03/2030"
    of_cell = [one for one in await notices(client) if one["cell_code"] == "K.01.02"]
    assert [(one["withdrawn"], one["visits"], one["gone"]) for one in of_cell] == [
        (True, 0, 1),
        (False, 1, 0),
    ]


@pytest.mark.usefixtures("reachable")
async def test_a_later_version_takes_the_place_of_letters_that_were_not_sent(
    client, meetings, told, mailbox, resources
):
    await approved(client, meetings)
    again = THEIRS.model_copy(update={"starts_at": datetime(2030, 3, 6, 7, tzinfo=UTC)})
    await told(step(MeetingRescheduled, meetings[OTHER], before=THEIRS, after=again))
    await turn(resources)
    await change(client, "changes", meeting_id=str(meetings[ALONE]))
    await send_all(resources)
    letters = mailbox.taken()
    assert letters.keys() == {f"m{ANN.int}@soyte.example", "K.01.02@soyte.example"}, (
        "who was never told of a visit hears nothing of its end"
    )
    for letter in letters.values():
        assert "14:00 ngày 06/03/2030" in plain(letter)
        assert "05/03/2030" not in plain(letter), "the time before was never told"
    assert {one["state"] for one in await notices(client) if one["superseded"]} == {"dropped"}


@pytest.mark.usefixtures("reachable")
async def test_what_changes_while_a_letter_is_under_way_is_told_after_it(
    client, meetings, mailbox, resources
):
    await approved(client, meetings)
    mailbox.open.clear()
    sending = asyncio.create_task(send_all(resources))
    await until(lambda: asyncio.sleep(0, bool(mailbox.letters)))
    for cell in CODES:
        await change(client, "changes", meeting_id=str(meetings[cell]))
    mailbox.open.set()
    await sending
    await send_all(resources)
    [(first, _), (last, off)] = mailbox.letters
    assert first == last, "the others were not told, and have nothing to take back"
    assert set(calendar_of(off).values()) == {"CANCELLED"}


@pytest.mark.usefixtures("reachable")
async def test_what_becomes_true_again_while_its_letter_is_under_way_is_told_for_sure(
    client, meetings, pool, mailbox, resources
):
    await approved(client, meetings)
    async with pool.acquire() as sender, sender.transaction():  # as a sender does whose server says: later
        await sender.execute("SELECT FROM deliveries FOR UPDATE")
        await change(client, "changes", meeting_id=str(meetings[OTHER]))
        await change(client, "changes", meeting_id=str(meetings[OTHER]), member_id=str(ANN))
    await send_all(resources)
    assert {f"m{ANN.int}@soyte.example", "K.01.02@soyte.example"} <= set(mailbox.addresses)
    assert len(mailbox.addresses) == len(set(mailbox.addresses))


async def test_who_has_no_address_is_shown_and_told_once_there_is_one(
    client, meetings, pool, mailbox, resources
):
    await put(client, "unit-contacts/K.99", "a@soyte.example", 404)
    await approved(client, meetings)
    await send_all(resources)
    assert mailbox.letters == []
    assert {one["reason"] for one in await notices(client)} == {"no-address"}
    await put(client, f"contacts/{ANN}", "ann@soyte.example")
    await send_all(resources)
    assert mailbox.addresses == ["ann@soyte.example"]
    assert "soyte.example" not in str(await notices(client))
    for table in ("event_log", "notices", "deliveries", "personal_data_reads"):
        assert "soyte.example" not in str(
            await pool.fetchval(f"SELECT string_agg({table}::text, ' ') FROM {table}")
        )


async def test_without_a_mail_server_it_is_only_logged_and_said_so(client, meetings, pool):
    await approved(client, meetings)
    away = Settings(database_url="postgresql://nowhere", kafka="nowhere:1")
    await empty(SENDER, Resources(pool, EventLog(10_000), away))
    assert all(one["logged"] and one["state"] == "sent" for one in await notices(client))
