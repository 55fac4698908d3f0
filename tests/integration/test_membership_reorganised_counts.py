"""After random reorganisations every unit has, on every day, the members of a plain count; in reporting as well.

The commands go over HTTP, of any day in any order, mergers, splits and upgrades among them; whatever the register
accepts is done to a plain table of who is where on which day, and of what hangs under what, which knows nothing of
facts, events or SQL.
"""

import json
import random
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient

from chassis.migrations import migrate
from services.membership.app import SERVICE as MEMBERSHIP
from services.reporting.app import SERVICE as REPORTING
from services.reporting.dated_tree import Trees
from services.reporting.membership_facts import MembershipFacts
from services.reporting.statistics import statistics
from tests.integration.served import served
from tests.integration.test_reporting_restated import Received

FIRST, DAYS, COMMANDS = date(2020, 1, 1), 30, 110
TREE = [
    ("K", None, "bloc"), ("A", "K", "grassroots_committee"), ("B", "K", "grassroots_committee"),
    ("A1", "A", "subordinate_cell"), ("A2", "A", "subordinate_cell"), ("B1", "B", "subordinate_cell"),
    ("G", "K", "grassroots_cell"), ("H", "K", "grassroots_cell"),
]  # fmt: skip
Place = tuple[str, str | None]
"""A unit's type and the code of what it hangs under."""


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


class Plain:
    """Where everybody is, and what every unit is, on each day."""

    def __init__(self) -> None:
        self.cells: dict[str, list[str | None]] = {}
        self.units: dict[str, list[Place | None]] = {
            code: [(type_, above)] * DAYS for code, above, type_ in TREE
        }

    def found(self, code: str, since: int, place: Place) -> None:
        self.units[code] = [None] * since + [place] * (DAYS - since)

    def end(self, code: str, since: int) -> None:
        self.units[code][since:] = [None] * (DAYS - since)

    def move(self, member: str, since: int, to: str) -> None:
        """Whoever is somewhere on a day is elsewhere from it on, until they would have left there."""
        row = self.cells[member]
        was = row[since]
        for number in range(since, DAYS):
            if row[number] != was:
                return
            row[number] = to

    def hang(self, unit: str, since: int, under: str) -> None:
        row = self.units[unit]
        was = row[since]
        for number in range(since, DAYS):
            if row[number] is None or row[number][1] != was[1]:
                return
            row[number] = (row[number][0], under)

    def members(self, cell: str, on: int) -> list[str]:
        return sorted(member for member, row in self.cells.items() if row[on] == cell)

    def children(self, unit: str, on: int) -> list[str]:
        return sorted(
            code for code, row in self.units.items() if on and row[on] and row[on - 1] and row[on][1] == unit
        )

    def count(self, unit: str, on: int) -> int:
        return sum(cell is not None and self._within(cell, unit, on) for cell in self._on(on))

    def _on(self, on: int) -> list[str | None]:
        return [row[on] for row in self.cells.values()]

    def _within(self, code: str | None, unit: str, on: int) -> bool:
        while code is not None:
            if code == unit:
                return True
            code = self._above(code, on)
        return False

    def _above(self, code: str, on: int) -> str | None:
        """Where a unit hangs; a dissolved one, in which members may count yet, where it hung last."""
        row = self.units[code]
        places = [place for place in (*row[on::-1], *row[on:]) if place]
        return places[0][1]


class Office:
    """Somebody who reorganises without end."""

    def __init__(self, seed: int, plain: Plain) -> None:
        self._chance, self._plain, self._new = random.Random(seed), plain, 0

    def next(self) -> tuple[str, dict[str, Any], Callable[[], None]]:
        """Return a command, as path and body, and what it does to the plain table."""
        if not self._new:
            return self._upgrade()
        asked = [
            self._merge,
            self._merge,
            self._split,
            self._split,
            self._upgrade,
            self._admit,
            self._leave,
            self._hang,
        ]
        return self._chance.choice(asked)()

    def _code(self, prefix: str) -> str:
        self._new += 1
        return f"{prefix}{self._new}"

    def _some_unit(self) -> str:
        return self._chance.choice(sorted(self._plain.units))

    def _day(self) -> int:
        return self._chance.randrange(1, DAYS)

    def _place(self, unit: str, on: int) -> Place:
        return self._plain.units[unit][on] or ("subordinate_cell", "A")

    def _fitting(self, on: int) -> list[str]:
        """Units of one kind that are there on a day and at the end, in any order; now and then any units."""
        units, is_cell = self._plain.units, self._chance.random() < 0.7
        fitting = [
            code
            for code, row in sorted(units.items())
            if row[on - 1] and row[on] and row[-1] and row[on][0].endswith("_cell") == is_cell and row[on][1]
        ]
        if len(fitting) < 3 or self._chance.random() < 0.1:
            fitting = sorted(units)
        return self._chance.sample(fitting, len(fitting))

    def _merge(self):
        on = self._day()
        target, *others = self._fitting(on)
        sources = others[: self._chance.choice([1, 1, 2])]
        body: dict[str, Any] = {"sources": sources, "effective_date": day(on)}
        place = self._place(sources[0], on)
        if self._chance.random() < 0.3:
            target = self._code("N")
            body["establish"] = {"name": "Mới", "type": place[0], "parent_code": place[1]}

        def done() -> None:
            if "establish" in body:
                self._plain.found(target, on, place)
            for source in sources:
                for child in set(self._plain.children(source, on)) - set(sources):
                    self._plain.hang(child, on, target)
                for member in self._plain.members(source, on):
                    self._plain.move(member, on, target)
            for source in sources:
                self._plain.end(source, on)

        return f"organisations/{target}/merger", body, done

    def _split(self):
        on, goes_on = self._day(), self._chance.random() < 0.7
        source = self._fitting(on)[0]
        place = self._place(source, on)
        is_cell = place[0].endswith("_cell")
        having = self._plain.members(source, on) if is_cell else self._plain.children(source, on)
        parts = {self._code("S"): [] for _ in range(2)}
        for one in having:
            if not goes_on or self._chance.random() < 0.5:
                parts[self._chance.choice(sorted(parts))].append(one)
        column = "members" if is_cell else "units"
        body = {
            "parts": [{"code": code, "name": code, column: those} for code, those in parts.items()],
            "goes_on": goes_on,
            "effective_date": day(on),
        }

        def done() -> None:
            for code, those in parts.items():
                self._plain.found(code, on, place)
                for one in those:
                    (self._plain.move if is_cell else self._plain.hang)(one, on, code)
            if not goes_on:
                self._plain.end(source, on)

        return f"organisations/{source}/split", body, done

    def _upgrade(self):
        on = self._day()
        fitting = [
            code for code, row in self._plain.units.items() if row[-1] and row[-1][0] == "grassroots_cell"
        ]
        unit = self._chance.choice(sorted(fitting) or [self._some_unit()])
        members, cell = self._plain.members(unit, on), self._code("U")
        body = {
            "cells": [{"code": cell, "name": cell, "members": members}], "effective_date": day(on),
        }  # fmt: skip

        def done() -> None:
            row = self._plain.units[unit]
            row[on:] = [place and ("grassroots_committee", place[1]) for place in row[on:]]
            self._plain.found(cell, on, ("subordinate_cell", unit))
            for member in members:
                self._plain.move(member, on, cell)

        return f"organisations/{unit}/upgrade", body, done

    def _admit(self):
        on, cell, code = self._day(), self._some_unit(), self._code("M")
        body = {
            "code": code, "cell_code": cell, "full_name": "Lò Thị Ánh", "birth_date": "1990-05-01",
            "gender": "female", "ethnicity": "Thái", "youth_union": False, "admitted_on": day(on),
        }  # fmt: skip

        def done() -> None:
            self._plain.cells[code] = [None] * on + [cell] * (DAYS - on)

        return "members", body, done

    def _leave(self):
        on = self._day()
        if not self._plain.cells:
            return self._admit()
        member = self._chance.choice(sorted(self._plain.cells))

        def done() -> None:
            self._plain.cells[member][on:] = [None] * (DAYS - on)

        return f"members/{member}/departure", {"left_on": day(on), "left_reason": "died"}, done

    def _hang(self):
        on, unit, under = self._day(), self._some_unit(), self._chance.choice("AB")
        body = {"parent_code": under, "effective_date": day(on)}
        return f"organisations/{unit}/reparent", body, lambda: self._plain.hang(unit, on, under)


async def enter(client: AsyncClient, plain: Plain) -> None:
    for code, above, type_ in TREE:
        unit = {
            "code": code,
            "parent_code": above,
            "type": type_,
            "name": code,
            "established_on": "2000-01-01",
        }
        assert (await client.post("/v1/organisations", json=unit)).status_code == 201
    for number in range(16):
        cell, code = ("A1", "A2", "B1", "G", "H")[number % 5], f"E{number:02}"
        person = {
            "code": code, "cell_code": cell, "full_name": "Lê Thị Hoa", "birth_date": "1980-05-01",
            "gender": "female", "ethnicity": "Thái", "youth_union": False, "admitted_on": "2005-03-01",
        }  # fmt: skip
        assert (await client.post("/v1/members", json=person)).status_code == 201
        plain.cells[code] = [cell] * DAYS


@pytest.mark.parametrize("seed", range(3))
async def test_each_unit_has_the_members_of_a_plain_count_on_each_day(stack, database_url, seed):
    plain = Plain()
    office, accepted = Office(seed, plain), {}
    async with served(MEMBERSHIP, database_url) as (client, pool):
        await enter(client, plain)
        for _ in range(COMMANDS):
            path, body, done = office.next()
            answer = await client.post(f"/v1/{path}", json=body)
            assert answer.status_code in {200, 201, 404, 409, 422}, answer.text
            if answer.is_success:
                done()
                kind = path.rsplit("/", 1)[-1]
                accepted[kind] = accepted.get(kind, 0) + 1
        assert min(accepted.get(kind, 0) for kind in ("merger", "split")) > 2, accepted
        assert accepted.get("upgrade"), accepted
        await in_membership(pool, plain)
        rows = await pool.fetch(
            "SELECT position, type, payload, recorded_at FROM event_log ORDER BY position"
        )
    other = await asyncpg.connect(stack.database_url(f"test_{secrets.token_hex(6)}"))
    try:
        await migrate(other, REPORTING.all_migrations)
        told = [
            Received(row["type"], row["position"], row["payload"].encode(), row["recorded_at"].isoformat())
            for row in rows
            if row["type"] in MembershipFacts.types
        ]
        await MembershipFacts().write(other, [MembershipFacts.fold(told)])
        for unit in plain.units:
            for number in range(0, DAYS, 4):
                answer = await statistics(other, Trees(), unit=unit, known_at=None,
                    as_of=FIRST + timedelta(days=number),
                )  # fmt: skip
                assert sum(group.count for group in answer.groups) == plain.count(unit, number), (
                    unit,
                    number,
                )
    finally:
        await other.close()


async def in_membership(pool, plain: Plain) -> None:
    """The register's own rows say of each day what the plain table says: nobody twice, nobody nowhere."""
    stays = await pool.fetch(
        "SELECT member.code, cell.code AS cell, from_on, until_on FROM member_states"
        " JOIN members AS member ON member.id = member_id"
        " JOIN organisations AS cell ON cell.id = member_states.cell_id"
    )
    units = await pool.fetch(
        "SELECT unit.code, established_on, dissolved_on,"
        " (SELECT json_agg(json_build_array(effective_date, state.type, above.code) ORDER BY effective_date)"
        "  FROM organisation_states AS state LEFT JOIN organisations AS above ON above.id = state.parent_id"
        "  WHERE organisation_id = unit.id) AS states FROM organisations AS unit"
    )
    assert {row["code"] for row in units} == plain.units.keys()
    for number in range(DAYS):
        on = FIRST + timedelta(days=number)
        found = [
            row for row in stays if row["from_on"] <= on and not (row["until_on"] and row["until_on"] <= on)
        ]
        assert sorted((row["code"], row["cell"]) for row in found) == sorted(
            (member, row[number]) for member, row in plain.cells.items() if row[number]
        )
        for unit in units:
            there = unit["established_on"] <= on and not (unit["dissolved_on"] and unit["dissolved_on"] <= on)
            states = [state for state in json.loads(unit["states"]) if state[0] <= on.isoformat()]
            place = tuple(states[-1][1:]) if there else None
            assert place == plain.units[unit["code"]][number], (unit["code"], number)
