"""Statistics of a past day use the tree and the names of that day: membership's decisions against its own tree."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from asyncpg import Connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chassis.cloudevents import instant
from chassis.migrations import migrate
from contracts.event import Event
from services.membership.domain import Organisation
from services.reporting.app import SERVICE
from services.reporting.dated_tree import Trees
from services.reporting.membership_facts import MembershipFacts
from services.reporting.statistics import statistics, units_below
from tests.dated_trees import World, commands, corrections, founding, moves_that_fit, on, run, world

FIRST_INSTANT = datetime(2020, 12, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Received:
    type: str
    sequence: int
    value: bytes
    time: str


def at(minute: int) -> datetime:
    return FIRST_INSTANT + timedelta(minutes=minute)


def received(events: list[Event]) -> list[Received]:
    """These events, a minute apart."""
    return [
        Received(event.TYPE, minute + 1, event.model_dump_json().encode(), instant(at(minute)))
        for minute, event in enumerate(events)
    ]


@pytest.fixture
async def database(connection: Connection) -> Connection:
    await migrate(connection, SERVICE.all_migrations)
    return connection


@asynccontextmanager
async def taken_back(database: Connection) -> AsyncIterator[None]:
    transaction = database.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


def is_there(one: Organisation, day: date) -> bool:
    return one.established_on <= day and not (one.dissolved_on and one.dissolved_on <= day)


def within(one: Organisation, top: Organisation, by_id: dict, day: date) -> bool:
    while one.id != top.id:
        above = one.on(day).parent_id
        if above is None:
            return False
        one = by_id[above]
    return True


async def agrees(database: Connection, tree: dict[str, Organisation], day: date, known_at=None) -> None:
    """Every figure of the day is what a walk through the register's own tree comes to."""
    by_id = {one.id: one for one in tree.values()}
    there = [one for one in tree.values() if is_there(one, day)]
    for code, top in tree.items():
        answer = await statistics(database, Trees(), unit=code, as_of=day, known_at=known_at)
        counted = Counter(one.on(day).type.value for one in there if within(one, top, by_id, day))
        assert Counter({type_: n for type_, n in answer.units_by_type.items() if n}) == counted
        state = top.on(day)
        assert (answer.unit.name, answer.unit.type) == (state.name, state.type.value)
        if known_at is None:
            listed = units_below(await Trees().read(database, None), parent=code, as_of=day)
            assert [(unit.code, unit.name, unit.type) for unit in listed] == sorted(
                (one.code, one.on(day).name, one.on(day).type.value)
                for one in there
                if one.on(day).parent_id == top.id
            )


LATE_UPGRADE = [("dissolve", "G", 30), ("move", "G", 20, "M", None), ("upgrade", "G", 10)]
LATE_MOVE = [
    ("dissolve", "C", 40), ("move", "C", 30, "B", None), ("rename", "C", 20, "Hai"), ("rename", "C", 10, "Một"),
    ("move", "C", 20, "K", "grassroots_cell"),
]  # fmt: skip


@given(
    asked=st.lists(moves_that_fit | commands, max_size=10),
    days=st.lists(st.integers(-1, 46), min_size=1, max_size=3),
    chance=st.randoms(use_true_random=False),
    cut=st.integers(0, 30),
)
@example(asked=LATE_UPGRADE, days=[9, 10, 20, 29, 30], chance=None, cut=8)
@example(asked=LATE_MOVE, days=[9, 10, 19, 20, 29, 30, 39, 40], chance=None, cut=9)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_figures_and_names_of_a_day_are_those_of_the_registers_tree(database, asked, days, chance, cut):
    """As it is known now, in whatever order the events come, and as it was known at any moment."""
    tree = world()
    events: list[Event] = [founding(one) for one in tree.values()]
    known = {len(events): dict(tree)}
    for one in asked:
        if decided := run(tree, one):
            events.append(decided.event)
            known[len(events)] = dict(tree)
    told = received(events)
    if chance:
        chance.shuffle(told)
    async with taken_back(database):
        await MembershipFacts().write(
            database, [MembershipFacts.fold(told[:cut]), MembershipFacts.fold(told[cut:])]
        )
        moment = min(max(cut, min(known)), len(events))
        for day in map(on, days):
            await agrees(database, tree, day)
            await agrees(database, known[moment], day, known_at=at(moment - 1))


WITHDRAWN_MOVE = [("move", "C", 20, "B", None), ("rename", "C", 10, "Hai")]
TAKEN_BACK = [("C", ("withdraw", 2)), ("C", ("name", 3, "Sáu")), ("C", ("day", 1, 5))]


@given(
    asked=st.lists(moves_that_fit | commands, max_size=6),
    corrected=st.lists(corrections, min_size=1, max_size=4),
    later=st.lists(moves_that_fit | commands, max_size=2),
    days=st.lists(st.integers(-1, 46), min_size=1, max_size=3),
    chance=st.randoms(use_true_random=False),
    cut=st.integers(0, 30),
)
@example(
    asked=WITHDRAWN_MOVE, corrected=TAKEN_BACK, later=[("move", "C", 8, "B", None), ("rename", "C", 7, "Một")],
    days=[1, 6, 7, 8, 10, 20, 30], chance=None, cut=8,
)  # fmt: skip
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_what_was_put_right_is_counted_as_if_it_had_been_right_and_was_known_as_it_was(
    database, asked, corrected, later, days, chance, cut
):
    """What was taken back rules on no day, whatever is recorded afterwards."""
    here = World(world())
    known = {len(here.log): dict(here.tree)}
    for one in asked:
        here.do(*one)
        known[len(here.log)] = dict(here.tree)
    for code, change in corrected:
        here.put_right(code, change)
        known[len(here.log)] = dict(here.tree)
    for one in later:
        here.do(*one)
        known[len(here.log)] = dict(here.tree)
    told = received(here.log)
    if chance:
        chance.shuffle(told)
    async with taken_back(database):
        await MembershipFacts().write(
            database, [MembershipFacts.fold(told[:cut]), MembershipFacts.fold(told[cut:])]
        )
        moment = min(max(cut, min(known)), len(here.log))
        for day in map(on, days):
            await agrees(database, here.tree, day)
            await agrees(database, known[moment], day, known_at=at(moment - 1))


async def test_a_move_recorded_late_gives_the_figures_of_one_recorded_in_time(database):
    """Under another committee from day 10, and under the bloc from day 20; the first is found out last."""
    in_time = [("move", "C", 10, "B", None), ("move", "C", 20, "K", "grassroots_cell"), ("dissolve", "C", 40)]
    found = []
    for asked in (in_time, [*in_time[1:], in_time[0]]):
        tree = world()
        decided = [run(tree, one) for one in asked]
        assert all(decided)
        async with taken_back(database):
            told = received([*map(founding, world().values()), *(one.event for one in decided)])
            await MembershipFacts().write(database, [MembershipFacts.fold(told)])
            found.append(
                {
                    (code, day): {type_: count for type_, count in answer.units_by_type.items() if count}
                    for code in "KABCM"
                    for day in range(46)
                    if (answer := await figures(database, code, day))
                }
            )
    assert decided[-1].event.retracted
    assert found[0] == found[1]


async def figures(database: Connection, code: str, day: int):
    return await statistics(database, Trees(), unit=code, as_of=on(day), known_at=None)
