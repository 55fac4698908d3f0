"""What is recorded of a meeting, followed on the command line down to a book that somebody altered."""

import asyncio
import json
import subprocess
from collections.abc import Iterator

import asyncpg
import pytest

from chibo.client import Client
from chibo.stack import wait_until_seen
from deploy.local.stack import Stack
from tests.example_bloc import CHIBO, ROOT

UNITS = """code,parent_code,type,name,established_on,dissolved_on
K,,bloc,Đảng bộ Khối,1976-01-01,
K.01,K,grassroots_cell,Chi bộ Văn phòng,1990-01-01,
"""
COLUMNS = (
    "code", "cell_code", "full_name", "birth_date", "gender", "ethnicity", "religion", "youth_union", "admitted_on",
    "official_on", "left_on", "left_reason",
)  # fmt: skip
MEMBERS = f"""{",".join(COLUMNS)}
DV-1,K.01,Lê Thị Mai,1980-05-01,female,Kinh,,no,2010-03-01,2011-03-01,,
DV-2,K.01,Trần Văn An,1982-05-01,male,Kinh,,no,2012-03-01,2013-03-01,,
"""
HELD = {"began_at": "2026-03-03T14:30:00+07:00", "ended_at": "2026-03-03T16:05:00+07:00"}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of its own, for books are forged on it."""
    with Stack.start() as running:
        yield running


@pytest.fixture(scope="module")
def meetings(stack: Stack) -> str:
    """Where meetings listens, once it knows a cell with two members."""
    running = [stack.run_service(name) for name in ("membership", "meetings")]
    for service in running:
        service.wait_ready()
    membership, client = (Client(service.url) for service in running)
    for kind, file in (("organisations", UNITS), ("members", MEMBERS)):
        membership.post(f"/v1/imports/{kind}", content=file.encode(), headers={"Content-Type": "text/csv"})
    wait_until_seen(membership, client)
    return running[1].url


def chibo(url: str, *arguments: str, status: int = 0) -> str:
    result = subprocess.run(
        [*CHIBO, "meetings", *arguments, "--url", url],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout


def held(client: Client) -> tuple[str, list[str]]:
    """A meeting at which both members were, and their ids."""
    plan = {"cell_code": "K.01", "kind": "regular", "place": "Phòng họp", "agenda": ["Đánh giá"]}
    id_ = client.send("/v1/meetings", plan | {"starts_at": HELD["began_at"]})["id"]
    members = [one["member_id"] for one in client.get("/v1/cells/K.01/list", on="2026-03-03")["items"]]
    roll = [{"member_id": member, "presence": "present"} for member in members]
    for step, asked in (
        ("agreement", {"agreed_on": "2026-02-27"}),
        ("announcement", {"told_at": "2026-02-28T08:00:00+07:00"}),
        ("holding", HELD | {"roll": roll}),
    ):
        client.send(f"/v1/meetings/{id_}/{step}", asked)
    return id_, members


def test_from_a_meeting_to_its_book_and_to_who_altered_it(stack: Stack, meetings: str) -> None:
    client = Client(meetings)
    id_, (chair, recorder) = held(client)
    said = {"speaker_id": recorder, "text": "Nhất trí [b]với dự thảo"}
    client.send(
        f"/v1/meetings/{id_}/proceedings", {"chair_id": chair, "recorder_id": recorder, "opinions": [said]}
    )
    vote = {"subject": "Nhiệm vụ tháng 3", "text": "Nội dung", "in_favour": 2}
    client.send(f"/v1/meetings/{id_}/resolutions", vote)
    given = {"member_id": recorder, "text": "Viết báo cáo", "due_on": "2026-03-25"}
    task = client.send(f"/v1/meetings/{id_}/tasks", given)["id"]

    assert "Viết báo cáo" in chibo(meetings, "tasks", "K.01", "--which", "overdue", "--on", "2026-03-26")
    assert (
        json.loads(chibo(meetings, "task-done", task, "--on", "2026-03-24", "--json"))["status"] == "reported"
    )
    assert json.loads(chibo(meetings, "tasks", "K.01", "--which", "overdue", "--json"))["items"] == []
    due = chibo(meetings, "reports-due", "--unit", "K", "--on", "2026-03-10")
    assert "Tất cả: 1" in due
    assert "Hướng dẫn 42-HD/BTCTW" in due
    by = ("--by", chair, "--by", recorder)
    assert "biên bản số 1 (2026)" in chibo(meetings, "approve", id_, *by, "--on", "2026-03-04")
    chibo(meetings, "approve", id_, *by, "--on", "2026-03-04", status=1)
    assert "quá hạn 05/03/2026" in chibo(meetings, "report-up", id_, "--on", "2026-03-06")
    shown = chibo(meetings, "record", id_, "--actor", "can.bo")
    assert "Nhất trí [b]với dự thảo" in shown
    assert "Nghị quyết số 1 (2026)" in shown
    assert "Nghị quyết" in chibo(meetings, "book", "K.01")

    assert "Mọi trang đều nguyên vẹn" in chibo(meetings, "verify")
    forge(stack, "UPDATE book_pages SET content = replace(content, 'Nội dung', 'Khác') WHERE page = 1")
    found = chibo(meetings, "verify", "--cell", "K.01", status=1)
    assert "Nội dung trang đã bị sửa sau khi ghi" in found


def forge(stack: Stack, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(stack.database_url("meetings"))
        try:
            await connection.execute("GRANT UPDATE ON book_pages TO CURRENT_USER")
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())
