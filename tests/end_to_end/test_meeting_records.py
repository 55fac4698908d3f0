"""What is recorded of a meeting, followed on the command line down to a book that somebody altered."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import asyncpg
import openpyxl
import pytest

from chibo.client import Client
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess, Stack
from tests.example_bloc import CHIBO, ROOT
from tests.waiting import until

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

POINTS = {
    "thời gian": "5", "dự họp": "5", "chuẩn bị": "10", "trình tự": "5", "nội dung": "22,5", "điều hành": "10",
    "nguyên tắc": "5", "kết quả": "30", "kết thúc": "5",
}  # fmt: skip


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of its own, for books are forged on it."""
    with Stack.start() as running:
        yield running


@pytest.fixture(scope="module")
def running(stack: Stack) -> dict[str, ServiceProcess]:
    """Both services, once meetings knows a cell with two members."""
    running = {name: stack.run_service(name) for name in ("membership", "meetings")}
    for service in running.values():
        service.wait_ready()
    membership, client = (Client(service.url) for service in running.values())
    for kind, file in (("organisations", UNITS), ("members", MEMBERS)):
        membership.post(f"/v1/imports/{kind}", content=file.encode(), headers={"Content-Type": "text/csv"})
    wait_until_seen(membership, client)
    return running


@pytest.fixture(scope="module")
def meetings(running: dict[str, ServiceProcess]) -> str:
    """Where meetings listens."""
    return running["meetings"].url


def chibo(url: str, *arguments: str, status: int = 0) -> str:
    result = subprocess.run(
        [*CHIBO, "meetings", *arguments, "--url", url],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout


def held(client: Client, month: str = "2026-03") -> tuple[str, list[str]]:
    """A meeting at which both members were, and their ids."""
    plan = {"cell_code": "K.01", "kind": "regular", "place": "Phòng họp", "agenda": ["Đánh giá"]}
    times = {name: at.replace("2026-03", month) for name, at in HELD.items()}
    id_ = client.send("/v1/meetings", plan | {"starts_at": times["began_at"]})["id"]
    members = [one["member_id"] for one in client.get("/v1/cells/K.01/list", on=f"{month}-03")["items"]]
    roll = [{"member_id": member, "presence": "present"} for member in members]
    for step, asked in (
        ("agreement", {"agreed_on": "2026-02-27"}),
        ("announcement", {"told_at": "2026-02-28T08:00:00+07:00"}),
        ("holding", times | {"roll": roll}),
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


def test_a_secretary_leads_a_meeting_from_its_plan_to_its_minutes_by_a_workbook(
    running: dict[str, ServiceProcess], tmp_path: Path
) -> None:
    url, register = running["meetings"].url, ("--membership-url", running["membership"].url)
    name, file = "K.01@05/2026", str(tmp_path / "hop.xlsx")
    points = ("--point", "Đánh giá tháng 4", "--point", "Nhiệm vụ tháng 5", "--prepared", "2=DV-2")
    when = ("--at", "05/05/2026 14:30", "--place", "Phòng họp")
    assert "mới có kế hoạch" in chibo(url, "new", "K.01", *when, *points, *register)
    assert "đã thống nhất" in chibo(url, "agree", name, "--on", "30/04/2026", *register)
    assert "đã thông báo" in chibo(url, "announce", name, "--at", "02/05/2026 08:00")
    assert "2. Nhiệm vụ tháng 5 — chuẩn bị: DV-2 · Trần Văn An" in chibo(url, "show", name, *register)
    earlier = held(Client(url), "2026-04")[0]
    member = Client(url).get("/v1/cells/K.01/list", on="2026-04-03")["items"][0]["member_id"]
    given = {"member_id": member, "text": "Viết báo cáo quý", "due_on": "2026-04-25"}
    Client(url).send(f"/v1/meetings/{earlier}/tasks", given)

    chibo(url, "form", name, file, *register)
    book = openpyxl.load_workbook(file)
    roll = book["Điểm danh"]
    assert [[cell.value for cell in row] for row in roll["A2:B3"]] == [
        ["DV-2 · Trần Văn An", "có mặt"], ["DV-1 · Lê Thị Mai", "có mặt"],
    ]  # fmt: skip
    due = [cell.value for cell in book["Đánh giá"]["B"]]
    place = due.index("Viết báo cáo quý") + 1
    book["Diễn biến"]["B3"] = "16 giờ"
    book.save(file)
    refused = chibo(url, "fill", name, file, *register, status=1)
    assert refused == ""
    for cell, value in (
        ("B3", "16:05"),
        ("B4", "DV-1 · Lê Thị Mai"),
        ("B5", "DV-2"),
        ("B7", "Việc một\nViệc hai"),
    ):
        book["Diễn biến"][cell] = value
    for sheet, row in (
        ("Ý kiến", ("DV-2 · Trần Văn An", "Nhất trí với dự thảo")),
        ("Nghị quyết", ("Nhiệm vụ tháng 5", "Nội dung nghị quyết", "quá nửa", 2)),
        ("Nhiệm vụ", ("DV-2", "Viết báo cáo tháng", datetime(2026, 5, 25))),  # noqa: DTZ001 - as a workbook has it
    ):
        for column, value in enumerate(row, 1):
            book[sheet].cell(2, column, value)
    book["Đánh giá"][f"E{place}"], book["Đánh giá"][f"F{place}"] = "đã xong", "20/04/2026"
    book["Kết luận"]["C2"] = "Hoàn thành"
    book.save(file)
    assert "chưa ghi gì" in chibo(url, "fill", name, file, "--dry-run", *register)
    assert "Nghị quyết “Nhiệm vụ tháng 5”: số" in chibo(url, "fill", name, file, *register)
    again = chibo(url, "fill", name, file, *register)
    assert "giữ nguyên điểm danh" in again
    shown = json.loads(chibo(url, "record", name, "--json"))
    assert [one["result"] for one in shown["evaluations"]] == ["done_in_time"]
    assert [one["carried"] for one in shown["resolutions"]] == [True]
    assert (shown["proceedings"]["directions"], shown["tasks"][0]["due_on"]) == (
        ["Việc một", "Việc hai"],
        "2026-05-25",
    )
    assert len(shown["tasks"]) == 1
    assert "có mặt" in chibo(url, "roll", name, *register)
    by = ("--by", "DV-1", "--by", "DV-2")
    points = [f"{name_}={points}" for name_, points in POINTS.items()]
    chibo(url, "score", name, *points, "--kind", "self", "--on", "05/05/2026")
    assert "biên bản số" in chibo(url, "approve", name, *by, "--on", "06/05/2026", *register)
    chibo(url, "form", name, file, "--overwrite", *register)
    book = openpyxl.load_workbook(file)
    assert [book["Diễn biến"][cell].value for cell in ("B3", "B4")] == [
        "05/05/2026 16:05",
        "DV-1 · Lê Thị Mai",
    ]
    assert [book["Ý kiến"][cell].value for cell in ("A2", "B2")] == [
        "DV-2 · Trần Văn An",
        "Nhất trí với dự thảo",
    ]
    book["Điểm danh"]["C2"] = "có"
    book.save(file)
    put_right = (
        "correct",
        name,
        "--from",
        file,
        "--reason",
        "Nhầm",
        "--place",
        "Hội trường",
        "--on",
        "08/05/2026",
    )
    assert "Đã ghi đính chính số 1 (2026)" in chibo(url, *put_right, *by, *register)
    last = chibo(url, "show", name, *register)
    assert "Hội trường" in last
    assert "Có mặt 1 trên 1" in last, "who was on special duty counts no more"
    assert "tự chấm: 97,5" in last


def test_with_membership_away_meetings_works_on_and_what_it_tells_late_flags_the_attendance(
    stack: Stack, running: dict[str, ServiceProcess]
) -> None:
    client = Client(running["meetings"].url)
    running["membership"].stop()
    id_, members = held(client, "2026-06")
    assert "chính thức" in chibo(
        running["meetings"].url, "roll", id_, "--membership-url", running["membership"].url
    )
    assert client.get(f"/v1/meetings/{id_}")["attendance_flagged"] == 0
    running["membership"] = stack.run_service("membership")
    running["membership"].wait_ready()
    membership = Client(running["membership"].url)
    late = f"{','.join(COLUMNS)}\nDV-3,K.01,Vì Thị Hoa,1985-05-01,female,Thái,,no,2026-05-20,,,\n"
    membership.post("/v1/imports/members", content=late.encode(), headers={"Content-Type": "text/csv"})
    wait_until_seen(membership, client)
    assert len(client.get("/v1/cells/K.01/list", on="2026-06-03")["items"]) == len(members) + 1
    until(lambda: client.get(f"/v1/meetings/{id_}")["attendance_flagged"] == 1, "the roll is in doubt")
    assert "Điểm danh cần xem lại" in chibo(running["meetings"].url, "show", id_)
