"""The example's meetings: what is stated of them holds, and rows obey the rules of the file."""

import csv
from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date, datetime

import pytest

from services.meetings.imports.columns import COLUMNS, ONLY_HELD, ONLY_NOT_HELD
from services.meetings.imports.rows import read_table
from tests.unit.test_example_bloc import FOLDER, read, unit_counts


@pytest.fixture(scope="module")
def rows():
    return read("meetings.csv")


def months_of(rows, kind="regular"):
    return {(row["cell_code"], row["month"]): row for row in rows if row["kind"] == kind}


def test_the_file_has_the_columns_of_the_format():
    with (FOLDER / "meetings.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == tuple(column.name for column in COLUMNS)


def test_two_years_of_all_cells(rows):
    months = sorted({row["month"] for row in rows})
    assert (months[0], months[-1], len(months)) == ("2018-12", "2020-11", 24)
    cells = {
        unit["code"] for unit in read("organisations.csv")
        if unit["type"].endswith("_cell") and unit_counts(unit, date(2020, 11, 30))
    }  # fmt: skip
    assert len(cells) == 242
    assert cells <= {row["cell_code"] for row in rows}


def test_a_cell_has_one_regular_meeting_a_month_and_meets_while_it_is_there(rows):
    units = {unit["code"]: unit for unit in read("organisations.csv")}
    regular = [row for row in rows if row["kind"] == "regular"]
    assert len(months_of(rows)) == len(regular)
    for row in rows:
        day = datetime.fromisoformat(row["held_at"]).date()
        assert unit_counts(units[row["cell_code"]], day)
        assert row["held_at"].startswith(row["month"])


def test_a_meeting_has_figures_or_a_reason(rows):
    for row in rows:
        empty, full = (ONLY_NOT_HELD, ONLY_HELD) if row["status"] == "held" else (ONLY_HELD, ("reason",))
        assert not any(row[name] for name in empty)
        assert all(row[name] for name in full)
        assert row["kind"] != "thematic" or row["theme"]


def test_who_was_to_come_was_a_member_of_the_cell(rows):
    stays = defaultdict(list)
    for member in read("members.csv"):
        stays[member["cell_code"]].append((member["admitted_on"], member["left_on"] or "9999"))
    for row in rows:
        if row["status"] == "held":
            day = row["held_at"][:10]
            counted = sum(since <= day < until for since, until in stays[row["cell_code"]])
            assert int(row["counted"]) == counted
            assert counted == sum(int(row[name]) for name in ("present", "excused", "unexcused"))
            assert 2 * int(row["present"]) > counted
            assert int(row["tasks_on_time"]) <= int(row["tasks"])


def test_the_epidemic_jumps_to_the_eye(rows):
    put_off = Counter(row["month"] for row in rows if row["reason"] == "epidemic")
    assert set(put_off) == {"2020-03", "2020-04", "2020-05", "2020-08"}
    assert put_off["2020-04"] > 190
    by = {row["document_number"] for row in rows if row["month"] == "2020-04" and row["reason"] == "epidemic"}
    assert by == {"16/CT-TTg"}
    held_in_april = [row["held_at"] for row in rows if row["month"] == "2020-04" and row["status"] == "held"]
    assert min(held_in_april) >= "2020-04-23"


def test_some_months_were_simply_missed(rows):
    units = [unit for unit in read("organisations.csv") if unit["type"].endswith("_cell")]
    there = months_of(rows)
    missed = Counter()
    for year, month in [
        (2018, 12),
        *((2019, number) for number in range(1, 13)),
        *((2020, number) for number in range(1, 12)),
    ]:
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        due = [unit["code"] for unit in units if unit_counts(unit, first) and unit_counts(unit, last)]
        name = f"{year}-{month:02}"
        missed[name] = sum((code, name) not in there for code in due)
        assert missed[name] < 20
    assert 50 < missed.total() < 150


def test_most_cells_have_a_theme_each_quarter(rows):
    themed = {
        (row["cell_code"], row["month"][:4], (int(row["month"][5:]) - 1) // 3)
        for row in rows if row["theme"] and row["status"] == "held"
    }  # fmt: skip
    whole = [(2019, quarter) for quarter in range(4)] + [(2020, quarter) for quarter in range(3)]
    for year, quarter in whole:
        had = sum((year_, quarter_) == (str(year), quarter) for _, year_, quarter_ in themed)
        assert 200 < had < 244


def test_the_service_reads_the_file_as_it_is():
    table = read_table((FOLDER / "meetings.csv").read_bytes(), workbook=False)
    assert not table.warnings
    assert [dict(row.cells) for row in table.rows[:50]] == read("meetings.csv")[:50]
