"""Where members are on a day, as far as membership has told, by their opaque ids."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from chassis.database import Connection
from contracts.membership import Standing
from contracts.spells import SpellKind

_PLACED: Final = """
    SELECT member_id, cell_id, standing FROM member_steps
    WHERE member_id = ANY($1::uuid[]) AND effective_date <= $2
    GROUP BY member_id, cell_id, standing
    HAVING sum(delta) > 0
"""
_SPELLS: Final = """
    SELECT member_id, kind, cell_id FROM member_spells
    WHERE member_id = ANY($1::uuid[]) AND from_on <= $2 AND (ended_on IS NULL OR ended_on > $2)
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """A member on a day: where they count, as what, and what holds beside."""

    cell_id: UUID
    standing: Standing
    exempt: bool = False
    """From meetings and party work."""
    suspended: bool = False
    host_id: UUID | None = None
    """The cell in which they stay for a time; they count at home."""


async def placed_on(connection: Connection, members: Collection[UUID], day: date) -> dict[UUID, Placed]:
    """Return where these members are on a day, without those who are not in the register then."""
    asked = list(members)
    spells: dict[UUID, dict[SpellKind, UUID | None]] = {}
    for row in await connection.fetch(_SPELLS, asked, day):
        spells.setdefault(row["member_id"], {})[SpellKind(row["kind"])] = row["cell_id"]
    found = {}
    for row in await connection.fetch(_PLACED, asked, day):
        its = spells.get(row["member_id"], {})
        found[row["member_id"]] = Placed(
            row["cell_id"],
            Standing(row["standing"]),
            exempt=SpellKind.EXEMPTION in its,
            suspended=SpellKind.SUSPENSION in its,
            host_id=its.get(SpellKind.TEMPORARY_STAY),
        )
    return found
