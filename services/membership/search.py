"""Members found by their name, typed with or without diacritics, or by their code.

What is typed is taken apart into tokens, in any order. Each must begin a word of the name; marks that are typed
narrow, marks that are not match all (chassis/vietnamese.py). A token with a digit must begin the code: names have
no digits. Those whose given name is the last word typed come first; each part is in the order of names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Self
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.cursors import invalid_cursor
from chassis.database import Pool
from chassis.problems import Problem
from chassis.vietnamese import name_words, spelling, unmarked
from services.membership import thresholds, tree
from services.membership.answers import MemberPage
from services.membership.list_answers import list_of
from services.membership.paging import (
    NAME_ORDER,
    Actor,
    AsOf,
    Cursor,
    Limit,
    after,
    note_read,
    page,
    place_by_name,
    reading,
    today,
)
from services.membership.queries import LISTED, listed_json, organisation_of
from services.membership.requests import Text

_Typed = Annotated[
    Text,
    Query(
        description="Beginnings of words of a name, with or without diacritics, or of a code",
        max_length=thresholds.LONGEST_NAME,
    ),
]
_Unit = Annotated[Text | None, Query(description="Code of a unit: only members of its cells on that day")]

_BEGINNING: Final = (b"", "")


class Part(StrEnum):
    """The two parts of what is found, in this order."""

    GIVEN_NAME = "given-name"
    """Whose given name, the last word of the name, is the last word typed."""
    OTHERS = "others"


@dataclass(frozen=True, slots=True, repr=False)  # it holds names
class Sought:
    """What somebody typed: words of a name, folded; how those with marks are spelled; beginnings of a code."""

    words: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    given_name_spelling: str | None = None

    @classmethod
    def of(cls, typed: str) -> Self:
        """Return what `typed` asks for; punctuation alone asks for nothing."""
        words: list[str] = []
        codes: list[str] = []
        for token in typed.split():
            if any(character.isdigit() for character in token):
                codes.append(unmarked(token))
            else:
                words += [word for word in name_words(token) if unmarked(word)]
        spellings = (spelling(word) for word in words)
        return cls(
            words=tuple(unmarked(word) for word in words),
            spellings=tuple(pattern for pattern in spellings if pattern),
            codes=tuple(codes),
            given_name_spelling=spelling(words[-1], whole=True) if words else None,
        )

    def parts_from(self, first: Part) -> list[Part]:
        """Return the parts to look in from `first` on; codes alone are nobody's given name."""
        return [Part.GIVEN_NAME, Part.OTHERS] if self.words and first is Part.GIVEN_NAME else [Part.OTHERS]


def router(pool: Pool) -> APIRouter:
    """Return the route that searches."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/members", **list_of(MemberPage, nothing_sought()))
    async def search(
        *,
        q: _Typed,
        unit: _Unit = None,
        as_of: AsOf = None,
        cursor: Cursor = None,
        limit: Limit = 50,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Members counted on a day whose name or code has all that is typed, the likeliest first.

        Each word of `q` is the beginning of a word of the name, in any order: `ng v an`, `văn an`, `đặng`. Marks
        that are typed narrow, marks that are not match all. A word with a digit is the beginning of a code. Those
        whose given name is the last word of `q` come first, and then the order of Vietnamese names. Names are those
        known now; what they counted as and where is that of the day. Ethnic group and religion are left out of lists.
        """
        sought = Sought.of(q)
        if sought == Sought():
            raise nothing_sought()
        first, place = _after(cursor)
        day = as_of or today()
        found: list[tuple[Part, Any]] = []
        async with reading(pool) as connection:
            scope = None if unit is None else await organisation_of(connection, unit)
            units = None if scope is None else await tree.units_within(connection, scope.id, day)
            for part in sought.parts_from(first):
                where = _where(sought, part, day, units, place if part is first else _BEGINNING)
                # The whole page, though less may be wanted: for a few rows a walk through all names looks cheap.
                rows = await connection.fetch(*where.statement(limit + 1))
                found += [(part, row) for row in rows]
                if len(found) > limit:
                    break
            del found[limit + 1 :]
            read = min(len(found), limit)
            resource = f"organisations/{scope.code}/members/search" if scope else "members/search"
            await note_read(connection, actor, resource, read)
        last = [text for part, row in found[limit - 1 : limit] for text in (part, *place_by_name(row))]
        return page([listed_json(row) for _, row in found], limit, last)

    return routes


def nothing_sought() -> Problem:
    """Return the problem of a search without a letter or a digit."""
    return Problem(
        "nothing-sought",
        422,
        title="Chưa có gì để tìm",
        title_en="Nothing to search for",
        detail="Hãy gõ ít nhất một chữ của họ tên, hoặc mã đảng viên.",
    )


class _Where:
    """The conditions of a statement and their values, numbered as they come."""

    def __init__(self) -> None:
        self._conditions: list[str] = []
        self._values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition of our own words; `{}` stands for each value."""
        self._conditions.append(condition.format(*map(self._numbered, values)))

    def _numbered(self, value: Any) -> str:
        self._values.append(value)
        return f"${len(self._values)}"

    def statement(self, limit: int) -> tuple[Any, ...]:
        """Return the statement that finds at most `limit` members in NAME_ORDER, then its values."""
        conditions = " AND ".join(self._conditions)
        return (
            f"{LISTED} WHERE {conditions} ORDER BY {NAME_ORDER} LIMIT {self._numbered(limit)}",
            *self._values,
        )


def _where(
    sought: Sought, part: Part, day: date, units: Sequence[UUID] | None, place: tuple[bytes, str]
) -> _Where:
    """Return the conditions for members of a day, in `units` if any are given, after a place in NAME_ORDER."""
    where = _Where()
    where.add("identity.name_sort_key >= {}", place[0])  # said by the next line too, but not to the index
    where.add(f"({NAME_ORDER}) > ({{}}, {{}})", *place)
    where.add(tree.counts("{}"), day, day)
    if units is not None:
        where.add("state.cell_id = ANY ({}::uuid[])", units)
    for code in sought.codes:
        where.add("unmarked(member.code) ^@ {}", code)
    if sought.words:
        where.add("identity.name_prefixes @> {}::text[]", sought.words)
        given_name = "(identity.given_name = {} AND identity.full_name ~ {})"
        where.add(
            given_name if part is Part.GIVEN_NAME else f"NOT {given_name}",
            sought.words[-1],
            sought.given_name_spelling or "",
        )
    for pattern in sought.spellings:
        where.add("identity.full_name ~ {}", pattern)
    return where


def _after(cursor: str | None) -> tuple[Part, tuple[bytes, str]]:
    """Return the part in which a page begins, and the place after which. Raises Problem `invalid-cursor` (400)."""
    part, key, code = after(cursor, 3)
    try:
        return Part(part or Part.GIVEN_NAME), (bytes.fromhex(key), code)
    except ValueError:
        raise invalid_cursor() from None
