"""Members and units as those who are told: whom a path of the address book names."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Path

from chassis.database import Connection
from chassis.letters.contact_routes import Find
from chassis.letters.recipients import Recipient, RecipientKind
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
