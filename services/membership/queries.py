"""Reads of the register. Every answer with personal data notes who read it, in the same transaction."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, Response

from chassis.cursors import decode_cursor, encode_cursor
from chassis.database import Connection, Pool
from chassis.problems import Problem
from services.membership import store
from services.membership.domain import Member, Organisation, clean
from services.membership.problems import unknown_member, unknown_organisation
from services.membership.requests import MaybeDay, Text

_VIETNAM: Final = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh: no summer time, and no tzdata needed

_Parent = Annotated[Text | None, Query(description="Code of the unit above; left out: every unit")]
_AsOf = Annotated[MaybeDay, Query(description="ISO day; today in Asia/Ho_Chi_Minh by default")]
_Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=2000)]
_Limit = Annotated[int, Query(ge=1, le=500)]
_Actor = Annotated[str, Header(alias="X-Chibo-Actor", description="Who reads", max_length=200)]

_ORGANISATIONS: Final = f"""{store.ORGANISATION}
    WHERE ($1::uuid IS NULL OR unit.parent_id = $1)
      AND unit.established_on <= $2 AND (unit.dissolved_on IS NULL OR unit.dissolved_on > $2)
      AND unit.code > $3
    ORDER BY unit.code LIMIT $4
"""
_MEMBERS: Final = f"""
    WITH RECURSIVE within (unit_id) AS (
        SELECT $1::uuid
        UNION ALL
        SELECT child.id FROM organisations AS child JOIN within ON child.parent_id = within.unit_id WHERE $2
    )
    {store.MEMBER}
    WHERE member.cell_id IN (SELECT unit_id FROM within)
      AND member.admitted_on <= $3 AND (member.left_on IS NULL OR member.left_on > $3)
      AND (identity.name_sort_key, member.code) > ($4::bytea, $5::text)
    ORDER BY identity.name_sort_key, member.code LIMIT $6
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes that read."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/organisations")
    async def organisations(
        parent: _Parent = None, as_of: _AsOf = None, cursor: _Cursor = None, limit: _Limit = 100
    ) -> dict[str, Any]:
        """Units that exist on a day, by code; with `parent` only those directly under that unit."""
        (after,) = _after(cursor, 1)
        async with _reading(pool) as connection:
            above = None if parent is None else await _organisation(connection, parent)
            rows = await connection.fetch(
                _ORGANISATIONS, above and above.id, as_of or _today(), after, limit + 1
            )
        units = [store.organisation(row) for row in rows]
        last = units[limit - 1 : limit]
        return _page([organisation_json(unit) for unit in units], limit, [unit.code for unit in last])

    @routes.get("/organisations/{code:path}/members")
    async def members(
        *,
        code: str,
        as_of: _AsOf = None,
        subtree: bool = False,
        cursor: _Cursor = None,
        limit: _Limit = 100,
        actor: _Actor = "unknown",
    ) -> dict[str, Any]:
        """Members counted on a day in a cell, or with `subtree` in all cells below a unit.

        In the order of Vietnamese names, given name first. Ethnic group and religion are left out of lists.
        """
        key, after = _after(cursor, 2)
        day = as_of or _today()
        async with _reading(pool) as connection:
            unit = await _organisation(connection, code)
            rows = await connection.fetch(_MEMBERS, unit.id, subtree, day, _sort_key(key), after, limit + 1)
            read = min(len(rows), limit)
            await _note_read(connection, actor, f"organisations/{unit.code}/members", read)
        last = [part for row in rows[limit - 1 : limit] for part in (row["name_sort_key"].hex(), row["code"])]
        return _page([_listed_json(store.member(row), day) for row in rows], limit, last)

    @routes.get("/organisations/{code:path}")
    async def organisation(code: str) -> Response:
        """One unit, whether it still exists or not."""
        async with _reading(pool) as connection:
            found = await _organisation(connection, code)
        return resource(organisation_json(found))

    @routes.get("/members/{code:path}")
    async def member(code: str, actor: _Actor = "unknown") -> Response:
        """One member with their identity, whether they still belong or not."""
        async with _reading(pool) as connection:
            row = await connection.fetchrow(f"{store.MEMBER} WHERE member.code = $1", code_in_path(code))
            if row is None:
                raise unknown_member(code)
            found = store.member(row)
            await _note_read(connection, actor, f"members/{found.code}", 1)
        return resource(_identified_json(found))

    return routes


def resource(body: Mapping[str, Any], status: int = 200) -> Response:
    """Return the answer that carries one resource, its version as its ETag."""
    return JSONResponse(body, status, {"ETag": f'"{body["version"]}"'})


def organisation_json(unit: Organisation) -> dict[str, Any]:
    """Return a unit as answers carry it."""
    return {
        "id": str(unit.id),
        "code": unit.code,
        "parent_code": unit.parent_code,
        "type": unit.type.value,
        "name": unit.name,
        "established_on": unit.established_on.isoformat(),
        "dissolved_on": _iso(unit.dissolved_on),
        "version": unit.version,
    }


def member_json(member: Member) -> dict[str, Any]:
    """Return a member as answers to commands carry it: nothing of who they are."""
    return {
        "id": str(member.id),
        "code": member.code,
        "cell_code": member.cell_code,
        "admitted_on": member.admitted_on.isoformat(),
        "official_on": _iso(member.official_on),
        "left_on": _iso(member.left_on),
        "left_reason": member.left_reason and member.left_reason.value,
        "version": member.version,
    }


def _listed_json(member: Member, day: date) -> dict[str, Any]:
    official = member.official_on is not None and member.official_on <= day
    return {
        **member_json(member),
        "full_name": member.identity.full_name,
        "birth_date": member.identity.birth_date.isoformat(),
        "gender": member.gender.value,
        "youth_union": member.youth_union,
        "standing": "official" if official else "probationary",
    }


def _identified_json(member: Member) -> dict[str, Any]:
    return {
        **member_json(member),
        "full_name": member.identity.full_name,
        "birth_date": member.identity.birth_date.isoformat(),
        "gender": member.gender.value,
        "ethnicity": member.identity.ethnicity,
        "religion": member.identity.religion,
        "youth_union": member.youth_union,
    }


@asynccontextmanager
async def _reading(pool: Pool) -> AsyncIterator[Connection]:
    async with pool.acquire() as connection, connection.transaction():
        yield connection


async def _organisation(connection: Connection, code: str) -> Organisation:
    row = await connection.fetchrow(f"{store.ORGANISATION} WHERE unit.code = $1", code_in_path(code))
    if row is None:
        raise unknown_organisation(code)
    return store.organisation(row)


async def _note_read(connection: Connection, actor: str, what: str, count: int) -> None:
    await connection.execute(
        "INSERT INTO personal_data_reads (actor, resource, count) VALUES ($1, $2, $3)", actor, what, count
    )


def code_in_path(code: str) -> str:
    """Return a code from a path as the register has it; a NUL, which PostgreSQL cannot hold, is in no code."""
    return clean(code).replace("\0", "\ufffd")


def _after(cursor: str | None, length: int) -> Sequence[str]:
    values = [""] * length if cursor is None else decode_cursor(cursor, length)
    if any("\0" in value for value in values):
        raise _invalid_cursor()
    return values


def _sort_key(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise _invalid_cursor() from None


def _invalid_cursor() -> Problem:
    return Problem(
        "invalid-cursor",
        400,
        title="Con trỏ trang không hợp lệ",
        title_en="Invalid cursor",
        detail="Hãy dùng nguyên giá trị `next` của trang trước, hoặc bỏ `cursor` để đọc từ đầu.",
    )


def _page(items: Sequence[dict[str, Any]], limit: int, last: Sequence[str]) -> dict[str, Any]:
    more = len(items) > limit
    return {"items": items[:limit], "next": encode_cursor(last) if more else None}


def _today() -> date:
    return datetime.now(UTC).astimezone(_VIETNAM).date()


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
