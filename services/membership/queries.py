"""Reads of the register. Every answer with personal data notes who read it, in the same transaction."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.database import Connection, Pool
from chassis.preconditions import resource
from services.membership import answers, store, tree
from services.membership.answers import MemberCode, MemberPage, OrganisationPage, UnitCode, one, page_of
from services.membership.domain import Organisation, clean
from services.membership.members import Member
from services.membership.paging import (
    NAME_ORDER,
    Actor,
    AsOf,
    Cursor,
    Limit,
    after,
    after_name,
    iso,
    note_read,
    page,
    place_by_name,
    reading,
    today,
)
from services.membership.problems import unknown_member, unknown_organisation
from services.membership.requests import Text

_Parent = Annotated[Text | None, Query(description="Code of the unit above; left out: every unit")]

# Where a unit hangs on a day ($2); `organisations` says where the last of its changes leaves it.
_PARENT_ON_DAY: Final = """
    (SELECT state.parent_id FROM organisation_states AS state
     WHERE state.organisation_id = unit.id AND state.effective_date <= $2
     ORDER BY state.effective_date DESC LIMIT 1)
"""
_ORGANISATIONS: Final = f"""{store.ORGANISATION}
    WHERE ($1::uuid IS NULL OR (
        unit.id IN (SELECT organisation_id FROM organisation_states WHERE parent_id = $1)
        AND {_PARENT_ON_DAY} = $1))
      AND {tree.exists("$2")}
      AND unit.code > $3
    ORDER BY unit.code LIMIT $4
"""
LISTED: Final = """
    SELECT member.id, member.code, member.gender, member.left_on, member.left_reason, member.version,
        state.standing, state.youth_union, state.joined_on, state.official_on, cell.code AS cell_code,
        identity.full_name, identity.name_sort_key, identity.birth_date
    FROM member_states AS state
    JOIN members AS member ON member.id = state.member_id
    JOIN member_identities AS identity ON identity.member_id = state.member_id
    JOIN organisations AS cell ON cell.id = state.cell_id
"""
"""Members as lists have them, each with what they counted as at some time: ask for a day by `tree.counts`."""
_MEMBERS: Final = f"""{LISTED}
    WHERE {tree.counts("$2")} AND state.cell_id = ANY($1::uuid[])
      AND identity.name_sort_key >= $3::bytea -- said by the next line too, but not to the index
      AND ({NAME_ORDER}) > ($3::bytea, $4::text)
    ORDER BY {NAME_ORDER} LIMIT $5
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes that read."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/organisations", **page_of(OrganisationPage))
    async def organisations(
        parent: _Parent = None, as_of: AsOf = None, cursor: Cursor = None, limit: Limit = 100
    ) -> dict[str, Any]:
        """Units that exist on a day, by code; with `parent` only those directly under that unit."""
        (last_code,) = after(cursor, 1)
        async with reading(pool) as connection:
            above = None if parent is None else await organisation_of(connection, parent)
            day = as_of or today()
            rows = await connection.fetch(_ORGANISATIONS, above and above.id, day, last_code, limit + 1)
        units = [store.organisation(row) for row in rows]
        last = units[limit - 1 : limit]
        return page([organisation_json(unit, day) for unit in units], limit, [unit.code for unit in last])

    @routes.get("/organisations/{code:path}/members", **page_of(MemberPage))
    async def members(
        *,
        code: UnitCode,
        as_of: AsOf = None,
        subtree: bool = False,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Members counted on a day in a cell, or with `subtree` in all cells below a unit.

        In the order of Vietnamese names, given name first. Ethnic group and religion are left out of lists.
        """
        key, last_code = after_name(cursor)
        day = as_of or today()
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            units = await tree.units_within(connection, unit.id, day) if subtree else [unit.id]
            rows = await connection.fetch(_MEMBERS, units, day, key, last_code, limit + 1)
            read = min(len(rows), limit)
            await note_read(connection, actor, f"organisations/{unit.code}/members", read)
        last = [part for row in rows[limit - 1 : limit] for part in place_by_name(row)]
        return page([listed_json(row) for row in rows], limit, last)

    @routes.get("/organisations/{code:path}", **one(answers.Organisation))
    async def organisation(request: Request, code: UnitCode, as_of: AsOf = None) -> Response:
        """One unit, whether it exists or not, with its name, type and parent of a day."""
        day = as_of or today()
        async with reading(pool) as connection:
            found = await organisation_of(connection, code)
        return resource(request, organisation_json(found, day), as_of=day)

    @routes.get("/members/{code:path}", **one(answers.Member))
    async def member(request: Request, code: MemberCode, actor: Actor = "unknown") -> Response:
        """One member with their identity, whether they still belong or not."""
        async with reading(pool) as connection:
            row = await connection.fetchrow(f"{store.MEMBER} WHERE member.code = $1", code_in_path(code))
            if row is None:
                raise unknown_member(code)
            found = store.member(row)
            await note_read(connection, actor, f"members/{found.code}", 1)
        return resource(request, identified_json(found))

    return routes


def organisation_json(unit: Organisation, day: date) -> dict[str, Any]:
    """Return a unit as answers carry it: what it was on `day`."""
    state = unit.on(day)
    return {
        "id": str(unit.id),
        "code": unit.code,
        "parent_code": state.parent_code,
        "type": state.type.value,
        "name": state.name,
        "established_on": unit.established_on.isoformat(),
        "dissolved_on": iso(unit.dissolved_on),
        "version": unit.version,
    }


def member_json(member: Member) -> dict[str, Any]:
    """Return a member as answers to commands carry it: nothing of who they are."""
    return {
        "id": str(member.id),
        "code": member.code,
        "cell_code": member.cell_code,
        "admitted_on": member.admitted_on.isoformat(),
        "official_on": iso(member.official_on),
        "left_on": iso(member.left_on),
        "left_reason": member.left_reason and member.left_reason.value,
        "version": member.version,
    }


def listed_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of LISTED as an answer: ethnic group and religion are left out."""
    return {
        "id": str(row["id"]),
        "code": row["code"],
        "cell_code": row["cell_code"],
        "admitted_on": row["joined_on"].isoformat(),
        "official_on": iso(row["official_on"]),
        "left_on": iso(row["left_on"]),
        "left_reason": row["left_reason"],
        "version": row["version"],
        "full_name": row["full_name"],
        "birth_date": row["birth_date"].isoformat(),
        "gender": row["gender"],
        "youth_union": row["youth_union"],
        "standing": row["standing"],
    }


def identified_json(member: Member) -> dict[str, Any]:
    """Return a member with their identity, as an answer carries it."""
    return {
        **member_json(member),
        "full_name": member.identity.full_name,
        "birth_date": member.identity.birth_date.isoformat(),
        "gender": member.gender.value,
        "ethnicity": member.identity.ethnicity,
        "religion": member.identity.religion,
        "youth_union": member.youth_union,
    }


async def organisation_of(connection: Connection, code: str) -> Organisation:
    """Return the unit that has this code. Raises Problem `unknown-organisation` (404)."""
    row = await connection.fetchrow(f"{store.ORGANISATION} WHERE unit.code = $1", code_in_path(code))
    if row is None:
        raise unknown_organisation(code)
    return store.organisation(row)


async def unit_codes(connection: Connection, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the codes of these units by their ids."""
    rows = await connection.fetch("SELECT id, code FROM organisations WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"]: row["code"] for row in rows}


def code_in_path(code: str) -> str:
    """Return a code from a path as the register has it; a NUL, which PostgreSQL cannot hold, is in no code."""
    return clean(code).replace("\0", "\ufffd")
