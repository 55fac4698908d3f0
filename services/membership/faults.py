"""What can be wrong with what somebody asks, or is unusual about it: a stable code, the column, the values.

`code` is for programs and never changes; the texts that people read are in `messages`.
"""

from collections.abc import Mapping
from typing import ClassVar, Final

from chassis import faults
from chassis.faults import FaultsFound
from services.membership.messages.candidates import CANDIDATES
from services.membership.messages.files import FILES
from services.membership.messages.members import MEMBERS
from services.membership.messages.organisations import ORGANISATIONS
from services.membership.messages.positions import POSITIONS
from services.membership.messages.ratings import RATINGS
from services.membership.messages.transfers import TRANSFERS
from services.membership.messages.warnings import WARNINGS

__all__ = ["CONFLICTS", "MESSAGES", "PERSONAL_COLUMNS", "Fault", "FaultsFound", "shown"]

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    **FILES,
    **ORGANISATIONS,
    **MEMBERS,
    **TRANSFERS,
    **POSITIONS,
    **RATINGS,
    **CANDIDATES,
    **WARNINGS,
}

PERSONAL_COLUMNS: Final = frozenset(
    {
        "full_name",
        "birth_date",
        "gender",
        "ethnicity",
        "religion",
        "youth_union",
        "left_reason",
        "education",
        "qualification",
        "theory",
        "occupation",
        "grounds",
        "card_number",
        "file_number",
    }
)
"""Columns whose values no message repeats: an answer is stored with its idempotency key."""


def shown(column: str, value: str) -> str:
    """Return `value` as a message may show it: quoted and short, or without the value where it is personal."""
    if column in PERSONAL_COLUMNS:
        return "trong ô này"
    return f"“{value[:60]}…”" if len(value) > 60 else f"“{value}”"


class Fault(faults.Fault):
    """What is wrong, or unusual, about something of the register."""

    messages: ClassVar[Mapping[str, tuple[str, str]]] = MESSAGES


CONFLICTS: Final = frozenset(
    {
        "admission-of-member",
        "already-awarded",
        "already-confirmed",
        "already-dissolved",
        "already-ended",
        "already-in-register",
        "already-left",
        "already-rated",
        "already-so",
        "award-withdrawn",
        "candidate-off-the-list",
        "changed-that-day",
        "changes-later",
        "child-in-the-way",
        "code-taken",
        "fact-replaced",
        "fact-withdrawn",
        "holds-a-position-already",
        "list-recorded",
        "member-in-the-way",
        "members-come-later",
        "members-then",
        "nothing-changes",
        "number-taken",
        "numbers-unchanged",
        "position-in-the-way",
        "rating-replaced",
        "rating-withdrawn",
        "seats-then",
        "secretary-already",
        "target-ends-later",
        "terms-overlap",
        "transfer-fact",
        "transfer-fact-gone",
        "transfer-not-overdue",
        "transfer-of-one-gone",
        "transfer-open",
        "transfer-out-of-order",
        "transfer-request-stays",
        "transfer-step-not-last",
        "unit-code-taken",
        "unit-in-the-way",
        "units-come-later",
        "withdrawn-already",
    }
)
"""Faults that lie in what the register has by now, not in what was asked: 409."""
