"""Terms and positions in PostgreSQL: read for a decision, and written with their events in the caller's transaction.

Locks are taken in one order: members, then units, then positions and terms. Whoever lets somebody begin or go on
holds the unit for a change, so that two secretaries cannot pass each other; whoever only ends a position needs no
more than the position itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, get_args
from uuid import UUID

from chassis.database import Connection
from chassis.event_log import ConcurrentChange, EventLog, NewEvent, RecordedEvent, events_of, events_of_each
from contracts.positions import (
    HeldPosition,
    Obtained,
    Position,
    PositionEndReason,
    PositionEvent,
    Term,
    TermEvent,
)
from services.membership.positions.domain import DecidedPosition, Holder
from services.membership.positions.facts import Facts, facts_of
from services.membership.positions.tenures import Days, Tenure
from services.membership.positions.terms import DecidedTerm

_CLASSES: Final[Mapping[str, type[PositionEvent | TermEvent]]] = {
    event.TYPE: event for event in (*get_args(PositionEvent), *get_args(TermEvent))
}

# Where a member's cells hang: each unit above with the days, in the tree of those days. What a unit was founded as it
# is taken to have been before, since it may be entered as younger than what hangs below it.
_STAYS: Final = """
    WITH RECURSIVE stays (member_id, unit_id, from_on, until_on) AS (
        SELECT member_id, cell_id, from_on, until_on FROM member_states WHERE member_id = ANY($1::uuid[])
        UNION
        SELECT stays.member_id, place.parent_id, greatest(stays.from_on, place.from_on),
            least(stays.until_on, place.until_on)
        FROM stays CROSS JOIN LATERAL (
            SELECT state.parent_id,
                CASE WHEN lag(state.effective_date) OVER days IS NOT NULL THEN state.effective_date END AS from_on,
                lead(state.effective_date) OVER days AS until_on
            FROM organisation_states AS state WHERE state.organisation_id = stays.unit_id
            WINDOW days AS (ORDER BY state.effective_date)
        ) AS place
        WHERE place.parent_id IS NOT NULL
          AND (place.from_on IS NULL OR stays.until_on IS NULL OR place.from_on < stays.until_on)
          AND (place.until_on IS NULL OR place.until_on > stays.from_on)
    )
    SELECT member_id, unit_id, from_on, until_on FROM stays WHERE unit_id = ANY($2::uuid[]) ORDER BY from_on
"""
_COUNTED: Final = """
    SELECT member_id, from_on, until_on, standing FROM member_states
    WHERE member_id = ANY($1::uuid[]) ORDER BY from_on
"""
_HOLDERS_ABOVE: Final = """
    WITH RECURSIVE above (unit_id) AS (
        SELECT parent_id FROM organisation_states WHERE organisation_id = $1
        UNION
        SELECT state.parent_id FROM organisation_states AS state JOIN above ON state.organisation_id = above.unit_id
    )
    SELECT DISTINCT member_id FROM positions JOIN above ON above.unit_id = organisation_id WHERE NOT withdrawn
"""
_OFFICIAL: Final = """
    SELECT count(*) FROM member_states
    WHERE cell_id = $1 AND standing = 'official' AND from_on <= $2 AND (until_on IS NULL OR until_on > $2)
"""
_SAVE_POSITIONS: Final = """
    INSERT INTO positions AS old
        (id, organisation_id, member_id, position, from_on, until_on, obtained, end_reason, withdrawn, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (id) DO UPDATE SET position = excluded.position, from_on = excluded.from_on,
        until_on = excluded.until_on, obtained = excluded.obtained, end_reason = excluded.end_reason,
        withdrawn = excluded.withdrawn, version = excluded.version
    WHERE old.version = excluded.version - 1
"""
_SAVE_TERMS: Final = """
    INSERT INTO terms AS old (id, organisation_id, label, congress_on, from_on, until_on, withdrawn, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (id) DO UPDATE SET label = excluded.label, congress_on = excluded.congress_on,
        from_on = excluded.from_on, until_on = excluded.until_on, withdrawn = excluded.withdrawn,
        version = excluded.version
    WHERE old.version = excluded.version - 1
"""


class PositionStore:
    """Reads and writes of one transaction on `connection`."""

    def __init__(self, connection: Connection, event_log: EventLog) -> None:
        self._connection = connection
        self._event_log = event_log

    async def holders(
        self, members: Mapping[UUID, str], units: Collection[UUID]
    ) -> dict[tuple[UUID, UUID], Holder]:
        """Return members, given as code by id, as each of these units may have them, by (member, unit)."""
        ids = list(members)
        counted = await self._connection.fetch(_COUNTED, ids)
        stays = await self._connection.fetch(_STAYS, ids, list(units))
        return {
            (id_, unit): Holder(
                id=id_,
                code=code,
                counted=_days(row for row in counted if row["member_id"] == id_),
                official=_days(
                    row for row in counted if row["member_id"] == id_ and row["standing"] == "official"
                ),
                inside=_days(row for row in stays if row["member_id"] == id_ and row["unit_id"] == unit),
            )
            for id_, code in members.items()
            for unit in units
        }

    async def holders_above(self, unit: UUID) -> list[UUID]:
        """Return the ids of those who hold a position in a unit that this one hung below on some day."""
        rows = await self._connection.fetch(_HOLDERS_ABOVE, unit)
        return [row["member_id"] for row in rows]

    async def official_members(self, held: HeldPosition) -> int:
        """Return how many official members the cell of a position has on its first day."""
        count: int = await self._connection.fetchval(_OFFICIAL, held.organisation_id, held.from_on)
        return count

    async def place_of_position(self, id_: UUID) -> tuple[UUID, str, str] | None:
        """Return the holder's id and code and the unit's code of a position, which never change; None if unknown."""
        row = await self._connection.fetchrow(
            "SELECT member.id, member.code, unit.code FROM positions AS held"
            " JOIN members AS member ON member.id = held.member_id"
            " JOIN organisations AS unit ON unit.id = held.organisation_id WHERE held.id = $1",
            id_,
        )
        return None if row is None else (row[0], row[1], row[2])

    async def unit_of_term(self, id_: UUID) -> str | None:
        """Return the code of the unit whose term it is, which never changes; None if unknown."""
        code: str | None = await self._connection.fetchval(
            "SELECT unit.code FROM terms JOIN organisations AS unit ON unit.id = organisation_id"
            " WHERE terms.id = $1",
            id_,
        )
        return code

    async def positions(
        self,
        *,
        ids: Collection[UUID] | None = None,
        units: Collection[UUID] | None = None,
        members: Collection[UUID] | None = None,
    ) -> list[Tenure[HeldPosition]]:
        """Return the positions with these ids, of these units or members, withdrawn ones too, held for a change."""
        rows = await self._connection.fetch(
            "SELECT * FROM positions WHERE ($1::uuid[] IS NULL OR id = ANY($1))"
            " AND ($2::uuid[] IS NULL OR organisation_id = ANY($2)) AND ($3::uuid[] IS NULL OR member_id = ANY($3))"
            " ORDER BY id FOR UPDATE",
            *(None if some is None else list(some) for some in (ids, units, members)),
        )
        return [position_of(row) for row in rows]

    async def terms(
        self, *, ids: Collection[UUID] | None = None, units: Collection[UUID] | None = None
    ) -> list[Tenure[Term]]:
        """Return the terms with these ids or of these units, as `positions` does."""
        rows = await self._connection.fetch(
            "SELECT * FROM terms WHERE ($1::uuid[] IS NULL OR id = ANY($1))"
            " AND ($2::uuid[] IS NULL OR organisation_id = ANY($2)) ORDER BY id FOR UPDATE",
            *(None if some is None else list(some) for some in (ids, units)),
        )
        return [term_of(row) for row in rows]

    async def facts(self, id_: UUID) -> Facts:
        """Return which facts of a position or a term stand."""
        return facts_of(read_event(event) for event in await events_of(self._connection, id_))

    async def facts_of_each(self, ids: Collection[UUID]) -> dict[UUID, Facts]:
        """Return the same of many."""
        recorded = await events_of_each(self._connection, ids)
        return {id_: facts_of(map(read_event, events)) for id_, events in recorded.items()}

    async def save_positions(self, decided: Sequence[DecidedPosition]) -> None:
        """Write positions as they are now and append their events.

        Raises ConcurrentChange where somebody else changed the same one first.
        """
        for one in decided:
            await self._write(_SAVE_POSITIONS, _position_record(one))
        await self._append(decided)

    async def save_terms(self, decided: Sequence[DecidedTerm]) -> None:
        """Write terms as they are now and append their events. Raises as `save_positions`."""
        for one in decided:
            await self._write(_SAVE_TERMS, _term_record(one))
        await self._append(decided)

    async def _write(self, statement: str, record: tuple[Any, ...]) -> None:
        if not (await self._connection.execute(statement, *record)).endswith(" 1"):
            raise ConcurrentChange

    async def _append(self, decided: Sequence[DecidedPosition] | Sequence[DecidedTerm]) -> None:
        await self._event_log.append(
            self._connection,
            [
                NewEvent(
                    aggregate_id=one.tenure.id,
                    aggregate_version=one.tenure.version,
                    type=one.event.TYPE,
                    payload=one.event.as_json(),
                )
                for one in decided
            ],
        )


def read_event(recorded: RecordedEvent) -> PositionEvent | TermEvent:
    """Return an event of a position or a term from the log."""
    return _CLASSES[recorded.type].model_validate_json(recorded.payload)


def position_of(row: Mapping[str, Any]) -> Tenure[HeldPosition]:
    """Return the position in a row of `positions`."""
    held = HeldPosition(
        organisation_id=row["organisation_id"],
        member_id=row["member_id"],
        position=Position(row["position"]),
        from_on=row["from_on"],
        until_on=row["until_on"],
        obtained=Obtained(row["obtained"]),
        end_reason=PositionEndReason(row["end_reason"]) if row["end_reason"] else None,
    )
    return Tenure(row["id"], None if row["withdrawn"] else held, row["version"])


def term_of(row: Mapping[str, Any]) -> Tenure[Term]:
    """Return the term in a row of `terms`."""
    term = Term(
        organisation_id=row["organisation_id"],
        label=row["label"],
        congress_on=row["congress_on"],
        from_on=row["from_on"],
        until_on=row["until_on"],
    )
    return Tenure(row["id"], None if row["withdrawn"] else term, row["version"])


def _position_record(decided: DecidedPosition) -> tuple[Any, ...]:
    tenure, held = decided.tenure, decided.event.after or decided.event.before
    if held is None:
        raise ValueError("an event says what was or what is")
    return (
        tenure.id, held.organisation_id, held.member_id, held.position.value, held.from_on, held.until_on,
        held.obtained.value, held.end_reason and held.end_reason.value, tenure.state is None, tenure.version,
    )  # fmt: skip


def _term_record(decided: DecidedTerm) -> tuple[Any, ...]:
    tenure, term = decided.tenure, decided.event.after or decided.event.before
    if term is None:
        raise ValueError("an event says what was or what is")
    return (
        tenure.id, term.organisation_id, term.label, term.congress_on, term.from_on, term.until_on,
        tenure.state is None, tenure.version,
    )  # fmt: skip


def _days(rows: Iterable[Mapping[str, Any]]) -> tuple[Days, ...]:
    return tuple(Days(row["from_on"], row["until_on"]) for row in rows)
