"""The statistics on a real server, against a plain count over the input that shares no code with them."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from aiokafka import ConsumerRecord
from asyncpg import Connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chassis.cloudevents import encode_headers, instant
from chassis.database import add_rows
from chassis.migrations import migrate
from chassis.rebuilding import reading
from chassis.stream_consumer import StreamConsumer
from contracts import membership
from contracts.membership import Gender, MemberState, OrganisationState, OrganisationType, Standing
from services.reporting import domain
from services.reporting.app import SERVICE
from services.reporting.consumers import MEMBERSHIP_FACTS, SUBSCRIPTIONS
from services.reporting.dated_tree import Trees
from services.reporting.domain import Dimension
from services.reporting.figures.query import mark
from services.reporting.member_rows import MEMBER_COLUMNS, encoded
from services.reporting.membership_facts import MembershipFacts
from services.reporting.statistics import statistics, units_below

TOPIC = "chibo.membership.internal.v1"
FIRST_DAY = date(2018, 1, 1)
FIRST_INSTANT = datetime(2020, 12, 1, tzinfo=UTC)


# The input: rows as in the two files, each fact with the minute in which membership recorded it.


@dataclass(frozen=True)
class Unit:
    id: UUID
    code: str
    type: OrganisationType
    parent: int | None
    established: date
    dissolved: date | None
    recorded: tuple[int, int]


@dataclass(frozen=True)
class Member:
    cell: int | None
    """Index of the unit; None for a cell that never appears."""
    born: date
    gender: Gender
    minority: bool
    religious: bool
    youth: bool
    admitted: date
    official: date | None
    left: date | None
    recorded: tuple[int, int, int]


@dataclass(frozen=True)
class Register:
    units: list[Unit] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)


days_on = st.integers(0, 40)
days = days_on.map(lambda n: FIRST_DAY + timedelta(days=n))
births = st.one_of(
    st.dates(date(1915, 1, 1), date(2018, 3, 1)),
    # Birthdays around the days asked for, on the edge of a band.
    st.builds(
        lambda year, n: date(year, 1, 1) + timedelta(days=n), st.sampled_from([1957, 1972, 2000]), days_on
    ),
)
minutes = st.integers(0, 20)


@st.composite
def registers(draw):
    units = []
    for index in range(draw(st.integers(0, 7))):
        established, *dissolved = sorted(draw(st.lists(days, min_size=1, max_size=2)))
        units.append(
            Unit(
                uuid4(),
                f"K.{index}",
                draw(st.sampled_from(OrganisationType)),
                draw(st.none() | st.integers(0, index - 1)) if index else None,
                established,
                dissolved[0] if dissolved else None,
                tuple(sorted([draw(minutes), draw(minutes)])),
            )
        )
    members = []
    for _ in range(draw(st.integers(0, 12))):
        admitted, *later = sorted(draw(st.lists(days, min_size=1, max_size=3)))
        confirmed = bool(later) and draw(st.booleans())
        members.append(
            Member(
                draw(st.none() | st.integers(0, len(units) - 1)) if units else None,
                draw(births),
                draw(st.sampled_from(Gender)),
                draw(st.booleans()),
                draw(st.booleans()),
                draw(st.booleans()),
                admitted,
                later[0] if confirmed else None,
                later[-1] if len(later) == 2 or (later and not confirmed) else None,
                tuple(sorted([draw(minutes), draw(minutes), draw(minutes)])),
            )
        )
    return Register(units, members)


def at(minute: int) -> datetime:
    return FIRST_INSTANT + timedelta(minutes=minute)


@dataclass(frozen=True)
class Received:
    type: str
    sequence: int
    value: bytes
    time: str
    aggregate: UUID


def events_of(register: Register) -> list[Received]:
    """The events that membership would tell, aggregate by aggregate."""
    found: list[Received] = []

    def tell(event: membership.MembershipEvent, minute: int) -> None:
        value = event.model_dump_json().encode()
        found.append(Received(event.TYPE, len(found) + 1, value, instant(at(minute)), event.aggregate_id))

    for unit in register.units:
        above = None if unit.parent is None else register.units[unit.parent].id
        state = OrganisationState(type=unit.type, parent_id=above)
        told, told_later = unit.recorded
        tell(
            membership.OrganisationEstablished(
                effective_date=unit.established, organisation_id=unit.id, code=unit.code, name=f"Chi bộ {unit.code}",
                after=state,
            ),
            told,
        )  # fmt: skip
        if unit.dissolved:
            tell(
                membership.OrganisationDissolved(
                    effective_date=unit.dissolved, organisation_id=unit.id, before=state
                ),
                told_later,
            )
    for member in register.members:
        person = uuid4()
        state = MemberState(
            cell_id=uuid4() if member.cell is None else register.units[member.cell].id,
            standing=Standing.PROBATIONARY,
            gender=member.gender,
            ethnic_minority=member.minority,
            religious=member.religious,
            youth_union=member.youth,
            birth_date=member.born,
        )
        tell(
            membership.MemberAdmitted(effective_date=member.admitted, member_id=person, after=state),
            member.recorded[0],
        )
        if member.official:
            before, state = state, state.model_copy(update={"standing": Standing.OFFICIAL})
            tell(
                membership.MemberConfirmed(
                    effective_date=member.official, member_id=person, before=before, after=state
                ),
                member.recorded[1],
            )
        if member.left:
            tell(
                membership.MemberLeft(
                    effective_date=member.left, member_id=person, before=state,
                    reason=membership.DepartureReason.TRANSFERRED_OUT,
                ),
                member.recorded[2],
            )  # fmt: skip
    return found


# The plain count.


def known_units(register: Register, minute: int) -> list[int]:
    return [index for index, unit in enumerate(register.units) if unit.recorded[0] <= minute]


def below(register: Register, top: int | None, minute: int) -> set[int]:
    known = known_units(register, minute)
    if top is None:
        return set(known)
    found = {top}
    for index in known:  # a unit's parent has a lower index
        if register.units[index].parent in found:
            found.add(index)
    return found


def there(register: Register, top: int | None, day: date, minute: int = 99) -> list[dict[Dimension, object]]:
    """The members that count on a day, each as it is seen."""
    scope = below(register, top, minute)
    counted = []
    for member in register.members:
        admitted, confirmed, left = (told <= minute for told in member.recorded)
        if member.cell not in scope or not admitted or member.admitted > day:
            continue
        if member.left and left and member.left <= day:
            continue
        age = day.year - member.born.year - ((day.month, day.day) < (member.born.month, member.born.day))
        official = member.official and confirmed and member.official <= day
        counted.append(
            {
                Dimension.GENDER: member.gender.value,
                Dimension.ETHNIC_MINORITY: member.minority,
                Dimension.RELIGION: member.religious,
                Dimension.YOUTH: member.youth,
                Dimension.STANDING: "official" if official else "probationary",
                Dimension.AGE_BAND: band_of(age),
                "age": max(age, 0),
            }
        )
    return counted


def band_of(age: int) -> str:
    if age < 18:
        return "under_18"
    for first, last in ((18, 30), (31, 35), (36, 40), (41, 45), (46, 50), (51, 55), (56, 60)):
        if first <= age <= last:
            return f"{first}-{last}"
    return "over_60"


def units_there(register: Register, top: int | None, day: date, minute: int = 99) -> Counter[str]:
    counted: Counter[str] = Counter()
    for index in below(register, top, minute):
        unit = register.units[index]
        dissolved = unit.dissolved and unit.recorded[1] <= minute and unit.dissolved <= day
        if unit.established <= day and not dissolved:
            counted[unit.type.value] += 1
    return counted


# The tests.


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


async def apply(database: Connection, events) -> None:
    await MembershipFacts().write(database, [MembershipFacts.fold(events)])


async def figures(database, unit=None, as_of=date(2020, 11, 30), known_at=None):
    return await statistics(database, Trees(), unit=unit, as_of=as_of, known_at=known_at)


async def listed_below(database, parent, as_of):
    return units_below(await Trees().read(database, None), parent=parent, as_of=as_of)


def table(groups, by) -> Counter:
    return Counter({tuple(row[name] for name in by): row["count"] for row in domain.tabulate(groups, by)})


several = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
dimensions = st.lists(st.sampled_from(Dimension), unique=True, min_size=1)
BORN_ON_29_FEBRUARY = Member(
    0, date(1972, 2, 29), Gender.FEMALE, False, False, True, FIRST_DAY, None, None, (0, 0, 0)
)
CELL = Unit(uuid4(), "K.0", OrganisationType.GRASSROOTS_CELL, None, FIRST_DAY, None, (0, 0))


@given(
    data=st.data(), register=registers(), day=st.integers(-1, 42), by=dimensions, minute=minutes | st.none()
)
@example(None, Register([CELL], [BORN_ON_29_FEBRUARY]), 58, [Dimension.AGE_BAND], None)  # 28/2/2018: 45
@example(None, Register([CELL], [BORN_ON_29_FEBRUARY]), 59, [Dimension.AGE_BAND], None)  # 1/3/2018: 46
@example(
    None,
    Register([CELL], [replace(BORN_ON_29_FEBRUARY, born=date(1972, 2, 28))]),
    58,
    [Dimension.AGE_BAND],
    0,
)
@several
async def test_figures_are_those_of_a_plain_count(database, data, register, day, by, minute):
    as_of = FIRST_DAY + timedelta(days=day)
    events = events_of(register)
    if data is not None:
        events = data.draw(st.permutations(events))
    cut = len(events) // 2
    async with taken_back(database):
        await apply(database, events[:cut])
        await apply(database, events[cut:])
        latest = 99 if minute is None else minute
        for top in (None, *known_units(register, latest)):
            code = None if top is None else register.units[top].code
            answer = await figures(database, code, as_of, None if minute is None else at(minute))
            expected = there(register, top, as_of, latest)
            assert table(answer.groups, by) == Counter(tuple(seen[name] for name in by) for seen in expected)
            assert sum(group.years for group in answer.groups) == sum(seen["age"] for seen in expected)
            assert domain.count_members(answer.groups) == domain.Members(
                total=len(expected),
                women=sum(seen[Dimension.GENDER] == "female" for seen in expected),
                ethnic_minority=sum(seen[Dimension.ETHNIC_MINORITY] for seen in expected),
                youth=sum(seen[Dimension.YOUTH] for seen in expected),
                with_religion=sum(seen[Dimension.RELIGION] for seen in expected),
                probationary=sum(seen[Dimension.STANDING] == "probationary" for seen in expected),
                official=sum(seen[Dimension.STANDING] == "official" for seen in expected),
            )
            assert +Counter(answer.units_by_type) == units_there(register, top, as_of, latest)
            assert (answer.unit and answer.unit.code) == code
        for unknown in set(range(len(register.units))) - set(known_units(register, latest)):
            assert await figures(database, register.units[unknown].code, as_of, at(latest)) is None


@given(register=registers(), period=st.lists(st.integers(0, 41), min_size=2, max_size=2).map(sorted))
@several
async def test_opening_and_in_and_out_make_closing(database, register, period):
    start, end = (FIRST_DAY + timedelta(days=n) for n in period)
    async with taken_back(database):
        await apply(database, events_of(register))
        for top in (None, *range(len(register.units))):
            code = None if top is None else register.units[top].code
            opening, closing = [
                domain.count_members((await figures(database, code, day)).groups).total
                for day in (start, end)
            ]
            here = [member for member in register.members if member.cell in below(register, top, 99)]
            came = sum(start < member.admitted <= end for member in here)
            went = sum(start < member.left <= end for member in here if member.left)
            assert opening + came - went == closing


async def test_members_of_a_cell_not_yet_known_are_shown_once_it_arrives(database):
    [cell, member] = events_of(Register([CELL], [BORN_ON_29_FEBRUARY]))
    await apply(database, [member])
    assert (await figures(database)).groups == []
    assert await figures(database, "K.0") is None
    await apply(database, [cell])
    for unit in (None, "K.0"):
        assert domain.count_members((await figures(database, unit)).groups).total == 1


async def test_an_event_cannot_be_added_twice(database):
    """The consumer's marks see to it; the table would not take it either."""
    events = events_of(Register([CELL], [BORN_ON_29_FEBRUARY]))
    await apply(database, events)
    for event in events:
        with pytest.raises(Exception, match="duplicate key"):
            await apply(database, [event])


def established(
    unit: UUID, code: str, day: int, above: UUID | None, name: str = "Chi bộ"
) -> membership.Event:
    return membership.OrganisationEstablished(
        effective_date=FIRST_DAY + timedelta(days=day), organisation_id=unit, code=code, name=name,
        after=OrganisationState(type=OrganisationType.SUBORDINATE_CELL, parent_id=above),
    )  # fmt: skip


def dissolved(unit: UUID, day: int, above: UUID | None) -> membership.Event:
    return membership.OrganisationDissolved(
        effective_date=FIRST_DAY + timedelta(days=day), organisation_id=unit,
        before=OrganisationState(type=OrganisationType.SUBORDINATE_CELL, parent_id=above),
    )  # fmt: skip


def received(*events: membership.Event) -> list[Received]:
    return [
        Received(event.TYPE, sequence, event.model_dump_json().encode(), instant(at(0)), event.aggregate_id)
        for sequence, event in enumerate(events, start=1)
    ]


@pytest.mark.parametrize(("day", "above"), [(5, "A"), (10, "A"), (20, "A"), (25, "A"), (30, "B"), (35, "B")])
async def test_a_unit_hangs_where_the_latest_fact_of_the_day_says(database, day, above):
    """Before its first fact where the first says; dissolved on day 20, established again elsewhere on day 30."""
    first, second, cell = uuid4(), uuid4(), uuid4()
    await apply(
        database,
        received(
            established(first, "A", 0, None),
            established(second, "B", 0, None),
            established(cell, "C", 10, first, "Chi bộ cũ"),
            dissolved(cell, 20, first),
            established(cell, "C", 30, second, "Chi bộ mới"),
        ),
    )
    await database.execute(
        f"INSERT INTO member_facts ({', '.join(MEMBER_COLUMNS)})"
        " VALUES (100, 1, now(), $1, 1, 0, $2, 19800101, 'official', 'male', false, false, false, 0, 0)",
        FIRST_DAY,
        cell,
    )
    as_of = FIRST_DAY + timedelta(days=day)
    for code in ("A", "B"):
        answer = await figures(database, code, as_of)
        assert domain.count_members(answer.groups).total == (1 if code == above else 0)
        assert answer.units_by_type["subordinate_cell"] == (
            2 if code == above and day not in (5, 20, 25) else 1
        )
    name = "Chi bộ mới" if above == "B" else "Chi bộ cũ"
    assert (await figures(database, "C", as_of)).unit.name == name
    listed = await listed_below(database, parent=above, as_of=as_of)
    assert [unit.name for unit in listed] == ([] if day in (5, 20, 25) else [name])


def on(day: int) -> date:
    return FIRST_DAY + timedelta(days=day)


def state(type_: str, above: UUID | None) -> OrganisationState:
    return OrganisationState(type=OrganisationType(type_), parent_id=above)


def step(day: int, before: OrganisationState | None, after: OrganisationState | None):
    return membership.OrganisationStep(effective_date=on(day), before=before, after=after)


async def seen_of(database, codes: str, day: int) -> dict[str, Counter[str]]:
    """The units by type in the scope of each of these units."""
    return {code: +Counter((await figures(database, code, on(day))).units_by_type) for code in codes}


async def test_a_cell_that_moves_counts_here_until_the_day_and_there_from_it_on(database):
    first, second, cell = uuid4(), uuid4(), uuid4()
    under = {code: state("subordinate_cell", above) for code, above in (("A", first), ("B", second))}
    person = Register([replace(CELL, id=cell)], [BORN_ON_29_FEBRUARY])
    [_, admitted] = events_of(person)
    moved = membership.OrganisationReparented(
        effective_date=on(10), organisation_id=cell, before=under["A"], after=under["B"]
    )
    await apply(
        database,
        [
            replace(admitted, sequence=9),
            *received(
                established(first, "A", 0, None), established(second, "B", 0, None), established(cell, "C", 0, first),
                moved,
            ),
        ],
    )  # fmt: skip
    for day, above, other in ((0, "A", "B"), (9, "A", "B"), (10, "B", "A"), (20, "B", "A")):
        assert await seen_of(database, "AB", day) == {
            above: Counter(subordinate_cell=2),
            other: Counter(subordinate_cell=1),
        }
        people = [len((await figures(database, code, on(day))).groups) for code in (above, other)]
        assert people == [1, 0]
        assert [unit.code for unit in await listed_below(database, parent=above, as_of=on(day))] == ["C"]
        assert await listed_below(database, parent=other, as_of=on(day)) == []


async def test_an_upgraded_cell_counts_as_a_committee_from_the_day_on(database):
    bloc, cell = uuid4(), uuid4()
    before, after = state("grassroots_cell", bloc), state("grassroots_committee", bloc)
    await apply(
        database,
        received(
            membership.OrganisationEstablished(
                effective_date=on(0), organisation_id=bloc, code="K", name="", after=state("bloc", None)
            ),
            membership.OrganisationEstablished(
                effective_date=on(0), organisation_id=cell, code="C", name="Chi bộ Sở Y tế", after=before
            ),
            membership.OrganisationUpgraded(
                effective_date=on(10), organisation_id=cell, before=before, after=after
            ),
            membership.OrganisationRenamed(
                effective_date=on(10), organisation_id=cell, code="C",
                name_before="Chi bộ Sở Y tế", name="Đảng bộ Sở Y tế",
            ),
        ),
    )  # fmt: skip
    for day, type_, name in (
        (9, "grassroots_cell", "Chi bộ Sở Y tế"),
        (10, "grassroots_committee", "Đảng bộ Sở Y tế"),
    ):
        assert (await seen_of(database, "K", day))["K"] == Counter(["bloc", type_])
        unit = (await figures(database, "C", on(day))).unit
        assert (unit.type, unit.name) == (type_, name)
        [listed] = await listed_below(database, parent="K", as_of=on(day))
        assert (listed.type, listed.name) == (type_, name)


async def test_a_move_recorded_after_later_ones_takes_back_what_they_said(database):
    """A -> C on day 20 and the end on day 30 are known; then it turns out to have been under B from day 10."""
    above = {code: uuid4() for code in "ABC"}
    cell = uuid4()
    under = {code: state("subordinate_cell", above[code]) for code in "ABC"}
    late = membership.OrganisationReparented(
        effective_date=on(10), organisation_id=cell, before=under["A"], after=under["B"],
        retracted=(step(20, under["A"], under["C"]),), stated=(step(20, under["B"], under["C"]),),
    )  # fmt: skip
    await apply(
        database,
        received(
            *(established(id_, code, 0, None) for code, id_ in above.items()),
            established(cell, "D", 0, above["A"]),
            membership.OrganisationReparented(
                effective_date=on(20), organisation_id=cell, before=under["A"], after=under["C"]
            ),
            membership.OrganisationDissolved(effective_date=on(30), organisation_id=cell, before=under["C"]),
            late,
        ),
    )
    for day, place in ((0, "A"), (9, "A"), (10, "B"), (19, "B"), (20, "C"), (29, "C")):
        assert await seen_of(database, "ABC", day) == {
            code: Counter(subordinate_cell=1 + (code == place)) for code in "ABC"
        }
    assert (await seen_of(database, "ABC", 30))["C"] == Counter(subordinate_cell=1)
    sums = await database.fetch(
        "SELECT parent_id, sum(delta) FROM organisation_facts WHERE organisation_id = $1 GROUP BY 1", cell
    )
    assert {row["sum"] for row in sums} == {0}


async def test_a_code_may_pass_to_a_new_unit(database):
    old, new = uuid4(), uuid4()
    await apply(
        database,
        received(
            established(old, "A", 0, None, "Cũ"),
            dissolved(old, 10, None),
            established(new, "A", 10, None, "Mới"),
        ),
    )
    names = [
        (await figures(database, "A", FIRST_DAY + timedelta(days=day))).unit.name for day in (5, 9, 10, 15)
    ]
    assert names == ["Cũ", "Cũ", "Mới", "Mới"]


@pytest.mark.parametrize("edge", [date.min, date.max])
async def test_a_date_at_the_edge_of_the_calendar_spoils_nothing(database, edge):
    """PostgreSQL's driver takes it for an infinity."""
    odd = replace(CELL, id=uuid4(), code="K.1", established=edge)
    members = [
        replace(BORN_ON_29_FEBRUARY, cell=1, born=date.min),
        replace(BORN_ON_29_FEBRUARY, admitted=edge),
    ]
    register = Register([CELL, odd], members)
    await apply(database, events_of(register))
    for top, code in enumerate(["K.0", "K.1"]):
        answer = await figures(database, code)
        assert domain.count_members(answer.groups).total == len(there(register, top, date(2020, 11, 30)))
        assert Counter(answer.units_by_type) == units_there(register, top, date(2020, 11, 30))


async def test_a_cyclic_tree_ends(database):
    first, second = uuid4(), uuid4()
    await apply(database, received(established(first, "A", 0, second), established(second, "B", 0, first)))
    async with asyncio.timeout(30):
        assert (await figures(database, "A")).units_by_type == {"subordinate_cell": 2}


async def test_units_below_are_listed_by_code(database):
    root, cell, gone, later = uuid4(), uuid4(), uuid4(), uuid4()
    await apply(
        database,
        received(
            established(cell, "A.2", 0, root), established(root, "A", 0, None), established(gone, "A.3", 0, root),
            dissolved(gone, 5, root), established(later, "A.1", 7, root),
        ),
    )  # fmt: skip

    async def codes(parent, day):
        found = await listed_below(database, parent=parent, as_of=FIRST_DAY + timedelta(days=day))
        return None if found is None else [unit.code for unit in found]

    assert await codes(None, 0) == ["A"]
    assert await codes("A", 0) == ["A.2", "A.3"]
    assert await codes("A", 5) == ["A.2"]
    assert await codes("A", 7) == ["A.1", "A.2"]
    assert await codes("A.1", 7) == []
    assert await codes("A.9", 7) is None


async def test_all_figures_of_an_answer_are_of_one_snapshot(pool, database):
    """A writer adds a member and moves the mark in one transaction; no answer ever sees the one without the other."""
    await apply(database, received(established(CELL.id, "K.0", 0, None)))
    await database.execute(
        "INSERT INTO stream_marks (consumer, topic, partition, sequence) VALUES ($1, $2, 0, 0)",
        MEMBERSHIP_FACTS.name,
        TOPIC,
    )
    members = [
        event
        for event in events_of(Register([CELL], [BORN_ON_29_FEBRUARY] * 300))
        if "admitted" in event.type
    ]
    writing = asyncio.create_task(write_with_marks(database, members))
    seen = set()
    while not writing.done():
        async with reading(pool) as connection:
            marked = await mark(connection, [MEMBERSHIP_FACTS.name])
            answer = await figures(connection, "K.0")
        total = domain.count_members(answer.groups).total
        assert marked.up_to == {TOPIC: {"0": total}}
        seen.add(total)
    await writing
    assert len(seen) > 10  # it was looked at while it changed


async def write_with_marks(database: Connection, events: list[Received]) -> None:
    for count, event in enumerate(events, start=1):
        async with database.transaction():
            await apply(database, [event])
            await database.execute("UPDATE stream_marks SET sequence = $1", count)


# With the chassis' consumer: what Kafka delivers, marks, parking.


def records_of(events: list[Received], partitions: int = 3) -> list[ConsumerRecord]:
    """The records of these events as the relay sends them, in the order of the stream."""
    last = dict.fromkeys(range(partitions), 0)
    records = []
    for event in events:
        partition = event.aggregate.int % partitions
        headers = encode_headers(
            source="/chibo/membership", type_=event.type, subject=event.aggregate,
            recorded_at=datetime.fromisoformat(event.time), sequence=event.sequence, previous=last[partition],
            traceparent=None,
        )  # fmt: skip
        last[partition] = event.sequence
        records.append(
            ConsumerRecord(
                TOPIC,
                partition,
                event.sequence,
                0,
                0,
                event.aggregate.bytes,
                event.value,
                None,
                0,
                0,
                headers,
            )
        )
    return records


async def deliver(pool, records, *, batch: int) -> dict[str, list[tuple]]:
    """Give records to a fresh consumer on emptied tables, each batch twice; return every row there is."""
    [(source, handler)] = [one for one in SUBSCRIPTIONS if one[1] is MEMBERSHIP_FACTS]
    await pool.execute(
        "TRUNCATE member_facts, organisation_facts, organisations, stream_marks, parked_events"
    )
    consumer = StreamConsumer(pool, source, handler)
    for start in range(0, len(records), batch):
        await consumer.process(records[start : start + batch])
        await consumer.process(records[max(0, start - 1) : start + batch])
    tables = ("member_facts", "organisation_facts", "organisations")
    return {
        name: sorted((tuple(row) for row in await pool.fetch(f"SELECT * FROM {name}")), key=repr)
        for name in tables
    }


def example_register(size: int) -> Register:
    chance = random.Random(7)
    cells = [replace(CELL, id=UUID(int=index), code=f"K.{index}") for index in range(10)]
    members = [
        replace(
            BORN_ON_29_FEBRUARY,
            cell=chance.randrange(10),
            official=FIRST_DAY + timedelta(days=chance.randrange(9)),
            left=chance.choice([None, FIRST_DAY + timedelta(days=chance.randrange(9, 20))]),
        )
        for _ in range(size)
    ]
    return Register(cells, members)


async def test_a_rebuild_gives_the_same_rows_whatever_the_batches(pool, database):
    events = events_of(example_register(60))
    records = records_of(events)
    by_partition = sorted(records, key=lambda record: record.partition)  # order across keys is lost
    live = await deliver(pool, records, batch=7)
    assert len(live["member_facts"]) > 100
    assert live == await deliver(pool, records, batch=1000)
    assert live == await deliver(pool, by_partition, batch=13)


async def test_an_event_that_cannot_be_counted_is_parked_and_the_rest_goes_on(pool, database):
    """Id of a cell that is no UUID: found by the driver in the middle of a COPY of many thousand rows."""
    register = example_register(6_000)
    events = events_of(register)
    poison = max(index for index, event in enumerate(events) if "admitted" in event.type)
    cell = str(register.units[register.members[-1].cell].id).encode()
    events[poison] = replace(events[poison], value=events[poison].value.replace(cell, b"nowhere"))
    rows = await deliver(pool, records_of(events), batch=len(events))
    parked = await pool.fetch("SELECT sequence, reason, error FROM parked_events ORDER BY sequence")
    behind = [event.sequence for event in events if event.aggregate == events[poison].aggregate]
    assert [row["sequence"] for row in parked] == behind
    assert [row["reason"] for row in parked] == ["poison", *["behind"] * (len(behind) - 1)]
    counted = {row[0] for row in rows["member_facts"]}
    assert counted == {event.sequence for event in events if "member-" in event.type} - set(behind)
    as_of = FIRST_DAY + timedelta(days=8)
    answer = await figures(pool, None, as_of)
    assert domain.count_members(answer.groups).total == len(there(register, None, as_of)) - 1


INSTANTS = st.timedeltas(timedelta(days=-30_000), timedelta(days=70_000)).map(
    lambda since: FIRST_INSTANT + since
)
MEMBER_ROWS = st.tuples(
    st.integers(1, 2**63 - 1), st.integers(0, 2**15 - 1), INSTANTS, st.dates(date(1900, 1, 1)),
    st.sampled_from([-1, 1]), st.integers(0, 14), st.uuids().map(str),
    st.integers(19000101, 99991231), st.sampled_from(["probationary", "official"]),
    st.sampled_from(["female", "male"]), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 2**15 - 1),
    st.integers(0, 99991231),
)  # fmt: skip


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(MEMBER_ROWS, max_size=30, unique_by=lambda row: row[0]))
async def test_encoded_rows_are_what_the_driver_would_write(database, rows):
    async with taken_back(database):
        await database.copy_to_table(
            "member_facts", source=BytesIO(encoded(rows)), columns=MEMBER_COLUMNS, format="binary"
        )
        copied = await database.fetch("SELECT * FROM member_facts ORDER BY sequence")
        await database.execute("DELETE FROM member_facts")
        await add_rows(database, "member_facts", MEMBER_COLUMNS, rows[:20])
        await database.copy_records_to_table("member_facts", records=rows[20:], columns=MEMBER_COLUMNS)
        assert copied == await database.fetch("SELECT * FROM member_facts ORDER BY sequence")
        assert len(copied) == len(rows)
