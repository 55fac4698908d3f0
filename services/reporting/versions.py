"""Tables of versions: how each thing was, and from when until when that was what we knew.

A row is a state of one thing, such as a meeting, from the instant of the event that made it (`known_from`) until that
of the next (`known_until`, none while it holds). So what holds now is one row a thing, behind a partial index,
however long its history; what was known at an instant is a condition on two columns. All events of a thing have its
key and come in order, so that neither order across keys nor where batches begin and end can change a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from chassis.database import Connection, add_rows

_KNOWN: Final = ("sequence", "known_from", "known_until")


class UnknownThingError(LookupError):
    """An event changes something of which no event told before: one of its key is missing, or out of order."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an event makes of a thing: columns that have another value, and counts that grow."""

    id: str
    sequence: int
    at: datetime
    sets: Mapping[str, Any]
    adds: Mapping[str, int] = field(default_factory=dict)
    begins: bool = False
    """Whether all that the thing is known by is in `sets`: it need not be known before."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of versions; `columns` are those of the thing, with what they are before an event says."""

    name: str
    key: str
    columns: Mapping[str, Any]

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns in the order in which rows are written."""
        return (self.key, *_KNOWN, *self.columns)

    async def write(self, connection: Connection, changes: Sequence[Change]) -> None:
        """Make these changes, of each thing in their order, in the caller's transaction: two round trips.

        Raises UnknownThingError where one changes what was never told of, and asyncpg.DataError for an id that is no
        UUID; nothing is written then.
        """
        if not changes:
            return
        ids = list(dict.fromkeys(change.id for change in changes))
        taken = await connection.fetch(
            f"DELETE FROM {self.name} WHERE {self.key} = ANY($1::uuid[]) AND known_until IS NULL"
            f" RETURNING {', '.join(self.all_columns)}",
            ids,
        )
        held = {str(row[self.key]): dict(row) for row in taken}
        rows = list(map(itemgetter(*self.all_columns), self._versions(held, changes)))
        await add_rows(connection, self.name, self.all_columns, rows)

    def _versions(
        self, held: dict[str, dict[str, Any]], changes: Iterable[Change]
    ) -> Iterable[Mapping[str, Any]]:
        """Return the rows that stand in place of those that held."""
        closed = []
        for change in changes:
            before = held.get(change.id)
            if before is None and not change.begins:
                raise UnknownThingError(f"{self.name}: {change.id}")
            after = dict(self.columns if before is None else before)
            after |= change.sets
            for name, more in change.adds.items():
                after[name] += more
            at = change.at if before is None else max(change.at, before["known_from"])
            # Of one instant the last is what was known: the state before it was never to be seen.
            if before is not None and before["known_from"] < at:
                closed.append(before | {"known_until": at})
            held[change.id] = after | {
                self.key: change.id, "sequence": change.sequence, "known_from": at, "known_until": None
            }  # fmt: skip
        return [*closed, *held.values()]

    def as_known(self, instant: str | None) -> str:
        """Return the rows that were known at the instant of a parameter, such as `$2`; those that hold for None."""
        if instant is None:
            return f"(SELECT * FROM {self.name} WHERE known_until IS NULL)"
        return (
            f"(SELECT * FROM {self.name} WHERE known_until IS NULL AND known_from <= {instant}"
            f" UNION ALL SELECT * FROM {self.name} WHERE known_until > {instant} AND known_from <= {instant})"
        )
