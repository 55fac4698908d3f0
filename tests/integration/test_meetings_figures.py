"""Figures of many cells over HTTP: what the example comes to is counted anew, row by row, in plain Python."""

from calendar import monthrange
from collections import Counter
from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.membership import (
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationState,
    OrganisationType,
)
from tests.integration import test_meetings
from tests.integration.test_meetings_imports import file, send
from tests.unit.test_example_bloc import FOLDER, day, read, unit_counts

told, client = test_meetings.told, test_meetings.client

MONTHS = [(2018, 12), *((2019, month) for month in range(1, 13)), *((2020, month) for month in range(1, 12))]


def events(units):
    ids = {unit["code"]: uuid4() for unit in units}
    for unit in units:
        parent: UUID | None = ids.get(unit["parent_code"])
        state = OrganisationState(type=OrganisationType(unit["type"]), parent_id=parent)
        yield OrganisationEstablished(
            effective_date=day(unit["established_on"]), organisation_id=ids[unit["code"]], code=unit["code"],
            name=unit["name"], after=state,
        )  # fmt: skip
        if unit["dissolved_on"]:
            yield OrganisationDissolved(
                effective_date=day(unit["dissolved_on"]), organisation_id=ids[unit["code"]], before=state
            )


@pytest.fixture
async def example(client, told):
    """The service with the units of the example and what their cells held."""
    await told(*events(read("organisations.csv")))
    report = await send(client, (FOLDER / "meetings.csv").read_bytes())
    assert (report["refused"], report["warnings_total"]) == (0, 0)
    return report


def plain(rows, units, months, prefix=""):
    """Count by the definition of each figure."""
    cells = [unit for unit in units if unit["type"].endswith("_cell") and unit["code"].startswith(prefix)]
    names = [f"{year}-{month:02}" for year, month in months]
    due = {
        (cell["code"], f"{year}-{month:02}")
        for cell in cells for year, month in months
        if all(unit_counts(cell, date(year, month, number)) for number in (1, monthrange(year, month)[1]))
    }  # fmt: skip
    own = [row for row in rows if row["month"] in names and row["cell_code"].startswith(prefix)]
    status = {(row["cell_code"], row["month"]): row["status"] for row in own if row["kind"] == "regular"}
    became = Counter(status.get(one, "missed") for one in due)
    held = [row for row in own if row["status"] == "held"]
    counted = {
        name: sum(int(row[name]) for row in held) for name in ("counted", "present", "excused", "unexcused")
    }
    quarters = []
    for year, number in sorted({(year, (month - 1) // 3) for year, month in months}):
        its = [f"{year}-{month:02}" for month in range(number * 3 + 1, number * 3 + 4)]
        if set(its) <= set(names):
            owing = [cell["code"] for cell in cells if all((cell["code"], month) in due for month in its)]
            had = {row["cell_code"] for row in held if row["theme"] and row["month"] in its}
            quarters.append(
                {"quarter": f"{year}-Q{number + 1}", "due": len(owing), "held": len(had & {*owing})}
            )
    return {
        "months": {"due": len(due), "excused": 0, "open": 0}
        | {name: became[name] for name in ("held", "missed", "postponed")},
        "held": {kind: sum(row["kind"] == kind for row in held) for kind in ("regular", "thematic", "extraordinary")},
        "put_off": {
            kind: sum(row["kind"] == kind and row["status"] == "postponed" for row in own)
            for kind in ("regular", "thematic", "extraordinary")
        },
        "thematic": quarters,
        "attendance": counted | {"percent": round(100 * counted["present"] / counted["counted"], 1)},
        **{name: sum(int(row[name]) for row in held) for name in ("opinions", "tasks", "tasks_on_time")},
    }  # fmt: skip


async def figures(client, status=200, **asked):
    answer = await client.get("/v1/figures", params=asked)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_the_figures_of_the_example_are_those_that_plain_counting_gives(client, example):
    rows, units = read("meetings.csv"), read("organisations.csv")
    for prefix, unit, months in (
        # K.01 and K.02 are codes of the fixture's own cells as well.
        ("", "K", MONTHS),
        ("", "K", MONTHS[-12:]),
        ("K.03", "K.03", MONTHS[-8:]),
        ("K.40", "K.40", MONTHS[13:16]),
    ):
        first, last = (f"{year}-{month:02}" for year, month in (months[0], months[-1]))
        answer = await figures(client, unit=unit, **{"from": first, "to": last})
        expected = plain(rows, units, months, prefix)
        assert expected["months"]["due"] > 0
        assert {name: answer[name] for name in expected} == expected
        assert (answer["unit_code"], answer["from_month"], answer["to_month"]) == (unit, first, last)


async def test_without_a_unit_all_cells_count(client, example):
    period = {"from": "2019-12", "to": "2020-11"}
    (of_all, of_bloc) = await figures(client, **period), await figures(client, unit="K", **period)
    # The two cells of the client's own beginning owe twelve months each.
    assert of_all["months"]["due"] == of_bloc["months"]["due"] + 24
    assert of_all["attendance"] == of_bloc["attendance"]


async def test_the_example_again_changes_nothing(client, pool, example):
    before = await pool.fetchval("SELECT count(*) FROM event_log")
    again = await send(client, (FOLDER / "meetings.csv").read_bytes())
    assert (again["imported"], again["unchanged"], again["events"]) == (0, example["rows"], 0)
    assert await pool.fetchval("SELECT count(*) FROM event_log") == before == 2 * example["rows"]


async def test_a_meeting_of_another_kind_or_called_off_does_not_make_a_month_held(client):
    await send(
        client,
        file(
            "K.01,thematic,2020-05,held,2020-05-12 08:00,120,Học tập,8,8,0,0,5,2,2,,,",
            "K.01,regular,2020-06,cancelled,2020-06-03 08:00,,,,,,,,,,other,,",
        ),
    )
    answer = await figures(client, unit="K.01", **{"from": "2020-05", "to": "2020-06"})
    assert answer["months"] == {
        "due": 2, "held": 0, "postponed": 0, "excused": 0, "missed": 2, "open": 0
    }  # fmt: skip
    assert answer["called_off"]["regular"] == 1
    assert answer["thematic"] == []


async def test_a_meeting_put_off_from_a_day_that_nobody_noted_is_not_missed(client):
    await send(
        client, file("K.01,regular,2020-04,postponed,,,,,,,,,,,epidemic,16/CT-TTg,2020-03-31"), status=200
    )
    answer = await figures(client, unit="K.01", **{"from": "2020-04", "to": "2020-04"})
    assert (answer["months"]["postponed"], answer["months"]["missed"]) == (1, 0)
    assert answer["put_off"]["regular"] == 1


async def test_nothing_held_has_no_rate(client):
    answer = await figures(client, unit="K.01", **{"from": "2020-05", "to": "2020-05"})
    assert answer["attendance"]["percent"] is None


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"unit": "K.99"}, 404, "unknown-unit"),
        ({"to": "2019-01"}, 422, "too-many-months"),
        ({"to": "2040-01"}, 422, "too-many-months"),
        ({"from": "2020-13"}, 422, "invalid-request"),
    ],
)
async def test_what_cannot_be_asked(client, asked, status, code):
    answer = await figures(client, status, **({"from": "2020-01", "to": "2020-12"} | asked))
    assert answer["type"].endswith(code), answer["type"]
