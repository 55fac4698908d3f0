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
        yield Snapshot(await trees.read(connection, known_at), marked, connection, trees, known_at)
