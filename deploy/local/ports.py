"""Free TCP ports on the loopback interface."""

from __future__ import annotations

import random
import socket
from collections.abc import Collection

from deploy.local.errors import StackError, port_taken

LOOPBACK = "127.0.0.1"

# Below the range from which systems draw the local ports of outgoing connections (from 32768 on Linux, 49152
# elsewhere): while a killed server is down, a reconnecting client could otherwise be given its very port.
_CANDIDATES = range(20000, 32000)
_MOST_HELD = 200
_held: dict[int, socket.socket] = {}
"""By port: what holds it, the oldest first."""


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # What servers set: a port in TIME_WAIT counts as free, one that somebody listens on does not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(port: int) -> int:
    """Return the port that was asked for.

    Raises:
        StackError: another program listens on it.
    """
    if not is_free(port):
        raise port_taken(port)
    return port


def pick(preferred: int | None = None, *, taken: Collection[int] = ()) -> int:
    """Return the preferred port if it is free, else some free port, never one of `taken`.

    Raises:
        StackError: no free port was found.
    """
    if preferred is not None and preferred not in taken and is_free(preferred) and _hold(preferred):
        return preferred
    for port in random.sample(_CANDIDATES, 200):
        if port not in taken and is_free(port) and _hold(port):
            return port
    raise StackError("Không tìm được cổng trống trên máy này.", f"no free port in {_CANDIDATES}")


def _hold(port: int) -> bool:
    """Hold a port against other programs that pick one before a server listens on it; return whether it is ours.

    By the UDP port of the same number, which nobody here uses, and which the system takes back however a program
    ends. Of two stacks that are started at a time both could be given a port else, and one would find the other's
    server there, and take it for its own.
    """
    if port in _held:
        return True
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        holder.bind((LOOPBACK, port))
    except OSError:
        holder.close()
        return False
    _held[port] = holder
    while len(_held) > _MOST_HELD:  # whose servers have long been listening, or are gone
        _held.pop(next(iter(_held))).close()
    return True
