"""What is asked of the province, with answers in one shape, so that those of peers can be held against them."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from bench.questions import WIDEST
from bench.scale.history import ROOT
from bench.wire import Wire

MEETING_MEASURES: Final = (
    "meetings.held", "meetings.thematic", "meetings.counted", "meetings.present", "meetings.excused_absences",
    "meetings.unexcused_absences", "meetings.opinions", "meetings.resolutions", "meetings.minutes_approved",
    "meetings.reported_up", "scores.self", "scores.official",
)  # fmt: skip
DIMENSIONS: Final = tuple(WIDEST.split(","))
_MONTHS: Final = 12

Table = Mapping[tuple[str, ...], tuple[int, ...]]
"""By values of dimensions, in their order; what comes to nothing is left out."""


class Year(NamedTuple):
    """Months in a row, by their first days, both included."""

    first: date
    last: date


class Times:
    """Days and years of a history at random, the same at every run."""

    def __init__(self, months: Sequence[date]) -> None:
        self._chance = random.Random(2020)
        self._months = months

    def day(self) -> date:
        """Return a day of the history."""
        return self._chance.choice(self._months) + timedelta(days=self._chance.randrange(28))

    def year(self) -> Year:
        """Return twelve months of the history, or all where it has fewer."""
        last = self._chance.randrange(min(_MONTHS, len(self._months)) - 1, len(self._months))
        return Year(self._months[max(0, last - _MONTHS + 1)], self._months[last])


async def members(wire: Wire, day: date) -> bytes:
    """Ask reporting for the widest cross-table: the members of a day by all that they can be told apart by."""
    return await wire.get(f"/v1/figures?unit={ROOT}&to={day}&measures=members&by={WIDEST}")


async def meetings(wire: Wire, year: Year) -> bytes:
    """Ask reporting for what was summed of the meetings of a year, by month and kind."""
    return await wire.get(
        f"/v1/figures?unit={ROOT}&from={year.first:%Y-%m}&to={year.last:%Y-%m}&by_period=month&by=kind"
        f"&measures={','.join(MEETING_MEASURES)}"
    )


def members_table(answer: bytes) -> Table:
    """Return an answer to `members`: dimensions -> how many."""
    rows = json.loads(answer)["rows"]
    return table(
        ([*(row["group"][name] for name in DIMENSIONS), row["values"]["members"]] for row in rows),
        keys=len(DIMENSIONS),
    )


def meetings_table(answer: bytes) -> Table:
    """Return an answer to `meetings`: month and kind -> sums."""
    rows = json.loads(answer)["rows"]
    return table(
        (
            [row["period"], row["group"]["kind"], *(row["values"][name] for name in MEETING_MEASURES)]
            for row in rows
        ),
        keys=2,
    )


def table(rows: Iterable[Sequence[Any]], *, keys: int) -> Table:
    """Return rows whose first columns are their keys as a table."""
    return {tuple(row[:keys]): tuple(map(int, row[keys:])) for row in rows if any(row[keys:])}


def same(what: str, ours: Sequence[Table], theirs: Sequence[Table]) -> None:
    """Raise RuntimeError where a peer has other tables than reporting, or there is nothing in one."""
    for our, their in zip(ours, theirs, strict=True):
        if not our or our != their:
            found = sorted(set(our.items()) ^ set(their.items()))[:4]
            raise RuntimeError(
                f"{what}: {len(our)} groups of ours, {len(their)} of the peer, such as {found}"
            )
