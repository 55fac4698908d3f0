"""Figures by the grammar of reporting on the command line, as an officer asks for them."""

import csv
import json

import pytest

from chibo.reporting.figures import number
from tests.end_to_end import test_reporting_movement
from tests.end_to_end.test_reporting_movement import chibo

bloc = test_reporting_movement.bloc


@pytest.fixture
def ask(bloc, services):
    def asked(*words: str, unit: str = bloc):
        return chibo("figures", "--unit", unit, *words, "--url", services["reporting"].url)

    return asked


def test_one_figure_against_last_year(ask):
    shown = ask("--to", "2019-12-31", "--last-year", "--measures", "members,movement.out")
    assert shown.exit_code == 0, shown.output
    cells = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in shown.output.splitlines() if "│" in line
    ]
    assert cells == [
        ["Đảng viên", "đảng viên", "2", "3", "-1", "-33,3"],
        ["Đảng viên giảm", "đảng viên", "2", "0", "2", "—"],
    ]
    assert "Đảng bộ [b]Khối — từ 01/01/2019 đến 31/12/2019" in shown.output


def test_a_trend_by_unit_in_the_order_of_its_rank(ask, bloc):
    shown = ask("--from", "2019-Q1", "--to", "2019-Q2", "--by-period", "quarter", "--by", "unit,standing",
                "--rank", "members", "--limit", "1")  # fmt: skip
    assert shown.exit_code == 0, shown.output
    rows = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in shown.output.splitlines() if "│" in line
    ]
    assert rows == [
        ["quý 1/2019", "1", f"{bloc}.1", "Chi bộ [i]Một", "Chính thức", "2"],
        ["quý 2/2019", "1", f"{bloc}.1", "Chi bộ [i]Một", "Chính thức", "1"],
    ]


def test_the_same_for_programs_and_as_a_file(ask, tmp_path):
    words = ("--to", "2019", "--by", "cell", "--measures", "members")
    answer = json.loads(ask(*words, "--json").stdout)
    file = tmp_path / "số liệu.csv"
    done = ask(*words, "--to-file", str(file))
    assert (done.exit_code, done.output) == (0, "")
    with file.open(encoding="utf-8-sig", newline="") as content:
        rows = list(csv.DictReader(content))
    assert [(row["unit"], int(row["members"])) for row in rows] == [
        (row["unit"]["code"], row["values"]["members"]) for row in answer["rows"]
    ]
    again = ask(*words, "--to-file", str(file))
    assert again.exit_code == 1
    assert "--overwrite" in again.output
    assert ask(*words, "--to-file", str(tmp_path / "x.pdf")).exit_code == 1


def test_what_cannot_be_asked_says_what_can(ask, services):
    refused = ask("--by", "kind")
    assert refused.exit_code == 1
    assert "gender (Giới tính)" in " ".join(refused.output.split())
    listed = chibo("measures", "--url", services["reporting"].url)
    assert "meetings.held_rate" in listed.output
    assert "Tỷ lệ kỳ đã sinh hoạt" in listed.output


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (0, "0"), (1234567, "1.234.567"), (91.9, "91,9"), (100.0, "100"), (-1.4, "-1,4")],
)
def test_figures_as_they_are_written(value, text):
    assert number(value) == text
