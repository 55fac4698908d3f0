"""The quick way of the widest questions: members of one day by groups alone, as numbers until somebody reads them.

Ten thousand rows as objects took five times as long as all else of an answer. What comes out is the same as the long
way's, to the byte; a test holds them together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import msgspec

from chassis.database import Connection
from services.reporting.figures import standing
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.frame import Frame
from services.reporting.figures.measure import Kind, Source
from services.reporting.figures.question import Question
from services.reporting.figures.standing import Scale, scale_of

_ROWS: Final = 500
"""Rows of a part of the answer."""
_PARTS: Final = 2_000
"""About how many beginnings and ends of groups are put into words, to be put together then."""


@dataclass(frozen=True, slots=True)
class Groups:
    """How many members there are of each group that there is, in order."""

    scale: Scale
    numbers: Sequence[int]
    values: Sequence[int]

    def __len__(self) -> int:
        return len(self.numbers)

    @staticmethod
    def answer(question: Question) -> bool:
        """Return whether groups alone are the answer to a question."""
        [measure, *others] = question.measures
        return (
            not others
            and measure.source is Source.MEMBERS
            and measure.kind is not Kind.RATIO
            and len(measure.columns) == 1
            and bool(question.dimensions)
            and len(question.periods) == 1
            and not (question.level or question.compare or question.rank)
        )

    @classmethod
    async def read(cls, connection: Connection, frame: Frame, question: Question) -> Self:
        """Count the groups of a question that they are the answer to."""
        scale, [measure] = scale_of(tuple(question.dimensions)), question.measures
        units = frame.tree.below(frame.root, question.last)
        packed = await standing.read(connection, [units], question.last, question.known_at)
        numbers, [values] = standing.counted(packed, scale, question.last, measure.columns)
        return cls(scale, numbers[: question.limit].tolist(), values[: question.limit].tolist())

    def as_json(self, head: str, middle: str, tail: str) -> list[bytes]:
        """Return all rows in JSON, of what stands before a group, between it and its value, and after that.

        In parts that stay in the processor's cache, each row put together of three pieces that were put into words
        before: what tells of its group is two of them, and what comes from there to the next row's group the third.
        """
        beginnings, ends = self.scale.cut(_PARTS)
        first, rest, least = _words(beginnings.by, ","), _words(ends.by, ""), ends.size
        told = {value: f"{middle}{value}{tail},{head}".encode() for value in set(self.values)}
        parts = [head.encode()]
        for place in range(0, len(self), _ROWS):
            numbers, values = self.numbers[place : place + _ROWS], self.values[place : place + _ROWS]
            pieces = [b""] * (3 * len(numbers))
            pieces[0::3] = [first[number // least] for number in numbers]
            pieces[1::3] = [rest[number % least] for number in numbers]
            pieces[2::3] = [told[value] for value in values]
            parts.append(b"".join(pieces))
        parts[-1] = parts[-1].removesuffix(f",{head}".encode())  # no row comes after the last
        return parts


class _Words(dict[int, bytes]):
    """The members of a JSON object that tell of a group, by its number; put into words once each."""

    def __init__(self, scale: Scale, after: str) -> None:
        self._scale, self._after = scale, after if scale.by else ""

    def __missing__(self, number: int) -> bytes:
        told = dict(zip(map(str, self._scale.by), self._scale.words(number), strict=True))
        words = self[number] = msgspec.json.encode(told)[1:-1] + self._after.encode()
        return words


@lru_cache(maxsize=8)
def _words(by: tuple[Dimension, ...], after: str) -> _Words:
    return _Words(Scale(by), after)
