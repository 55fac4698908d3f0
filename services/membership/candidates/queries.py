"""Reads of the list of candidates. Every answer with personal data notes who read it, in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime

from chassis.database import Connection, Pool
from chassis.event_log import RecordedEvent, events_of
from chassis.preconditions import resource
from contracts.candidates import Candidate, CandidateRestated
from services.membership import clocks, thresholds, tree
from services.membership.candidates.answers import (
    HISTORY,
    ONE,
    CandidateCode,
    CandidatePage,
    CertificatePage,
    unknown_candidate,
)
from services.membership.candidates.corrections import told
from services.membership.candidates.domain import Listed, certificate_ends_on
from services.membership.candidates.store import CANDIDATE, listed, read_candidate_event
from services.membership.list_answers import list_of
from services.membership.paging import (
    Actor,
    AsOf,
    Cursor,
    Limit,
    after_name,
    iso,
    note_read,
    page,
    place_by_name,
    reading,
    today,
)
from services.membership.queries import code_in_path, organisation_of, unit_codes
from services.membership.requests import Text

_Unit = Annotated[
    Text | None, Query(description="Code of a unit: it and all below it; left out: the whole register")
]
_Former = Annotated[
    bool, Query(description="Also who was on the list before, as the book of candidates has it")
]
_KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="RFC 3339 instant: what was known then; what is known now by default"),
]

_NAME_ORDER: Final = "identity.name_sort_key, candidate.code"
# On the list on the day $2, or on it by then.
_FOUND: Final = f"""
    SELECT found.*, {tree.name_on("found.cell_id", "$2")} AS cell_name
    FROM ({CANDIDATE}
        WHERE candidate.listed_on <= $2 AND ($6 OR candidate.ended_on IS NULL OR candidate.ended_on > $2)
          AND ($1::uuid[] IS NULL OR candidate.cell_id = ANY($1))
          AND ($7::date IS NULL OR candidate.certified_on <= $7)
          AND ({_NAME_ORDER}) > ($3::bytea, $4::text)
        ORDER BY {_NAME_ORDER} LIMIT $5
    ) AS found
    ORDER BY found.name_sort_key, found.code
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes that read candidates."""
    routes = APIRouter(tags=["queries"])

    async def found(
        what: str,
        day: date,
        *,
        unit: str | None,
        cursor: str | None,
        limit: int,
        actor: str,
        former: bool = False,
        certified_by: date | None = None,
    ) -> tuple[list[dict[str, Any]], Sequence[str]]:
        place = after_name(cursor)
        async with reading(pool) as connection:
            above = None if unit is None else await organisation_of(connection, unit)
            scope = above and await tree.units_within(connection, above.id, day)
            rows = await connection.fetch(_FOUND, scope, day, *place, limit + 1, former, certified_by)
            codes = await member_codes(connection, (listed(row).candidate for row in rows))
            await note_read(
                connection, actor, what + (f"?unit={unit}" if unit else ""), min(len(rows), limit)
            )
        last = [part for row in rows[limit - 1 : limit] for part in place_by_name(row)]
        return [_listed_json(row, codes) for row in rows], last

    @routes.get("/candidates", **list_of(CandidatePage))
    async def candidates(
        *,
        as_of: AsOf = None,
        unit: _Unit = None,
        former: _Former = False,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Who is on the list of candidates on a day, in the order of Vietnamese names."""
        day = as_of or today()
        items, last = await found(
            "candidates", day, unit=unit, cursor=cursor, limit=limit, actor=actor, former=former
        )
        return {"as_of": day.isoformat()} | page(items, limit, last)

    @routes.get("/lists/certificates-ending", **(list_of(CertificatePage) | {"tags": ["lists"]}))
    async def certificates_ending(
        *,
        as_of: AsOf = None,
        unit: _Unit = None,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Candidates whose certificate of the course on the party is valid no more on a day, or half a year later."""
        day = as_of or today()
        items, last = await found(
            "lists/certificates-ending",
            day,
            unit=unit,
            cursor=cursor,
            limit=limit,
            actor=actor,
            certified_by=_certified_by(day),
        )
        source = thresholds.COURSE_CERTIFICATE_MONTHS.source
        told_of = [
            item | {"expired": _is_over(item["certificate_ends_on"], day), "source": source} for item in items
        ]
        return {"as_of": day.isoformat()} | page(told_of, limit, last)

    @routes.get("/candidates/{code:path}/history", **HISTORY)
    async def history(
        code: CandidateCode, known_at: _KnownAt = None, actor: Actor = "unknown"
    ) -> dict[str, Any]:
        """Everything that was recorded of a candidate, and which of it stands; nothing says who it is."""
        async with reading(pool) as connection:
            one = await _one(connection, code)
            recorded = [
                event
                for event in await events_of(connection, one.id)
                if known_at is None or event.recorded_at <= known_at
            ]
            if not recorded:
                raise unknown_candidate(code)
            afters = [read_candidate_event(event).after for event in recorded]
            codes = await member_codes(connection, afters)
            units = await unit_codes(connection, {after.cell_id for after in afters})
            await note_read(connection, actor, f"candidates/{one.code}/history", 1)
        return {"code": one.code, "entries": _entries(recorded, codes, units)}

    @routes.get("/candidates/{code:path}", **ONE)
    async def candidate(request: Request, code: CandidateCode, actor: Actor = "unknown") -> Response:
        """One candidate with their identity, whether they are still on the list or not."""
        async with reading(pool) as connection:
            one = await _one(connection, code)
            codes = await member_codes(connection, [one.candidate])
            await note_read(connection, actor, f"candidates/{one.code}", 1)
        who = one.who.identity
        personal = {**_person_json(one), "ethnicity": who.ethnicity, "religion": who.religion}
        return resource(request, candidate_json(one, codes) | personal)

    return routes


async def member_codes(connection: Connection, candidates: Iterable[Candidate]) -> dict[UUID, str]:
    """Return the codes of the members that candidates became or are introduced by, by their ids."""
    ids = {
        id_
        for one in candidates
        for id_ in (one.member_id, *(found.member_id for found in one.introducers))
        if id_ is not None
    }
    rows = await connection.fetch("SELECT id, code FROM members WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"]: row["code"] for row in rows}


def candidate_json(one: Listed, codes: Mapping[UUID, str]) -> dict[str, Any]:
    """Return a candidate as answers to commands carry it: nothing of who they are. `codes` are those of members."""
    certified_on = one.candidate.certified_on
    return {
        "id": str(one.id),
        "code": one.code,
        "certificate_ends_on": iso(certified_on and certificate_ends_on(certified_on)),
        "version": one.version,
        **_fact_json(one.candidate, one.cell_code, codes),
    }


async def _one(connection: Connection, code: str) -> Listed:
    row = await connection.fetchrow(f"{CANDIDATE} WHERE candidate.code = $1", code_in_path(code))
    if row is None:
        raise unknown_candidate(code)
    return listed(row)


def _listed_json(row: Mapping[str, Any], codes: Mapping[UUID, str]) -> dict[str, Any]:
    one = listed(row)
    return candidate_json(one, codes) | _person_json(one) | {"cell_name": row["cell_name"]}


def _person_json(one: Listed) -> dict[str, Any]:
    return {
        "full_name": one.who.identity.full_name,
        "birth_date": one.who.identity.birth_date.isoformat(),
        "gender": one.who.gender.value,
        "youth_union": one.who.youth_union,
    }


def _fact_json(candidate: Candidate, cell_code: str, codes: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "cell_code": cell_code,
        "stage": candidate.stage.value,
        "listed_on": candidate.listed_on.isoformat(),
        "certified_on": iso(candidate.certified_on),
        "introducers": [
            {"member_code": codes[one.member_id], "since": one.since.isoformat()}
            for one in candidate.introducers
        ],
        "voted_on": iso(candidate.voted_on),
        "ended_on": iso(candidate.ended_on),
        "struck_for": candidate.struck_for and candidate.struck_for.value,
        "member_code": candidate.member_id and codes[candidate.member_id],
    }


def _entries(
    recorded: Sequence[RecordedEvent], codes: Mapping[UUID, str], units: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    events = [read_candidate_event(row) for row in recorded]
    facts = told(events)
    entries = []
    for number, (row, event) in enumerate(zip(recorded, events, strict=True), 1):
        what = facts.kinds.get(number)
        entries.append(
            {
                "number": number,
                "what": what,
                "recorded_at": row.recorded_at,
                "corrects": event.corrects if isinstance(event, CandidateRestated) else None,
                "status": facts.status(number),
                "replaced_by": facts.replaced_by(number) if what else None,
                "effective_date": event.effective_date,
                "decision_date": event.decision_date,
                "after": _fact_json(event.after, units[event.after.cell_id], codes),
            }
        )
    return entries


def _certified_by(day: date) -> date:
    """Return the last day of a certificate that ends within the reminder's time."""
    months = thresholds.COURSE_CERTIFICATE_MONTHS.value - thresholds.CERTIFICATE_REMINDER.value
    try:
        return clocks.latest_start(day, months)
    except ValueError:  # before the first of all dates
        return date.min


def _is_over(ends_on: str | None, day: date) -> bool:
    return ends_on is not None and date.fromisoformat(ends_on) <= day
