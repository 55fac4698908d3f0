"""The way of a file of past visits, or of findings: read in a thread, decided and written, in one transaction."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self
from uuid import UUID, uuid5

from chassis.database import Connection
from chassis.faults import FaultsFound
from chassis.imports import ImportRefused, OnError, Report, Upload
from chassis.problems import Problem
from chassis.table_rows import FileRefused, Format, Row
from contracts.findings import FindingState
from contracts.meetings import MeetingStatus
from replicas.membership.cells import Cell, cells_of
from services.inspection.faults import Fault
from services.inspection.findings import domain as findings_domain
from services.inspection.findings.finding import Finding, FindingDecided, Seen
from services.inspection.findings.store import FindingStore, finding_of
from services.inspection.imports.columns import FINDINGS, VISITS
from services.inspection.imports.rows import FindingRow, Where, read_finding, read_month, read_visit
from services.inspection.reads import today
from services.inspection.store import Store
from services.inspection.teams.domain import Team
from services.inspection.teams.store import known_team
from services.inspection.visits.domain import Meeting, Visit, VisitDecided, decide_visit
from services.inspection.visits.store import MEETING, VisitStore, checklist_of, meeting_of, read_visits

Decided = VisitDecided | FindingDecided

_IMPORTS: Final = 0x6368_6962_6F00_3001
"""Advisory lock: one import at a time."""
_NAMESPACE: Final = UUID("6f1b0a52-5b0e-4c86-9c8e-0d6f5a1d3c42")
"""Ids of what comes from files come from what identifies it, so that the same file makes the same ones."""
_WITHDRAWN: Final = "SELECT withdrawn FROM visits WHERE id = $1"
_MEETINGS: Final = f"{MEETING} WHERE cell_id = ANY($1::uuid[]) AND month = ANY($2::date[])"


async def import_visits(store: Store, upload: Upload) -> dict[str, Any]:
    """Import a file of past visits in the transaction of `store`; return the report as JSON.

    Raises ImportRefused, upon which the transaction is to be rolled back.
    """
    places = _Places(store.connection)

    async def decide(row: Row) -> list[Decided]:
        day = read_month(row.cells["month"]) or today()
        read = read_visit(row, checklist_of(day))
        if read.faults or read.where is None:
            raise FaultsFound([*read.faults])
        visits, team = VisitStore(store), await places.team(read.where.team_code)
        meeting = await places.meeting(read.where, read.report.visited_on)
        around = await visits.around(read.report, meeting, team)
        new = decide_visit(read.report, meeting=meeting, around=around, new_id=_visit_id(meeting, team))
        if known := await _visit_at(store.connection, meeting, team):
            if (known.facts, known.words) != (new.state.facts, new.state.words):
                raise FaultsFound([Fault("recorded-otherwise")])
            return []
        if await store.connection.fetchval(_WITHDRAWN, new.state.id):
            raise FaultsFound([Fault("visit-withdrawn", "cell_code")])
        await visits.save(new)
        return [new]

    return await _import(store, upload, VISITS, places, decide)


async def import_findings(store: Store, upload: Upload) -> dict[str, Any]:
    """Import a file of findings of visits that are recorded; return the report as JSON.

    One that is known goes on in its life as far as its row says. Raises ImportRefused, upon which the transaction is
    to be rolled back.
    """
    places = _Places(store.connection)

    async def decide(row: Row) -> list[Decided]:
        read = read_finding(row)
        if read.faults or read.where is None or read.found is None:
            raise FaultsFound([*read.faults])
        team, meeting = await places.team(read.where.team_code), await places.meeting(read.where, None)
        visit = await _visit_at(store.connection, meeting, team)
        if visit is None:
            raise FaultsFound([Fault("unknown-visit", "cell_code", {"team": read.where.team_code})])
        return [one async for one in _life(FindingStore(store), read, visit)]

    return await _import(store, upload, FINDINGS, places, decide)


async def _life(findings: FindingStore, read: FindingRow, visit: Visit) -> AsyncIterator[FindingDecided]:
    """Bring a finding to where its row says that it is, from wherever it is now."""
    found, cell_id = read.found, visit.facts.cell_id
    assert found is not None  # noqa: S101 - checked by the caller
    seen = Seen(visit_id=visit.id, cell_id=cell_id, on=visit.facts.visited_on)
    id_ = uuid5(_NAMESPACE, f"{visit.id} {found.limitation or found.summary}")
    await findings.hold(cell_id)
    finding = await _finding(findings.connection, id_)
    if finding is None:
        decided = await findings.open(found, seen, id_)
        yield decided
        finding = await _finding(findings.connection, id_) or decided.state
    if finding.withdrawn:
        raise FaultsFound([Fault("finding-withdrawn", "limitation")])
    if read.reported_on and finding.facts.state in {FindingState.OPEN, FindingState.REMEDYING}:
        decided = findings_domain.decide_report(finding, read.reported_on, evidence=True, today=today())
        await findings.save(decided, read.evidence)
        yield decided
        finding = decided.state
    if read.closed_on and finding.facts.state is FindingState.REPORTED:
        decided = findings_domain.decide_confirmation(finding, read.closed_on, today=today())
        await findings.save(decided)
        yield decided


@dataclass(slots=True)
class _Places:
    """The teams and meetings that the rows of a file name."""

    connection: Connection
    cells: dict[str, Cell] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    meetings: dict[tuple[UUID, date], list[Meeting]] = field(default_factory=dict)

    async def read(self, rows: Sequence[Row]) -> Self:
        """Read all that the rows may name at once."""
        self.cells = await cells_of(self.connection, {row.cells["cell_code"] for row in rows})
        months = {month for row in rows if (month := read_month(row.cells["month"]))}
        ids = [cell.id for cell in self.cells.values()]
        for row in await self.connection.fetch(_MEETINGS, ids, list(months)):
            self.meetings.setdefault((row["cell_id"], row["month"]), []).append(meeting_of(row))
        return self

    async def team(self, code: str) -> Team:
        """Return the team of a code. Raises FaultsFound `unknown-team`."""
        if code not in self.teams:
            try:
                self.teams[code] = await known_team(self.connection, code, hold=True)
            except Problem:
                raise FaultsFound([Fault("unknown-team", "team_code", {"code": code[:60]})]) from None
        return self.teams[code]

    async def meeting(self, where: Where, day: date | None) -> Meeting:
        """Return the meeting that a row names; of several of a month the one of the day. Raises FaultsFound."""
        cell = self.cells.get(where.cell_code)
        if cell is None:
            raise FaultsFound([Fault("unknown-cell", "cell_code", {"code": where.cell_code[:60]})])
        of_kind = [one for one in self.meetings.get((cell.id, where.month), []) if one.kind is where.kind]
        # One called off may have another in its place.
        standing = [one for one in of_kind if one.status is not MeetingStatus.CANCELLED] or of_kind
        found = [one for one in standing if one.day == day] or standing
        if len(found) != 1:
            code = "several-meetings" if found else "unknown-meeting"
            raise FaultsFound([Fault(code, "month")])
        return found[0]


async def _import(
    store: Store,
    upload: Upload,
    format_: Format,
    places: _Places,
    decide: Callable[[Row], Awaitable[list[Decided]]],
) -> dict[str, Any]:
    report: Report[Decided] = Report(upload.file_name)
    await store.connection.execute("SELECT pg_advisory_xact_lock($1)", _IMPORTS)
    try:
        table = await asyncio.to_thread(format_.read, upload.body, workbook=upload.workbook)
    except FileRefused as refused:
        report.errors += refused.faults
        raise ImportRefused(report) from None
    report.warnings += table.warnings
    await places.read(table.rows)
    keep = store.connection.transaction()
    await keep.start()
    for row in table.rows:
        try:
            async with store.connection.transaction():
                decided = await decide(row)
        except FaultsFound as found:
            report.refuse(row.line, found.faults)
        else:
            warnings = [one for each in decided for one in getattr(each, "warnings", ())]
            report.accept(row.line, row.cells["cell_code"], decided, warnings)
    if report.errors and upload.on_error is OnError.ABORT:
        raise ImportRefused(report)
    await (keep.rollback() if upload.dry_run else keep.commit())
    return report.as_json(dry_run=upload.dry_run)


def _visit_id(meeting: Meeting, team: Team) -> UUID:
    return uuid5(_NAMESPACE, f"{meeting.id} {team.id}")


async def _visit_at(connection: Connection, meeting: Meeting, team: Team) -> Visit | None:
    """Return the visit of a team to a meeting that stands; None where there is none."""
    row = await connection.fetchrow(
        "SELECT * FROM visits WHERE meeting_id = $1 AND team_id = $2 AND NOT withdrawn FOR UPDATE",
        meeting.id,
        team.id,
    )
    return None if row is None else (await read_visits(connection, [row]))[0]


async def _finding(connection: Connection, id_: UUID) -> Finding | None:
    row = await connection.fetchrow("SELECT * FROM findings WHERE id = $1 FOR UPDATE", id_)
    return None if row is None else finding_of(row)
