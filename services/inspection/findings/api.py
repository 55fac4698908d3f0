"""The HTTP side of findings: each command is read, decided by the domain, saved with its event, answered."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from chassis.database import Connection
from chassis.faults import FaultsFound
from chassis.idempotency import Answer
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from contracts.findings import Owner
from replicas.membership.members import placed_on
from replicas.membership.tree import Units
from services.inspection.commands import carry_out, command_routes, run
from services.inspection.faults import Fault
from services.inspection.findings import answers, domain, queries, restating
from services.inspection.findings.finding import Finding, FindingDecided, Found, Seen
from services.inspection.findings.queries import FindingId, finding_json
from services.inspection.findings.requests import (
    CarryingOver,
    FindingCorrecting,
    FindingOpening,
    FindingWithdrawing,
    OwnerSaid,
    Reopening,
    Reporting,
    Step,
)
from services.inspection.findings.store import FindingStore
from services.inspection.problems import unknown_finding, unknown_visit
from services.inspection.reads import today
from services.inspection.store import Store
from services.inspection.visits.queries import VisitId
from services.inspection.visits.store import VisitStore, checklist_of

_Decide = Callable[[Finding, FindingStore], Awaitable[FindingDecided]]


def router(resources: Resources) -> APIRouter:
    """Return the routes of findings."""
    routes = APIRouter()
    routes.include_router(_said(resources))
    routes.include_router(_life(resources))
    routes.include_router(_years(resources))
    routes.include_router(queries.router(resources.pool))
    return routes


def _said(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/visits/{id}/findings", status_code=201, **answers.opened())
    async def open_(request: Request, id_: VisitId, asked: FindingOpening) -> Response:
        """Record what visitors found lacking in a cell; whether it came again is found by its limitation."""

        async def handle(store: Store) -> Answer:
            findings = FindingStore(store)
            visit = await VisitStore(store).visit(id_)
            if visit is None or visit.withdrawn:
                raise unknown_visit()
            seen = Seen(visit_id=id_, cell_id=visit.facts.cell_id, on=visit.facts.visited_on)
            found = Found(
                summary=asked.summary,
                severity=asked.severity,
                axis=asked.axis,
                limitation=asked.limitation,
                owner=await _owner(store.connection, asked.owner, seen.on),
                due_on=asked.due_on,
            )
            decided = await findings.open(found, seen, uuid4())
            return await _answer(201, store, decided.state)

        return await carry_out(resources, request, handle)

    @routes.post("/findings/{id}/correction", **answers.corrected())
    async def correct(request: Request, id_: FindingId, asked: FindingCorrecting) -> Response:
        """Put right what was said of a finding: what is lacking, how much it weighs, whose it is, until when."""

        async def decide(finding: Finding, findings: FindingStore) -> FindingDecided:
            facts = finding.facts
            limitation = None if asked.no_limitation else asked.limitation or facts.limitation
            found = Found(
                summary=asked.summary or finding.summary,
                severity=asked.severity or facts.severity,
                axis=asked.axis or (facts.axis if limitation is None else None),
                limitation=limitation,
                owner=await _owner(findings.connection, asked.owner, facts.found_on) or facts.owner,
                due_on=asked.due_on or facts.due_on,
            )
            return restating.decide_correction(
                finding,
                found,
                its=checklist_of(facts.found_on),
                same=await findings.same(facts.cell_id, limitation, but=finding.id),
                told=await findings.told(finding.id),
            )

        return await _change(resources, request, id_, decide)

    @routes.post("/findings/{id}/withdrawal", **answers.changed())
    async def withdraw(request: Request, id_: FindingId, asked: FindingWithdrawing) -> Response:
        """Record that a finding never was."""
        del asked

        async def handle(store: Store) -> Answer:
            findings = FindingStore(store)
            finding = await _held(findings, request, id_)
            for decided in (steps := restating.decide_withdrawal(finding, await findings.told(id_))):
                await findings.save(decided)
            await findings.relink(finding.facts.cell_id, finding.facts.limitation)
            return await _answer(200, store, steps[-1].state)

        return await carry_out(resources, request, handle)

    return routes


def _life(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/findings/{id}/remedy", **answers.changed())
    async def begin(request: Request, id_: FindingId, asked: Step) -> Response:
        """Record that its owner began to remedy a finding."""

        async def decide(finding: Finding, _: FindingStore) -> FindingDecided:
            return domain.decide_begin(finding, asked.on, today=today())

        return await _change(resources, request, id_, decide, note=asked.note)

    @routes.post("/findings/{id}/report", **answers.changed())
    async def report(request: Request, id_: FindingId, asked: Reporting) -> Response:
        """Record that its owner reported a finding as mended, with evidence: a note, or attachments of its visit."""

        async def decide(finding: Finding, findings: FindingStore) -> FindingDecided:
            await findings.check_attachments(finding.facts.visit_id, asked.attachment_ids)
            decided = domain.decide_report(
                finding, asked.on, evidence=bool(asked.note or asked.attachment_ids), today=today()
            )
            await findings.add_evidence(id_, asked.attachment_ids)
            return decided

        return await _change(resources, request, id_, decide, note=asked.note)

    @routes.post("/findings/{id}/confirmation", **answers.changed())
    async def confirm(request: Request, id_: FindingId, asked: Step) -> Response:
        """Record that it was confirmed that a finding is mended."""

        async def decide(finding: Finding, _: FindingStore) -> FindingDecided:
            return domain.decide_confirmation(finding, asked.on, today=today())

        return await _change(resources, request, id_, decide, note=asked.note)

    @routes.post("/findings/{id}/reopening", **answers.changed())
    async def reopen(request: Request, id_: FindingId, asked: Reopening) -> Response:
        """Record that what was reported, or even confirmed, is not enough, with the reason and a new day."""

        async def decide(finding: Finding, _: FindingStore) -> FindingDecided:
            return domain.decide_reopening(
                finding, asked.on, asked.due_on, reason=bool(asked.note), today=today()
            )

        return await _change(resources, request, id_, decide, note=asked.note)

    return routes


def _years(resources: Resources) -> APIRouter:
    routes = command_routes()

    @routes.post("/findings/carry-over", **answers.carried_over())
    async def carry_over(request: Request, asked: CarryingOver) -> Response:
        """Carry the unsettled findings of earlier years over into a year's plan; done twice, it is done once."""

        async def handle(store: Store) -> Answer:
            domain.check_year(asked.year, today=today())
            findings, ids = FindingStore(store), []
            for finding in await findings.unsettled_before(asked.year):
                if decided := domain.decide_carry_over(finding, asked.year):
                    await findings.save(decided)
                    ids.append(str(finding.id))
            return Answer(200, {"year": asked.year, "ids": ids})

        answer = await run(resources, request, handle)
        return JSONResponse(answer.body, answer.status)

    return routes


async def _change(
    resources: Resources, request: Request, id_: UUID, decide: _Decide, *, note: str | None = None
) -> Response:
    async def handle(store: Store) -> Answer:
        findings = FindingStore(store)
        finding = await _held(findings, request, id_)
        decided = await decide(finding, findings)
        await findings.save(decided, note)
        before, after = finding.facts, decided.state.facts
        await findings.relink(before.cell_id, before.limitation, after.limitation)
        return await _answer(200, store, decided.state)

    return await carry_out(resources, request, handle)


async def _held(findings: FindingStore, request: Request, id_: UUID) -> Finding:
    """Return a finding that is held. Raises Problem `unknown-finding` (404), `precondition-failed` (412)."""
    finding = await findings.finding(id_)
    if finding is None:
        raise unknown_finding()
    check_if_match(request, finding.version)
    return finding


async def _answer(status: int, store: Store, state: Finding) -> Answer:
    return Answer(status, await finding_json(store.connection, state))


async def _owner(connection: Connection, said: OwnerSaid | None, day: date) -> Owner | None:
    """Return who is to remedy it. Raises Problem `unknown-unit` (404), FaultsFound `not-in-register`."""
    if said is None:
        return None
    if said.member_id is not None and said.member_id not in await placed_on(
        connection, [said.member_id], day
    ):
        raise FaultsFound([Fault("not-in-register", "owner", {"day": day})])
    unit = None if said.unit_code is None else (await Units.read(connection)).of_code(said.unit_code)
    return Owner(unit_id=unit, position=said.position, member_id=said.member_id)
