"""Reporting's figures of meetings against those that the service itself tells, month by month and cell by cell.

The service meetings runs on a database of its own; what it appends to its event log is what reporting is told.
"""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from httpx import AsyncClient

from replicas.membership.replica import MembershipReplica
from services.meetings.app import SERVICE as MEETINGS
from services.reporting.app import SERVICE as REPORTING
from services.reporting.consumers import MEETING_FACTS, MEMBERSHIP_FACTS
from tests.integration.served import served
from tests.integration.test_meetings_figures import events, figures
from tests.integration.test_meetings_imports import send
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
