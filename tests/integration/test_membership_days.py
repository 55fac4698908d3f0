"""Members by unit and day on a real database: random lives, and every answer of every day as plain Python has it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.event_log import EventLog
from contracts.membership import MemberState, OrganisationEstablished, OrganisationType
from services.membership.app import SERVICE as MEMBERSHIP
from services.membership.domain import Decided, Organisation
from services.membership.history import History, life_of, steps_of
from services.membership.store import Changes, Store
from tests.integration.served import served
from tests.integration.test_membership_exports import exported, table
from tests.lives import ACTIONS, ADMITTED, AWAY, HOME, Life

DAYS = [ADMITTED + timedelta(number) for number in range(-1, 43)]
ABOVE = [
    Organisation(
        id=cell.parent_id, code=code, name="Đảng bộ", type=OrganisationType.BLOC, parent_id=None, parent_code=None,
        established_on=date(2000, 1, 1),
    )
    for cell, code in ((HOME, "B.1"), (AWAY, "B.2"))
]  # fmt: skip


class Kept(Life):
    """A life whose decisions are kept, to be saved."""

    def __init__(self, code: str):
        super().__init__()
        self.code, self.id = code, uuid4()
        self.decided = [Decided(self.member, self.events[0])]

    def take(self, decided):
        self.decided.append(decided)
        return super().take(decided)

    def on(self, day: date) -> tuple[MemberState, History] | None:
        """Return what they count as on a day, and what had happened by then."""
        known = self.history
        there = None
        for step in steps_of(known):
            if step.effective_date <= day:
                there = step.after
        by_then = History(tuple(fact for fact in known.facts if fact.day <= day), cells=known.cells)
        return there and (there, by_then)


async def save(pool, *decided: Decided) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await Store(connection, EventLog(1_000_000)).save(Changes(decided))


async def enter(pool, lives: list[Kept]) -> None:
    for unit in (*ABOVE, HOME, AWAY):
        founded = OrganisationEstablished(
            effective_date=unit.established_on, organisation_id=unit.id, code=unit.code, name=unit.name,
            after=unit.counted,
        )  # fmt: skip
        await save(pool, Decided(unit, founded))
    for life in lives:
        for one in life.decided:
            await save(pool, replace(one, state=replace(one.state, code=life.code)))


def expected(lives: list[Kept], day: date) -> dict[str, dict[str, object]]:
    """Return what the register should say of a day, by the codes of those who count on it."""
    found = {}
    for life in lives:
        if there := life.on(day):
            state, by_then = there
            told = life_of(by_then)
            confirmed = told.confirmed.day if told.confirmed else told.entry.fact.official_on
            found[life.code] = {
                "cell_code": life.cells[state.cell_id].code,
                "standing": state.standing.value,
                "youth_union": state.youth_union,
                "admitted_on": str(state.joined_on or told.entry.day),
                "official_on": str(confirmed) if confirmed else None,
                "entered_on": str(told.entry.day),
            }
    return found


LISTED = ("cell_code", "standing", "youth_union", "admitted_on", "official_on")
CELLS = (HOME, AWAY)


async def assert_answers(client, lives: list[Kept], day: date) -> None:
    wanted = expected(lives, day)
    for cell, above in zip(CELLS, ABOVE, strict=True):
        of_cell = {code: known for code, known in wanted.items() if known["cell_code"] == cell.code}
        listed = {code: {name: known[name] for name in LISTED} for code, known in of_cell.items()}
        for path, query in (
            (f"organisations/{cell.code}/members", {}),
            (f"organisations/{above.code}/members", {"subtree": True}),
            ("members", {"q": "lo", "unit": above.code}),
        ):
            page = (await client.get(f"/v1/{path}", params={"as_of": str(day), "limit": 500} | query)).json()
            assert {one["code"]: {name: one[name] for name in LISTED} for one in page["items"]} == listed
        card = (await client.get(f"/v1/organisations/{above.code}/card", params={"as_of": str(day)})).json()
        official = sum(known["standing"] == "official" for known in of_cell.values())
        assert card["members"] == {
            "total": len(of_cell), "official": official, "probationary": len(of_cell) - official
        }  # fmt: skip
        rows = table(await exported(client, "members", unit=above.code, as_of=str(day)))
        assert {row["code"]: row["official_on"] or None for row in rows} == {
            code: known["official_on"] for code, known in of_cell.items()
        }


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(ACTIONS, min_size=2, max_size=7), min_size=12, max_size=12))
async def test_every_answer_of_every_day_is_what_the_lives_come_to(stack, lived):
    lives = []
    for number, actions in enumerate(lived):
        life = Kept(f"DV-{number:02d}")
        for action in actions:
            life.tried(action)
        lives.append(life)
    async with served(MEMBERSHIP, stack.database_url(f"test_{uuid4().hex[:12]}")) as (client, pool):
        await enter(pool, lives)
        for day in DAYS[::3]:
            await assert_answers(client, lives, day)
        nobody = {life.code for life in lives if life.member.entered_on is None}
        rows = table(await exported(client, "members"))
        assert {row["code"] for row in rows} == {life.code for life in lives} - nobody
