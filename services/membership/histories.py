"""Reads of a member's history: what was said when, and what it comes to from day to day."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime

from chassis.database import Pool
from chassis.event_log import RecordedEvent, events_of
from contracts.membership import Fact, FactKind, MemberEvent, MemberHistoryRestatedV2, Step
from contracts.spells import Spell
from services.membership import answers
from services.membership.answers import UNKNOWN_MEMBER, MemberCode, MemberHistory
from services.membership.history import (
    ENTRIES,
    History,
    cells_of,
    history_of,
    spells_of,
    stated,
    steps_of,
)
from services.membership.paging import Actor, iso, note_read, reading
from services.membership.problems import unknown_member
from services.membership.queries import code_in_path, unit_codes
from services.membership.store import read_member_event

_KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="RFC 3339 instant: the history as it was known then; as it is known now by default"),
]


def router(pool: Pool) -> APIRouter:
    """Return the routes that read histories."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/members/{code:path}/history", **answers.history_of(MemberHistory, UNKNOWN_MEMBER))
    async def history(code: MemberCode, known_at: _KnownAt = None, actor: Actor = "unknown") -> Response:
        """Everything that was recorded of a member, in order, and what it comes to from day to day.

        A fact that was corrected or withdrawn stays in the list; `status` says what became of it. Nothing here
        says who the member is.
        """
        async with reading(pool) as connection:
            known = code_in_path(code)
            member_id = await connection.fetchval("SELECT id FROM members WHERE code = $1", known)
            if member_id is None:
                raise unknown_member(code)
            recorded = [
                event
                for event in await events_of(connection, member_id)
                if known_at is None or event.recorded_at <= known_at
            ]
            events = [read_member_event(event) for event in recorded]
            cells = cells_of(fact for event in events if (fact := stated(event)))
            codes = await unit_codes(connection, cells)
            await note_read(connection, actor, f"members/{known}/history", 1)
        return JSONResponse({"code": known, **told(recorded, events, codes)})

    return routes


def told(
    recorded: Sequence[RecordedEvent], events: Sequence[MemberEvent], codes: Mapping[UUID, str]
) -> dict[str, Any]:
    """Return a member's history as MemberHistory has it, without the code; `codes` are those of the cells by id."""
    history = history_of(events)
    entries = []
    for row, event in zip(recorded, events, strict=True):
        number, fact = row.aggregate_version, stated(event)
        entries.append(
            {
                "number": number,
                "recorded_at": row.recorded_at.isoformat(),
                "corrects": event.corrects if isinstance(event, MemberHistoryRestatedV2) else None,
                "status": _status(number, history) if fact else "withdrawal",
                "replaced_by": history.replaced.get(number),
                "fact": fact and _fact(fact, codes),
            }
        )
    return {
        "entries": entries,
        "timeline": [_step(step, codes) for step in steps_of(history)],
        "spells": [_spell(spell, codes) for spell in spells_of(history)],
    }


def _status(number: int, history: History) -> str:
    if number not in history.replaced:
        return "stands"
    return "withdrawn" if history.replaced[number] is None else "replaced"


def _fact(fact: Fact, codes: Mapping[UUID, str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": fact.kind.value,
        "effective_date": fact.effective_date.isoformat(),
        "decision_date": iso(fact.decision_date),
    }
    if fact.kind in ENTRIES and fact.state:
        told["cell_code"] = codes[fact.state.cell_id]
    if fact.cell_id:
        told["cell_code"] = codes[fact.cell_id]
    if fact.move:
        told["move_reason"] = fact.move.value
    if fact.profile:
        told["profile"] = fact.profile.model_dump(mode="json", exclude_none=True)
    if fact.kind is FactKind.LEFT:
        told["left_reason"] = fact.reason and fact.reason.value
    if fact.until:
        told["until"] = fact.until.isoformat()
    return told


def _step(step: Step, codes: Mapping[UUID, str]) -> dict[str, Any]:
    after = step.after
    return {
        "from": step.effective_date.isoformat(),
        "cell_code": after and codes[after.cell_id],
        "standing": after and after.standing.value,
        "cause": step.cause and step.cause.value,
    }


def _spell(spell: Spell, codes: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "kind": spell.kind.value,
        "from": spell.from_on.isoformat(),
        "until": iso(spell.until),
        "ended_on": iso(spell.ended_on),
        "cell_code": spell.cell_id and codes[spell.cell_id],
    }
