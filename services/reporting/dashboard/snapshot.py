"""All questions of one page asked in one snapshot, in the grammar of figures."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.database import Connection, Pool
from chassis.rebuilding import reading
from services.reporting import parameters
from services.reporting.consumers import SUBSCRIPTIONS
from services.reporting.dated_tree import DatedTree, Trees
from services.reporting.figures import question
from services.reporting.figures.query import Mark, Row, answer, mark

_CONSUMERS: Final = tuple(handler.name for _, handler in SUBSCRIPTIONS)


class _TreesOfSnapshot(Trees):
    """Trees of one snapshot: whether anything was told of a unit since need not be asked with each question."""

    def __init__(self, trees: Trees) -> None:
        super().__init__()
        self._trees = trees
        self._read: dict[datetime | None, DatedTree] = {}

    async def read(self, connection: Connection, known_at: datetime | None) -> DatedTree:
        """Return the tree as it is in the snapshot, of what was recorded by an instant."""
        if known_at not in self._read:
            self._read[known_at] = await self._trees.read(connection, known_at)
        return self._read[known_at]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known at one instant, to be asked about as often as a page needs."""

    tree: DatedTree
    mark: Mark
    connection: Connection
    _trees: Trees
    known_at: datetime | None = None
    """Of what was recorded by then; None for everything."""

    async def rows(self, **asked: str | None) -> Sequence[Row]:
        """Return the rows that answer a question written with the parameters of `/v1/figures`; `from_` for `from`.

        Raises Problem where the question cannot be read or its unit is not known.
        """
        asked["from"] = asked.pop("from_", None)
        asked["known_at"] = self.known_at.isoformat() if self.known_at else None
        found = await answer(
            self.connection,
            self._trees,
            question.read(asked),
            self.mark,
        )
        if found is None:
            raise parameters.unknown_unit(asked.get("unit") or "")
        return found.rows


@asynccontextmanager
async def snapshot(pool: Pool, trees: Trees, known_at: datetime | None = None) -> AsyncIterator[Snapshot]:
    """Give a snapshot that lasts until the block ends, of what was recorded by an instant."""
    async with reading(pool) as connection:
        marked = await mark(connection, _CONSUMERS)
        its = _TreesOfSnapshot(trees)
        yield Snapshot(await its.read(connection, known_at), marked, connection, its, known_at)
