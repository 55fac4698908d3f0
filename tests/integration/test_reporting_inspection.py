"""Figures of inspection, ratings and awards against plain counting, by the tree of the date."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from contracts.findings import (
    FindingClosed,
    FindingFacts,
    FindingOpened,
    FindingReopened,
    FindingState,
    Owner,
    Severity,
)
from contracts.membership import (
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationReparented,
    OrganisationState,
    OrganisationType,
)
from contracts.ratings import (
    AwardKind,
    AwardLevel,
    Grade,
    MemberAwarded,
    MemberAwardWithdrawn,
    MemberRating,
    MemberRatingCorrected,
    MembersRated,
    OrganisationAwarded,
    OrganisationAwardWithdrawn,
    OrganisationRating,
    OrganisationsRated,
    Rating,
)
from contracts.visits import (
    AxisComment,
    AxisGrade,
    BookCheck,
    StepCheck,
    VisitFacts,
    VisitRecorded,
    VisitRestated,
)
from services.reporting.app import SERVICE
from services.reporting.consumers import INSPECTION_FACTS, MEMBERSHIP_FACTS
from tests.integration.served import served
from tests.integration.test_reporting_restated import Received

ROOT, ONE, TWO, CELL, OTHER, GONE = (UUID(int=number) for number in range(1, 7))
CODES = {ROOT: "K", ONE: "K.1", TWO: "K.2", CELL: "K.1.1", OTHER: "K.1.2", GONE: "K.2.1"}
START, MOVED, ENDED = date(2018, 1, 1), date(2020, 6, 15), date(2020, 9, 1)
CELLS = (CELL, OTHER, GONE)
AXES = ("content", "procedure", "organisation", "chairing", "quality")
FIRST_DAY = date(2020, 1, 1)
LATE = datetime(2021, 1, 1, tzinfo=UTC)


def tree():
    types = {ROOT: "bloc", ONE: "grassroots_committee", TWO: "grassroots_committee"}
    parents = {ROOT: None, ONE: ROOT, TWO: ROOT, CELL: ONE, OTHER: ONE, GONE: TWO}
    for unit, parent in parents.items():
        state = OrganisationState(
            type=OrganisationType(types.get(unit, "subordinate_cell")), parent_id=parent
        )
        yield OrganisationEstablished(
            effective_date=START,
            organisation_id=unit,
            code=CODES[unit],
            name=f"Đơn vị {CODES[unit]}",
            after=state,
        )
    cell = [OrganisationState(type=OrganisationType.SUBORDINATE_CELL, parent_id=of) for of in (ONE, TWO)]
    yield OrganisationReparented(effective_date=MOVED, organisation_id=CELL, before=cell[0], after=cell[1])
    yield OrganisationDissolved(effective_date=ENDED, organisation_id=GONE, before=cell[1])


def above(cell, day):
    """The committee that a cell hangs under on a day."""
    return {CELL: ONE if day < MOVED else TWO, OTHER: ONE, GONE: TWO}[cell]


def within(unit, cell, day):
    return unit in {ROOT, cell, above(cell, day)}


def month_end(month):
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


class History:
    """Events by chance, and what they come to."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.events, self.visits, self.findings = [], [], []
        for _ in range(30):
            self._visit()

    def _day(self, after=FIRST_DAY, most=300):
        return after + timedelta(days=self.chance.randrange(most))

    def _visit(self):
        chance, day = self.chance, self._day()
        visit = VisitFacts(
            meeting_id=uuid4(), cell_id=chance.choice(CELLS), month=day.replace(day=1), team_id=uuid4(),
            kind=chance.choice(["regular", "thematic"]), visited_on=day, checklist=date(2018, 7, 6),
            books=tuple(BookCheck(book=name, present=chance.choice([None, True, False])) for name in ("a", "b")),
            steps=tuple(StepCheck(step=name, followed=chance.random() < 0.8) for name in ("c", "d", "e")),
            axes=tuple(AxisComment(axis=axis, grade=chance.choice(list(AxisGrade))) for axis in AXES),
        )  # fmt: skip
        id_ = uuid4()
        self.events.append(VisitRecorded(effective_date=day, visit_id=id_, after=visit))
        if chance.random() < 0.2:
            self.events.append(VisitRestated(effective_date=day, visit_id=id_, before=visit, after=None))
            return
        self.visits.append(visit)
        if chance.random() < 0.6:
            self._finding(visit)

    def _finding(self, visit):
        chance, id_, day = self.chance, uuid4(), visit.visited_on
        was = FindingFacts(
            cell_id=visit.cell_id, visit_id=uuid4(), found_on=day, axis=chance.choice(AXES), owner=Owner(),
            severity=chance.choice(list(Severity)), due_on=day + timedelta(days=30), state=FindingState.OPEN,
            recurrence_of=chance.choice([None, uuid4()]),
        )  # fmt: skip
        life = [(day, was)]
        self.events.append(FindingOpened(effective_date=day, finding_id=id_, after=was))
        for event in (FindingClosed, FindingReopened)[: chance.randrange(3)]:
            day = self._day(after=day, most=60)
            state = FindingState.CLOSED if event is FindingClosed else FindingState.OPEN
            now = was.model_copy(update={"state": state})
            self.events.append(event(effective_date=day, finding_id=id_, before=was, after=now))
            life.append((day, now))
            was = now
        self.findings.append(life)

    def expected(self, unit, first, last):
        its = [visit for visit in self.visits if within(unit, visit.cell_id, month_end(visit.month))
               and first <= visit.month <= last]  # fmt: skip
        there = {cell for cell in CELLS if within(unit, cell, last) and (cell != GONE or last < ENDED)}
        visited = {visit.cell_id for visit in its}
        books = [book for visit in its for book in visit.books if book.present is not None]
        steps = [step for visit in its for step in visit.steps]
        found = [life[0][1] for life in self.findings
                 if within(unit, life[0][1].cell_id, month_end(life[0][1].found_on.replace(day=1)))
                 and first <= life[0][1].found_on.replace(day=1) <= last]  # fmt: skip
        closed = Counter()
        for life in self.findings:
            for (_, before), (day, after) in pairwise(life):
                if first <= day.replace(day=1) <= last and within(
                    unit, after.cell_id, month_end(day.replace(day=1))
                ):
                    closed["closed"] += (after.state == "closed") - (before.state == "closed")
        then = [
            [fact for day, fact in life if day <= last][-1]
            for life in self.findings
            if life[0][0] <= last and within(unit, life[0][1].cell_id, last)
        ]
        return {
            "visits": len(its),
            "visits.cells": len(visited),
            "visits.cells_left": len(there - visited),
            "visits.books_in_order_rate": rate(sum(book.present for book in books), len(books)),
            "visits.steps_followed_rate": rate(sum(step.followed for step in steps), len(steps)),
            "visits.grades": 5 * len(its),
            "findings.found": len(found),
            "findings.recurrent": sum(one.recurrence_of is not None for one in found),
            "findings.closed": closed["closed"],
            "findings.unsettled": sum(one.state != "closed" for one in then),
            "findings.overdue": sum(one.state == "open" and one.due_on < last for one in then),
        }


def rate(some, of):
    return int(1000 * some / of + 0.5) / 10 if of else None


async def tell(pool, handler, events, *, start, at="2020-12-01T00:00:00Z", batch=7):
    received = [
        Received(event.TYPE, number, event.as_json().encode(), at)
        for number, event in enumerate(events, start=start)
    ]
    for first in range(0, len(received), batch):
        async with pool.acquire() as connection, connection.transaction():
            await handler.write(connection, [handler.fold(received[first : first + batch])])


@pytest.fixture
async def reporting(database_url):
    async with served(SERVICE, database_url) as (client, pool):
        await tell(pool, MEMBERSHIP_FACTS, list(tree()), start=1)
        yield client, pool


async def ask(client, **asked):
    answer = await client.get("/v1/figures", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


async def test_visits_and_findings_are_those_that_plain_counting_gives(reporting):
    client, pool = reporting
    history = History(7)
    await tell(pool, INSPECTION_FACTS, history.events, start=100)
    names = ",".join(history.expected(ROOT, FIRST_DAY, FIRST_DAY))
    seen = Counter()
    for first, last in (
        ("2020-01", "2020-12"),
        ("2020-02", "2020-05"),
        ("2020-06", "2020-08"),
        ("2020-03", "2020-03"),
    ):
        begins = date.fromisoformat(f"{first}-01")
        ends = month_end(date.fromisoformat(f"{last}-01"))
        for unit in (ROOT, ONE, TWO, CELL, GONE):
            [row] = await ask(client, unit=CODES[unit], measures=names, **{"from": first, "to": last})
            assert row["values"] == history.expected(unit, begins, ends), (CODES[unit], first, last)
            seen += Counter({name: value or 0 for name, value in row["values"].items()})
    assert all(seen[name] for name in names.split(",")), "each figure is something at least once"


async def test_rows_by_cell_add_up_to_the_whole(reporting):
    client, pool = reporting
    await tell(pool, INSPECTION_FACTS, History(8).events, start=100)
    names = "visits,visits.grades,findings.found,findings.closed,findings.unsettled"
    asked = {"unit": "K", "from": "2020", "to": "2020", "measures": names, "by_period": "quarter"}
    whole = await ask(client, **asked)
    for by in ("unit", "cell", "grassroots"):
        rows = await ask(client, by=by, **asked)
        for one in whole:
            its = [row for row in rows if row["period"] == one["period"]]
            assert one["values"] == {
                name: sum(row["values"][name] for row in its) for name in names.split(",")
            }
    grades = await ask(
        client, unit="K", measures="visits.grades", by="axis,grade", **{"from": "2020", "to": "2020"}
    )
    assert sum(row["values"]["visits.grades"] for row in grades) == sum(
        row["values"]["visits.grades"] for row in whole
    )
    assert {row["group"]["axis"] for row in grades} == set(AXES)


async def test_ratings_and_awards_with_what_was_put_right(reporting):
    client, pool = reporting
    last_day, list_, member = date(2020, 12, 31), uuid4(), uuid4()
    excellent, good = Rating(grade=Grade.EXCELLENT), Rating(grade=Grade.GOOD)
    rated = MembersRated(
        effective_date=last_day, member_rating_list_id=list_, organisation_id=CELL, year=2020, rule=None,
        ratings=(
            MemberRating(member_id=member, cell_id=CELL, after=excellent),
            MemberRating(member_id=uuid4(), cell_id=CELL, after=good),
            MemberRating(member_id=uuid4(), cell_id=OTHER, after=Rating(not_rated="exempt")),
        ),
    )  # fmt: skip
    put_right = MemberRatingCorrected(
        effective_date=last_day, member_rating_list_id=list_, year=2020, member_id=member, cell_id=CELL, corrects=1,
        before=excellent, after=good,
    )  # fmt: skip
    units = OrganisationsRated(
        effective_date=last_day, rating_list_id=uuid4(), organisation_id=ROOT, year=2020, rule=None,
        ratings=tuple(
            OrganisationRating(organisation_id=unit, type=OrganisationType.GRASSROOTS_COMMITTEE, after=rating)
            for unit, rating in ((ONE, excellent), (TWO, good))
        ),
    )  # fmt: skip
    flag = {
        "award_id": uuid4(),
        "organisation_id": ONE,
        "kind": AwardKind.FIVE_YEAR_FLAG,
        "level": AwardLevel.PROVINCE,
    }
    flags = [
        OrganisationAwarded(effective_date=date(2020, 11, 7), title="Cờ", last_year=2019, **flag),
        OrganisationAwarded(
            effective_date=date(2020, 11, 7),
            title="Cờ",
            last_year=2019,
            **flag | {"award_id": uuid4(), "organisation_id": TWO},
        ),
        OrganisationAwardWithdrawn(effective_date=date(2020, 11, 7), **flag),
    ]
    praised = {
        name: {
            "effective_date": date(2020, 9, 2), "member_award_id": uuid4(), "member_id": member, "cell_id": cell,
            "kind": AwardKind.COMMENDATION, "level": AwardLevel.BLOC,
        }
        for name, cell in (("kept", CELL), ("taken back", OTHER), ("of a cell untold", None))
    }  # fmt: skip
    flags += [MemberAwarded(**its) for its in praised.values()]
    flags += [MemberAwardWithdrawn(**praised[name]) for name in ("taken back", "of a cell untold")]
    await tell(pool, MEMBERSHIP_FACTS, [rated, units, *flags], start=100)
    await tell(pool, MEMBERSHIP_FACTS, [put_right], start=200, at="2021-03-01T00:00:00Z")
    asked = {"unit": "K", "from": "2020", "to": "2020"}
    rows = await ask(client, measures="ratings.members", by="rating", **asked)
    assert [(row["group"]["rating"], row["values"]["ratings.members"]) for row in rows] == [
        ("good", 2),
        ("not_rated", 1),
    ]
    rows = await ask(
        client, measures="ratings.members,ratings.units", by="rating", known_at=LATE.isoformat(), **asked
    )
    assert [(row["group"]["rating"], *row["values"].values()) for row in rows] == [
        ("excellent", 1, 1), ("good", 1, 1), ("not_rated", 1, 0),
    ]  # fmt: skip
    rows = await ask(
        client,
        measures="ratings.units_excellent_rate,awards.five_year_flags,awards.units,awards.members",
        by="unit",
        **asked,
    )
    assert [(row["unit"]["code"], *row["values"].values()) for row in rows] == [
        ("K.1", 100.0, 0, 0, 0),
        ("K.2", 0.0, 1, 1, 1),
    ]
    rows = await ask(client, measures="awards.members", by="award,level", **asked)
    assert [(row["group"], row["values"]) for row in rows] == [
        ({"award": "commendation", "level": "bloc"}, {"awards.members": 1})
    ]
