"""What is recorded of meetings held, over HTTP on a real database: proceedings, votes, tasks, minutes, the book."""

import asyncio
import json
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis.event_log import EventLog
from chassis.jobs import JobRunner
from chassis.resources import Resources
from chassis.settings import Settings
from contracts.membership import MemberMoved, MoveReason, Standing
from contracts.positions import (
    HeldPosition,
    Position,
    PositionEnded,
    PositionRestated,
    PositionTaken,
    Term,
    TermEnded,
    TermOpened,
    TermRestated,
)
from replicas.membership.leadership import LeadershipReplica, leaders_on, terms_of
from services.meetings.book.chain import PageKind
from services.meetings.imports.columns import COLUMNS
from services.meetings.late_facts.watch import ATTENDANCE_FLAGGED
from services.meetings.resolutions.numbering import Series
from services.meetings.resolutions.store import RecordStore
from tests.integration import test_meetings
from tests.integration.chassis_way import until
from tests.integration.test_meetings import (
    CELL,
    MEMBERS,
    OFFICIAL,
    OTHER,
    announced,
    planned,
    post,
    roll,
    state,
)
from tests.integration.test_reporting_restated import Received

told, client = test_meetings.told, test_meetings.client

CHAIR, RECORDER, AWAY, OFFICIAL_TOO, YOUNG = (str(id_) for id_ in MEMBERS)
BOTH = [RECORDER, CHAIR]
VOTE = {"subject": "Nhiệm vụ tháng 3", "text": "Thống nhất\n nội dung  sau.", "in_favour": 3}


@pytest.fixture
async def led(pool, client):
    """Tell the service of terms and positions, as its consumer applies it."""
    del client  # it migrates
    replica, sequences = LeadershipReplica("meetings"), iter(range(1, 1_000))

    async def tell(*events, batches=1):
        received = [
            Received(event.TYPE, next(sequences), event.as_json().encode(), "2026-01-01T00:00:00Z")
            for event in events
        ]
        async with pool.acquire() as connection, connection.transaction():
            await replica.write(connection, [replica.fold(received[n::batches]) for n in range(batches)])

    return tell


def opened(label, from_on, until_on=None, cell=CELL, term_id=None):
    term = Term(organisation_id=cell, label=label, from_on=from_on, until_on=until_on)
    return TermOpened(effective_date=from_on, term_id=term_id or uuid4(), after=term)


async def held(client, month=3, **presences):
    """A meeting of K.01 on the third of a month of 2026, at which all but one were there."""
    day = f"2026-{month:02}-03"
    meeting = await planned(client, starts_at=f"{day}T14:30:00+07:00")
    path = f"meetings/{meeting['id']}"
    await post(client, f"{path}/agreement", agreed_on=f"2026-{month - 1:02}-20")
    await post(client, f"{path}/announcement", told_at=f"2026-{month - 1:02}-21T08:00:00+07:00")
    times = {"began_at": f"{day}T14:30:00+07:00", "ended_at": f"{day}T16:05:00+07:00"}
    await post(client, f"{path}/holding", **times, roll=roll(**({"m3": "excused"} | presences)))
    return meeting["id"]


async def written(client, id_, **more):
    asked = {"chair_id": CHAIR, "recorder_id": RECORDER} | more
    return await post(client, f"meetings/{id_}/proceedings", **asked)


async def approved(client, id_, on="2026-04-05"):
    return await post(client, f"meetings/{id_}/approval", approved_on=on, approved_by=BOTH)


async def get(client, path, status=200, **asked):
    answer = await client.get(f"/v1/{path}", params=asked)
    assert answer.status_code == status, answer.text
    return answer.json()


async def recorded_meeting(client, month=3):
    id_ = await held(client, month)
    await written(client, id_)
    await post(client, f"meetings/{id_}/resolutions", **VOTE)
    await approved(client, id_)
    return id_


async def test_a_meeting_is_recorded_from_its_chair_to_the_book(client, pool, led):
    await led(opened("2025–2030", date(2025, 5, 10)))
    id_ = await held(client)
    await written(
        client, id_,
        guests=["Tổ công tác"], directions=["Học tập chuyên đề"],
        opinions=[{"speaker_id": YOUNG, "text": "Bà Nguyễn Thị Hoa nói hay"}, {"text": "Khách góp ý"}],
        conclusions=[{"point": 1, "text": "Nhất trí"}], absences=[{"member_id": AWAY, "reason": "Bà Hoa ốm"}],
    )  # fmt: skip
    voted = await post(client, f"meetings/{id_}/resolutions", **VOTE)
    assert voted["resolution"] | {"id": None} == {
        "id": None, "subject": "Nhiệm vụ tháng 3", "text": "Thống nhất\nnội dung sau.", "majority": "more_than_half",
        "in_favour": 3, "against": 0, "abstained": 0, "voters": 3, "base": 4, "voted_on": "2026-03-03",
        "carried": True, "series": "2025–2030", "number": 1,
    }  # fmt: skip
    lost = await post(client, f"meetings/{id_}/resolutions", **(VOTE | {"in_favour": 2, "against": 1}))
    assert (lost["resolution"]["carried"], lost["resolution"]["number"]) == (False, None)
    assert [warning["code"] for warning in lost["warnings"]] == ["not-carried"]
    task = await post(
        client, f"meetings/{id_}/tasks", 201, member_id=AWAY, text="Báo cáo", due_on="2026-03-25"
    )
    done = await approved(client, id_)
    assert (done["minutes"]["series"], done["minutes"]["number"], done["version"]) == ("2025–2030", 1, 8)

    record = await get(client, f"meetings/{id_}/record")
    assert record["proceedings"]["opinions"][0] == {"speaker_id": YOUNG, "text": "Bà Nguyễn Thị Hoa nói hay"}
    assert [one["number"] for one in record["resolutions"]] == [1, None]
    assert record["tasks"] == [
        {"id": task["id"], "member_id": AWAY, "text": "Báo cáo", "due_on": "2026-03-25"}
    ]
    book = await get(client, "cells/K.01/book")
    assert [(page["page"], page["kind"], page["number"]) for page in book["items"]] == [
        (1, "resolution", 1), (2, "minutes", 1),
    ]  # fmt: skip
    assert book["items"][0]["content"]["tasks"][0]["text"] == "Báo cáo"
    assert book["items"][1]["content"]["absences"] == [{"member_id": AWAY, "reason": "Bà Hoa ốm"}]
    assert book["items"][1]["previous"] == book["items"][0]["hash"]
    events = [row["payload"] for row in await pool.fetch("SELECT payload FROM event_log")]
    assert not [event for event in events if "Hoa" in event or "Thống nhất" in event or "Báo cáo" in event]
    reads = await pool.fetch("SELECT resource, count FROM personal_data_reads ORDER BY id")
    assert [tuple(row) for row in reads] == [(f"meetings/{id_}/record", 4), ("cells/K.01/book", 5)]


async def test_nothing_is_added_before_a_meeting_is_held_or_after_its_minutes_are_approved(client):
    early = await announced(client)
    ways = (
        ("proceedings", {"chair_id": CHAIR, "recorder_id": RECORDER}),
        ("resolutions", VOTE),
        ("tasks", {"member_id": AWAY, "text": "Việc", "due_on": "2026-03-25"}),
        ("approval", {"approved_on": "2026-03-05", "approved_by": BOTH}),
    )
    for way, asked in ways:
        answer = await post(client, f"meetings/{early['id']}/{way}", 409, **asked)
        assert answer["type"] == "urn:chibo:problem:not-held"
    closed = await recorded_meeting(client, 4)
    for way, asked in ways:
        answer = await post(client, f"meetings/{closed}/{way}", 409, **asked)
        assert answer["type"] == "urn:chibo:problem:record-closed"
    for way, asked in ways:
        await post(client, f"meetings/{uuid4()}/{way}", 404, **asked)


async def test_an_old_copy_is_refused_and_the_same_key_votes_once(client, pool):
    id_ = await held(client)
    await post(client, f"meetings/{id_}/resolutions", 412, headers={"If-Match": '"3"'}, **VOTE)
    key = {"Idempotency-Key": "k-1", "If-Match": '"4"'}
    first = await post(client, f"meetings/{id_}/resolutions", headers=key, **VOTE)
    assert await post(client, f"meetings/{id_}/resolutions", headers=key, **VOTE) == first
    assert await pool.fetchval("SELECT count(*) FROM resolutions") == 1


# Numbers.

WAITS = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def test_clients_racing_for_numbers_get_each_one_once_and_without_gaps(client, pool):
    meetings = [await held(client, month) for month in (2, 3, 4, 5)]
    for id_ in meetings:
        await written(client, id_)
    votes = [
        client.post(f"/v1/meetings/{id_}/resolutions", json=VOTE | {"in_favour": favour})
        for id_ in meetings
        for favour in (3, 3, 1)
    ]
    answers = await asyncio.gather(*votes)
    assert {answer.status_code for answer in answers} == {200}
    numbers = [answer.json()["resolution"]["number"] for answer in answers]
    assert sorted(number for number in numbers if number) == list(range(1, 9))
    asked = {"approved_on": "2026-06-01", "approved_by": BOTH}
    done = await asyncio.gather(
        *(client.post(f"/v1/meetings/{id_}/approval", json=asked) for id_ in meetings for _ in range(2))
    )
    assert sorted(answer.status_code for answer in done) == [200] * 4 + [409] * 4
    minutes = [answer.json()["minutes"]["number"] for answer in done if answer.status_code == 200]
    assert sorted(minutes) == [1, 2, 3, 4]
    assert await pool.fetchval("SELECT count(*) FROM book_pages") == 12
    assert (await get(client, "book-verification"))["whole"]


async def test_a_number_taken_by_what_is_then_rolled_back_is_given_to_who_waits(client, pool):
    id_ = await held(client)
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        store = RecordStore(connection, EventLog(1_000_000))
        year = Series("year:2026", "2026")
        assert await store.next_number(CELL, PageKind.RESOLUTION, year) == 1
        waiting = asyncio.create_task(post(client, f"meetings/{id_}/resolutions", **VOTE))
        await until(lambda: pool.fetchval(WAITS))
        assert not waiting.done()
        await transaction.rollback()
    voted = await waiting
    assert (voted["resolution"]["series"], voted["resolution"]["number"]) == ("2026", 1)


async def test_numbers_begin_anew_with_a_term(client, led):
    old = opened("2020–2025", date(2020, 5, 10), date(2026, 4, 1))
    await led(old, opened("2025–2030", date(2026, 4, 1)), opened("khác", date(2026, 1, 1), cell=OTHER))
    numbered = []
    for month in (2, 3, 4):
        id_ = await held(client, month)
        voted = await post(client, f"meetings/{id_}/resolutions", **VOTE)
        numbered.append((voted["resolution"]["series"], voted["resolution"]["number"]))
    assert numbered == [("2020–2025", 1), ("2020–2025", 2), ("2025–2030", 1)]


async def test_the_last_that_is_told_of_a_term_and_a_position_holds_in_whatever_batches(pool, led):
    term, position, secretary = uuid4(), uuid4(), MEMBERS[0]
    first = opened("2020–2025", date(2020, 5, 10), term_id=term)
    ended = first.after.model_copy(update={"until_on": date(2025, 5, 1)})
    holds = HeldPosition(
        organisation_id=CELL, member_id=secretary, position=Position.SECRETARY, from_on=date(2020, 5, 10)
    )
    over = holds.model_copy(update={"until_on": date(2024, 1, 1)})
    await led(
        first,
        PositionTaken(effective_date=holds.from_on, position_id=position, after=holds),
        TermEnded(effective_date=date(2025, 5, 1), term_id=term, before=first.after, after=ended),
        PositionEnded(effective_date=date(2024, 1, 1), position_id=position, before=holds, after=over),
        batches=2,
    )
    async with pool.acquire() as connection:
        [known] = await terms_of(connection, CELL)
        assert (known.label, known.until_on) == ("2020–2025", date(2025, 5, 1))
        assert await leaders_on(connection, CELL, date(2023, 12, 31)) == {secretary: {Position.SECRETARY}}
        assert await leaders_on(connection, CELL, date(2024, 1, 1)) == {}
    await led(
        TermRestated(effective_date=date(2020, 5, 10), term_id=term, corrects=1, before=ended, after=None),
        PositionRestated(
            effective_date=date(2020, 5, 10), position_id=position, corrects=1, before=over, after=None
        ),
    )
    async with pool.acquire() as connection:
        assert await terms_of(connection, CELL) == []
        assert await leaders_on(connection, CELL, date(2023, 12, 31)) == {}


async def test_who_agreed_leads_the_cell_on_that_day(client, led):
    taken = date(2020, 5, 10)
    held_by = {Position.SECRETARY: MEMBERS[0], Position.DEPUTY_SECRETARY: MEMBERS[1]}
    await led(
        *(
            PositionTaken(
                effective_date=taken, position_id=uuid4(),
                after=HeldPosition(organisation_id=CELL, member_id=id_, position=position, from_on=taken),
            )
            for position, id_ in held_by.items()
        )
    )  # fmt: skip
    path = f"meetings/{(await planned(client))['id']}/agreement"
    refused = await post(client, path, 422, agreed_on="2026-02-27", agreed_by=[CHAIR, AWAY])
    assert [error["code"] for error in refused["errors"]] == ["agreed-by-others"]
    early = await post(client, path, agreed_on="2020-05-09", agreed_by=[CHAIR])
    assert [warning["code"] for warning in early["warnings"]] == ["leaders-unknown"]
    other = await planned(client, kind="extraordinary")
    alone = await post(client, f"meetings/{other['id']}/agreement", agreed_on="2026-02-27", agreed_by=[CHAIR])
    assert [warning["code"] for warning in alone["warnings"]] == ["agreed-by-few"]


# Tasks.


async def test_tasks_are_reported_evaluated_and_counted(client, pool):
    march, april = await held(client, 3), await held(client, 4)
    tasks = []
    for due_on in ("2026-03-20", "2026-03-25", "2026-03-25", "2026-04-25"):
        given = await post(
            client, f"meetings/{march}/tasks", 201, member_id=YOUNG, text="Việc", due_on=due_on
        )
        tasks.append(given["id"])
    await post(client, f"tasks/{tasks[0]}/reports", done_on="2026-03-20")
    assert [one["id"] for one in (await get(client, "cells/K.01/tasks", which="reported"))["items"]] == tasks[
        :1
    ]
    overdue = await get(client, "cells/K.01/tasks", which="overdue", on="2026-03-26", limit=1)
    more = await get(
        client, "cells/K.01/tasks", which="overdue", on="2026-03-26", cursor=overdue["next"], limit=1
    )
    assert {one["id"] for one in overdue["items"] + more["items"]} == set(tasks[1:3])
    assert more["next"] is None
    due = await get(client, "cells/K.01/tasks", which="due", on="2026-04-20")
    assert [one["id"] for one in due["items"]] == tasks[3:]

    def found(task, **what):
        return post(client, f"tasks/{task}/evaluations", meeting_id=april, **what)

    assert (await found(tasks[0], done=True))["result"] == "done_in_time"
    assert (await found(tasks[1], done=True, done_on="2026-04-01"))["result"] == "done_late"
    carried = await found(tasks[2], done=False, carried_on_to="2026-04-30", remark="Chờ số liệu")
    assert (carried["status"], carried["due_on"], carried["version"]) == ("open", "2026-04-30", 2)
    again = await post(client, f"tasks/{tasks[2]}/evaluations", 409, meeting_id=april, done=False)
    assert again["type"] == "urn:chibo:problem:evaluated-already"
    await post(client, f"tasks/{tasks[0]}/reports", 409, done_on="2026-03-21")
    figures = await get(client, "cells/K.01/task-figures", **{"from": "2026-03-01", "to": "2026-03-31"})
    assert figures == {
        "cell_code": "K.01", "due": 3, "done_in_time": 1, "done_late": 1, "not_done": 0, "open": 1,
        "percent_in_time": 33.3,
    }  # fmt: skip
    evaluations = (await get(client, f"meetings/{april}/record"))["evaluations"]
    assert {(one["task_id"], one["result"], one["remark"]) for one in evaluations} == {
        (tasks[0], "done_in_time", None), (tasks[1], "done_late", None), (tasks[2], "not_done", "Chờ số liệu"),
    }  # fmt: skip
    versions = await pool.fetch(
        "SELECT aggregate_version FROM event_log WHERE aggregate_id = $1 ORDER BY 1", UUID(tasks[0])
    )
    assert [row["aggregate_version"] for row in versions] == [1, 2, 3]


async def test_minutes_say_how_many_tasks_the_meeting_left_out(client):
    march, april = await held(client, 3), await held(client, 4)
    for _ in range(2):
        await post(client, f"meetings/{march}/tasks", 201, member_id=YOUNG, text="Việc", due_on="2026-03-25")
    await written(client, april)
    done = await approved(client, april)
    [warning] = done["warnings"]
    assert (warning["code"], warning["message"][:1]) == ("tasks-not-evaluated", "2")


async def test_a_task_is_changed_by_one_of_two_who_saw_the_same(client):
    id_ = await held(client)
    task = await post(client, f"meetings/{id_}/tasks", 201, member_id=YOUNG, text="Việc", due_on="2026-03-25")
    seen = {"If-Match": '"1"'}
    answers = await asyncio.gather(
        *(
            client.post(f"/v1/tasks/{task['id']}/reports", json={"done_on": f"2026-03-2{n}"}, headers=seen)
            for n in range(4)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert (await client.get(f"/v1/tasks/{task['id']}")).headers["etag"] == '"2"'
    assert (await client.get(f"/v1/tasks/{uuid4()}")).status_code == 404


# Reports.


async def test_meetings_are_to_be_reported_up_within_two_days(client):
    row = "K.01,regular,2020-03,held,2020-03-03 14:30,95,,11,9,1,1,7,4,3,,,"
    file = ",".join(column.name for column in COLUMNS) + "\n" + row
    sent = await client.post("/v1/imports/meetings", content=file, headers={"Content-Type": "text/csv"})
    assert sent.json()["imported"] == 1, "a meeting of a book of paper, of which nothing is due"
    march, april = await recorded_meeting(client, 3), await held(client, 4)
    listed = await get(client, "lists/reports-due", as_of="2026-04-05")
    assert [
        (one["meeting_id"], one["due_on"], one["overdue"], one["approved"]) for one in listed["items"]
    ] == [(march, "2026-03-05", True, True), (april, "2026-04-05", False, False)]
    first = await get(client, "lists/reports-due", as_of="2026-04-05", limit=1, unit="K.01")
    second = await get(client, "lists/reports-due", as_of="2026-04-05", unit="K.01", cursor=first["next"])
    assert [one["meeting_id"] for page in (first, second) for one in page["items"]] == [march, april]
    assert (await get(client, "lists/reports-due", unit="K.02"))["items"] == []
    await get(client, "lists/reports-due", 404, unit="K.99")
    sent = await post(client, f"meetings/{march}/reporting", sent_on="2026-04-06")
    assert [warning["code"] for warning in sent["warnings"]] == ["reported-late"]
    await post(client, f"meetings/{march}/reporting", 409, sent_on="2026-04-06")
    await post(client, f"meetings/{april}/reporting", 409, sent_on="2026-04-06")
    assert [one["meeting_id"] for one in (await get(client, "lists/reports-due"))["items"]] == [april]


# Late facts.


async def test_who_turns_out_to_have_left_flags_the_roll_and_the_book_stays(client, told):
    id_ = await recorded_meeting(client)
    before = await get(client, "cells/K.01/book")
    assert (await get(client, f"meetings/{id_}/roll"))["flagged"] == 0
    await told(
        MemberMoved(
            effective_date=date(2026, 3, 1), member_id=MEMBERS[3], reason=MoveReason.TRANSFER,
            before=OFFICIAL, after=state(OTHER, Standing.OFFICIAL),
        ),
        MemberMoved(
            effective_date=date(2026, 3, 4), member_id=MEMBERS[4], reason=MoveReason.TRANSFER,
            before=state(), after=state(OTHER),
        ),
    )  # fmt: skip
    checked = await get(client, f"meetings/{id_}/roll")
    assert (checked["flagged"], len(checked["items"])) == (1, 5)
    [flagged] = [item for item in checked["items"] if item["differences"]]
    assert flagged == {
        "member_id": OFFICIAL_TOO, "roll": "official", "presence": "present", "special_duty": False, "roll_now": None,
        "differences": ["not_on_the_list"],
    }  # fmt: skip
    assert await get(client, "cells/K.01/book") == before
    assert (await get(client, "book-verification", cell="K.01"))["whole"]


# The book.


async def test_the_service_itself_may_not_alter_a_book(client, pool):
    await recorded_meeting(client)
    owner = await pool.fetchval(
        "SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'book_pages'"
    )
    superuser = await pool.fetchval("SELECT usesuper FROM pg_user WHERE usename = current_user")
    assert (owner, superuser) == (True, False)
    for statement in ("UPDATE book_pages SET number = 9", "DELETE FROM book_pages", "TRUNCATE book_pages"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


FORGED = {
    "meeting_id": uuid4(), "kind": "resolution", "series": "2020–2025", "number": 77,
    "content": json.dumps({"subject": "khác"}), "written_at": datetime(2020, 1, 1, tzinfo=UTC),
    "previous": b"\1" * 32, "hash": b"\2" * 32,
}  # fmt: skip


async def test_whoever_alters_a_book_past_the_service_is_found_and_where(client, pool):
    for month in (2, 3, 4):
        await recorded_meeting(client, month)
    assert await get(client, "book-verification") == {"books": 1, "pages": 6, "whole": True, "findings": []}
    await pool.execute("GRANT UPDATE, DELETE ON book_pages TO CURRENT_USER")
    for name, value in FORGED.items():
        [was] = await pool.fetch(f"SELECT {name} AS value FROM book_pages WHERE page = 4")
        # What is there is of another kind than what is forged, so that it is altered in every case.
        forged = "minutes" if was["value"] == value else value
        await pool.execute(f"UPDATE book_pages SET {name} = $1 WHERE page = 4", forged)
        if was["value"] != forged:
            found = await get(client, "book-verification", cell="K.01")
            assert not found["whole"]
            assert (found["findings"][0]["cell_code"], found["findings"][0]["page"]) == ("K.01", 4), name
        await pool.execute(f"UPDATE book_pages SET {name} = $1 WHERE page = 4", was["value"])
    assert (await get(client, "book-verification"))["whole"]
    await pool.execute("DELETE FROM book_pages WHERE page >= 5")
    cut = await get(client, "book-verification")
    assert [(one["page"], one["damage"]) for one in cut["findings"]] == [(5, "missing"), (6, "missing")]
    await pool.execute("DELETE FROM book_pages")
    assert len((await get(client, "book-verification"))["findings"]) == 6


async def test_what_a_cell_recorded_is_read_though_membership_takes_the_cell_back(client, pool):
    id_ = await held(client)
    task = await post(client, f"meetings/{id_}/tasks", 201, member_id=YOUNG, text="Việc", due_on="2026-03-25")
    await written(client, id_)
    await pool.execute(
        "INSERT INTO unit_names SELECT 999, 0, unit_id, effective_date, -1, code, name FROM unit_names"
        " WHERE code = 'K.01'"
    )
    assert (await get(client, f"tasks/{task['id']}"))["cell_code"] == "?"
    assert [one["cell_code"] for one in (await get(client, "lists/reports-due"))["items"]] == ["?"]
    await approved(client, id_)
    assert (await get(client, "book-verification"))["whole"]


async def test_a_book_is_read_page_by_page(client):
    await recorded_meeting(client)
    first = await get(client, "cells/K.01/book", limit=1)
    second = await get(client, "cells/K.01/book", limit=1, cursor=first["next"])
    assert [page["page"] for answer in (first, second) for page in answer["items"]] == [1, 2]
    assert second["next"] is None
    assert (await get(client, "cells/K.02/book"))["items"] == []
    await get(client, "cells/K.99/book", 404)
    await get(client, "cells/K.01/book", 400, cursor="WyJ4Il0")


# Corrections.


async def test_approved_minutes_are_put_right_by_a_further_page(client, pool, led):
    await led(opened("2025–2030", date(2025, 5, 10)))
    id_ = await held(client)
    await written(client, id_, opinions=[{"speaker_id": OFFICIAL_TOO, "text": "Bà Hoa góp ý"}])
    resolution = (await post(client, f"meetings/{id_}/resolutions", **VOTE))["resolution"]
    task = await post(
        client, f"meetings/{id_}/tasks", 201, member_id=AWAY, text="Việc của bà Hoa", due_on="2026-03-25"
    )
    path, by = f"meetings/{id_}/corrections", {"approved_on": "2026-05-04", "approved_by": BOTH}
    early = await post(client, path, 409, reason="Nhầm", place="Hội trường", **by)
    assert early["type"] == "urn:chibo:problem:nothing-to-correct"
    await approved(client, id_)
    book = await get(client, "cells/K.01/book")

    sick = {"chair_id": CHAIR, "recorder_id": RECORDER, "opinions": [{"text": "Khách góp ý"}]}
    asked = {
        "reason": "Ghi nhầm bà Hoa", "roll": roll(m3="excused", m4="excused"), "proceedings": sick,
        "resolutions": [{"id": resolution["id"], "votes": {"in_favour": 2}}],
        "tasks": [{"id": task["id"], "member_id": YOUNG, "due_on": "2026-03-28"}],
    }  # fmt: skip
    lost = await post(client, path, 409, **asked, **by)
    assert lost["type"] == "urn:chibo:problem:outcome-corrected"
    other = [{"id": resolution["id"], "text": "Chữ khác", "votes": {"in_favour": 3}}]
    asked |= {"resolutions": other, "roll": roll(m3="present", m4="excused")}
    done = await post(client, path, **asked, **by)
    assert done["correction"] | {"approved_by": None} == {
        "page": 3, "series": "2025–2030", "number": 1, "corrects": [1, 2], "reason": "Ghi nhầm bà Hoa",
        "fields": ["roll", "opinions", "resolutions", "tasks"], "approved_on": "2026-05-04", "approved_by": None,
    }  # fmt: skip

    now = await get(client, "cells/K.01/book")
    assert now["items"][:2] == book["items"], "what was written stays"
    page = now["items"][2]
    assert (page["kind"], page["content"]["corrects"], page["content"]["reason"]) == (
        "correction", [1, 2], "Ghi nhầm bà Hoa",
    )  # fmt: skip
    assert page["content"]["before"]["opinions"][0]["text"] == "Bà Hoa góp ý"
    assert [one["presence"] for one in page["content"]["after"]["roll"]] == ["present", "excused"]
    assert (await get(client, "book-verification")) == {
        "books": 1, "pages": 3, "whole": True, "findings": [],
    }  # fmt: skip
    record = await get(client, f"meetings/{id_}/record")
    assert record["proceedings"]["opinions"] == [{"speaker_id": None, "text": "Khách góp ý"}]
    assert (record["resolutions"][0]["text"], record["resolutions"][0]["number"]) == ("Chữ khác", 1)
    assert (record["tasks"][0]["member_id"], record["tasks"][0]["due_on"]) == (YOUNG, "2026-03-28")
    assert [one["page"] for one in record["corrections"]] == [3]
    meeting = await get(client, f"meetings/{id_}")
    assert (meeting["attendance"]["present"], meeting["version"]) == (4, 8)
    events = {
        row["type"]: json.loads(row["payload"])
        for row in await pool.fetch("SELECT type, payload FROM event_log WHERE type LIKE '%-corrected.v1'")
    }
    told = events["vn.chibo.meetings.minutes-corrected.v1"]
    assert (told["before"]["attendance"]["present"], told["after"]["attendance"]["present"]) == (4, 4)
    assert [one["presence"] for one in told["before"]["attenders"]] == ["excused", "present"]
    assert (told["before"]["proceedings"]["speakers"], told["after"]["proceedings"]["speakers"]) == (1, 0)
    assert (told["page"], told["hash"], told["decision_date"]) == (3, page["hash"], "2026-05-04")
    changed = events["vn.chibo.meetings.task-corrected.v1"]
    assert (changed["before"]["member_id"], changed["after"]["first_due_on"]) == (AWAY, "2026-03-28")
    assert not [event for event in map(str, events.values()) if "Hoa" in event or "Chữ khác" in event]

    again = await post(client, path, 409, **asked, **by)
    assert again["type"] == "urn:chibo:problem:nothing-changes"
    await post(client, f"meetings/{id_}/reporting", sent_on="2026-05-05")
    second = await post(client, path, reason="Sai chỗ", place="Hội trường", **by)
    assert (second["correction"]["number"], second["correction"]["corrects"]) == (2, [2])
    assert [warning["code"] for warning in second["warnings"]] == ["corrected-after-reporting"]
    papers = (await get(client, f"meetings/{id_}/papers"))["items"]
    assert [(one["kind"], one["corrected_by"]) for one in papers] == [
        ("minutes", [3, 4]),
        ("resolution", [3]),
    ]
    await pool.execute("GRANT DELETE ON book_pages TO CURRENT_USER")
    await pool.execute("DELETE FROM book_pages WHERE page = 4")
    found = await get(client, "book-verification")
    assert [(one["page"], one["damage"]) for one in found["findings"]] == [(4, "missing")]


# Late facts as events.


@pytest.fixture
def checker(pool, database_url):
    """The job that finds rolls in doubt, as one of several processes has it."""
    settings = Settings(database_url=database_url, kafka="127.0.0.1:1")
    return lambda: JobRunner(ATTENDANCE_FLAGGED, Resources(pool, EventLog(1_000_000), settings))


async def flagged(pool):
    rows = await pool.fetch(
        "SELECT payload, aggregate_version FROM event_log WHERE type LIKE '%attendance-flagged%' ORDER BY position"
    )
    told = [(json.loads(row["payload"]), row["aggregate_version"]) for row in rows]
    return [
        (version, [(flag["member_id"], flag["difference"]) for flag in payload.get("after", ())])
        for payload, version in told
    ]


async def test_a_roll_in_doubt_is_told_once_and_taken_back_when_roll_and_list_agree(
    client, pool, told, checker
):
    id_ = await recorded_meeting(client)
    book, roll_ = await get(client, "cells/K.01/book"), await get(client, f"meetings/{id_}/roll")
    seen = await client.get(f"/v1/meetings/{id_}")
    await checker().turn()
    assert await flagged(pool) == []
    left = MemberMoved(
        effective_date=date(2026, 3, 1), member_id=MEMBERS[3], reason=MoveReason.TRANSFER,
        before=OFFICIAL, after=state(OTHER, Standing.OFFICIAL),
    )  # fmt: skip
    back = MemberMoved(
        effective_date=date(2026, 3, 1), member_id=MEMBERS[3], reason=MoveReason.TRANSFER,
        before=state(OTHER, Standing.OFFICIAL), after=OFFICIAL,
    )  # fmt: skip
    await told(left)
    await asyncio.gather(*(checker().turn() for _ in range(4)))
    await checker().turn()
    doubt = [(OFFICIAL_TOO, "not_on_the_list")]
    assert await flagged(pool) == [(1, doubt)]
    now = await client.get(f"/v1/meetings/{id_}", headers={"If-None-Match": seen.headers["etag"]})
    assert (now.status_code, now.json()["attendance_flagged"]) == (200, 1)
    assert now.json()["attendance"] == seen.json()["attendance"]
    assert (await get(client, "cells/K.01/meetings"))["items"][0]["attendance_flagged"] == 1
    assert await get(client, "cells/K.01/book") == book
    assert [one["presence"] for one in (await get(client, f"meetings/{id_}/roll"))["items"]] == [
        one["presence"] for one in roll_["items"]
    ]
    await told(back)
    await checker().turn()
    assert await flagged(pool) == [(1, doubt), (2, [])]
    assert (await get(client, f"meetings/{id_}"))["attendance_flagged"] == 0
    await told(left)
    await checker().turn()
    assert (await flagged(pool))[2:] == [(3, doubt)]


async def test_a_correction_of_the_roll_ends_its_doubt_and_other_meetings_are_left_alone(
    client, pool, told, checker
):
    march, april = await held(client, 3), await held(client, 4)
    for id_ in (march, april):
        await written(client, id_)
        await approved(client, id_)
    await told(
        MemberMoved(
            effective_date=date(2026, 4, 1), member_id=MEMBERS[3], reason=MoveReason.TRANSFER,
            before=OFFICIAL, after=state(OTHER, Standing.OFFICIAL),
        )
    )  # fmt: skip
    await checker().turn()
    assert [(await get(client, f"meetings/{id_}"))["attendance_flagged"] for id_ in (march, april)] == [0, 1]
    others = [member for member in MEMBERS if member != MEMBERS[3]]
    by = {"approved_on": "2026-05-04", "approved_by": BOTH}
    path = f"meetings/{april}/corrections"
    await post(client, path, reason="Đã chuyển", roll=roll(m3="excused", members=others), **by)
    await checker().turn()
    assert await flagged(pool) == [(1, [(OFFICIAL_TOO, "not_on_the_list")]), (2, [])]
