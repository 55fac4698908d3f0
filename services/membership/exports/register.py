"""The register written as a file: the columns of the import, units before those below them, people by name.

Without a day it says the last state recorded of each unit and member, with all who have left and all that was
dissolved; how it came to be (earlier names and cells, corrections, documents) is in the history of each, not in a
file. Of a day it says what there was on it: the units in their tree, and who counted where and as what. Who was
entered by mistake is in no file.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import IO, Any, Final

from chassis.database import Connection
from contracts.membership import (
    DepartureReason,
    Education,
    Gender,
    Occupation,
    PoliticalTheory,
    Qualification,
)
from contracts.transfers import TransferState
from services.membership import store, tree
from services.membership.clocks import CountedFrom
from services.membership.columns import COLUMNS, TITLES, Kind
from services.membership.domain import Organisation
from services.membership.exports.sheets import Form, Value, sheet
from services.membership.paging import NAME_ORDER
from services.membership.transfers.store import transfer_of

_PART: Final = 2_000
"""Rows read and written at a time, so that memory does not grow with the register."""
_NONE: Final = "Không"
"""What a file says of somebody without a religion."""

_WITHIN: Final = f"WITH RECURSIVE {tree.within('$1', '$2', paths=True)}"
_UNITS: Final = f"{_WITHIN} {store.ORGANISATION} JOIN within ON within.unit_id = unit.id"
# Transfers on their way or received, by their requests, from or to the unit or any below it. The decision
# is the request's; the papers are those of who came in.
_TRANSFERS: Final = f"""{_WITHIN}
    SELECT transfer.*, origin.code AS origin_code, destination.code AS destination_code, identity.full_name,
        CASE WHEN transfer.kind = 'into_bloc' THEN identity.birth_date END AS birth_date, identity.ethnicity,
        identity.religion, member.gender, member.youth_union, member.admitted_on, member.official_on,
        member.party_since, member.counted_from, (
            SELECT (payload ->> 'decision_date')::date FROM event_log
            WHERE aggregate_id = transfer.id AND aggregate_version = 1
        ) AS decision_date
    FROM transfers AS transfer
    LEFT JOIN organisations AS origin ON origin.id = transfer.origin_id
    LEFT JOIN organisations AS destination ON destination.id = transfer.destination_id
    LEFT JOIN members AS member ON member.id = transfer.member_id
    LEFT JOIN member_identities AS identity ON identity.member_id = transfer.member_id
    WHERE EXISTS (SELECT FROM within WHERE unit_id IN (transfer.origin_id, transfer.destination_id))
"""
_NUMBERED: Final = (
    store.MEMBER.replace("FROM members", ", numbers.card_number, numbers.file_number FROM members", 1)
    + "LEFT JOIN member_numbers AS numbers ON numbers.member_id = member.id"
)
_RECORDED_LAST: Final[Mapping[Kind, str]] = {
    Kind.ORGANISATIONS: f"{_UNITS} ORDER BY within.path",
    Kind.MEMBERS: f"{_WITHIN} {_NUMBERED} JOIN within ON within.unit_id = member.cell_id"
    f" WHERE member.entered_on IS NOT NULL ORDER BY within.path, {NAME_ORDER}",
    Kind.TRANSFERS: f"{_TRANSFERS} AND transfer.state NOT IN ('cancelled', 'expired')"
    " ORDER BY transfer.requested_on, transfer.id",
}
_OF_A_DAY: Final[Mapping[Kind, str]] = {
    Kind.ORGANISATIONS: f"{_UNITS} WHERE {tree.exists('$2')} ORDER BY within.path",
    Kind.MEMBERS: f"""{_WITHIN}
        SELECT member.code, member.gender, identity.full_name, identity.birth_date, identity.ethnicity,
            identity.religion, cell.code AS cell_code, state.youth_union, state.joined_on AS admitted_on,
            state.official_on, state.entered_on, NULL AS left_on, NULL AS left_reason, state.education,
            state.qualification, state.theory, state.occupation, state.party_since,
            CASE WHEN state.entered_on = member.entered_on THEN member.counted_from END AS counted_from,
            numbers.card_number, numbers.file_number
        FROM member_states AS state
        LEFT JOIN member_numbers AS numbers ON numbers.member_id = state.member_id
        JOIN within ON within.unit_id = state.cell_id
        JOIN members AS member ON member.id = state.member_id
        JOIN member_identities AS identity ON identity.member_id = state.member_id
        JOIN organisations AS cell ON cell.id = state.cell_id
        WHERE {tree.counts("$2")} ORDER BY within.path, {NAME_ORDER}
    """,
    Kind.TRANSFERS: f"""{_TRANSFERS}
          AND transfer.requested_on <= $2 AND (transfer.ended_on IS NULL OR transfer.ended_on > $2)
        ORDER BY transfer.requested_on, transfer.id
    """,
}


async def write_register(
    connection: Connection,
    kind: Kind,
    form: Form,
    file: IO[bytes],
    *,
    below: Organisation | None = None,
    as_of: date | None = None,
) -> int:
    """Write all units or members, or those of a unit and all below it; return how many rows there are.

    As they were recorded last, or as they were on a day. Reads in the transaction of `connection`; writing to `file`
    happens in a thread.
    """
    table = await asyncio.to_thread(sheet, form, file, COLUMNS[kind], TITLES[kind])
    rows_of = _RECORDED_LAST if as_of is None else _OF_A_DAY
    day = as_of or tree.LATEST
    cursor = await connection.cursor(rows_of[kind], below and below.id, day)
    count = 0
    while rows := await cursor.fetch(_PART):
        await asyncio.to_thread(table.write, [_VALUES[kind](row, day) for row in rows])
        count += len(rows)
    await asyncio.to_thread(table.finish)
    return count


def _organisation(row: Mapping[str, Any], day: date) -> Sequence[Value]:
    unit = store.organisation(row)
    state = unit.on(day)
    ended = unit.dissolved_on if unit.dissolved_on and unit.dissolved_on <= day else None
    return (unit.code, state.parent_code, state.type, state.name, unit.established_on, ended)


def _member(row: Mapping[str, Any], _: date) -> Sequence[Value]:
    entered_on = None if row["entered_on"] == row["admitted_on"] else row["entered_on"]
    return (
        row["code"], row["cell_code"], row["full_name"], row["birth_date"], Gender(row["gender"]), row["ethnicity"],
        row["religion"] or _NONE, row["youth_union"], row["admitted_on"], row["official_on"],
        row["left_on"], row["left_reason"] and DepartureReason(row["left_reason"]), entered_on,
        row["party_since"] if row["counted_from"] == CountedFrom.ADMISSION_DECISION else None,
        row["education"] and Education(row["education"]),
        row["qualification"] and Qualification(row["qualification"]),
        row["theory"] and PoliticalTheory(row["theory"]),
        row["occupation"] and Occupation(row["occupation"]), row["card_number"], row["file_number"],
    )  # fmt: skip


def _transfer(row: Mapping[str, Any], day: date) -> Sequence[Value]:
    one = transfer_of(row).transfer
    came = row["birth_date"] is not None
    papers: Sequence[Value] = (
        row["birth_date"], Gender(row["gender"]), row["ethnicity"], row["religion"] or _NONE, row["youth_union"],
        row["admitted_on"],
        row["party_since"] if row["counted_from"] == CountedFrom.ADMISSION_DECISION else None, row["official_on"],
    ) if came else (None,) * 8  # fmt: skip
    received_on = one.ended_on if one.state is TransferState.RECEIVED else None
    return (
        row["member_code"], row["full_name"], one.kind, row["origin_code"], row["destination_code"], row["outside"],
        one.requested_on, _by(day, one.released_on), _by(day, received_on), row["decision_date"], one.until_on,
        *papers,
    )  # fmt: skip


def _by(day: date, on: date | None) -> date | None:
    """Return a day as it was known to have come by another."""
    return on if on and on <= day else None


_VALUES: Final[Mapping[Kind, Callable[[Mapping[str, Any], date], Sequence[Value]]]] = {
    Kind.ORGANISATIONS: _organisation,
    Kind.MEMBERS: _member,
    Kind.TRANSFERS: _transfer,
}
