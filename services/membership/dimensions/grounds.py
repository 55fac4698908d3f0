"""Why somebody is exempt or suspended: kept in the register alone, by the number of the fact, and in no event."""

from typing import Final

from chassis.database import Connection
from services.membership.members import Member

_CARRY: Final = """
    INSERT INTO member_spell_grounds (member_id, fact, grounds)
    SELECT $1, $2, stated
    FROM (SELECT coalesce(
        $4, (SELECT grounds FROM member_spell_grounds WHERE member_id = $1 AND fact = $3)
    ) AS stated) AS found
    WHERE stated IS NOT NULL
      AND EXISTS (SELECT FROM member_spells WHERE member_id = $1 AND fact = $2)
"""


async def keep_grounds(connection: Connection, member: Member, grounds: str | None) -> None:
    """Keep the grounds of what the member's last event began."""
    await carry_grounds(connection, member, corrects=None, grounds=grounds)


async def carry_grounds(
    connection: Connection, member: Member, *, corrects: int | None, grounds: str | None
) -> None:
    """Keep the grounds of what the member's last event put right: those now given, or those that there were.

    Nothing is kept where that event states no exemption, suspension or stay.
    """
    await connection.execute(_CARRY, member.id, member.version, corrects, grounds)
