"""Members and units as those who are told, and the routes of the address book that they are in."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path

from chassis.database import Connection
from chassis.letters.contact_routes import ContactBook, Find, contact_routes
from chassis.letters.recipients import Recipient, RecipientKind
from chassis.openapi import no_such_path
from chassis.vietnamese import nfc
from replicas.membership.problems import unknown_member, unknown_unit

_MEMBER: Final = "SELECT EXISTS (SELECT FROM member_steps WHERE member_id = $1)"
# The unit that bears a code, or bore it last.
_UNIT: Final = """
    SELECT unit_id FROM unit_names WHERE code = $1 GROUP BY unit_id, effective_date
    HAVING sum(delta) > 0 ORDER BY effective_date DESC LIMIT 1
"""


def member_named(member_id: Annotated[UUID, Path(description="A member's id, as events carry it")]) -> Find:
    """Return who finds a member by the id; unknown where membership has told nothing of it."""

    async def find(connection: Connection) -> Recipient:
        if not await connection.fetchval(_MEMBER, member_id):
            raise unknown_member()
        return Recipient(RecipientKind.MEMBER, member_id)

    return find


def unit_named(
    code: Annotated[str, Path(description="A unit's code, as membership gives it", examples=["K.01"])],
) -> Find:
    """Return who finds a unit by its code."""

    async def find(connection: Connection) -> Recipient:
        found = await connection.fetchval(_UNIT, nfc(code).replace("\0", "\ufffd"))
        if found is None:
            raise unknown_unit(code)
        return Recipient(RecipientKind.UNIT, found)

    return find


def contacts_of_register(book: ContactBook) -> APIRouter:
    """Return the routes of the contacts of members, by their ids, and of units, by their codes."""
    routes = APIRouter()
    routes.include_router(
        contact_routes(book, "/contacts/{member_id}", member_named, "a member", unknown_member())
    )
    routes.include_router(
        contact_routes(
            book, "/unit-contacts/{code:path}", unit_named, "a unit", unknown_unit("K.99"), no_such_path()
        )
    )
    return routes
