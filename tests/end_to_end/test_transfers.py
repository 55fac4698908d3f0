"""Transfers on the command line: a member goes step by step, what is overdue is listed and ended."""

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
def bloc(membership: Client) -> str:
    """A bloc with two cells, `….1` and `….2`, and a member in the first, `…-0`."""
    bloc = f"T{uuid.uuid4().hex[:8]}"
    for code, above, type_ in (
        (bloc, None, "bloc"), (f"{bloc}.1", bloc, "grassroots_cell"), (f"{bloc}.2", bloc, "grassroots_cell"),
    ):  # fmt: skip
        unit = {"code": code, "parent_code": above, "type": type_, "name": f"Chi bộ {code}"}
        membership.send("/v1/organisations", unit | {"established_on": "1990-01-01"})
    member = {
        "code": f"{bloc}-0", "cell_code": f"{bloc}.1", "full_name": "Lê Thị Hoa", "birth_date": "1970-05-01",
        "gender": "female", "ethnicity": "Thái", "youth_union": False, "admitted_on": "2000-01-01",
    }  # fmt: skip
    membership.send("/v1/members", member)
    return bloc


def test_a_member_goes_to_another_cell_step_by_step(run, bloc):
    member = f"{bloc}-0"
    asked = run("transfers", "request", member, "--to", f"{bloc}.2", "--on", "2020-03-02")
    assert "trong Đảng bộ Khối" in asked
    assert "chờ giới thiệu" in asked
    assert "hạn tiếp nhận 04/06/2020" in run("transfers", "release", member, "--on", "2020-03-09")
    shown = run("lists", "transfers-overdue", "--unit", bloc, "--as-of", "2020-06-05")
    assert "Lê Thị Hoa" in shown
    assert "Quy định 24-QĐ/TW" in shown
    late = run("transfers", "receive", member, "--on", "2020-06-08")
    assert "đã tiếp nhận" in late
    assert "Lưu ý: Tiếp nhận sau thời hạn" in late
    assert "không có lần chuyển" in run("transfers", "cancel", member, "--on", "2020-06-09", exit_code=1)
    listed = json.loads(run("transfers", "list", "--unit", f"{bloc}.2", "--direction", "in", "--json"))
    assert [one["member_code"] for one in listed["items"]] == [member]
    assert "đã tiếp nhận" in run("transfers", "list", "--member", member)
    assert f"{bloc}.2" in run("members", "history", member)
    corrected = run("transfers", "correct", member, "--fact", "3", "--on", "2020-06-09")
    assert "đã tiếp nhận" in corrected
    told = json.loads(run("members", "history", member, "--json"))
    assert [one["from"] for one in told["timeline"]][-1] == "2020-06-09"
    assert "đã sửa ở số 4" in run("transfers", "history", member)
    assert "chờ tiếp nhận" in run("transfers", "correct", member, "--fact", "4", "--withdraw")
    assert "hủy số 4" in run("transfers", "history", member)


def test_who_comes_from_outside_is_entered_with_their_papers_and_may_go_again(run, bloc):
    new = f"{bloc}-9"
    run("transfers", "request", new, "--to", f"{bloc}.2", "--outside", "Đảng bộ huyện", "--on", "2020-03-02")
    run("transfers", "release", new, "--on", "2020-03-03")
    assert "Sổ chưa có người này" in run("transfers", "receive", new, "--on", "2020-03-04", exit_code=1)
    run(
        "transfers", "receive", new, "--on", "2020-03-04", "--full-name", "Quàng Văn Ví Dụ", "--gender", "male",
        "--birth-date", "1985-01-02", "--ethnicity", "Thái", "--admitted-on", "2010-05-19",
        "--official-on", "2011-05-19",
    )  # fmt: skip
    assert "Quàng Văn Ví Dụ" in run("members", "search", new)
    run("transfers", "request", new, "--outside", "Đảng bộ tỉnh bạn", "--on", "2020-04-01")
    assert "đã hủy" in run("transfers", "cancel", new, "--on", "2020-04-02", "--reason", "withdrawn")


def test_what_is_overdue_expires_all_at_once(run, bloc):
    member = f"{bloc}-0"
    run("transfers", "request", member, "--to", f"{bloc}.2", "--on", "2020-03-02")
    run("transfers", "release", member, "--on", "2020-03-09")
    assert "Đã ghi hết hạn" in run("transfers", "expire", "--on", "2020-06-05")
    assert "Đã ghi hết hạn 0 lần" in run("transfers", "expire", "--on", "2020-06-05")
    assert "hết hạn" in run("transfers", "list", "--unit", bloc)
