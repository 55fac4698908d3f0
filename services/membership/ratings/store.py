"""Ratings and awards in PostgreSQL: what is known for a decision, and what was decided written with its event.

Nothing is overwritten: a row that a later event takes the place of keeps the instant at which it did.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg

from chassis.database import Connection, add_rows
from chassis.event_log import ConcurrentChange, NewEvent
from contracts.membership import DocumentRef, OrganisationType
from contracts.ratings import (
    AwardEvent,
    AwardKind,
    AwardLevel,
    Grade,
    MemberRatingCorrected,
    MembersRated,
    NotRatedReason,
    OrganisationsRated,
    Rating,
    RatingEvent,
    Score,
)
from services.membership import tree
from services.membership.domain import Organisation
from services.membership.ratings.awards import Award, DecidedAward
from services.membership.ratings.domain import Candidate, DecidedList, Known, RatingList, Stated, last_day
from services.membership.ratings.versions import Rated, Rules, Tally
from services.membership.store import Store

# The cell of every member who counts on the day $2, of those in a unit $1 or below it on that day.
_MEMBERS: Final = f"""
    WITH RECURSIVE {tree.within("$1", "$2")}
    SELECT member.id, member.code, state.cell_id AS unit_id, NULL AS type, NULL::date AS established_on,
        (SELECT max(kind) FROM member_spells AS spell
         WHERE spell.member_id = member.id AND kind IN ('exemption', 'suspension')
           AND from_on <= $2 AND (ended_on IS NULL OR ended_on > $2)) AS spell
    FROM member_states AS state JOIN members AS member ON member.id = state.member_id
    WHERE state.cell_id IN (SELECT unit_id FROM within)
      AND {tree.counts("$2")}
"""
_UNITS: Final = f"""
    WITH tree AS ({tree.ON_DAY.format(day="$2")})
    SELECT unit.id, unit.code, tree.parent_id AS unit_id, tree.type, unit.established_on, NULL AS spell
    FROM tree JOIN organisations AS unit ON unit.id = tree.unit_id
    WHERE tree.parent_id = $1
      AND {tree.exists("$2")}
"""
# The units above $1 on the day $2, itself first.
_ABOVE: Final = f"""
    WITH RECURSIVE tree AS MATERIALIZED ({tree.ON_DAY.format(day="$2")}),
    above (unit_id, parent_id, type, height) AS (
        SELECT unit_id, parent_id, type, 0 FROM tree WHERE unit_id = $1
        UNION ALL
        SELECT tree.unit_id, tree.parent_id, tree.type, height + 1
        FROM tree JOIN above ON tree.unit_id = above.parent_id
    )
    SELECT unit.code, above.type FROM above JOIN organisations AS unit ON unit.id = above.unit_id ORDER BY height
"""
# What stands for the year $3 of members whose cell hung below $1 on the day $2.
_MEMBER_TALLY: Final = f"""
    WITH RECURSIVE {tree.within("$1", "$2")}
    SELECT NULL AS type, grade, count(*) AS count FROM ratings
    WHERE unit_id IN (SELECT unit_id FROM within) AND year = $3 AND member_id IS NOT NULL
      AND grade IS NOT NULL AND replaced_at IS NULL
    GROUP BY grade
"""
_UNIT_TALLY: Final = """
    SELECT type, grade, count(*) AS count FROM ratings
    WHERE unit_id = $1 AND year = $2 AND organisation_id IS NOT NULL AND grade IS NOT NULL AND replaced_at IS NULL
    GROUP BY type, grade
"""
WITHDRAWN: Final = """
    rating.replaced_by IS NOT NULL AND NOT EXISTS (
        SELECT FROM ratings AS other
        WHERE other.list_id = rating.list_id AND other.number = rating.replaced_by
          AND (other.member_id = rating.member_id OR other.organisation_id = rating.organisation_id)
    )
"""
"""Whether nothing took the place of a row of `ratings`, which stands no more."""
_STATED: Final = f"""
    SELECT rating.*, coalesce(member.code, unit.code) AS code, unit.established_on,
        {WITHDRAWN} AS withdrawn
    FROM ratings AS rating
    LEFT JOIN members AS member ON member.id = rating.member_id
    LEFT JOIN organisations AS unit ON unit.id = rating.organisation_id
    WHERE rating.list_id = $1 AND (member.code = $2 OR unit.code = $2)
    ORDER BY rating.number
"""
_SET_ASIDE: Final = {"exemption": NotRatedReason.EXEMPT, "suspension": NotRatedReason.SUSPENDED}
_COLUMNS: Final = (
    "list_id", "number", "year", "member_id", "organisation_id", "unit_id", "type", "grade", "not_rated", "score",
    "corrects", "decision_date", "document_number", "document_date", "recorded_at",
)  # fmt: skip
_AWARD_COLUMNS: Final = (
    "id", "member_id", "organisation_id", "kind", "level", "title", "awarded_on", "last_year", "decision_date",
    "document_number", "document_date", "cell_id", "version", "recorded_at",
)  # fmt: skip


class RatingStore:
    """Reads and writes of ratings and awards in the transaction of `store`."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self._store = store
        self._connection: Connection = store.connection
        self._rules = rules

    async def hold(self, unit: Organisation, of: Rated, year: int) -> tuple[Organisation, Organisation]:
        """Hold a unit and what a cap counts over; return both as they are now.

        For members that is the grassroots organisation on the last day of the year, so that two lists of its cells
        wait for each other; for units the unit itself. Raises ConcurrentChange where the tree changed meanwhile.
        """
        codes = [unit.code] if of is Rated.ORGANISATIONS else await self._above(unit, year)
        held = await self._store.organisations(codes, for_change=True)
        if of is Rated.MEMBERS and codes != await self._above(unit, year):
            raise ConcurrentChange
        return held[unit.code], held[codes[-1]]

    async def _above(self, unit: Organisation, year: int) -> list[str]:
        rows = await self._connection.fetch(_ABOVE, unit.id, last_day(year))
        return [row["code"] for row in rows if row["type"] != OrganisationType.BLOC] or [unit.code]

    async def known(self, unit: Organisation, top: Organisation, of: Rated, year: int) -> Known:
        """Return what a decision on a list of `unit` is held against; `top` is what `hold` gave."""
        day = last_day(year)
        statement = _MEMBERS if of is Rated.MEMBERS else _UNITS
        candidates = [_candidate(row) for row in await self._connection.fetch(statement, unit.id, day)]
        subject = "member_id" if of is Rated.MEMBERS else "organisation_id"
        rated = await self._connection.fetch(
            f"SELECT {subject} FROM ratings WHERE year = $1 AND {subject} = ANY($2::uuid[]) AND replaced_at IS NULL",
            year,
            [candidate.id for candidate in candidates],
        )
        rows = (
            await self._connection.fetch(_MEMBER_TALLY, top.id, day, year)
            if of is Rated.MEMBERS
            else await self._connection.fetch(_UNIT_TALLY, unit.id, year)
        )
        tallies: dict[OrganisationType | None, Tally] = {}
        for row in rows:
            type_ = OrganisationType(row["type"]) if row["type"] else None
            tallies.setdefault(type_, Counter())[Grade(row["grade"])] = row["count"]
        return Known(
            rules=self._rules,
            candidates={candidate.code: candidate for candidate in candidates},
            rated={row[0] for row in rated},
            tallies=tallies,
        )

    async def list_of(self, unit: Organisation, of: Rated, year: int) -> RatingList | None:
        """Return a unit's list for a year, locked until the transaction ends; None where there is none."""
        row = await self._connection.fetchrow(
            "SELECT * FROM rating_lists WHERE organisation_id = $1 AND rated = $2 AND year = $3 FOR UPDATE",
            unit.id,
            of.value,
            year,
        )
        if row is None:
            return None
        return RatingList(id=row["id"], organisation_id=unit.id, of=of, year=year, version=row["version"])

    async def stated(self, list_: RatingList, code: str) -> list[Stated]:
        """Return all that a list said of somebody, in order."""
        rows = await self._connection.fetch(_STATED, list_.id, code)
        return [
            Stated(
                number=row["number"],
                candidate=Candidate(
                    id=row["member_id"] or row["organisation_id"],
                    code=row["code"],
                    unit_id=row["unit_id"],
                    type=OrganisationType(row["type"]) if row["type"] else None,
                    established_on=row["established_on"],
                ),
                rating=rating(row),
                replaced_by=row["replaced_by"],
                withdrawn=row["withdrawn"],
            )
            for row in rows
        ]

    async def save(self, decided: DecidedList) -> None:
        """Write a list, or what became of one of its ratings, with the event.

        Raises ConcurrentChange where somebody recorded the same at the same time, EventTooLarge where the event
        would not fit in Kafka.
        """
        list_, event = decided.state, decided.event
        # Under the locks, so that what takes another's place is never known before it.
        at = await self._connection.fetchval("SELECT clock_timestamp()")
        try:
            if list_.version == 1:
                await self._connection.execute(
                    "INSERT INTO rating_lists (id, organisation_id, rated, year, version) VALUES ($1, $2, $3, $4, 1)",
                    list_.id,
                    list_.organisation_id,
                    list_.of.value,
                    list_.year,
                )
            else:
                await self._connection.execute(
                    "UPDATE rating_lists SET version = $2 WHERE id = $1", list_.id, list_.version
                )
                await self._connection.execute(
                    "UPDATE ratings SET replaced_at = $4, replaced_by = $5 WHERE list_id = $1 AND number = $2"
                    " AND $3 IN (member_id, organisation_id)",
                    list_.id,
                    _corrects(event),
                    _subject(event),
                    at,
                    list_.version,
                )
            await add_rows(self._connection, "ratings", _COLUMNS, [(*row, at) for row in _rows(list_, event)])
        except asyncpg.UniqueViolationError as error:
            raise ConcurrentChange from error
        await self._append(list_.version, event)

    async def excellent_years(self, organisation_id: UUID, years: Sequence[int]) -> set[int]:
        """Return in which of these years a unit has the highest grade."""
        rows = await self._connection.fetch(
            "SELECT year FROM ratings WHERE organisation_id = $1 AND year = ANY($2::int[]) AND grade = $3"
            " AND replaced_at IS NULL",
            organisation_id,
            list(years),
            Grade.EXCELLENT.value,
        )
        return {row["year"] for row in rows}

    async def awards_of(self, subject: UUID) -> list[Award]:
        """Return the awards of a member or a unit that stand."""
        rows = await self._connection.fetch(
            "SELECT * FROM awards WHERE (member_id = $1 OR organisation_id = $1) AND withdrawn_at IS NULL",
            subject,
        )
        return [award(row) for row in rows]

    async def cell_on(self, member_id: UUID, day: date) -> UUID | None:
        """Return where a member counts on a day, as far as is known; None where they do nowhere."""
        found: UUID | None = await self._connection.fetchval(
            f"SELECT cell_id FROM member_states AS state WHERE member_id = $1 AND {tree.counts('$2')}",
            member_id,
            day,
        )
        return found

    async def award(self, award_id: UUID) -> Award | None:
        """Return an award, locked until the transaction ends."""
        row = await self._connection.fetchrow("SELECT * FROM awards WHERE id = $1 FOR UPDATE", award_id)
        return None if row is None else award(row)

    async def save_award(self, decided: DecidedAward) -> None:
        """Write an award, or that it is withdrawn, with the event."""
        state = decided.state
        if state.withdrawn:
            await self._connection.execute(
                "UPDATE awards SET version = $2, withdrawn_at = clock_timestamp() WHERE id = $1",
                state.id,
                state.version,
            )
        else:
            at = await self._connection.fetchval("SELECT clock_timestamp()")
            await add_rows(self._connection, "awards", _AWARD_COLUMNS, [(*_award_record(state), at)])
        await self._append(state.version, decided.event)

    async def _append(self, version: int, event: RatingEvent | AwardEvent) -> None:
        new = NewEvent(
            aggregate_id=event.aggregate_id,
            aggregate_version=version,
            type=event.TYPE,
            payload=event.as_json(),
        )
        await self._store.event_log.append(self._connection, [new])


def rating(row: Mapping[str, Any]) -> Rating:
    """Return the rating in a row of `ratings`."""
    return Rating(
        grade=Grade(row["grade"]) if row["grade"] else None,
        not_rated=NotRatedReason(row["not_rated"]) if row["not_rated"] else None,
        score=Score.model_validate_json(row["score"]) if row["score"] else None,
    )


def award(row: Mapping[str, Any]) -> Award:
    """Return the award in a row of `awards`."""
    return Award(
        id=row["id"],
        member_id=row["member_id"],
        organisation_id=row["organisation_id"],
        kind=AwardKind(row["kind"]),
        level=AwardLevel(row["level"]),
        title=row["title"],
        awarded_on=row["awarded_on"],
        last_year=row["last_year"],
        decision_date=row["decision_date"],
        document=document(row),
        cell_id=row["cell_id"],
        version=row["version"],
        withdrawn=row["withdrawn_at"] is not None,
    )


def document(row: Mapping[str, Any]) -> DocumentRef | None:
    """Return the document of a row; None where there is none."""
    if row["document_number"] is None:
        return None
    return DocumentRef(number=row["document_number"], date=row["document_date"])


def _candidate(row: Mapping[str, Any]) -> Candidate:
    return Candidate(
        id=row["id"],
        code=row["code"],
        unit_id=row["unit_id"],
        type=OrganisationType(row["type"]) if row["type"] else None,
        established_on=row["established_on"],
        set_aside=_SET_ASIDE.get(row["spell"]),
    )


def _corrects(event: RatingEvent) -> int | None:
    return None if isinstance(event, MembersRated | OrganisationsRated) else event.corrects


def _subject(event: RatingEvent) -> UUID | None:
    if isinstance(event, MembersRated | OrganisationsRated):
        return None
    return event.member_id if isinstance(event, MemberRatingCorrected) else event.organisation_id


def _rows(list_: RatingList, event: RatingEvent) -> list[tuple[Any, ...]]:
    """Return the rows that an event states, in the order of `_COLUMNS` but for the instant."""
    said: list[tuple[UUID | None, UUID | None, UUID, OrganisationType | None, Rating]]
    if isinstance(event, MembersRated):
        said = [(one.member_id, None, one.cell_id, None, one.after) for one in event.ratings]
    elif isinstance(event, OrganisationsRated):
        above = list_.organisation_id
        said = [(None, one.organisation_id, above, one.type, one.after) for one in event.ratings]
    elif event.after is None:
        return []
    elif isinstance(event, MemberRatingCorrected):
        said = [(event.member_id, None, event.cell_id, None, event.after)]
    else:
        said = [(None, event.organisation_id, list_.organisation_id, event.type, event.after)]
    ordered_by = _document_columns(event.document)
    return [
        (
            list_.id, list_.version, list_.year, member, unit, counted_in, type_, given.grade, given.not_rated,
            None if given.score is None else given.score.model_dump_json(), _corrects(event),
            event.decision_date, *ordered_by,
        )
        for member, unit, counted_in, type_, given in said
    ]  # fmt: skip


def _award_record(state: Award) -> tuple[Any, ...]:
    return (
        state.id, state.member_id, state.organisation_id, state.kind, state.level, state.title, state.awarded_on,
        state.last_year, state.decision_date, *_document_columns(state.document), state.cell_id,
        state.version,
    )  # fmt: skip


def _document_columns(ordered_by: DocumentRef | None) -> tuple[str | None, date | None]:
    return (None, None) if ordered_by is None else (ordered_by.number, ordered_by.date)
