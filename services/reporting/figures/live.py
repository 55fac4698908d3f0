"""Live figures as server-sent events: an answer now, and a new one whenever the projections have moved.

One connection of the process listens for all who watch, while anybody does; a trigger on the consumers' marks tells
it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from chassis.database import Pool
from chassis.failures import TRANSIENT

CHANNEL: Final = "chibo_marks_moved"
"""The trigger's, in migrations/20261128000051_meeting_facts.sql."""
_KEEP_ALIVE: Final = 15.0
"""Seconds of silence after which a comment is sent, so that nobody on the way takes the line for dead."""
_PAUSE: Final = 0.5
"""Seconds between two answers at least: an import moves the marks many times a second."""
_AGAIN: Final = 1.0


class Moves:
    """Tells whoever watches that the projections have moved."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._watching: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set whenever they moved, and whenever that may have been missed."""
        moved = asyncio.Event()
        self._watching.add(moved)
        if self._task is None:
            self._task = asyncio.create_task(self._listen(), name="live figures")
        try:
            yield moved
        finally:
            self._watching.discard(moved)
            if not self._watching and self._task:
                task, self._task = self._task, None
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _listen(self) -> None:
        while True:
            with suppress(*TRANSIENT):
                await self._listen_once()
            await asyncio.sleep(_AGAIN)

    async def _listen_once(self) -> None:
        lost = asyncio.Event()
        async with self._pool.acquire() as connection:

            def tell(*_: object) -> None:
                for moved in self._watching:
                    moved.set()

            def end(*_: object) -> None:
                lost.set()

            await connection.add_listener(CHANNEL, tell)
            connection.add_termination_listener(end)
            try:
                tell()  # what moved before this connection listened
                await lost.wait()
            finally:
                connection.remove_termination_listener(end)
                if not connection.is_closed():
                    await connection.remove_listener(CHANNEL, tell)


async def events(
    moves: Moves,
    stopping: asyncio.Event,
    figures: Callable[[], Awaitable[tuple[str, bytes]]],
    *,
    last_id: str | None,
) -> AsyncIterator[bytes]:
    """Yield an event for each answer of `figures`, which gives its tag and JSON, until the process is to stop.

    `last_id` is the tag of the answer that the reader has: it is not sent again.
    """
    stop = asyncio.create_task(stopping.wait())
    try:
        async with moves.watch() as moved:
            while not stopping.is_set():
                moved.clear()
                tag, body = await figures()
                if tag != last_id:
                    last_id = tag
                    yield b"id: %b\nevent: figures\ndata: %b\n\n" % (tag.encode(), body)
                await asyncio.wait([stop], timeout=_PAUSE)
                while not stopping.is_set() and not await _first(moved, stop):
                    yield b": \n\n"
    finally:
        stop.cancel()


async def _first(moved: asyncio.Event, stop: "asyncio.Task[bool]") -> bool:
    """Wait for a move or the stop, and return whether there was one before the silence got too long."""
    waiting = asyncio.create_task(moved.wait())
    try:
        done, _ = await asyncio.wait(
            [waiting, stop], timeout=_KEEP_ALIVE, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        waiting.cancel()
    return bool(done)
