"""The plan of a month on the command line; meetings and transfers come over Kafka, and the job plans anew."""

import json

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess
from tests.waiting import until

BLOC, MONTH = "PLANS", "2031-05"
HEADER = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)
PEOPLE = {f"{BLOC}-A": (f"{BLOC}.1", "Lê Thị An"), f"{BLOC}-B": (f"{BLOC}.2", "Trần Thị Bình")}


@pytest.fixture
def run(services: dict[str, ServiceProcess], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHIBO_INSPECTION_URL", services["inspection"].url)
    monkeypatch.setenv("CHIBO_MEMBERSHIP_URL", services["membership"].url)

    def run(*words: str, exit_code: int = 0) -> str:
        done = CliRunner().invoke(app, words, env={"COLUMNS": "240"}, catch_exceptions=False)
        assert done.exit_code == exit_code, done.output
        return " ".join(done.output.replace("│", " ").replace("┃", " ").split())

    return run


@pytest.fixture
def meetings(services: dict[str, ServiceProcess], membership: Client, run) -> dict[str, str]:
    """A bloc of three cells that meet in the month, and a team with somebody of the first and of the second."""
    for code, above, type_ in (
        (BLOC, None, "bloc"), *((f"{BLOC}.{number}", BLOC, "grassroots_cell") for number in (1, 2, 3)),
    ):  # fmt: skip
        unit = {"code": code, "parent_code": above, "type": type_, "name": f"Chi bộ {code}"}
        membership.send("/v1/organisations", unit | {"established_on": "2000-01-01"})
    rows = [
        f"{code},{cell},{name},1980-05-01,female,Kinh,,no,2010-03-03,2011-03-03,,\n"
        for code, (cell, name) in PEOPLE.items()
    ]
    membership.post(
        "/v1/imports/members", content="".join([HEADER, *rows]).encode(), headers={"Content-Type": "text/csv"}
    )
    service = Client(services["meetings"].url)
    wait_until_seen(membership, service)
    wait_until_seen(membership, Client(services["inspection"].url))
    planned = {}
    for number in (1, 2, 3):
        cell = f"{BLOC}.{number}"
        asked = {"cell_code": cell, "kind": "regular", "starts_at": f"{MONTH}-0{number + 4}T14:30:00+07:00"}
        planned[cell] = service.send("/v1/meetings", asked | {"place": "Phòng họp"})["id"]
    wait_until_seen(service, Client(services["inspection"].url))
    run("teams", "form", f"T-{BLOC}", "--name", "Tổ công tác", "--on", "2031-01-01")
    run("teams", "area", f"T-{BLOC}", BLOC, "--on", "2031-01-01")
    for code in PEOPLE:
        run("teams", "seat", f"T-{BLOC}", code, "--on", "2031-01-01")
    return planned


def test_a_month_is_planned_approved_and_mends_itself(run, meetings, services, membership, tmp_path):
    ann, ben = PEOPLE
    for code in ("1", "2"):  # whoever else sits in teams on this stack is left out
        assert f"{BLOC}.{code}" in run("plans", "propose", MONTH, "--anew" if code == "2" else "--at-most=9")
    assert "chi bộ của chính mình" in run("plans", "pin", MONTH, f"{BLOC}.1", ann, exit_code=1)
    run("plans", "pin", MONTH, f"{BLOC}.1", ben)
    run("plans", "pin", MONTH, f"{BLOC}.2", ann)
    shown = run("plans", "pin", MONTH, f"{BLOC}.3", ann)
    assert f"07/05/2031 14:30 {BLOC}.3 {ann} · Lê Thị An T-{BLOC} Cán bộ đã ghim. Chưa từng được dự" in shown
    assert "Hãy bỏ ghim trước" in run("plans", "forbid", MONTH, "--cell", f"{BLOC}.3", exit_code=1)
    assert "không biết buổi sinh hoạt nào" in run("plans", "pin", MONTH, "X.9", exit_code=1)
    run("plans", "unpin", MONTH, f"{BLOC}.3")
    assert f"Đã loại: buổi của {BLOC}.3" in run("plans", "forbid", MONTH, "--cell", f"{BLOC}.3")
    assert "propose --anew" in run("plans", "forbid", MONTH, "--cell", f"{BLOC}.3", "--lift")
    run("plans", "change", MONTH, f"{BLOC}.3", ann)
    assert "đã duyệt" in run(
        "plans", "approve", MONTH, "--document", "03-KH/ĐUK", "--document-date", "2031-04-25"
    )
    assert "đã được duyệt" in run("plans", "approve", MONTH, exit_code=1)
    told = run("plans", "notices", "05/2031", ben)
    assert told.startswith(
        f"{ben} · Trần Thị Bình, tháng 05/2031: 05/05/2031 14:30 chi bộ {BLOC}.1, tổ T-{BLOC} ┏"
    )
    assert f"{ben} · Trần Thị Bình 1 buổi" in told
    run("plans", "contact", "binh@soyte.example", "--member", ben)
    run("plans", "contact", "chibo@soyte.example", "--cell", f"{BLOC}.1")
    assert "--cell" in run("plans", "contact", "chibo@soyte.example", exit_code=2)
    wrong = run("plans", "contact", "chi bộ", "--cell", f"{BLOC}.1", exit_code=1)
    assert "phải là một địa chỉ thư điện tử" in wrong
    until(  # the stack has no mail server
        lambda: f"Chi bộ {BLOC}.1 1 buổi chỉ ghi nhật ký" in run("plans", "notices", MONTH),
        "the cell to be told",
    )
    assert "Chưa có máy chủ thư" in run("plans", "notices", MONTH)
    assert "05/2031 đã duyệt 3 0" in run("plans", "list")
    run("plans", "calendar", MONTH, ben, "--out", str(tmp_path / "ben.ics"))
    [entry] = Calendar.from_ical((tmp_path / "ben.ics").read_bytes()).events
    assert (entry["SUMMARY"], entry["STATUS"]) == (f"Dự sinh hoạt Chi bộ {BLOC}.1", "CONFIRMED")

    Client(services["meetings"].url).send(
        f"/v1/meetings/{meetings[f'{BLOC}.1']}/schedule", {"starts_at": f"{MONTH}-12T08:00:00+07:00"}
    )
    until(
        lambda: f"12/05/2031 08:00 chi bộ {BLOC}.1" in run("plans", "notices", MONTH, ben),
        "the visit to move",
    )
    assert "Đổi buổi dự: buổi sinh hoạt đổi giờ" in run("plans", "history", MONTH)

    moved = membership.send(
        "/v1/transfers", {"member_code": ann, "destination_code": f"{BLOC}.2", "requested_on": "2026-01-05"}
    )["id"]
    membership.send(f"/v1/transfers/{moved}/release", {"released_on": "2026-01-06"})
    membership.send(f"/v1/transfers/{moved}/reception", {"received_on": "2026-01-07"})
    until(
        lambda: "chi bộ của chính người đi dự" in run("plans", "history", MONTH),
        "who transferred to be replaced",
    )
    assert f"{BLOC}.2 {ann}" not in run("plans", "show", MONTH)
    assert f"{BLOC}.3 {ann}" in run("plans", "show", MONTH)
    assert "--nobody" in run("plans", "change", MONTH, f"{BLOC}.3", exit_code=2)
    assert f"{BLOC}.3" not in json.dumps(
        json.loads(run("plans", "change", MONTH, f"{BLOC}.3", "--nobody", "--json"))["visits"]
    )
    assert f"{BLOC}.1" not in run("plans", "left-out", MONTH)
