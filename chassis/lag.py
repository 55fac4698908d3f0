"""How far a consumer is behind the broker: how many records wait, and up to which instant it has handled all.

The instant comes from asking the broker now and then where its partitions end: once all that stood there is handled,
the consumer is as fresh as that moment. An age made of the events' own times could not tell a quiet night from a
consumer that hangs.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from chassis.metrics import CONSUMER_FRESH, CONSUMER_GAP, CONSUMER_LAG


class _Asked(NamedTuple):
    at: float
    ends: Mapping[int, int]


class Lag:
    """What is exported of one consumer's lag, of the partitions that this process reads."""

    def __init__(self, consumer: str, topic: str, clock: Callable[[], float] = time.time) -> None:
        self._labels = (consumer, topic)
        self._clock = clock
        self._handled: dict[int, int] = {}
        self._asked: _Asked | None = None
        self._begun = False

    @contextmanager
    def told(self) -> Iterator[None]:
        """Export how fresh the consumer is, and go on when it fails, until it is cancelled.

        Counted from now where nothing was measured yet: a consumer that never gets going must show, too.
        """
        if not self._begun:
            self._begun = True
            CONSUMER_FRESH.labels(*self._labels).set(self._clock())
        try:
            yield
        except asyncio.CancelledError:
            self._begun = False
            CONSUMER_FRESH.remove(*self._labels)
            raise

    @property
    def partitions(self) -> set[int]:
        """The partitions of which is known how far they are handled."""
        return set(self._handled)

    def read_only(self, partitions: set[int]) -> None:
        """Forget the partitions that another process reads now; the rest have no gap until one shows."""
        for partition in self._handled.keys() - partitions:
            del self._handled[partition]
            CONSUMER_LAG.remove(*self._labels, str(partition))
        for partition in partitions:
            CONSUMER_GAP.labels(*self._labels, str(partition))
        self._asked = None  # it says nothing of partitions that came to it since

    def handled(self, partition: int, offset: int, end: int) -> None:
        """Note that the records before `offset` are done with, in a partition that was seen to end at `end`."""
        self._handled[partition] = offset
        CONSUMER_LAG.labels(*self._labels, str(partition)).set(max(0, end - offset))

    def measured(self, at: float, ends: Mapping[int, int]) -> None:
        """Note where the partitions of this process ended at an instant, in seconds since 1970."""
        for partition, end in ends.items():
            self.handled(partition, self._handled.get(partition, 0), end)
        if self._reached(ends):
            fresh, self._asked = at, None
        elif self._asked and self._reached(self._asked.ends):
            fresh, self._asked = self._asked.at, _Asked(at, ends)
        else:
            self._asked = self._asked or _Asked(at, ends)
            return
        CONSUMER_FRESH.labels(*self._labels).set(fresh)

    def _reached(self, ends: Mapping[int, int]) -> bool:
        return all(self._handled[partition] >= end for partition, end in ends.items())
