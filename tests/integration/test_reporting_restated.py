"""Restated histories in the statistics: what was true on a day, and what was known of it at an instant."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from asyncpg import Connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.cloudevents import instant
from chassis.migrations import migrate
from contracts.membership import OrganisationEstablished, OrganisationState, OrganisationType
from services.membership.history import history_of, steps_of
from services.reporting import domain
from services.reporting.app import SERVICE
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.dated_tree import Trees
from services.reporting.statistics import statistics
from tests.lives import ACTIONS, ADMITTED, CONFIRMED, LEFT, Life

FIRST_INSTANT = datetime(2021, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Received:
    type: str
    sequence: int
    value: bytes
    time: str


@pytest.fixture
async def database(connection: Connection) -> Connection:
    await migrate(connection, SERVICE.all_migrations)
    return connection


def recorded_at(number: int) -> datetime:
    return FIRST_INSTANT + timedelta(minutes=number)


async def tell(database, *lives: Life) -> None:
    """Apply all events as reporting gets them, the first of each life in the first minute and so on."""
    sides = [
        step.after for life in lives for event in range(len(life.events)) for step in known(life, event + 1)
    ]
    units = [
        OrganisationEstablished(
            effective_date=ADMITTED - DAY, organisation_id=cell, code=str(cell), name="Chi bộ",
            after=OrganisationState(type=OrganisationType.GRASSROOTS_CELL, parent_id=None),
        )
        for cell in {side.cell_id for side in sides if side}
    ]  # fmt: skip
    numbered = [
        *((1_000_000 + n, recorded_at(0), unit) for n, unit in enumerate(units)),
        *(
            (1000 * n + number, recorded_at(number), event)
            for n, life in enumerate(lives)
            for number, event in enumerate(life.events, 1)
        ),
    ]
    received = [
        Received(event.TYPE, sequence, event.model_dump_json().encode(), instant(at))
        for sequence, at, event in numbered
        if event.TYPE in MEMBERSHIP_FACTS.types
    ]
    await MEMBERSHIP_FACTS.write(database, [MEMBERSHIP_FACTS.fold(received)])


async def counted(database, as_of, known_at=None):
    answer = await statistics(database, Trees(), unit=None, as_of=as_of, known_at=known_at)
    return Counter({(g.standing, g.youth_union): g.count for g in answer.groups})


def known(life: Life, events: int):
    return steps_of(history_of(life.events[:events]))


def plainly(life: Life, as_of, events: int):
    """Return how the member counts on a day by the first events of their life."""
    state = None
    for step in known(life, events):
        if step.effective_date <= as_of:
            state = step.after
    return Counter() if state is None else Counter({(state.standing.value, state.youth_union): 1})


async def test_a_past_figure_is_restated_and_the_old_one_can_still_be_shown(database):
    life = Life()
    life.leave()
    life.confirm_late()
    await tell(database, life)
    between = CONFIRMED + DAY
    assert await counted(database, between) == {("official", True): 1}
    assert await counted(database, between, recorded_at(2)) == {("probationary", True): 1}
    assert await counted(database, LEFT) == {}
    assert await counted(database, ADMITTED) == {("probationary", True): 1}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.lists(ACTIONS, max_size=8), min_size=1, max_size=3), st.integers(-1, 41), st.integers(0, 9)
)
async def test_figures_follow_the_history_that_was_known(database, decided, day, minute):
    lives = [Life() for _ in decided]
    for life, actions in zip(lives, decided, strict=True):
        for action in actions:
            life.tried(action)
    as_of = ADMITTED + timedelta(days=day)
    transaction = database.transaction()
    await transaction.start()
    try:
        await tell(database, *lives)
        now = sum((plainly(life, as_of, len(life.events)) for life in lives), Counter())
        then = sum((plainly(life, as_of, minute) for life in lives), Counter())
        assert await counted(database, as_of) == now
        assert await counted(database, as_of, recorded_at(minute)) == then
        total = await statistics(database, Trees(), unit=None, as_of=as_of, known_at=None)
        assert domain.count_members(total.groups).total == now.total()
    finally:
        await transaction.rollback()
