"""Reporting's figures of meetings against those that the service itself tells, month by month and cell by cell.

The service meetings runs on a database of its own; what it appends to its event log is what reporting is told.
"""

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from httpx import AsyncClient

from contracts.membership import (
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationReparented,
    OrganisationState,
    OrganisationType,
)
from replicas.membership.replica import MembershipReplica
from services.meetings.app import SERVICE as MEETINGS
from services.reporting.app import SERVICE as REPORTING
from services.reporting.consumers import MEETING_FACTS, MEMBERSHIP_FACTS
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.measure import Kind
from tests.integration.served import served
from tests.integration.test_meetings import planned, post
from tests.integration.test_meetings_figures import events, figures
from tests.integration.test_meetings_imports import file, send
from tests.integration.test_reporting_restated import Received
from tests.unit.test_example_bloc import FOLDER, read

EVERYTHING = "meetings.*,scores.*,tasks,tasks.*"


class Both:
    """The service meetings, and reporting which is told of it all."""

    def __init__(self, meetings: AsyncClient, meetings_pool, reporting: AsyncClient, reporting_pool):
        self.meetings, self._meetings_pool = meetings, meetings_pool
        self.reporting, self._pool = reporting, reporting_pool
        self._replica, self._next, self._told = MembershipReplica("meetings"), 1, 0

    async def register(self, *changes, at="2020-01-01T00:00:00Z"):
        """Tell both of units and members."""
        received = [
            Received(event.TYPE, sequence, event.as_json().encode(), at)
            for sequence, event in enumerate(changes, start=self._next)
        ]
        self._next += len(changes)
        async with self._meetings_pool.acquire() as connection, connection.transaction():
            await self._replica.write(connection, [self._replica.fold(received)])
        async with self._pool.acquire() as connection, connection.transaction():
            counted = [one for one in received if one.type in MEMBERSHIP_FACTS.types]
            await MEMBERSHIP_FACTS.write(connection, [MEMBERSHIP_FACTS.fold(counted)])

    async def tell(self, *, batch=1000):
        """Tell reporting what the service has recorded since."""
        rows = await self._meetings_pool.fetch(
            "SELECT position, type, payload, recorded_at FROM event_log WHERE position > $1 ORDER BY position",
            self._told,
        )
        for start in range(0, len(rows), batch):
            told = [
                Received(
                    row["type"], row["position"], row["payload"].encode(), row["recorded_at"].isoformat()
                )
                for row in rows[start : start + batch]
                if row["type"] in MEETING_FACTS.types
            ]
            async with self._pool.acquire() as connection, connection.transaction():
                await MEETING_FACTS.write(connection, [MEETING_FACTS.fold(told)])
        self._told = rows[-1]["position"] if rows else self._told

    async def ask(self, **asked):
        answer = await self.reporting.get("/v1/figures", params={"measures": EVERYTHING} | asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def agree(self, unit, first, last):
        """Return what both tell of a unit and some months, which must be the same."""
        told = await figures(self.meetings, **({"unit": unit} if unit else {}), **{"from": first, "to": last})
        asked = {"unit": unit} if unit else {}
        [whole] = (await self.ask(**asked, **{"from": first, "to": last}))["rows"]
        value = whole["values"]
        assert told["months"] == {
            name: value[f"meetings.{code}"]
            for name, code in {
                "due": "due", "held": "months_held", "postponed": "postponed", "excused": "excused",
                "missed": "missed", "open": "open",
            }.items()
        }  # fmt: skip
        assert told["attendance"] == {
            "counted": value["meetings.counted"], "present": value["meetings.present"],
            "excused": value["meetings.excused_absences"], "unexcused": value["meetings.unexcused_absences"],
            "percent": value["meetings.attendance_rate"],
        }  # fmt: skip
        assert (told["opinions"], told["tasks"], told["tasks_on_time"]) == (
            value["meetings.opinions"], value["tasks"], value["tasks.on_time"],
        )  # fmt: skip
        assert sum(one["due"] for one in told["thematic"]) == value["meetings.thematic_due"]
        assert sum(one["held"] for one in told["thematic"]) == value["meetings.thematic_held"]
        kinds = await self.ask(
            **asked, **{"from": first, "to": last, "by": "kind"},
            measures="meetings.held,meetings.put_off,meetings.called_off",
        )  # fmt: skip
        by_kind = {row["group"]["kind"]: row["values"] for row in kinds["rows"]}
        for name in ("held", "put_off", "called_off"):
            assert told[name] == {
                kind: by_kind.get(kind, {}).get(f"meetings.{name}", 0)
                for kind in ("regular", "thematic", "extraordinary")
            }
        return value


@pytest.fixture
async def both(stack, database_url) -> AsyncIterator[Both]:
    other = stack.database_url(f"test_{uuid4().hex[:12]}")
    async with (
        served(MEETINGS, database_url) as (meetings, its_pool),
        served(REPORTING, other) as (reporting, pool),
    ):
        yield Both(meetings, its_pool, reporting, pool)


async def test_the_example_comes_to_the_same(both):
    await both.register(*events(read("organisations.csv")))
    await send(both.meetings, (FOLDER / "meetings.csv").read_bytes())
    await both.tell()
    for unit, first, last in (
        ("K", "2018-12", "2020-11"), ("K", "2019-12", "2020-11"), ("K.03", "2020-04", "2020-11"),
        ("K.40", "2020-01", "2020-03"), (None, "2020-01", "2020-12"),
    ):  # fmt: skip
        value = await both.agree(unit, first, last)
        assert value["meetings.months_held"] > 0


BLOC, ONE, TWO = uuid4(), uuid4(), uuid4()
CELLS = {f"C.{number}": uuid4() for number in range(1, 6)}


def units():
    """Two committees; a cell moves between them in the middle of a month, one is founded then, one is dissolved."""

    def established(id_, code, type_, parent, on=date(2015, 1, 1)):
        state = OrganisationState(type=OrganisationType(type_), parent_id=parent)
        return OrganisationEstablished(
            effective_date=on, organisation_id=id_, code=code, name=f"Đơn vị {code}", after=state
        )

    of = [
        OrganisationState(type=OrganisationType.SUBORDINATE_CELL, parent_id=parent) for parent in (ONE, TWO)
    ]
    yield established(BLOC, "B", "bloc", None)
    yield established(ONE, "B.1", "grassroots_committee", BLOC)
    yield established(TWO, "B.2", "grassroots_committee", BLOC)
    for number, (code, cell) in enumerate(CELLS.items()):
        founded_on = date(2025, 3, 20) if number == 4 else date(2015, 1, 1)
        yield established(cell, code, "subordinate_cell", (ONE, TWO)[number % 2], founded_on)
    moved, gone = CELLS["C.1"], CELLS["C.2"]
    yield OrganisationReparented(
        effective_date=date(2025, 8, 15), organisation_id=moved, before=of[0], after=of[1]
    )
    # On the first of a month: of a meeting in the very month of its end the two services tell otherwise.
    yield OrganisationDissolved(effective_date=date(2026, 3, 1), organisation_id=gone, before=of[1])


def by_chance(seed):
    """Rows of a file of past meetings of these cells."""
    chance = random.Random(seed)
    for code in CELLS:
        for year, month in [(2025, number) for number in range(1, 13)] + [(2026, 1), (2026, 2)]:
            if code == "C.5" and (year, month) < (2025, 4):
                continue
            for kind in ("regular", *chance.choice([(), ("thematic",), ("extraordinary",)])):
                day, what = f"{year}-{month:02}-{chance.randrange(1, 28):02} 08:00", chance.random()
                theme = "Học tập" if kind == "thematic" or what < 0.2 else ""
                if what < 0.7:
                    counted, absent, late = 9, chance.randrange(3), chance.randrange(2)
                    figures_ = (
                        f"{counted},{counted - absent - late},{absent},{late},{chance.randrange(9)},5,{late}"
                    )
                    yield f"{code},{kind},{year}-{month:02},held,{day},95,{theme},{figures_},,,"
                elif what < 0.85:
                    yield f"{code},{kind},{year}-{month:02},postponed,{day},,{theme},,,,,,,,epidemic,,"
                elif what < 0.92:
                    yield f"{code},{kind},{year}-{month:02},cancelled,{day},,{theme},,,,,,,,other,,"


async def agree_on_all(both):
    for unit in (None, "B", "B.1", "B.2", "C.1", "C.5"):
        for first, last in (
            ("2025-01", "2026-11"),
            ("2025-02", "2025-04"),
            ("2025-07", "2025-09"),
            ("2026-09", "2026-11"),
        ):
            await both.agree(unit, first, last)


async def september(both, cell):
    """Return the meeting of a cell for September 2026."""
    listed = await both.meetings.get(f"/v1/cells/{cell}/meetings", params={"from": "2026-09-01"})
    [id_] = [one["id"] for one in listed.json()["items"] if one["month"] == "2026-09"]
    return id_


async def test_both_tell_the_same_after_each_thing_that_happens(both):
    await both.register(*units())
    await send(both.meetings, file(*by_chance(3)))
    # Meetings to come, of which one order puts off some; then it ends sooner, and another was an error.
    for code in ("C.1", "C.3", "C.4"):
        for day in ("2026-09-03", "2026-10-05", "2026-11-30"):
            await planned(both.meetings, cell_code=code, starts_at=f"{day}T14:30:00+07:00")
    path = f"meetings/{await september(both, 'C.4')}/postponement"
    await post(both.meetings, path, reason="urgent_work", on="2026-09-02")
    await both.tell(batch=5)
    await agree_on_all(both)
    before = await both.ask(unit="B", **{"from": "2025", "to": "2026", "by_period": "month"})
    known_at = datetime.now(UTC).isoformat()

    order = {"reason": "epidemic", "document": {"number": "16/CT-TTg", "date": "2026-09-01"}}
    first, second = [
        await post(
            both.meetings, "interruptions", 201, unit_codes=[unit], from_on=begins, until_on=ends, **order
        )
        for unit, begins, ends in (("B.1", "2026-09-01", "2026-10-31"), ("C.1", "2026-10-04", None))
    ]
    await both.tell(batch=2)
    await agree_on_all(both)
    await post(both.meetings, f"interruptions/{first['id']}/revision", until_on="2026-09-30")
    await post(both.meetings, f"interruptions/{second['id']}/withdrawal")
    # Put off by the order, one has a time still to come; put off by itself, one had its time and was not held.
    for cell, day in (("C.3", "2027-01-05"), ("C.4", "2026-10-20")):
        id_ = await september(both, cell)
        await post(both.meetings, f"meetings/{id_}/schedule", starts_at=f"{day}T08:00:00+07:00")
    await both.tell(batch=3)
    await agree_on_all(both)
    await post(both.meetings, "monthly-watch", from_month="2025-06")
    await both.tell()
    await agree_on_all(both)

    then = await both.ask(unit="B", known_at=known_at, **{"from": "2025", "to": "2026", "by_period": "month"})
    assert then["rows"] == before["rows"]


async def test_rows_of_cells_and_months_add_up_to_the_whole(both):
    await both.register(*units())
    await send(both.meetings, file(*by_chance(4)))
    await both.tell()
    names = [
        name
        for name, one in MEASURES.items()
        if one.kind is Kind.FLOW and name.split(".")[0] in {"meetings", "tasks"}
    ]
    asked = {"unit": "B", "measures": ",".join(names), "from": "2025", "to": "2026-06"}
    [whole] = (await both.ask(**asked))["rows"]
    no_quarters = [name for name in names if "thematic_" not in name]
    for by, step, summed in (
        ("cell", "whole", names),
        ("unit", "quarter", names),
        ("grassroots", "month", no_quarters),
    ):
        rows = (await both.ask(by=by, by_period=step, **asked))["rows"]
        assert {name: sum(row["values"][name] for row in rows) for name in summed} == {
            name: whole["values"][name] for name in summed
        }
    assert sum(whole["values"].values()) > 100
    compared = (await both.ask(**asked | {"from": "2026", "compare": "last-year", "by_period": "month"}))[
        "rows"
    ]
    year_before = (await both.ask(**asked | {"from": "2025", "to": "2025-06", "by_period": "month"}))["rows"]
    assert [row["last_year"] for row in compared] == [row["values"] for row in year_before]
