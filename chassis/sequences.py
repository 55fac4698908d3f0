"""Numbers of a stream: the epoch of the log in front, then a count that only grows."""

from typing import Final

_PER_EPOCH: Final = 10**15
EPOCHS: Final = 9000
"""Databases can be restored so often: what PostgreSQL's bigint has room for, rounded down."""
LAST: Final = (EPOCHS + 1) * _PER_EPOCH - 1
"""No event has a greater sequence."""


def in_epoch(epoch: int, sequence: int) -> int:
    """Return the first free sequence of `epoch` after `sequence`, which may lie in an earlier epoch."""
    return epoch * _PER_EPOCH + sequence % _PER_EPOCH + 1


def epoch_of(sequence: int) -> int:
    """Return the epoch that a sequence was given in; 0 for the 0 that stands before every stream."""
    return sequence // _PER_EPOCH
