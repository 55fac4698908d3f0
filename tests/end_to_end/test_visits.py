"""Visits, findings and evaluations on the command line, as the office records and reads them."""

import json

import pytest
from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess
from services.meetings.imports.columns import COLUMNS
from tests.end_to_end.test_teams import bloc  # noqa: F401 - a fixture


@pytest.fixture
def run(services: dict[str, ServiceProcess], monkeypatch: pytest.MonkeyPatch):
    for name in ("inspection", "membership", "meetings"):
        monkeypatch.setenv(f"CHIBO_{name.upper()}_URL", services[name].url)

    def run(*words: str, exit_code: int = 0) -> str:
        done = CliRunner().invoke(app, words, env={"COLUMNS": "240"}, catch_exceptions=False)
        assert done.exit_code == exit_code, done.output
        return " ".join(done.output.replace("│", " ").replace("┃", " ").split())

    return run


@pytest.fixture
def held(services: dict[str, ServiceProcess], membership: Client, bloc: str) -> str:  # noqa: F811
    """A cell of a bloc of its own that met in June 2020, as inspection knows it."""
    meetings, inspection = Client(services["meetings"].url), Client(services["inspection"].url)
    wait_until_seen(membership, meetings)
    row = {
        "cell_code": f"{bloc}.1", "kind": "regular", "month": "2020-06", "status": "held",
        "held_at": "2020-06-03 14:30", "minutes": "90", "counted": "1", "present": "1", "excused": "0",
        "unexcused": "0", "opinions": "1", "tasks": "0", "tasks_on_time": "0",
    }  # fmt: skip
    names = [column.name for column in COLUMNS]
    file = f"{','.join(names)}\n{','.join(row.get(name, '') for name in names)}\n".encode()
    meetings.post("/v1/imports/meetings", content=file, headers={"Content-Type": "text/csv"})
    wait_until_seen(meetings, inspection)
    return f"{bloc}.1"


def test_a_cell_is_visited_a_finding_mended_and_the_year_evaluated(run, held, bloc, tmp_path):  # noqa: F811
    team, visitor, own = f"T-{bloc}", f"{bloc}-B", f"{bloc}-A"
    run("teams", "form", team, "--name", "Tổ công tác số 1", "--on", "2020-01-15")
    run("teams", "area", team, bloc, "--on", "2020-01-15")
    run("teams", "seat", team, visitor, "--on", "2020-01-15")
    visit = ("visits", "record", f"{held}@06/2020", "--team", team)
    assert "chi bộ của mình" in run(*visit, "--visitor", own, exit_code=1)
    said = run(
        *visit, "--visitor", visitor, "--grade", "nội dung sinh hoạt=Khá", "--book-outdated",
        "danh sách đảng viên", "--step-missed", "minutes_read", "--guidance", "Gửi dự thảo trước.",
    )  # fmt: skip
    assert "dự tại" in said
    assert "đã được ghi" in run(*visit, exit_code=1)
    [listed] = json.loads(run("visits", "list", "--unit", bloc, "--json"))["items"]
    shown = run("visits", "show", listed["id"])
    for text in ("Danh sách đảng viên", "chưa cập nhật", "Thông qua biên bản", "khá", "Gửi dự thảo trước."):
        assert text in shown

    lacking = ("--summary", "Đánh giá kéo dài.", "--limitation", "Dài dòng", "--due", "2020-07-03")
    assert "chưa khắc phục" in run("findings", "open", listed["id"], *lacking)
    [found] = json.loads(run("findings", "list", "--unit", held, "--json"))["items"]
    assert "chưa thể" in run("findings", "confirm", found["id"], "--on", "2020-06-20", exit_code=1)
    run("findings", "report", found["id"], "--on", "2020-06-20", "--note", "Biên bản tháng 7")
    run("findings", "reopen", found["id"], "--on", "2020-06-22", "--due", "2020-07-20", "--note", "Vẫn dài")
    run("findings", "report", found["id"], "--on", "2020-07-05", "--note", "Đã quy định giờ")
    assert "đã xác nhận" in run("findings", "confirm", found["id"], "--on", "2020-07-06")
    assert "Vẫn dài" in run("findings", "show", found["id"])

    said = json.loads(run("visits", "show", listed["id"], "--json"))
    other = next(one["axis"] for one in said["axes"])
    run("visits", "correct", listed["id"], "--grade", f"{other}=poor", "--comment", "Đã xem lại.")
    now = json.loads(run("visits", "show", listed["id"], "--json"))
    assert now["axes"] == [one | {"grade": "poor"} if one["axis"] == other else one for one in said["axes"]]
    assert (now["books"], now["steps"], now["guidance"]) == (said["books"], said["steps"], said["guidance"])
    label = {"content": "Nội dung sinh hoạt"}[other]
    run("visits", "correct", listed["id"], "--no-comment", "--not-seen", label)
    now = json.loads(run("visits", "show", listed["id"], "--json"))
    assert (now["comment"], other in {one["axis"] for one in now["axes"]}) == (None, False)
    assert "không ghi gì về" in run("visits", "correct", listed["id"], "--not-seen", other, exit_code=1)
    assert "không có gì để sửa" in run("visits", "correct", listed["id"], exit_code=1)
    assert "đã xác nhận" in run("findings", "correct", found["id"], "--severity", "serious")
    assert "đính chính" in (shown := run("findings", "show", found["id"]))
    assert "nghiêm trọng" in shown
    run("findings", "correct", found["id"], "--owner-position", "deputy_secretary")
    assert f"phó bí thư {held}" in run("findings", "show", found["id"])
    run("findings", "correct", found["id"], "--owner-member", own)
    assert f"khắc phục: {own} · " in run("findings", "show", found["id"])
    assert "Dài dòng" in run("findings", "list", "--unit", held)
    assert "--book-… member_list Danh sách đảng viên" in run("visits", "checklist", "--on", "2020-06-03")

    [year] = json.loads(
        run(
            "evaluations",
            "show",
            "--team",
            team,
            "--from",
            "2020-01",
            "--to",
            "2020-12",
            "--by",
            "year",
            "--json",
        )
    )["items"]
    assert (year["visits"], year["cells"], year["visited"]) == (1, 2, 1)
    assert year["findings"] == {"opened": 1, "closed": 1, "overdue": 0, "unsettled": 0, "recurrent": 0}
    assert "2020-Q2" in run("evaluations", "show", "--unit", held, "--from", "2020-04", "--to", "2020-06")
    assert "Dài dòng" in run("evaluations", "limitations", "2020", "--unit", held)
    paper, photograph, sheet = tmp_path / "han-che.pdf", tmp_path / "so.png", tmp_path / "phieu.xlsx"
    run("evaluations", "limitations", "2020", "--unit", held, "--to", str(paper))
    assert paper.read_bytes().startswith(b"%PDF-")
    photograph.write_bytes(b"\x89PNG\r\n\x1a\n....")
    assert "so.png" in run("visits", "attach", listed["id"], str(photograph))
    run("visits", "form", f"{held}@06/2020", str(sheet), "--team", team, "--visitor", visitor)
    assert "đã được ghi" in run("visits", "file", str(sheet), exit_code=1)
    file = tmp_path / "visits.csv"
    file.write_text("team_code,cell_code\n", encoding="utf-8")
    assert "Thiếu cột" in run("visits", "import", str(file), exit_code=1)
