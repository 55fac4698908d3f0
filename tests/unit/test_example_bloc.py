"""The example bloc: its totals are the stated facts, its rows obey the rules of the input files."""

import csv
import json
import subprocess
import sys
import unicodedata
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "bloc-2020"
FILES = ("organisations.csv", "members.csv", "meetings.csv", "teams.csv", "visits.csv", "findings.csv")
CELLS = ("grassroots_cell", "subordinate_cell")
PARENT_TYPES = {
    "grassroots_committee": {"bloc"},
    "grassroots_cell": {"bloc"},
    "divisional_committee": {"grassroots_committee"},
    "subordinate_cell": {"grassroots_committee", "divisional_committee"},
}
LEFT_REASONS = {"transferred_out", "resigned", "removed", "expelled", "died"}
RELIGIONS = {"", "Không", "Phật giáo", "Công giáo", "Cao Đài", "Hòa Hảo", "Tin Lành"}
COUNTED_ON = date(2020, 11, 30)


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    return date.fromisoformat(text) if text else None


def years_after(start, years):
    if (start.month, start.day) == (2, 29):
        return date(start.year + years, 3, 1)
    return start.replace(year=start.year + years)


def age_on(birth, when):
    return when.year - birth.year - ((when.month, when.day) < (birth.month, birth.day))


def in_force(row, start, end, when):
    return row[start] <= when.isoformat() and (not row[end] or when.isoformat() < row[end])


def unit_counts(row, when):
    return in_force(row, "established_on", "dissolved_on", when)


def member_counts(row, when):
    return in_force(row, "admitted_on", "left_on", when)


def month_ends():
    firsts = [date(year, month, 1) for year in (2019, 2020) for month in range(1, 13)]
    return [first - timedelta(days=1) for first in [*firsts, date(2021, 1, 1)]]


@pytest.fixture(scope="module")
def units():
    return read("organisations.csv")


@pytest.fixture(scope="module")
def members():
    return read("members.csv")


@pytest.fixture(scope="module")
def unit_of(units):
    return {unit["code"]: unit for unit in units}


def test_the_totals_are_the_stated_facts(units, members):
    facts = json.loads((FOLDER / "facts.json").read_text(encoding="utf-8"))
    when = day(facts["as_of"])
    assert when == COUNTED_ON
    committees = cells = subordinate = 0
    for unit in units:
        if unit_counts(unit, when):
            committees += unit["type"] == "grassroots_committee"
            cells += unit["type"] == "grassroots_cell"
            subordinate += unit["type"] == "subordinate_cell"
    total = women = minority = youth = with_religion = 0
    for member in members:
        if member_counts(member, when):
            total += 1
            women += member["gender"] == "female"
            minority += member["ethnicity"] != "Kinh"
            youth += member["youth_union"] == "yes"
            with_religion += member["religion"] not in {"", "Không"}
    assert facts["organisations"] == {
        "grassroots_organisations": committees + cells,
        "grassroots_committees": committees,
        "grassroots_cells": cells,
        "subordinate_cells": subordinate,
    }
    assert facts["members"] == {
        "total": total,
        "women": women,
        "ethnic_minority": minority,
        "youth": youth,
        "with_religion": with_religion,
    }


def test_the_facts_are_those_of_the_article():
    """A change of facts.json together with the files would go unseen otherwise."""
    facts = json.loads((FOLDER / "facts.json").read_text(encoding="utf-8"))
    assert list(facts["organisations"].values()) == [68, 32, 36, 206]
    assert list(facts["members"].values()) == [2712, 1056, 65, 218, 265]
    assert facts["source"]


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_clean_text(name):
    content = (FOLDER / name).read_bytes()
    text = content.decode("utf-8")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert unicodedata.is_normalized("NFC", text)
    for row in csv.reader(text.splitlines()):
        assert all(value == value.strip() for value in row)


def test_the_columns_are_those_of_the_input_format(units, members):
    assert list(units[0]) == ["code", "parent_code", "type", "name", "established_on", "dissolved_on"]
    assert list(members[0]) == [
        *("code", "cell_code", "full_name", "birth_date", "gender", "ethnicity", "religion", "youth_union"),
        *("admitted_on", "official_on", "left_on", "left_reason"),
    ]


def test_codes_are_unique(units, members):
    for rows in (units, members):
        assert max(Counter(row["code"] for row in rows).values()) == 1


def test_there_is_one_root(units):
    roots = [unit for unit in units if not unit["parent_code"]]
    assert [root["type"] for root in roots] == ["bloc"]


def test_every_unit_fits_under_its_parent(units, unit_of):
    seen = set()
    for unit in units:
        seen.add(unit["code"])
        assert unit["name"], unit
        established, dissolved = day(unit["established_on"]), day(unit["dissolved_on"])
        assert established, unit
        assert dissolved is None or established < dissolved, unit
        if unit["type"] == "bloc":
            continue
        parent = unit_of[unit["parent_code"]]
        assert parent["code"] in seen, f"parents come first: {unit}"
        assert parent["type"] in PARENT_TYPES[unit["type"]], unit
        assert unit["code"].startswith(parent["code"] + "."), unit
        assert day(parent["established_on"]) <= established, unit
        if parent["dissolved_on"]:
            assert unit["dissolved_on"], unit
            assert unit["dissolved_on"] <= parent["dissolved_on"], unit


def test_no_two_siblings_share_a_name(units):
    names = Counter((unit["parent_code"], unit["name"]) for unit in units)
    assert max(names.values()) == 1


def test_every_member_belongs_to_a_cell_while_it_stands(members, unit_of):
    for member in members:
        cell = unit_of[member["cell_code"]]
        assert cell["type"] in CELLS, member
        assert day(member["admitted_on"]) >= day(cell["established_on"]), member
        if cell["dissolved_on"]:
            assert member["left_reason"] == "transferred_out", member
            assert day(member["left_on"]) <= day(cell["dissolved_on"]), member


def test_every_member_has_a_possible_life(members):
    for member in members:
        birth, admitted = day(member["birth_date"]), day(member["admitted_on"])
        official, left = day(member["official_on"]), day(member["left_on"])
        assert 18 <= age_on(birth, admitted) <= 60, member
        assert admitted <= date(2020, 12, 31), member
        if official:
            assert official >= years_after(admitted, 1), member
            assert left is None or official <= left, member
        assert left is None or left > admitted, member
        assert bool(member["left_on"]) == bool(member["left_reason"]), member
        if member["youth_union"] == "yes":
            assert age_on(birth, min(left or COUNTED_ON, COUNTED_ON)) <= 35, member


def test_every_value_is_of_the_format(members):
    for member in members:
        assert len(member["full_name"].split()) >= 2, member
        assert member["gender"] in {"female", "male"}, member
        assert member["ethnicity"], member
        assert member["religion"] in RELIGIONS, member
        assert member["youth_union"] in {"yes", "no"}, member
        assert member["left_reason"] in LEFT_REASONS | {""}, member
    assert {member["religion"] for member in members} == RELIGIONS
    assert {member["left_reason"] for member in members} == LEFT_REASONS | {""}


def test_nobody_stays_probationary_for_long(members):
    """Confirmed within fifteen months, unless gone by then or not there yet when the files end."""
    for member in members:
        latest = years_after(day(member["admitted_on"]), 1) + timedelta(days=92)
        end = day(member["left_on"]) or date(2020, 12, 31)
        assert day(member["official_on"] or end.isoformat()) <= latest, member


def test_every_cell_has_three_official_members(units, members):
    officials = Counter()
    for member in members:
        if member_counts(member, COUNTED_ON) and member["official_on"]:
            officials[member["cell_code"]] += day(member["official_on"]) <= COUNTED_ON
    for unit in units:
        if unit["type"] in CELLS and unit_counts(unit, COUNTED_ON):
            assert officials[unit["code"]] >= 3, unit


def test_every_grassroots_committee_has_thirty_members(units, members):
    sizes = Counter(
        ".".join(member["cell_code"].split(".")[:2])
        for member in members
        if member_counts(member, COUNTED_ON)
    )
    for unit in units:
        if unit["type"] == "grassroots_committee" and unit_counts(unit, COUNTED_ON):
            assert sizes[unit["code"]] >= 30, unit


def test_every_month_end_has_another_total_than_the_one_before(members):
    totals = [sum(member_counts(member, end) for member in members) for end in month_ends()]
    assert len(totals) == 25
    for before, after in pairwise(totals):
        assert before != after, totals


def test_the_boundary_days_carry_changes(units, members):
    """Counting the day of leaving, or missing the day of admission, gives another total."""
    next_day = COUNTED_ON + timedelta(days=1)
    for when in (COUNTED_ON, next_day):
        assert any(day(member["admitted_on"]) == when for member in members)
        assert any(day(member["left_on"]) == when for member in members)
        assert any(day(unit["dissolved_on"]) == when for unit in units)
    assert any(day(unit["established_on"]) == next_day for unit in units)


def test_the_tree_changes_in_both_years(units):
    for year in ("2019", "2020"):
        assert any(unit["established_on"].startswith(year) for unit in units)
        assert any(unit["dissolved_on"].startswith(year) for unit in units)
    assert sum(unit["type"] == "divisional_committee" for unit in units) == 3


def generate(*arguments):
    command = [sys.executable, str(FOLDER / "generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_generator_makes_the_files_that_are_checked_in():
    done = generate("--check")
    assert done.returncode == 0, done.stderr


def test_the_check_sees_a_changed_and_a_missing_file(tmp_path):
    assert generate("--out", str(tmp_path)).returncode == 0
    assert generate("--out", str(tmp_path), "--check").returncode == 0
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
    members = tmp_path / "members.csv"
    members.write_bytes(members.read_bytes().replace(b"female", b"male", 1))
    (tmp_path / "organisations.csv").unlink()
    done = generate("--out", str(tmp_path), "--check")
    assert done.returncode == 1
    assert "members.csv" in done.stderr
    assert "organisations.csv" in done.stderr
