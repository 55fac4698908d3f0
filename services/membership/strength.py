"""How many members each unit has on a day, in itself and all below it. Nothing of any one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from chassis.database import Connection
from contracts.membership import OrganisationType, Standing
from contracts.positions import Position
from services.membership import tree
from services.membership.unit_rules import UnitRule, rules_of

_UNITS: Final = f"""
    WITH tree AS MATERIALIZED ({tree.ON_DAY.format(day="$2")}),
    counted AS (
        SELECT cell_id, count(*) AS members, count(*) FILTER (WHERE standing = '{Standing.OFFICIAL}') AS official
        FROM member_states AS state WHERE state.cell_id = ANY($1::uuid[]) AND {tree.counts("$2")}
        GROUP BY cell_id
    )
    SELECT unit.id, unit.code, tree.name, tree.type, tree.parent_id, above.code AS parent_code,
        {tree.exists("$2")} AS exists, coalesce(counted.members, 0) AS members,
        coalesce(counted.official, 0) AS official,
        EXISTS (
            SELECT FROM positions AS held
            WHERE held.organisation_id = unit.id AND held.position = '{Position.COMMITTEE_MEMBER}'
              AND NOT held.withdrawn AND held.from_on <= $2 AND (held.until_on IS NULL OR held.until_on > $2)
        ) AS has_committee
    FROM tree
    JOIN organisations AS unit ON unit.id = tree.unit_id
    LEFT JOIN organisations AS above ON above.id = tree.parent_id
    LEFT JOIN counted ON counted.cell_id = tree.unit_id
    WHERE tree.unit_id = ANY($1::uuid[])
    ORDER BY unit.code
"""


@dataclass(slots=True)
class CountedUnit:
    """A unit as it was on a day, with the members of itself and all below it."""

    id: UUID
    code: str
    name: str
    type: str
    """Of OrganisationType."""
    parent_id: UUID | None
    parent_code: str | None
    exists: bool
    """Whether it was established by then and not yet dissolved; members may count in it all the same."""
    members: int
    official: int
    has_committee: bool
    """Whether anybody is a member of its committee that day; secretary and deputies alone are none."""

    @property
    def rules(self) -> list[UnitRule]:
        """Which rules speak of it: none of a unit that is not there."""
        if not self.exists:
            return []
        return rules_of(
            OrganisationType(self.type),
            members=self.members,
            official=self.official,
            has_committee=self.has_committee,
        )


async def counted_units(connection: Connection, unit: UUID | None, day: date) -> dict[UUID, CountedUnit]:
    """Return a unit and all below it on a day by their ids, in the order of codes; all units for None."""
    rows = await connection.fetch(_UNITS, await tree.units_within(connection, unit, day), day)
    return summed(CountedUnit(*row) for row in rows)


def summed(units: Iterable[CountedUnit]) -> dict[UUID, CountedUnit]:
    """Return units by their ids; each is given with its own members, and returned with those below it too."""
    found = {unit.id: unit for unit in units}
    own = [(unit, unit.members, unit.official) for unit in found.values() if unit.members]
    for unit, members, official in own:
        above = unit.parent_id
        while above is not None and (parent := found.get(above)) is not None:
            parent.members += members
            parent.official += official
            above = parent.parent_id
    return found
