"""How much is measured: enough for figures that say something, or just enough to see that it runs."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """The size of every measurement."""

    members: int
    """Rows of the large file that is imported."""
    commands: int
    """Commands whose delay is measured."""
    warm_up_commands: int
    queries: int
    """Of each kind of question to the statistics."""
    replayed_members: int
    """Members whose events are replayed: 2.2 events each."""
    replays: int
    inserted_events: int
    """Events that the naive peer is given."""


FULL: Final = Size(
    members=20_000,
    commands=2_000,
    warm_up_commands=200,
    queries=500,
    replayed_members=100_000,
    replays=3,
    inserted_events=10_000,
)
SHORT: Final = Size(
    members=500,
    commands=50,
    warm_up_commands=10,
    queries=20,
    replayed_members=12_000,
    replays=1,
    inserted_events=200,
)
