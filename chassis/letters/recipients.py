"""Who is told. Pure."""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class RecipientKind(StrEnum):
    """Who is told."""

    MEMBER = "member"
    UNIT = "unit"
    """A part of the organisation, at an address of its own."""


class Recipient(NamedTuple):
    """Somebody who is told, by an opaque id."""

    kind: RecipientKind
    id: UUID
