"""How much is measured: enough for figures that say something, or just enough to see that it runs."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Scale:
    """The province whose years are replayed."""

    members: int
    cells: int
    years: int
    queries: int = 200
    """Of each kind of question."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of every measurement."""

    members: int
    """Rows of the large file that is imported."""
    province_members: int
    province_cells: int
    """Cells of a province; every twelve have a committee above them."""
    clients: tuple[int, ...]
    """How many clients send commands at the same time."""
    client_commands: int
    """Commands of all of them together."""
    commands: int
    """Commands whose delay is measured."""
    warm_up_commands: int
    queries: int
    """Of each kind of question to the statistics."""
    past_meetings: int
    """Rows of the example's meetings that figures are asked of, at most."""
    replayed_members: int
    """Members whose events are replayed: 2.2 events each."""
    replays: int
    inserted_events: int
    """Events that the naive peer is given."""
    plans: int
    """Months that are planned."""
    register: Scale
    """The province whose members are asked for."""
    scale: Scale


FULL: Final = Size(
    members=20_000,
    province_members=60_000,
    province_cells=3_692,
    clients=(1, 8, 32),
    client_commands=2_000,
    commands=2_000,
    warm_up_commands=200,
    queries=500,
    past_meetings=100_000,
    replayed_members=100_000,
    replays=3,
    inserted_events=10_000,
    plans=9,
    register=Scale(members=60_000, cells=4_000, years=10),
    scale=Scale(members=600, cells=40, years=4),
)
SHORT: Final = Size(
    members=500,
    province_members=600,
    province_cells=24,
    clients=(1, 8),
    client_commands=40,
    commands=50,
    warm_up_commands=10,
    queries=20,
    past_meetings=100,
    replayed_members=12_000,
    replays=1,
    inserted_events=200,
    plans=1,
    register=Scale(members=60, cells=4, years=2, queries=20),
    scale=Scale(members=60, cells=4, years=2, queries=20),
)
