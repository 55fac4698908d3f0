"""Positions and terms on the command line: a congress is recorded, and the lists of what is vacant and due follow."""

import json
import uuid

import pytest
from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from deploy.local.stack import ServiceProcess


@pytest.fixture
def run(services: dict[str, ServiceProcess]):
    def run(*words: str, exit_code: int = 0) -> str:
        done = CliRunner().invoke(
            app, [*words, "--url", services["membership"].url], env={"COLUMNS": "240"}, catch_exceptions=False
        )
        assert done.exit_code == exit_code, done.output
        return " ".join(done.output.replace("│", " ").split())

    return run


@pytest.fixture
def cell(membership: Client) -> str:
    """A bloc with one cell of two official members, `…-0` and `…-1`."""
    bloc = f"P{uuid.uuid4().hex[:8]}"
    cell = f"{bloc}.1"
    for code, above, type_ in ((bloc, None, "bloc"), (cell, bloc, "grassroots_cell")):
        unit = {"code": code, "parent_code": above, "type": type_, "name": f"Chi bộ {code}"}
        membership.send("/v1/organisations", unit | {"established_on": "1990-01-01"})
    for n, name in enumerate(("Lê Thị Hoa", "Trần Văn Ơn")):
        member = {
            "code": f"{cell}-{n}", "cell_code": cell, "full_name": name, "birth_date": "1970-05-01",
            "gender": "female", "ethnicity": "Thái", "youth_union": False, "admitted_on": "2000-01-01",
        }  # fmt: skip
        membership.send("/v1/members", member)
        membership.send(f"/v1/members/{cell}-{n}/confirmation", {"official_on": "2001-01-01"})
    return cell


def test_a_congress_is_recorded_and_its_lists_follow(run, cell):
    assert "Bí thư" in run("lists", "vacancies", "--unit", cell, "--as-of", "2020-06-01")
    opened = run(
        "terms", "open", cell, "2020–2025", "--on", "2020-05-15", "--congress-on", "2020-05-15",
        "--elect", f"{cell}-0=secretary", "--document", "12-QĐ/ĐU", "--document-date", "2020-05-20",
    )  # fmt: skip
    assert "ghi 1 người được bầu" in opened
    shown = run("positions", "show", cell, "--as-of", "2020-06-01")
    assert "Lê Thị Hoa" in shown
    assert "15/05/2020" in shown
    assert "đại hội bầu" in shown
    assert "12-QĐ/ĐU, 20/05/2020" in run("terms", "list", cell)
    assert "Tất cả: 0" in run("lists", "vacancies", "--unit", cell, "--as-of", "2020-06-01")
    due = run("lists", "congresses-due", "--unit", cell, "--as-of", "2025-01-01")
    assert "15/05/2025" in due
    assert "Điều 22" in due
    assert "quá hạn" in run("lists", "congresses-due", "--unit", cell, "--as-of", "2027-01-01")
    assert "Tất cả: 0" in run(
        "lists", "congresses-due", "--unit", cell, "--as-of", "2020-06-01", "--within-days", "9"
    )


def test_a_position_is_taken_ended_and_put_right(run, cell):
    taken = json.loads(
        run("positions", "take", cell, f"{cell}-0", "secretary", "--on", "2020-01-01", "--json")
    )
    refused = run("positions", "take", cell, f"{cell}-1", "secretary", "--on", "2021-01-01", exit_code=1)
    assert "đã có bí thư từ ngày 01/01/2020" in refused
    id_ = taken["id"]
    assert "bản 2" in run("positions", "end", id_, "--on", "2021-01-01", "--reason", "resigned")
    assert "bản 3" in run("positions", "correct", id_, "2", "--on", "2021-02-01")
    history = run("positions", "history", id_)
    assert "đã sửa ở số 3" in history
    assert "Bí thư, 01/01/2020 – 01/02/2021" in history
    assert "thôi giữ chức" in run("positions", "of", f"{cell}-0")
    run("positions", "take", cell, f"{cell}-1", "secretary", "--on", "2021-02-01")
    assert "bản 4" in run("positions", "correct", id_, "1", "--withdraw")
    assert "hủy số 1" in run("positions", "history", id_)


def test_a_term_is_ended_and_put_right(run, cell):
    term = json.loads(run("terms", "open", cell, "2020-2025", "--on", "2020-05-15", "--json"))["id"]
    run("terms", "end", term, "--on", "2025-01-01")
    run("terms", "correct", term, "1", "--label", "2020–2025")
    assert "2020–2025, 15/05/2020 – 01/01/2025" in run("terms", "history", term)


def test_who_was_elected_is_said_in_full(run, cell):
    words = ("terms", "open", cell, "2020–2025", "--on", "2020-05-15", "--elect", f"{cell}-0")
    assert "MÃ=CHỨC VỤ" in run(*words, exit_code=2)
