"""The example's visits and findings: rows that their files' rules take, of meetings that were held."""

from collections import Counter

import pytest

from services.inspection.checklists import checklist_on
from services.inspection.imports.columns import FINDINGS, VISITS
from services.inspection.imports.rows import read_finding, read_visit
from tests.unit.test_example_bloc import FOLDER, day, read

PLACE = ("cell_code", "kind", "month")


@pytest.fixture(scope="module")
def visits():
    return read("visits.csv")


def test_each_visit_is_to_a_meeting_that_was_held(visits):
    held = {
        tuple(row[name] for name in PLACE): row for row in read("meetings.csv") if row["status"] == "held"
    }
    for row in visits:
        assert held[tuple(row[name] for name in PLACE)]["held_at"][:10] == row["visited_on"]


def test_teams_go_to_both_kinds_of_cell_and_meeting_each_month_and_never_to_two_places_at_once(visits):
    types = {row["code"]: row["type"] for row in read("organisations.csv")}
    assert {types[row["cell_code"]] for row in visits} == {"grassroots_cell", "subordinate_cell"}
    assert {row["kind"] for row in visits} == {"regular", "thematic"}
    assert len({row["visited_on"][:7] for row in visits}) == 24
    assert set(Counter((row["team_code"], row["visited_on"]) for row in visits).values()) == {1}


def test_rows_are_read_without_a_fault(visits):
    for name, format_ in (("visits.csv", VISITS), ("findings.csv", FINDINGS)):
        table = format_.read((FOLDER / name).read_bytes(), workbook=False)
        assert not table.warnings
        for row in table.rows:
            its = checklist_on(day("2019-01-01"))
            read_row = read_visit(row, its) if format_ is VISITS else read_finding(row)
            assert not read_row.faults
    assert {row["team_code"] for row in visits} == {row["code"] for row in read("teams.csv")}


def test_some_findings_are_mended_late_some_never_and_some_come_again():
    found = read("findings.csv")
    assert [row for row in found if row["reported_on"] > row["due_on"]]
    assert [row for row in found if not row["reported_on"] and row["due_on"] < "2020-11-30"]
    assert (
        max(Counter((row["cell_code"], row["limitation"]) for row in found if row["limitation"]).values()) > 1
    )
    for row in found:
        assert row["reported_on"] or not row["closed_on"]
        assert not row["closed_on"] or row["reported_on"] <= row["closed_on"]
