"""The office's lists on the command line: all pages, for people as a table in Vietnamese and for programs as JSON."""

import json
import uuid

import pytest
from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from chibo.membership import lists
from deploy.local.stack import ServiceProcess

MEMBERS = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)


def chibo(*words: str):
    return CliRunner().invoke(app, words, env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def bloc(services: dict[str, ServiceProcess], tmp_path_factory) -> str:
    """A bloc with one cell: two members on probation, one of whom is late, and one with thirty years."""
    bloc, url = f"L{uuid.uuid4().hex[:8]}", services["membership"].url
    folder = tmp_path_factory.mktemp("lists")
    (folder / "units.csv").write_text(
        "code,parent_code,type,name,established_on,dissolved_on\n"
        f"{bloc},,bloc,Đảng bộ Khối,1976-01-01,\n{bloc}.1,{bloc},grassroots_cell,Chi bộ Văn phòng,1980-01-01,\n",
        encoding="utf-8",
    )
    rows = [
        ("Đặng Thị Ẩn", "2019-06-01", ""),
        ("Lê Văn An", "2019-03-03", ""),
        ("Hà Ơn", "1990-03-03", "1991-03-03"),
    ]
    (folder / "members.csv").write_text(
        MEMBERS
        + "".join(
            f"{bloc}-{number},{bloc}.1,{name},1960-05-01,female,Thái,,no,{admitted},{official},,\n"
            for number, (name, admitted, official) in enumerate(rows)
        ),
        encoding="utf-8",
    )  # fmt: skip
    for kind, file in (("organisations", "units.csv"), ("members", "members.csv")):
        done = chibo("import", kind, str(folder / file), "--url", url)
        assert done.exit_code == 0, done.output
    return bloc


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            ("probation-due", "--as-of", "2020-06-30"),
            ["ngày 30/06/2020", "Hạn xét", "Đặng Thị Ẩn", "01/06/2020", "13/07/2020", "Tất cả: 1", "Điều 5"],
        ),
        (
            ("probation-due", "--as-of", "2020-02-01", "--within-days", "7"),
            ["ngày 01/02/2020", "Tất cả: 0"],
        ),
        (
            ("probation-overdue", "--as-of", "2020-06-30"),
            ["Quá hạn từ", "Lê Văn An", "15/04/2020", "16/04/2020", "Tất cả: 1", "24-QĐ/TW"],
        ),
        (
            ("badges-due", "--award-day", "2020-05-19"),
            ["ngày 19/05/2020", "Hà Ơn", "30 năm", "03/03/2020", "quyết định kết nạp", "01-HD/TW"],
        ),
        (
            ("small-cells", "--as-of", "2020-06-30", "--rule", "cell-too-small"),
            ["Chi bộ Văn phòng", "Chi bộ cơ sở", "có 1 đảng viên chính thức, chưa đủ 3", "Điều 21"],
        ),
        (("small-cells", "--as-of", "2020-06-30", "--rule", "cell-committee"), ["Tất cả: 0"]),
    ],
)
def test_a_list_is_shown_as_a_table_with_its_rules(services, bloc, words, shown):
    done = chibo("lists", *words, "--unit", bloc, "--url", services["membership"].url)
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.replace("│", " ").split())
    for part in shown:
        assert part in text, part


def test_all_pages_are_one_list(services, bloc, monkeypatch):
    monkeypatch.setattr("chibo.client._PAGE", "1")
    words = ("probation-overdue", "--as-of", "2021-01-01", "--unit", bloc, "--actor", "van-phong", "--json")
    done = chibo("lists", *words, "--url", services["membership"].url)
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert [item["full_name"] for item in answer["items"]] == ["Lê Văn An", "Đặng Thị Ẩn"]
    assert answer.keys() == {"as_of", "items"}


def test_a_list_without_a_day_is_that_of_its_first_page(membership: Client, bloc, monkeypatch):
    monkeypatch.setattr("chibo.client._PAGE", "1")
    answer = lists.read(membership, "probation-overdue", actor="van-phong", unit=bloc)
    assert len(answer["items"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("badges-due", "--award-day", "2020-05-20"), "3/2, 19/5, 2/9, 7/11"),
        (("probation-due", "--as-of", "2015-06-30"), "01/01/2018"),
        (("small-cells", "--unit", "Q"), "Q"),
    ],
)
def test_what_cannot_be_listed_is_refused_in_words(services, words, said):
    done = chibo("lists", *words, "--url", services["membership"].url)
    assert done.exit_code == 1
    assert said in done.output


def test_a_day_that_does_not_exist_is_refused_before_anything_is_asked():
    done = chibo("lists", "probation-due", "--as-of", "2020-02-30", "--url", "http://127.0.0.1:1")
    assert done.exit_code == 2
    assert "2020-02-30" in done.output
