"""Members of a day, from a checkpoint and the facts between, are the plain sum of all facts up to the day."""

import gc
import sys
from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.jobs import JobRunner
from chassis.migrations import migrate
from services.reporting import checkpoints, member_rows, membership_facts
from services.reporting.app import SERVICE
from services.reporting.background import EDUCATION, ERA, OCCUPATION, QUALIFICATION, THEORY
from services.reporting.checkpoint_job import CHECKPOINTS
from services.reporting.consumers import MEMBERSHIP_FACTS, SUBSCRIPTIONS
from services.reporting.dated_tree import DatedTree, Place
from services.reporting.domain import AGE_BANDS, PARTY_AGE_BANDS
from services.reporting.figures import members
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.frame import Frame
from services.reporting.membership_facts import Facts, MembershipFacts

ROOT, UNKNOWN, *CELLS = (UUID(int=number, version=4) for number in range(1, 6))
FIRST = date(2017, 1, 1)
KNOWN = datetime(2021, 1, 1, tzinfo=UTC)
days = st.integers(0, 1500).map(lambda number: FIRST + timedelta(days=number))
TREE = DatedTree(
    places={
        ROOT: [Place(FIRST, "bloc", None)],
        **{cell: [Place(FIRST, "subordinate_cell", ROOT)] for cell in CELLS},
    },
    names={},
    spans={},
)
facts = st.tuples(
    st.integers(0, 2).map(lambda hours: KNOWN + timedelta(hours=hours - 1)),
    days,
    st.sampled_from([-1, 1, 1]),
    st.just(0),
    st.sampled_from([UNKNOWN, *CELLS]).map(str),
    st.sampled_from([19500615, 19851231, 20000229, 20300101]),
    st.sampled_from(["probationary", "official"]),
    st.sampled_from(["female", "male"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([0, 1, 0b001_0001_001_001_01, 0b111_1001_100_110_11]),
    st.sampled_from([0, 19600229, 20101231, 20180301]),
)
steps = st.lists(
    st.one_of(
        st.lists(facts, min_size=1, max_size=12), st.lists(facts, min_size=1, max_size=12), days, st.none()
    ),
    max_size=8,
)
"""Facts that are written together, days whose checkpoint is made, and None for a turn that sweeps."""
of_members = [
    Dimension.GENDER, Dimension.STANDING, Dimension.ETHNIC_MINORITY, Dimension.RELIGION, Dimension.YOUTH,
    Dimension.AGE_BAND, Dimension.EDUCATION, Dimension.QUALIFICATION, Dimension.THEORY, Dimension.OCCUPATION,
    Dimension.ERA, Dimension.PARTY_AGE,
]  # fmt: skip
COLUMNS = ["total", "women", "probationary", "years"]


def years(since, day):
    return max(0, (day.year * 10_000 + day.month * 100 + day.day - since) // 10_000)


def band(age, bands):
    return max((one.lowest, one.label) for one in bands if one.lowest <= age)[1]


def words(row, by, day):
    """What a fact is told apart by, and its age."""
    standing, gender, minority, religious, youth, background, since = row[8:]
    age, party_age = years(row[7], day), years(since, day)
    told = {
        "gender": gender, "standing": standing, "ethnic_minority": str(minority).lower(),
        "religion": str(religious).lower(), "youth": str(youth).lower(), "age_band": band(age, AGE_BANDS),
        "party_age": band(party_age, PARTY_AGE_BANDS) if since else "unstated",
    }  # fmt: skip
    for name, bits in (
        ("education", EDUCATION), ("qualification", QUALIFICATION), ("theory", THEORY), ("occupation", OCCUPATION),
        ("admission_era", ERA),
    ):  # fmt: skip
        code = background >> bits.shift & bits.mask
        told[name] = bits.values[code - 1] if code else "unstated"
    return tuple(told[one] for one in by), age


def plain(rows, day, by, level, known_at):
    """The sums of a day, counted fact by fact; what comes to nothing is left out."""
    sums = {}
    for row in rows:
        cell = UUID(row[6])
        if row[3] <= day and cell in CELLS and (known_at is None or row[2] <= known_at):
            told, age = words(row, by, day)
            its = sums.setdefault((cell if level else None, told), Counter())
            its["total"] += row[4]
            its["women"] += row[4] * (row[9] == "female")
            its["probationary"] += row[4] * (row[8] == "probationary")
            its["years"] += row[4] * age
    return without_nothing({key: {name: its[name] for name in COLUMNS} for key, its in sums.items()})


def without_nothing(sums):
    return {key: its for key, its in sums.items() if any(its.values())}


@pytest.fixture
async def database(connection):
    await migrate(connection, SERVICE.all_migrations)
    return connection


@asynccontextmanager
async def taken_back(database):
    transaction = database.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def asked(database, day, by, level, known_at):
    frame = Frame(TREE, ROOT, Dimension.CELL if level else None)
    found = await members.members(database, frame, [day], by=by, columns=COLUMNS, known_at=known_at)
    units = {number: unit for unit, number in frame.rows.items()}
    return without_nothing({(units[row], values): its for (row, _, values), its in found.items()})


async def played(database, steps):
    """Take the steps; return all rows that were written."""
    rows = []
    for step in steps:
        if isinstance(step, list):
            new = [(len(rows) + place, 1, *fact) for place, fact in enumerate(step, start=1)]
            await MembershipFacts().write(database, [Facts(members=new)])
            rows += new
        elif step is None:
            await checkpoints.next_day(database, FIRST)
        elif not await database.fetchval("SELECT true FROM member_checkpoints WHERE day = $1", step):
            await checkpoints.make(database, step)
    return rows


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=steps,
    day=days,
    by=st.lists(st.sampled_from(of_members), unique=True, max_size=10),
    level=st.booleans(),
    known_at=st.sampled_from([None, None, KNOWN]),
    many=st.sampled_from([3, 1000]),
)
async def test_members_of_a_day_are_the_plain_sum_of_all_facts_up_to_it(
    database, steps, day, by, level, known_at, many
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoints, "_MANY", many)
        async with taken_back(database):
            rows = await played(database, steps)
            expected = plain(rows, day, by, level, known_at)
            assert await asked(database, day, by, level, known_at) == expected
            patch.setattr(members, "_FEW", 0)
            assert await asked(database, day, by, level, known_at) == expected


def fact(day: date, born: int = 19850101, delta: int = 1):
    cell = str(CELLS[0])
    return (KNOWN, day, delta, 0, cell, born, "official", "male", False, False, False, 0, 0)


async def test_a_late_fact_is_added_to_each_checkpoint_that_it_belongs_to(database):
    await played(database, [[fact(FIRST)], date(2018, 12, 31), date(2019, 12, 31)])
    await MembershipFacts().write(database, [Facts(members=[(9, 1, *fact(date(2019, 5, 1)))])])
    kept = await database.fetch("SELECT checkpoint, count(*) FROM member_standings GROUP BY 1 ORDER BY 1")
    assert [row[1] for row in kept] == [1, 2]
    assert (await asked(database, date(2020, 1, 1), [], False, None))[None, ()]["total"] == 2


async def test_many_late_facts_drop_the_checkpoints_that_they_belong_to_and_a_turn_sweeps_them(
    database, monkeypatch
):
    monkeypatch.setattr(checkpoints, "_MANY", 2)
    await played(
        database, [[fact(FIRST)], date(2018, 12, 31), date(2019, 12, 31), [fact(date(2019, 5, 1))] * 3]
    )
    assert [row[0] for row in await database.fetch("SELECT day FROM member_checkpoints")] == [
        date(2018, 12, 31)
    ]
    await checkpoints.next_day(database, FIRST)
    assert await database.fetchval("SELECT count(DISTINCT checkpoint) FROM member_standings") == 1


async def test_no_checkpoint_of_emptied_facts_holds(database):
    await played(database, [[fact(FIRST)], date(2018, 12, 31)])
    assert await checkpoints.nearest(database, date(2019, 1, 1))
    await database.execute("TRUNCATE member_facts")
    assert await checkpoints.nearest(database, date(2019, 1, 1)) is None
    await checkpoints.next_day(database, FIRST)
    assert await database.fetchval("SELECT count(*) FROM member_standings") == 0


async def test_turns_make_what_is_worth_while_and_none_while_a_delivery_is_applied(pool, monkeypatch):
    monkeypatch.setattr(checkpoints, "_FEWEST", 2)
    async with pool.acquire() as connection:
        await migrate(connection, SERVICE.all_migrations)
        rows = [(number, 1, *fact(FIRST + timedelta(days=200 * number))) for number in range(1, 11)]
        await MembershipFacts().write(connection, [Facts(members=rows)])
    runner = JobRunner(
        CHECKPOINTS, SimpleNamespace(pool=pool), clock=lambda: datetime(2021, 6, 1, tzinfo=UTC)
    )
    [topic] = [source.topic for source, handler in SUBSCRIPTIONS if handler is MEMBERSHIP_FACTS]
    async with pool.acquire() as applying, applying.transaction():
        await applying.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtext($1), hashtext($2))", MEMBERSHIP_FACTS.name, topic
        )
        assert not await runner.turn()
    assert await runner.turn()
    while await runner.turn():
        pass
    made = [row[0] for row in await pool.fetch("SELECT day FROM member_checkpoints ORDER BY day")]
    assert made == [date(2018, 12, 31), date(2019, 12, 31), date(2020, 12, 31)]


async def test_nothing_holds_what_was_copied_into_the_table(database, monkeypatch):
    made = []

    def encoded(rows):
        made.append(member_rows.encoded(rows))
        return made[-1]

    monkeypatch.setattr(membership_facts, "encoded", encoded)
    rows = [(number, 1, *fact(FIRST)) for number in range(1, 101)]
    gc.disable()
    try:
        await MembershipFacts().write(database, [Facts(members=rows)])
        held = sys.getrefcount(made[0])
    finally:
        gc.enable()
    assert held == 2  # by the list, and as the argument
    assert await database.fetchval("SELECT count(*) FROM member_facts") == 100
