"""Movement: opening + in - out = closing, by reason, against a plain walk from day to day that knows no SQL."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from asyncpg import Connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chassis.cloudevents import instant
from chassis.migrations import migrate
from contracts.event import Event
from contracts.membership import (
    Cause,
    DepartureReason,
    MemberAdmitted,
    MemberConfirmed,
    MemberHistoryRestated,
    MemberHistoryRestatedV2,
    MemberLeft,
    MemberMoved,
    MemberProfileChanged,
    MemberReceived,
    MemberRestored,
    MemberState,
    MoveReason,
    OrganisationReparented,
    ProfileChange,
    Standing,
    Step,
)
from services.membership.domain import Organisation
from services.membership.history import history_of, steps_of
from services.reporting.app import SERVICE
from services.reporting.consumers import MEMBERSHIP_FACTS
from services.reporting.dated_tree import Trees, read
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.frame import Frame
from services.reporting.figures.movement import columns
from services.reporting.figures.movement import movement as figures_movement
from services.reporting.figures.periods import Period
from services.reporting.movement import UNIT_MOVED_IN, UNIT_MOVED_OUT, Movement
from services.reporting.movement_query import Answer, movement
from services.reporting.statistics import statistics
from services.reporting.tree import Unit
from tests.dated_trees import FIRST, commands, founding, moves_that_fit, on, run, world
from tests.lives import ACTIONS, ADMITTED, AWAY, HOME, Life

FIRST_INSTANT = datetime(2020, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Received:
    type: str
    sequence: int
    value: bytes
    time: str


def at(minute: int) -> datetime:
    return FIRST_INSTANT + timedelta(minutes=minute)


def received(sequence: int, event: Event, minute: int = 0) -> Received:
    return Received(event.TYPE, sequence, event.model_dump_json().encode(), instant(at(minute)))


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


async def tell(database: Connection, told: Iterable[Received]) -> None:
    counted = [one for one in told if one.type in MEMBERSHIP_FACTS.types]
    await MEMBERSHIP_FACTS.write(database, [MEMBERSHIP_FACTS.fold(counted)])


async def moved(database, unit: str | None, first: date, last: date, known_at=None) -> Answer | None:
    return await movement(
        database, unit=unit, first=first, last=last, known_at=known_at, by_unit=True
    )  # fmt: skip


async def total(database, unit: str | None, day: date, known_at=None) -> tuple[Unit | None, int]:
    """What statistics call the unit on a day, and how many members they count."""
    answer = await statistics(database, Trees(), unit=unit, as_of=day, known_at=known_at)
    return answer.unit, sum(group.count for group in answer.groups)


# The plain count: from day to day, first the units move, then what happens to members is looked at.

Tree = dict[str, Organisation]
Scope = Callable[[date], set[UUID]]


def below(tree: Tree, top: UUID, day: date) -> set[UUID]:
    by_id = {one.id: one for one in tree.values()}

    def hangs_there(one: Organisation | None) -> bool:
        while one is not None and one.id != top:
            one = by_id.get(one.on(day).parent_id)
        return one is not None

    return {one.id for one in tree.values() if hangs_there(one)}


def scopes_by_unit(tree: Tree, code: str | None) -> dict[str, Scope]:
    """What belongs to the row of each unit on a day: all below it while it hangs under the one asked for."""
    top = tree[code].id if code else None

    def of(child: Organisation) -> Scope:
        return lambda day: below(tree, child.id, day) if child.on(day).parent_id == top else set()

    own: dict[str, Scope] = {code: lambda _: {tree[code].id}} if code else {}
    return own | {child.code: of(child) for child in tree.values() if child.id != top}


def scope(tree: Tree, code: str | None) -> Scope:
    if code is None:
        return lambda _: {one.id for one in tree.values()}
    return lambda day: below(tree, tree[code].id, day)


@dataclass
class Plain:
    opening: int
    came: Counter[str]
    went: Counter[str]
    within: Counter[str]
    removed_on_probation: int
    closing: int


def walk(people: list[list[Step]], within: Scope, first: date, last: date) -> Plain:
    def where(steps: list[Step], day: date) -> UUID | None:
        state = None
        for step in steps:
            if step.effective_date <= day:
                state = step.after
        return state and state.cell_id

    found = Plain(0, Counter(), Counter(), Counter(), 0, 0)
    found.opening = sum(where(steps, first - DAY) in within(first - DAY) for steps in people)
    for number in range((last - first).days + 1):
        day = first + number * DAY
        before, now = within(day - DAY), within(day)
        for steps in people:
            cell = where(steps, day - DAY)
            found.came[UNIT_MOVED_IN] += cell in now and cell not in before
            found.went[UNIT_MOVED_OUT] += cell in before and cell not in now
            for step in (step for step in steps if step.effective_date == day):
                was_here = step.before is not None and step.before.cell_id in now
                is_here = step.after is not None and step.after.cell_id in now
                if was_here and is_here:
                    found.within[step.cause] += 1
                elif is_here:
                    found.came[step.cause] += 1
                elif was_here:
                    found.went[step.cause] += 1
                    found.removed_on_probation += (
                        step.cause is Cause.REMOVED and step.before.standing is Standing.PROBATIONARY
                    )
    found.closing = sum(where(steps, last) in within(last) for steps in people)
    return found


def agree(answered: Movement, plain: Plain) -> None:
    assert answered.opening + answered.came.total - answered.went.total == answered.closing
    assert Plain(
        answered.opening, +Counter(answered.came.by_reason), +Counter(answered.went.by_reason),
        +Counter(answered.within), answered.went.removed_on_probation, answered.closing,
    ) == replace(plain, came=+plain.came, went=+plain.went, within=+plain.within)  # fmt: skip
    for reasons in (answered.came.by_reason, answered.went.by_reason, answered.within):
        assert min(reasons.values()) >= 0


# Lives and trees as membership decides them, the days of the lives set to those of the trees.

LATER = FIRST - ADMITTED


def set_back(value):
    """An event's JSON with the days of effect set to those of the trees."""
    if isinstance(value, dict):
        return {
            name: (date.fromisoformat(inner) + LATER).isoformat()
            if name == "effective_date"
            else set_back(inner)
            for name, inner in value.items()
        }
    return [set_back(inner) for inner in value] if isinstance(value, list) else value


def told_of(life: Life, person: int) -> list[Received]:
    events = [type(event).model_validate(set_back(event.model_dump(mode="json"))) for event in life.events]
    return [received(1000 * person + number, event, number) for number, event in enumerate(events, 1)]


def known_of(life: Life, minute: int) -> list[Step]:
    """The steps of a life as they were known, in order."""
    steps = steps_of(history_of(life.events[:minute]))
    return [step.model_copy(update={"effective_date": step.effective_date + LATER}) for step in steps]


def world_of_lives() -> Tree:
    tree = world()
    tree["C"], tree["G"] = replace(tree["C"], id=HOME.id), replace(tree["G"], id=AWAY.id)
    return tree


LATE_UPGRADE = [("move", "G", 20, "M", None), ("upgrade", "G", 10)]
MOVES = [("move", "C", 10, "B", None), ("move", "C", 20, "K", "grassroots_cell"), ("dissolve", "C", 40)]


@given(
    asked=st.lists(moves_that_fit | commands, max_size=8),
    decided=st.lists(st.lists(ACTIONS, max_size=8), min_size=1, max_size=4),
    first=st.integers(-3, 45).map(on),
    length=st.integers(0, 50),
    minute=st.integers(0, 15),
    chance=st.randoms(use_true_random=False),
)
@example(asked=LATE_UPGRADE, decided=[[]], first=on(5), length=20, minute=9, chance=None)
@example(asked=MOVES, decided=[[], []], first=on(5), length=10, minute=9, chance=None)
@example(asked=MOVES, decided=[[], []], first=on(10), length=12, minute=9, chance=None)
@example(asked=[*MOVES[1:], MOVES[0]], decided=[[], []], first=on(5), length=30, minute=9, chance=None)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_movement_is_that_of_a_walk_from_day_to_day(
    database, asked, decided, first, length, minute, chance
):
    """For every unit and the whole register, by unit as well, as known now and as known at some minute."""
    trees, told = grown(asked)
    lives = [Life() for _ in decided]
    for person, (life, actions) in enumerate(zip(lives, decided, strict=True)):
        for action in actions:
            life.tried(action)
        told += told_of(life, person)
    if chance:
        chance.shuffle(told)
    last = first + length * DAY
    async with taken_back(database):
        await tell(database, told)
        for known_at, tree, count in (
            (None, trees[-1], 99),
            (at(minute), trees[min(minute, len(trees) - 1)], minute),
        ):
            people = [known_of(life, count) for life in lives]
            for code in (None, *trees[-1]):
                answer = await moved(database, code, first, last, known_at)
                if code is not None and code not in tree:
                    assert answer is None
                    continue
                agree(answer.movement, walk(people, scope(tree, code), first, last))
                _, opening = await total(database, code, first - DAY, known_at)
                assert answer.movement.opening == opening
                assert (answer.unit, answer.movement.closing) == await total(database, code, last, known_at)
                for row in answer.rows:
                    named, _ = await total(database, row.unit.code, last, known_at)
                    assert row.unit == named
                rows_agree(answer, people, scopes_by_unit(tree, code), first, last)
                await figures_agree(database, answer, code, first, last, known_at)


def grown(asked: list[tuple]) -> tuple[list[Tree], list[Received]]:
    """The tree as it was after each event, a minute apart, and the events."""
    tree, trees, told = world_of_lives(), [], []
    for one in tree.values():
        told.append(received(1_000_000 + len(told), founding(one), len(told)))
        trees.append({**(trees[-1] if trees else {}), one.code: one})
    for one in asked:
        if done := run(tree, one):
            told.append(received(1_000_000 + len(told), done.event, len(told)))
            trees.append(dict(tree))
    return trees, told


def rows_agree(
    answer: Answer, people: list[list[Step]], scopes: dict[str, Scope], first: date, last: date
) -> None:
    """Each row is a walk through the unit while it hangs there, and together they are the whole."""
    rows = {row.unit.code: row.movement for row in answer.rows}
    assert len(rows) == len(answer.rows)
    for code, within in scopes.items():
        plain = walk(people, within, first, last)
        if code in rows:
            agree(rows.pop(code), plain)
        else:
            assert plain == walk([], within, first, last)
    assert rows == {}
    assert answer.movement.opening == sum(row.movement.opening for row in answer.rows)
    assert answer.movement.closing == sum(row.movement.closing for row in answer.rows)


async def figures_agree(
    database: Connection, answer: Answer, code: str | None, first: date, last: date, known_at: datetime | None
) -> None:
    """The same in the grammar of figures, for the whole period and for parts of it at once."""
    dated = await read(database, known_at)
    root = None if code is None else dated.of_code(code, last)
    middle = first + (last - first) // 2
    parts = [Period(first, middle), Period(middle + DAY, last)] if middle < last else [Period(first, last)]
    for level in (None, Dimension.UNIT):
        frame = Frame(dated, root, level)
        sums = await figures_movement(database, frame, [*parts, Period(first, last)], known_at=known_at)
        expected = (
            {None: answer.movement}
            if level is None
            else {dated.of_code(row.unit.code, last): row.movement for row in answer.rows}
        )
        for unit, row in frame.rows.items():
            found = Counter(sums.get((row, len(parts), ())))
            assert +found == +Counter(columns(expected[unit]) if unit in expected else {}), unit
            assert +found == +sum(
                (Counter(sums.get((row, place, ()))) for place in range(len(parts))), Counter()
            )


# Examples.

BEFORE = on(1)


def state(cell: UUID, **changes) -> MemberState:
    return MemberState(
        cell_id=cell, standing="official", gender="male", ethnic_minority=False, religious=False,
        youth_union=False, birth_date=date(1980, 1, 1),
    ).model_copy(update=changes)  # fmt: skip


@pytest.fixture
async def tree(database: Connection) -> Tree:
    """A bloc with a committee that has a cell, another committee, and a grassroots cell."""
    tree = world()
    await tell(database, (received(1_000_000 + n, founding(one)) for n, one in enumerate(tree.values())))
    return tree


def members(tree: Tree, code: str, count: int) -> list[MemberAdmitted]:
    """Those who were in a cell before."""
    return [
        MemberAdmitted(effective_date=BEFORE, member_id=uuid4(), after=state(tree[code].id))
        for _ in range(count)
    ]


async def tell_events(database: Connection, *events: Event, minute: int = 0) -> None:
    start = await database.fetchval("SELECT coalesce(max(sequence), 0) FROM member_facts")
    await tell(database, (received(start + n, event, minute) for n, event in enumerate(events, 1)))


def hung(tree: Tree, code: str, to: str, day: date) -> OrganisationReparented:
    """A unit under another, whether or not membership would allow it."""
    before = tree[code].counted
    return OrganisationReparented(
        effective_date=day, organisation_id=tree[code].id, before=before,
        after=before.model_copy(update={"parent_id": tree[to].id}),
    )  # fmt: skip


def shown(answer: Answer) -> tuple:
    """Opening, in, out and within without what did not happen, and closing."""
    moved = answer.movement
    counts = (moved.came.by_reason, moved.went.by_reason, moved.within)
    came, went, within = ({name: n for name, n in reasons.items() if n} for reasons in counts)
    return moved.opening, came, went, within, moved.closing


@pytest.mark.parametrize(
    ("event", "cause"),
    [(MemberAdmitted, "admitted"), (MemberReceived, "received"), (MemberRestored, "restored")],
)
async def test_who_enters_the_register_comes_in_by_how_they_did(database, tree, event, cause):
    await tell_events(
        database,
        *members(tree, "C", 2),
        event(effective_date=on(10), member_id=uuid4(), after=state(tree["C"].id)),
    )
    for code in (None, "K", "A", "C"):
        assert shown(await moved(database, code, on(10), on(10))) == (2, {cause: 1}, {}, {}, 3)
        assert shown(await moved(database, code, on(5), on(9))) == (2, {}, {}, {}, 2)
        assert shown(await moved(database, code, on(11), on(12))) == (3, {}, {}, {}, 3)
    assert shown(await moved(database, "B", on(0), on(40))) == (0, {}, {}, {}, 0)


@pytest.mark.parametrize("reason", DepartureReason)
@pytest.mark.parametrize("standing", Standing)
async def test_who_leaves_the_register_goes_out_by_the_reason(database, tree, reason, standing):
    """The day of leaving no longer counts: who leaves on it is out on that day."""
    [one, *others] = members(tree, "C", 3)
    one = one.model_copy(update={"after": state(tree["C"].id, standing=standing)})
    await tell_events(
        database, one, *others,
        MemberLeft(effective_date=on(10), member_id=one.member_id, before=one.after, reason=reason),
    )  # fmt: skip
    for code in (None, "K", "A", "C"):
        answer = await moved(database, code, on(10), on(10))
        assert shown(answer) == (3, {}, {reason.value: 1}, {}, 2)
        removed_on_probation = reason is DepartureReason.REMOVED and standing is Standing.PROBATIONARY
        assert answer.movement.went.removed_on_probation == int(removed_on_probation)
    assert shown(await moved(database, "C", on(11), on(20))) == (2, {}, {}, {}, 2)


@pytest.mark.parametrize("reason", MoveReason)
async def test_who_moves_is_out_here_in_there_and_within_what_has_both(database, tree, reason):
    [one] = members(tree, "C", 1)
    move = MemberMoved(
        effective_date=on(10), member_id=one.member_id, reason=reason, before=one.after,
        after=state(tree["G"].id),
    )  # fmt: skip
    await tell_events(database, one, move)
    for code in ("C", "A"):
        assert shown(await moved(database, code, on(2), on(20))) == (1, {}, {reason.value: 1}, {}, 0)
    assert shown(await moved(database, "G", on(2), on(20))) == (0, {reason.value: 1}, {}, {}, 1)
    for code in (None, "K"):
        answer = await moved(database, code, on(2), on(20))
        assert shown(answer) == (1, {}, {}, {reason.value: 1}, 1)
    rows = {row.unit.code: row.movement for row in answer.rows}
    assert rows.keys() == {"A", "G"}
    assert (rows["A"].went.total, rows["G"].came.total) == (1, 1)


async def test_what_does_not_move_anybody_is_within(database, tree):
    cell = tree["C"].id
    young = state(cell, youth_union=True, standing=Standing.PROBATIONARY)
    grown = state(cell, standing=Standing.PROBATIONARY)
    person = uuid4()
    await tell_events(
        database,
        MemberAdmitted(effective_date=BEFORE, member_id=person, after=young),
        MemberProfileChanged(
            effective_date=on(10), member_id=person, before=young, after=grown,
            profile=ProfileChange(youth_union=False),
        ),
        MemberConfirmed(effective_date=on(11), member_id=person, before=grown, after=state(cell)),
    )  # fmt: skip
    for code in (None, "K", "A", "C"):
        assert shown(await moved(database, code, on(2), on(20))) == (
            1, {}, {}, {"profile": 1, "confirmed": 1}, 1,
        )  # fmt: skip


async def test_a_cell_that_moves_takes_its_members_with_it(database, tree):
    """Three members in cell C of committee A and one in G; on day 10 C comes under committee B.

    On that very day one is admitted to C, who is B's from the first: in by admission there, and never A's. One who
    leaves on day 9 is still A's, one on day 10 B's.
    """
    people = members(tree, "C", 3)
    early, late = (
        MemberLeft(effective_date=on(day), member_id=one.member_id, before=one.after, reason="died")
        for day, one in ((9, people[0]), (10, people[1]))
    )
    new = MemberAdmitted(effective_date=on(10), member_id=uuid4(), after=state(tree["C"].id))
    await tell_events(database, *people, *members(tree, "G", 1), early, late, new)
    await tell(database, [received(2_000_000, run(tree, ("move", "C", 10, "B", None)).event)])
    by_period = {
        (2, 20): (
            (3, {}, {"died": 1, "unit_moved_out": 2}, {}, 0),
            (0, {"unit_moved_in": 2, "admitted": 1}, {"died": 1}, {}, 2),
        ),
        (10, 10): (
            (2, {}, {"unit_moved_out": 2}, {}, 0),
            (0, {"unit_moved_in": 2, "admitted": 1}, {"died": 1}, {}, 2),
        ),
        (2, 9): ((3, {}, {"died": 1}, {}, 2), (0, {}, {}, {}, 0)),
        (11, 20): ((0, {}, {}, {}, 0), (2, {}, {}, {}, 2)),
    }
    for (first, last), (of_a, of_b) in by_period.items():
        assert shown(await moved(database, "A", on(first), on(last))) == of_a
        assert shown(await moved(database, "B", on(first), on(last))) == of_b
    whole = await moved(database, "K", on(2), on(20))
    assert shown(whole) == (4, {"admitted": 1}, {"died": 2}, {}, 3)
    assert [(row.unit.code, row.movement.opening, row.movement.closing) for row in whole.rows] == [
        ("A", 3, 0), ("B", 0, 2), ("G", 1, 1),
    ]  # fmt: skip


async def test_a_cell_that_leaves_and_comes_back_does_both(database, tree):
    await tell_events(database, *members(tree, "C", 3))
    for sequence, (day, to) in enumerate([(10, "B"), (20, "A")], 2_000_000):
        await tell(database, [received(sequence, run(tree, ("move", "C", day, to, None)).event)])
    assert shown(await moved(database, "A", on(2), on(30))) == (
        3, {"unit_moved_in": 3}, {"unit_moved_out": 3}, {}, 3,
    )  # fmt: skip
    assert shown(await moved(database, "A", on(10), on(19))) == (3, {}, {"unit_moved_out": 3}, {}, 0)
    assert shown(await moved(database, "A", on(20), on(20))) == (0, {"unit_moved_in": 3}, {}, {}, 3)


async def test_members_of_an_upgraded_cell_have_a_row_of_their_own(database, tree):
    """G becomes a committee and its members are still in it; one of them already is in a cell below."""
    here = members(tree, "G", 3)
    await tell(database, [received(2_000_000, run(tree, ("upgrade", "G", 10)).event)])
    await tell(database, [received(2_000_001, run(tree, ("move", "C", 10, "G", None)).event)])
    away = MemberMoved(
        effective_date=on(10), member_id=here[0].member_id, reason="upgrade", before=here[0].after,
        after=state(tree["C"].id),
    )  # fmt: skip
    await tell_events(database, *here, away)
    answer = await moved(database, "G", on(2), on(20))
    assert shown(answer) == (3, {}, {}, {"upgrade": 1}, 3)
    assert [(row.unit.code, row.movement.opening, row.movement.closing) for row in answer.rows] == [
        ("G", 3, 2), ("C", 0, 1),
    ]  # fmt: skip


async def test_what_is_taken_back_counts_one_less_of_what_it_counted(database, tree):
    """Recorded as removed on day 10; it was a resignation on day 12. What was known before can still be shown."""
    [one] = members(tree, "C", 1)
    left = MemberLeft(
        effective_date=on(10), member_id=one.member_id, before=one.after, reason=DepartureReason.REMOVED
    )
    restated = MemberHistoryRestatedV2(
        effective_date=on(10), member_id=one.member_id, corrects=2,
        retracted=(Step(effective_date=on(10), before=one.after, after=None, cause=Cause.REMOVED),),
        stated=(Step(effective_date=on(12), before=one.after, after=None, cause=Cause.RESIGNED),),
    )  # fmt: skip
    await tell_events(database, one, left)
    await tell_events(database, restated, minute=5)
    assert shown(await moved(database, "A", on(2), on(20))) == (1, {}, {"resigned": 1}, {}, 0)
    assert shown(await moved(database, "A", on(2), on(11))) == (1, {}, {}, {}, 1)
    assert shown(await moved(database, "A", on(2), on(20), at(4))) == (1, {}, {"removed": 1}, {}, 0)


async def test_steps_of_one_event_are_each_judged_by_themselves(database, tree):
    """Recorded as moved from C to G; it was the other way round: out and in again would look like a move within."""
    there, here = state(tree["C"].id), state(tree["G"].id)
    person = uuid4()
    steps = [
        (Step(effective_date=BEFORE, before=None, after=first, cause=Cause.ADMITTED),
         Step(effective_date=on(10), before=first, after=second, cause=Cause.TRANSFER))
        for first, second in ((there, here), (here, there))
    ]  # fmt: skip
    await tell_events(
        database,
        MemberAdmitted(effective_date=BEFORE, member_id=person, after=there),
        MemberMoved(effective_date=on(10), member_id=person, reason="transfer", before=there, after=here),
        MemberHistoryRestatedV2(
            effective_date=BEFORE, member_id=person, retracted=steps[0], stated=steps[1]
        ),
    )  # fmt: skip
    assert shown(await moved(database, "A", on(2), on(20))) == (0, {"transfer": 1}, {}, {}, 1)
    assert shown(await moved(database, "G", on(2), on(20))) == (1, {}, {"transfer": 1}, {}, 0)
    assert shown(await moved(database, "K", on(2), on(20))) == (1, {}, {}, {"transfer": 1}, 1)


async def test_a_first_version_that_tells_no_causes_still_adds_up(database, tree):
    """It takes back a death and states it two days later, without a reason on either side."""
    [one] = members(tree, "C", 1)
    left = MemberLeft(effective_date=on(10), member_id=one.member_id, before=one.after, reason="died")
    restated = MemberHistoryRestated(
        effective_date=on(10), member_id=one.member_id, corrects=2,
        retracted=(Step(effective_date=on(10), before=one.after, after=None),),
        stated=(Step(effective_date=on(12), before=one.after, after=None),),
    )  # fmt: skip
    await tell_events(database, one, left, restated)
    assert shown(await moved(database, "A", on(2), on(20))) == (1, {}, {"died": 1}, {}, 0)
    assert shown(await moved(database, "A", on(2), on(11))) == (1, {}, {"died": 1, "unstated": -1}, {}, 1)


@pytest.mark.parametrize(("first", "last"), [(date.min, date.max), (date.min, on(5)), (on(5), date.max)])
async def test_a_period_may_reach_to_the_edges_of_the_calendar(database, tree, first, last):
    """Some came on the first day there is, one comes on the last."""
    cell = tree["C"].id
    await tell_events(
        database,
        MemberAdmitted(effective_date=date.min, member_id=uuid4(), after=state(cell)),
        *members(tree, "C", 1),
        MemberAdmitted(effective_date=date.max, member_id=uuid4(), after=state(cell)),
    )
    opening, closing = 2 * (first > date.min), 2 + (last == date.max)
    came = {"admitted": closing - opening} if closing > opening else {}
    for code in (None, "K", "A", "C"):
        assert shown(await moved(database, code, first, last)) == (opening, came, {}, {}, closing)
    await tell(database, [received(2_000_000, hung(tree, "C", "B", last))])
    gone = {"unit_moved_out": 2}
    came = {"admitted": 2 - opening} if opening < 2 else {}
    assert shown(await moved(database, "A", first, last)) == (opening, came, gone, {}, 0)


async def test_a_cycle_of_units_ends_and_counts_nobody_twice(database, tree):
    """A under B from day 10 on, and B under A: whoever is in either is in both, once."""
    await tell_events(database, *members(tree, "C", 2))
    for sequence, (code, to) in enumerate([("A", "B"), ("B", "A")], 2_000_000):
        await tell(database, [received(sequence, hung(tree, code, to, on(10)))])
    assert shown(await moved(database, "A", on(2), on(20))) == (2, {}, {}, {}, 2)
    assert shown(await moved(database, "B", on(2), on(20))) == (0, {"unit_moved_in": 2}, {}, {}, 2)
    assert shown(await moved(database, "K", on(2), on(20))) == (2, {}, {"unit_moved_out": 2}, {}, 0)


async def test_facts_without_a_cause_are_forgotten_and_read_again(connection):
    """They cannot be told it; the marks go with them, and a consumer of another name begins at the beginning."""
    before = [path for path in SERVICE.all_migrations if path.name < "20261124000061"]
    await migrate(connection, before)
    await connection.execute(
        "INSERT INTO member_facts (sequence, ordinal, recorded_at, effective_date, delta, cell_id, born, standing,"
        " gender, ethnic_minority, religious, youth_union)"
        " VALUES (1, 1, now(), '2020-01-01', 1, gen_random_uuid(), 19800101, 'official', 'male', false, false, false)"
    )
    await connection.execute(
        "INSERT INTO stream_marks (consumer, topic, partition, sequence)"
        " VALUES ('reporting.membership-facts', 't', 0, 1), ('another', 't', 0, 1)"
    )
    await migrate(connection, SERVICE.all_migrations)
    assert await connection.fetchval("SELECT count(*) FROM member_facts") == 0
    assert await connection.fetch("SELECT consumer FROM stream_marks") == [("another",)]
    assert MEMBERSHIP_FACTS.name != "reporting.membership-facts"


async def test_members_of_a_unit_not_yet_known_come_with_it(database):
    tree = world()
    await tell_events(database, *members(tree, "C", 2))
    assert shown(await moved(database, None, on(0), on(20))) == (0, {}, {}, {}, 0)
    assert await moved(database, "A", on(0), on(20)) is None
    await tell(database, [received(1_000_000, founding(tree["C"]))])
    assert shown(await moved(database, None, on(0), on(20))) == (0, {"admitted": 2}, {}, {}, 2)
    await tell(database, [received(1_000_001, founding(tree["A"]))])
    assert shown(await moved(database, "A", on(0), on(20))) == (0, {"admitted": 2}, {}, {}, 2)
