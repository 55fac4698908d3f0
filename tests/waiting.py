"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, *, seconds: float = 60.0, every: float = 0.005) -> T:
    """Return what `condition` gives once it is true; fails after `seconds`, which only bounds a broken run.

    `every` is how many seconds lie between two looks.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds} s for: {what}"
        time.sleep(every)
