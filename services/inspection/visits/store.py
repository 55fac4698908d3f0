"""Visits in PostgreSQL: a state and its surroundings read for a decision, and what was decided with its event."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from chassis.database import Connection
from chassis.event_log import ConcurrentChange
from contracts.meetings import CriterionPoints, MeetingKind, MeetingStatus
from contracts.membership import DocumentRef
from contracts.visits import AxisComment, AxisGrade, BookCheck, InspectorScore, StepCheck, VisitFacts
from replicas.membership.members import placed_on
from rules.guidance import Criterion, Guidance, NoGuidanceError, guidances
from services.inspection.checklists import Checklist, NoChecklistError, checklist_on, checklists
from services.inspection.faults import Fault, FaultsFound
from services.inspection.reads import today
from services.inspection.store import Store
from services.inspection.teams.domain import Team
from services.inspection.visits.domain import (
    Meeting,
    Report,
    Surroundings,
    Visit,
    VisitDecided,
    Visitor,
    Words,
    visit_day,
)

Row = Mapping[str, Any]

MEETING: Final = """
    SELECT id, cell_id, kind, month, (starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, status FROM meetings
"""
"""A meeting of the replica, as `meeting_of` reads it."""
_NEW: Final = """
    INSERT INTO visits (id, meeting_id, cell_id, month, kind, team_id, visited_on, visitor_ids, assignment_id,
                        checklist, guidance, comment, withdrawn, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""
_CHANGE: Final = """
    UPDATE visits
    SET meeting_id = $2, cell_id = $3, month = $4, kind = $5, team_id = $6, visited_on = $7, visitor_ids = $8,
        assignment_id = $9, checklist = $10, guidance = $11, comment = $12, withdrawn = $13, version = $14
    WHERE id = $1 AND version = $14 - 1
"""
_BOOKS: Final = """
    INSERT INTO visit_books (visit_id, book, present, up_to_date, correct, remark) VALUES ($1, $2, $3, $4, $5, $6)
"""
_STEPS: Final = "INSERT INTO visit_steps (visit_id, step, followed, remark) VALUES ($1, $2, $3, $4)"
_AXES: Final = "INSERT INTO visit_axes (visit_id, axis, grade, comment) VALUES ($1, $2, $3, $4)"
_SCORE: Final = """
    INSERT INTO visit_scores (visit_id, guidance_number, guidance_date, points, total, grade)
    VALUES ($1, $2, $3, $4::jsonb, $5, $6)
"""
_PARTS: Final = ("visit_books", "visit_steps", "visit_axes", "visit_scores")
# Also one that is in the plan no more: it was told.
_IS_ASSIGNED: Final = """
    SELECT EXISTS (SELECT FROM visit_assignments WHERE id = $1 AND meeting_id = $2 AND version > 0)
"""
_FINDINGS: Final = "SELECT count(*) FROM findings WHERE visit_id = $1 AND NOT withdrawn"


class VisitStore:
    """Reads for a decision on a visit, and writes, in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    async def meeting(self, id_: UUID) -> Meeting:
        """Return a meeting of the replica. Raises FaultsFound `unknown-meeting`."""
        row = await self._connection.fetchrow(f"{MEETING} WHERE id = $1", id_)
        if row is None:
            raise FaultsFound([Fault("unknown-meeting", "meeting_id")])
        return meeting_of(row)

    async def around(self, report: Report, meeting: Meeting, team: Team) -> Surroundings:
        """Return what a visit is held against. Raises FaultsFound where the meeting has no day, or no rules then."""
        day = visit_day(report, meeting)
        visitors: dict[UUID, Visitor] = {}
        if report.visitor_ids:
            placed = await placed_on(self._connection, report.visitor_ids, day)
            seated = {seat.member_id for seat in team.seats_on(day).values()}
            for id_ in report.visitor_ids:
                one = placed.get(id_)
                cells = None if one is None else frozenset(filter(None, (one.cell_id, one.host_id)))
                visitors[id_] = Visitor(cells=cells, seated=id_ in seated)
        return Surroundings(
            team_id=team.id,
            team_code=team.terms.code,
            team_is_there=team.is_there(day),
            visitors=visitors,
            checklist=checklist_of(day),
            guidance=guidance_of(meeting.day or day),
            today=today(),
            is_assigned=await self._connection.fetchval(_IS_ASSIGNED, report.assignment_id, meeting.id),
        )

    async def visit(self, id_: UUID) -> Visit | None:
        """Return a visit, held as it is until the transaction ends; None where there is none of that id."""
        row = await self._connection.fetchrow("SELECT * FROM visits WHERE id = $1 FOR UPDATE", id_)
        return None if row is None else (await read_visits(self._connection, [row]))[0]

    async def findings(self, id_: UUID) -> int:
        """Return how many findings stand upon a visit."""
        count: int = await self._connection.fetchval(_FINDINGS, id_)
        return count

    async def save(self, decided: VisitDecided) -> None:
        """Write a visit, and append its event. Raises FaultsFound `visited-already`, ConcurrentChange."""
        state, facts, words = decided.state, decided.state.facts, decided.state.words
        try:
            done = await self._connection.execute(
                _NEW if state.version == 1 else _CHANGE,
                state.id, facts.meeting_id, facts.cell_id, facts.month, facts.kind.value, facts.team_id,
                facts.visited_on, list(facts.visitor_ids), facts.assignment_id, facts.checklist,
                words.guidance, words.comment, state.withdrawn, state.version,
            )  # fmt: skip
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "visits_once":
                raise FaultsFound([Fault("visited-already", "meeting_id")]) from error
            raise
        if done.endswith(" 0"):
            raise ConcurrentChange
        if state.version > 1:
            for table in _PARTS:
                await self._connection.execute(f"DELETE FROM {table} WHERE visit_id = $1", state.id)
        await self._save_parts(state)
        await self._store.append(decided.event, state.version)

    async def _save_parts(self, state: Visit) -> None:
        id_, facts, words = state.id, state.facts, state.words
        await self._connection.executemany(
            _BOOKS,
            [
                (id_, one.book, one.present, one.up_to_date, one.correct, words.books.get(one.book))
                for one in facts.books
            ],
        )
        await self._connection.executemany(
            _STEPS, [(id_, one.step, one.followed, words.steps.get(one.step)) for one in facts.steps]
        )
        await self._connection.executemany(
            _AXES, [(id_, one.axis, one.grade.value, words.axes.get(one.axis)) for one in facts.axes]
        )
        if score := facts.score:
            points = msgspec.json.encode({one.criterion: one.points for one in score.points}).decode()
            await self._connection.execute(
                _SCORE, id_, score.guidance.number, score.guidance.date, points, score.total, score.grade
            )


def meeting_of(row: Row) -> Meeting:
    """Return the meeting in a row of `MEETING`."""
    return Meeting(
        id=row["id"],
        cell_id=row["cell_id"],
        kind=MeetingKind(row["kind"]),
        month=row["month"],
        day=row["day"],
        status=MeetingStatus(row["status"]),
    )


def checklist_of(day: date) -> Checklist:
    """Return the checklist in force on a day. Raises FaultsFound `no-rules-then`."""
    try:
        return checklist_on(day)
    except NoChecklistError as error:
        raise FaultsFound([_no_rules(day, error.first)]) from None


def guidance_of(day: date) -> Guidance:
    """Return the guidance in force on a day. Raises FaultsFound `no-rules-then`."""
    try:
        return guidances().on(day)
    except NoGuidanceError:
        raise FaultsFound([_no_rules(day, guidances().versions[0].in_force_from)]) from None


def _no_rules(day: date, first: date) -> Fault:
    return Fault(
        "no-rules-then", "visited_on", {"day": day, "first": max(first, checklists()[0].in_force_from)}
    )


async def read_visits(connection: Connection, rows: Sequence[Row]) -> list[Visit]:
    """Return the visits of these rows of the table, in their order, with all that was said of each."""
    ids = [row["id"] for row in rows]
    books, steps, axes, scores = [await _parts(connection, table, ids) for table in _PARTS]
    return [_visit(row, *(its.get(row["id"], ()) for its in (books, steps, axes, scores))) for row in rows]


async def _parts(connection: Connection, table: str, ids: Collection[UUID]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in await connection.fetch(f"SELECT * FROM {table} WHERE visit_id = ANY($1::uuid[])", ids):
        found.setdefault(row["visit_id"], []).append(row)
    return found


def _visit(
    row: Row, books: Sequence[Row], steps: Sequence[Row], axes: Sequence[Row], scores: Sequence[Row]
) -> Visit:
    its = checklist_on(row["checklist"])
    facts = VisitFacts(
        meeting_id=row["meeting_id"],
        cell_id=row["cell_id"],
        month=row["month"],
        kind=MeetingKind(row["kind"]),
        team_id=row["team_id"],
        visited_on=row["visited_on"],
        visitor_ids=tuple(row["visitor_ids"]),
        assignment_id=row["assignment_id"],
        checklist=row["checklist"],
        books=tuple(
            BookCheck(
                book=one["book"],
                present=one["present"],
                up_to_date=one["up_to_date"],
                correct=one["correct"],
            )
            for one in _in_order(books, "book", [one.code for one in its.books])
        ),
        steps=tuple(
            StepCheck(step=one["step"], followed=one["followed"])
            for one in _in_order(steps, "step", [one.code for one in its.steps])
        ),
        axes=tuple(
            AxisComment(axis=one["axis"], grade=AxisGrade(one["grade"]))
            for one in _in_order(axes, "axis", [one.code for one in its.axes])
        ),
        score=_score(scores[0]) if scores else None,
    )
    words = Words(
        guidance=row["guidance"],
        comment=row["comment"],
        books={one["book"]: one["remark"] for one in books if one["remark"]},
        steps={one["step"]: one["remark"] for one in steps if one["remark"]},
        axes={one["axis"]: one["comment"] for one in axes if one["comment"]},
    )
    return Visit(id=row["id"], facts=facts, words=words, withdrawn=row["withdrawn"], version=row["version"])


def _in_order(rows: Sequence[Row], column: str, codes: Sequence[str]) -> list[Row]:
    return sorted(rows, key=lambda row: codes.index(row[column]))


def _score(row: Row) -> InspectorScore:
    points: dict[str, float] = msgspec.json.decode(row["points"])
    return InspectorScore(
        guidance=DocumentRef(number=row["guidance_number"], date=row["guidance_date"]),
        points=tuple(
            CriterionPoints(criterion=criterion.value, points=points[criterion.value])
            for criterion in Criterion
        ),
        total=float(row["total"]),
        grade=row["grade"],
    )
