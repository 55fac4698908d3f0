"""Ctrl-C, and being told to end, heard wherever they fall.

Python raises KeyboardInterrupt between any two instructions of the main thread; inside a finaliser the interpreter
prints it and goes on. What was asked is therefore kept, and asked again where a command comes past `check`.
"""

import signal

_asked = False


def listen() -> None:
    """Hear SIGINT and SIGTERM from now on: either stops everything that was started."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _ask)


def check() -> None:
    """Raise KeyboardInterrupt if the command was asked to end, however often it was dropped before."""
    if _asked:
        raise KeyboardInterrupt


def _ask(*_: object) -> None:
    global _asked  # noqa: PLW0603 - signals are the process's, and so is what they asked
    _asked = True
    raise KeyboardInterrupt
