"""Exemptions, stays, profiles and ways back on the command line, as an officer records and lists them."""

import json
import uuid

import pytest
from typer.testing import CliRunner

from chibo.main import app
from deploy.local.stack import ServiceProcess

UNITS = "code,parent_code,type,name,established_on,dissolved_on\n"
MEMBERS = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)


def chibo(*words: str):
    return CliRunner().invoke(app, words, env={"COLUMNS": "240"})


@pytest.fixture(scope="module")
def url(services: dict[str, ServiceProcess]) -> str:
    return services["membership"].url


@pytest.fixture
def bloc(url: str, tmp_path) -> str:
    """A bloc with two cells and a member in the first."""
    bloc = f"D{uuid.uuid4().hex[:8]}"
    (tmp_path / "units.csv").write_text(
        UNITS + f"{bloc},,bloc,Đảng bộ Khối,1976-01-01,\n"
        f"{bloc}.1,{bloc},grassroots_cell,Chi bộ Một,1990-01-01,\n"
        f"{bloc}.2,{bloc},grassroots_cell,Chi bộ Hai,1990-01-01,\n",
        encoding="utf-8",
    )
    row = f"{bloc}-1,{bloc}.1,Lò Thị Ánh,1990-05-01,female,Thái,,yes,2015-03-01,2016-03-01,,\n"
    (tmp_path / "members.csv").write_text(MEMBERS + row, encoding="utf-8")
    for kind, file in (("organisations", "units.csv"), ("members", "members.csv")):
        done = chibo("import", kind, str(tmp_path / file), "--url", url)
        assert done.exit_code == 0, done.output
    return bloc


def test_what_holds_of_a_member_is_recorded_listed_and_ended(bloc, url):
    def told(*words: str) -> str:
        done = chibo(*words, "--url", url)
        assert done.exit_code == 0, done.output
        return done.output

    member = f"{bloc}-1"
    told(
        "members", "exempt", member, "--on", "2020-06-01", "--until", "2020-09-01", "--grounds", "Sức yếu [b]"
    )
    told("members", "stay", member, "--cell", f"{bloc}.2", "--on", "2020-06-01")
    shown = told("lists", "exempt", "--unit", bloc, "--as-of", "2020-11-30")
    assert "Lò Thị Ánh" in shown
    assert "01/09/2020 (quá hạn)" in shown
    assert "Sức yếu [b]" in shown
    assert "Chi bộ Hai" in told("lists", "temporary-stays", "--unit", f"{bloc}.2", "--as-of", "2020-11-30")
    told("members", "end", member, "exemption", "--on", "2020-12-01")
    assert "Tất cả: 0" in told("lists", "exempt", "--unit", bloc, "--as-of", "2020-12-01")
    history = told("members", "history", member)
    assert "miễn công tác và sinh hoạt đảng" in history
    refused = chibo("members", "end", member, "suspension", "--on", "2020-12-01", "--url", url)
    assert refused.exit_code == 1
    assert "đình chỉ" in refused.output


def test_the_youth_union_is_left_and_who_comes_of_age_listed(bloc, url):
    listed = chibo("lists", "youth-union-ending", "--unit", bloc, "--as-of", "2020-05-01", "--url", url)
    assert "Lò Thị Ánh" in listed.output
    assert "Điều lệ Đoàn" in listed.output
    done = chibo("members", "profile", f"{bloc}-1", "--on", "2020-06-01", "--no-youth-union", "--url", url)
    assert done.exit_code == 0, done.output
    after = chibo(
        "lists", "youth-union-ending", "--unit", bloc, "--as-of", "2020-06-01", "--url", url, "--json"
    )
    assert json.loads(after.stdout)["items"] == []


def test_an_admission_entered_by_mistake_is_withdrawn_and_the_member_admitted_in_truth(bloc, url):
    member = f"{bloc}-1"
    for fact in ("2", "1"):
        done = chibo("members", "correct", member, fact, "--withdraw", "--url", url)
        assert done.exit_code == 0, done.output
    assert "đã hủy" in chibo("members", "history", member, "--url", url).output
    done = chibo(
        "members", "readmit", member, "--cell", f"{bloc}.2", "--on", "2021-02-03", "--url", url, "--json"
    )
    assert json.loads(done.stdout)["cell_code"] == f"{bloc}.2"


def test_nobody_is_restored_who_never_left(bloc, url):
    member = f"{bloc}-1"
    done = chibo("members", "restore", member, "--on", "2021-02-03", "--url", url)
    assert done.exit_code == 1
    assert "đang có trong danh sách" in done.output
