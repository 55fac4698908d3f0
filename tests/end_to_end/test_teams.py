"""Working teams on the command line, as the office records and reads them; membership's events come over Kafka."""

import asyncio
import json
from itertools import count

import asyncpg
import pytest
from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess

NUMBERS = count(1)


@pytest.fixture
def bloc(services: dict[str, ServiceProcess], membership: Client) -> str:
    """A bloc of its own with two cells and a member in each, `<bloc>-A` and `<bloc>-B`, that inspection knows of."""
    bloc = f"TEAMS{next(NUMBERS)}"
    for code, above, type_ in (
        (bloc, None, "bloc"), (f"{bloc}.1", bloc, "grassroots_cell"), (f"{bloc}.2", bloc, "grassroots_cell"),
    ):  # fmt: skip
        unit = {"code": code, "parent_code": above, "type": type_, "name": f"Chi bộ {code}"}
        membership.send("/v1/organisations", unit | {"established_on": "2000-01-01"})
    header = (
        "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,"
        "left_on,left_reason\n"
    )
    rows = [
        f"{bloc}-{letter},{bloc}.{number},{name},1980-05-01,female,Kinh,,no,2010-03-03,2011-03-03,,\n"
        for letter, number, name in (("A", 1, "Lê Thị An"), ("B", 2, "Trần Thị Bình"))
    ]
    file = "".join([header, *rows]).encode()
    membership.post("/v1/imports/members", content=file, headers={"Content-Type": "text/csv"})
    wait_until_seen(membership, Client(services["inspection"].url))
    return bloc


@pytest.fixture
def run(services: dict[str, ServiceProcess], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHIBO_INSPECTION_URL", services["inspection"].url)
    monkeypatch.setenv("CHIBO_MEMBERSHIP_URL", services["membership"].url)

    def run(*words: str, exit_code: int = 0) -> str:
        done = CliRunner().invoke(app, ["teams", *words], env={"COLUMNS": "240"}, catch_exceptions=False)
        assert done.exit_code == exit_code, done.output
        return " ".join(done.output.replace("│", " ").replace("┃", " ").split())

    return run


def test_a_team_is_formed_sat_in_sent_away_and_dissolved(run, bloc):
    team, ann, ben = f"T-{bloc}", f"{bloc}-A", f"{bloc}-B"
    order = ("--document", "12-QĐ/ĐUK", "--document-date", "2020-01-10")
    assert "Đã ghi: " + team in run("form", team, "--name", "Tổ công tác số 1", "--on", "2020-01-15", *order)
    run("seat", team, ann, "--role", "leader", "--on", "2020-01-15")
    assert "đã có tổ trưởng" in run("seat", team, ben, "--role", "leader", "--on", "2020-02-01", exit_code=1)
    run("seat", team, ben, "--on", "2020-02-01")
    run("area", team, f"{bloc}.1", f"{bloc}.2", "--on", "2020-01-15")
    away = json.loads(
        run("absent", ann, "--from", "2020-07-06", "--to", "2020-07-17", "--reason", "study", "--json")
    )
    assert f"{team} Tổ công tác số 1 15/01/2020 2 {bloc}.1, {bloc}.2 2" in run(
        "list", "--as-of", "2020-03-01"
    )

    assert f"{bloc}.1" not in run("areas", "--as-of", "2020-03-01")
    assert f"{bloc}.1 chưa có" in run("areas", "--as-of", "2019-03-01")

    shown = run("show", team, "--as-of", "2020-03-01")
    assert f"{ann} · Lê Thị An Tổ trưởng 15/01/2020" in shown
    assert f"Địa bàn từ 15/01/2020: {bloc}.1, {bloc}.2" in shown
    free = run("free", "--as-of", "2020-07-06")
    assert f"{ann} · Lê Thị An {team} (tổ trưởng) {bloc}.1 không: vắng" in free
    assert f"{ben} · Trần Thị Bình {team} (thành viên) {bloc}.2 có" in free
    assert "đi học" in run("absences", "--from", "2020-07-01", "--to", "2020-07-31")
    assert "đến hết 24/07/2020" in run("absence", away["id"], "--to", "2020-07-24")
    assert "đã hủy" in run("absence", away["id"], "--withdraw")

    run("correct-seat", team, ann, "--role", "deputy_leader")
    assert "Tổ phó" in run("show", team, "--as-of", "2020-03-01")
    run("release", team, ben, "--on", "2020-09-01")
    assert "không có trong tổ" in run("release", team, ben, "--on", "2020-10-01", exit_code=1)
    run("correct-seat", team, ben, "--withdraw")
    run("correct", team, "--name", "Tổ số 1", "--on", "2020-01-13")
    assert "đến trước 31/12/2020" in run("dissolve", team, "--on", "2020-12-31")
    assert team not in run("list", "--as-of", "2020-12-31")
    history = run("history", team)
    assert "1 Lập tổ 15/01/2020 12-QĐ/ĐUK ngày 10/01/2020" in history
    assert "Đính chính về thành viên" in history
    assert "không đi cùng" in run("correct", team, "--withdraw", "--name", "x", exit_code=2)
    run("correct", team, "--withdraw")
    assert "Không có tổ công tác" in run("show", team, exit_code=1)


def test_when_cells_meet_reaches_inspection(bloc, services, membership, stack):
    meetings, inspection = Client(services["meetings"].url), Client(services["inspection"].url)
    wait_until_seen(membership, meetings)
    asked = {
        "cell_code": f"{bloc}.1",
        "kind": "regular",
        "starts_at": "2020-03-03T14:30:00+07:00",
        "place": "Phòng họp",
    }
    planned = meetings.send("/v1/meetings", asked)["id"]
    meetings.send(f"/v1/meetings/{planned}/cancellation", {"reason": "other", "on": "2020-03-02"})
    wait_until_seen(meetings, inspection)

    async def known() -> str:
        connection = await asyncpg.connect(stack.database_url("inspection"))
        try:
            return await connection.fetchval("SELECT status FROM meetings WHERE id = $1", planned)
        finally:
            await connection.close()

    assert asyncio.run(known()) == "cancelled"
