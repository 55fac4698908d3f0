"""The register written as a file: the columns of the import, units before those below them, people by name.

An export says the last state recorded of each unit and member, with all who have left and all that was dissolved; how
it came to be (earlier names, corrections, documents) is in the history of each unit and member, not in a file.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, Final

from chassis.database import Connection
from services.membership import store
from services.membership.columns import COLUMNS, TITLES, Kind
from services.membership.domain import Organisation
from services.membership.exports.sheets import Form, Value, sheet
from services.membership.paging import NAME_ORDER

_PART: Final = 2_000
"""Rows read and written at a time, so that memory does not grow with the register."""
_NONE: Final = "Không"
"""What a file says of somebody without a religion."""

_WITHIN: Final = """
    WITH RECURSIVE within (unit_id, path) AS (
        SELECT id, ARRAY[code] FROM organisations
        WHERE CASE WHEN $1::uuid IS NULL THEN parent_id IS NULL ELSE id = $1 END
        UNION ALL
        SELECT child.id, within.path || child.code
        FROM organisations AS child JOIN within ON child.parent_id = within.unit_id
    )
"""
_ROWS: Final[Mapping[Kind, str]] = {
    Kind.ORGANISATIONS: f"{_WITHIN} {store.ORGANISATION}"
    " JOIN within ON within.unit_id = unit.id ORDER BY within.path",
    Kind.MEMBERS: f"{_WITHIN} {store.MEMBER}"
    f" JOIN within ON within.unit_id = member.cell_id ORDER BY within.path, {NAME_ORDER}",
}


async def write_register(
    connection: Connection, kind: Kind, form: Form, file: IO[bytes], *, below: Organisation | None = None
) -> int:
    """Write all units or members, or those of a unit and all below it; return how many rows there are.

    Reads in the transaction of `connection`; writing to `file` happens in a thread.
    """
    table = await asyncio.to_thread(sheet, form, file, COLUMNS[kind], TITLES[kind])
    values = _VALUES[kind]
    cursor = await connection.cursor(_ROWS[kind], below and below.id)
    count = 0
    while rows := await cursor.fetch(_PART):
        await asyncio.to_thread(table.write, map(values, rows))
        count += len(rows)
    await asyncio.to_thread(table.finish)
    return count


def _organisation(row: Mapping[str, Any]) -> Sequence[Value]:
    unit = store.organisation(row)
    return (unit.code, unit.parent_code, unit.type, unit.name, unit.established_on, unit.dissolved_on)


def _member(row: Mapping[str, Any]) -> Sequence[Value]:
    member = store.member(row)
    who = member.identity
    return (
        member.code, member.cell_code, who.full_name, who.birth_date, member.gender, who.ethnicity,
        who.religion or _NONE, member.youth_union, member.admitted_on, member.official_on, member.left_on,
        member.left_reason,
    )  # fmt: skip


_VALUES: Final[Mapping[Kind, Callable[[Mapping[str, Any]], Sequence[Value]]]] = {
    Kind.ORGANISATIONS: _organisation,
    Kind.MEMBERS: _member,
}
