"""Findings in PostgreSQL: a state read for a decision, and what was decided written with its event."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final, get_args
from uuid import UUID

from chassis.database import Connection
from chassis.event_log import ConcurrentChange, events_of
from contracts.findings import FindingEvent, FindingFacts, FindingState, Owner, Severity
from contracts.positions import Position
from services.inspection.faults import Fault, FaultsFound
from services.inspection.findings.domain import decide_opening
from services.inspection.findings.finding import Finding, FindingDecided, Found, Seen
from services.inspection.findings.restating import decide_link, links
from services.inspection.store import Store
from services.inspection.visits.store import checklist_of

Row = Mapping[str, Any]

_EVENTS: Final[Mapping[str, type[FindingEvent]]] = {event.TYPE: event for event in get_args(FindingEvent)}
_SAVE: Final = """
    INSERT INTO findings (id, visit_id, cell_id, found_on, axis, limitation, severity, summary, owner_unit_id,
                          owner_position, owner_member_id, due_on, state, overdue, reopened, recurrence_of,
                          carried_into, since, withdrawn, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    ON CONFLICT (id) DO UPDATE
    SET axis = excluded.axis, limitation = excluded.limitation, severity = excluded.severity,
        summary = excluded.summary, owner_unit_id = excluded.owner_unit_id,
        owner_position = excluded.owner_position, owner_member_id = excluded.owner_member_id,
        due_on = excluded.due_on, state = excluded.state, overdue = excluded.overdue,
        reopened = excluded.reopened, recurrence_of = excluded.recurrence_of,
        carried_into = excluded.carried_into, since = excluded.since, withdrawn = excluded.withdrawn,
        version = excluded.version
    WHERE findings.version = excluded.version - 1
"""
_STEP: Final = """
    INSERT INTO finding_steps (finding_id, version, on_day, state, due_on, note) VALUES ($1, $2, $3, $4, $5, $6)
"""
_SAME: Final = """
    SELECT * FROM findings WHERE cell_id = $1 AND limitation = $2 AND NOT withdrawn ORDER BY found_on, id FOR UPDATE
"""
# One lock for a cell: two findings of one limitation cannot both find the other one missing.
_HOLD_CELL: Final = "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 6141))"
_PARENT: Final = """
    SELECT parent_id FROM unit_steps WHERE unit_id = $1 AND effective_date <= $2
    GROUP BY parent_id HAVING sum(delta) > 0
"""
_OVERDUE: Final = """
    SELECT * FROM findings
    WHERE NOT withdrawn AND NOT overdue AND state IN ('open', 'remedying') AND due_on < $1
    ORDER BY due_on, id LIMIT $2 FOR UPDATE
"""
_UNSETTLED: Final = """
    SELECT * FROM findings
    WHERE NOT withdrawn AND state <> 'closed' AND found_on < $1 AND coalesce(carried_into, 0) < $2
    ORDER BY found_on, id FOR UPDATE
"""
_ATTACHED: Final = """
    SELECT id FROM attachments WHERE visit_id = $1 AND id = ANY($2::uuid[])
"""


class FindingStore:
    """Reads for a decision on a finding, and writes, in the transaction of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.connection = store.connection

    async def finding(self, id_: UUID) -> Finding | None:
        """Return a finding, held as it is until the transaction ends; None where there is none of that id."""
        cell = await self.connection.fetchval("SELECT cell_id FROM findings WHERE id = $1", id_)
        if cell is None:
            return None
        await self.hold(cell)
        row = await self.connection.fetchrow("SELECT * FROM findings WHERE id = $1 FOR UPDATE", id_)
        return None if row is None else finding_of(row)

    async def told(self, id_: UUID) -> list[FindingEvent]:
        """Return all that was told of a finding, in its order."""
        return [
            _EVENTS[event.type].model_validate_json(event.payload)
            for event in await events_of(self.connection, id_)
        ]

    async def hold(self, cell_id: UUID) -> None:
        """Let nobody else change findings of a cell until the transaction ends."""
        await self.connection.execute(_HOLD_CELL, str(cell_id))

    async def same(self, cell_id: UUID, limitation: str | None, *, but: UUID | None = None) -> list[Finding]:
        """Return the findings of a limitation in a cell that stand, but one; none without a limitation."""
        if limitation is None:
            return []
        rows = await self.connection.fetch(_SAME, cell_id, limitation)
        return [finding_of(row) for row in rows if row["id"] != but]

    async def overdue(self, today: date, limit: int) -> list[Finding]:
        """Return findings of which it is to be told that they are overdue, those due first, held."""
        return [finding_of(row) for row in await self.connection.fetch(_OVERDUE, today, limit)]

    async def unsettled_before(self, year: int) -> list[Finding]:
        """Return findings of earlier years that are not settled nor carried over into a year, held."""
        rows = await self.connection.fetch(_UNSETTLED, date(year, 1, 1), year)
        return [finding_of(row) for row in rows]

    async def unit_above(self, cell_id: UUID, day: date) -> UUID | None:
        """Return the unit directly above a cell on a day; None where none is known."""
        found: UUID | None = await self.connection.fetchval(_PARENT, cell_id, day)
        return found

    async def check_attachments(self, visit_id: UUID, ids: Collection[UUID]) -> None:
        """Raise FaultsFound `unknown-attachment` where a visit lacks one of these."""
        rows = await self.connection.fetch(_ATTACHED, visit_id, list(ids))
        if missing := set(ids) - {row["id"] for row in rows}:
            raise FaultsFound(
                [Fault("unknown-attachment", "attachment_ids", {"id": id_}) for id_ in sorted(missing)]
            )

    async def add_evidence(self, finding_id: UUID, ids: Collection[UUID]) -> None:
        """Keep which attachments show that a finding is mended."""
        await self.connection.executemany(
            "INSERT INTO finding_evidence VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [(finding_id, id_) for id_ in ids],
        )

    async def save(self, decided: FindingDecided, note: str | None = None) -> None:
        """Write a finding and the step that it made, and append its event. Raises ConcurrentChange."""
        state, facts = decided.state, decided.state.facts
        done = await self.connection.execute(
            _SAVE,
            state.id, facts.visit_id, facts.cell_id, facts.found_on, facts.axis, facts.limitation,
            facts.severity.value, state.summary, facts.owner.unit_id,
            facts.owner.position and facts.owner.position.value, facts.owner.member_id, facts.due_on,
            facts.state.value, facts.overdue, facts.reopened, facts.recurrence_of, facts.carried_into,
            state.since, state.withdrawn, state.version,
        )  # fmt: skip
        if done.endswith(" 0"):
            raise ConcurrentChange
        await self.connection.execute(
            _STEP, state.id, state.version, decided.on, facts.state.value, facts.due_on, note
        )
        await self._store.append(decided.event, state.version)

    async def open(self, found: Found, seen: Seen, new_id: UUID) -> FindingDecided:
        """Record a new finding, and tell of others that come again after it. Raises FaultsFound."""
        await self.hold(seen.cell_id)
        decided = decide_opening(
            found,
            seen,
            its=checklist_of(seen.on),
            same=await self.same(seen.cell_id, found.limitation),
            new_id=new_id,
        )
        await self.save(decided)
        await self.relink(seen.cell_id, found.limitation)
        return decided

    async def relink(self, cell_id: UUID, *limitations: str | None) -> None:
        """Tell of findings that came again after another than was told."""
        for limitation in dict.fromkeys(limitations):
            same = {one.id: one for one in await self.same(cell_id, limitation)}
            for id_, last in links(same.values()).items():
                await self.save(decide_link(same[id_], last, told=await self.told(id_)))


def finding_of(row: Row) -> Finding:
    """Return the finding in a row of the table."""
    position = row["owner_position"]
    facts = FindingFacts(
        cell_id=row["cell_id"],
        visit_id=row["visit_id"],
        found_on=row["found_on"],
        axis=row["axis"],
        limitation=row["limitation"],
        severity=Severity(row["severity"]),
        owner=Owner(
            unit_id=row["owner_unit_id"],
            position=Position(position) if position else None,
            member_id=row["owner_member_id"],
        ),
        due_on=row["due_on"],
        state=FindingState(row["state"]),
        overdue=row["overdue"],
        reopened=row["reopened"],
        recurrence_of=row["recurrence_of"],
        carried_into=row["carried_into"],
    )
    return Finding(
        id=row["id"],
        facts=facts,
        summary=row["summary"],
        since=row["since"],
        withdrawn=row["withdrawn"],
        version=row["version"],
    )


async def steps_of(connection: Connection, finding_id: UUID) -> Sequence[Row]:
    """Return the steps of a finding's life, in the order of recording."""
    rows: Sequence[Row] = await connection.fetch(
        "SELECT * FROM finding_steps WHERE finding_id = $1 ORDER BY version", finding_id
    )
    return rows
