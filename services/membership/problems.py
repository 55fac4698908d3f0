"""Refusals of the domain and unknown codes, as problems that HTTP answers carry."""

from typing import Final

from chassis.problems import Problem
from services.membership.faults import FaultsFound

CONFLICTS: Final = frozenset(
    {
        "already-awarded",
        "already-confirmed",
        "already-dissolved",
        "already-ended",
        "already-in-register",
        "already-left",
        "already-rated",
        "already-so",
        "award-withdrawn",
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
        "position-in-the-way",
        "rating-replaced",
        "rating-withdrawn",
        "seats-then",
        "secretary-already",
        "target-ends-later",
        "terms-overlap",
        "transfer-not-overdue",
        "transfer-open",
        "transfer-out-of-order",
        "unit-code-taken",
        "unit-in-the-way",
        "units-come-later",
        "withdrawn-already",
    }
)
"""Faults that lie in what the register has by now, not in what was asked: 409."""


def refused(found: FaultsFound) -> Problem:
    """Return the problem of a refused command: its type is the first fault's code, `errors` lists all."""
    first = found.faults[0]
    return Problem(
        first.code,
        409 if first.code in CONFLICTS else 422,
        title="Lệnh chưa thực hiện được",
        detail=" ".join(fault.message for fault in found.faults),
        errors=[fault.as_json() for fault in found.faults],
    )


def unknown_organisation(code: str) -> Problem:
    """Return the problem of a unit's code that the register does not have."""
    return Problem(
        "unknown-organisation",
        404,
        title="Không có đơn vị này",
        title_en="Unknown organisation",
        detail=f"Trong sổ không có đơn vị mang mã “{code}”.",
    )


def unknown_member(code: str) -> Problem:
    """Return the problem of a member's code that the register does not have."""
    return Problem(
        "unknown-member",
        404,
        title="Không có đảng viên này",
        title_en="Unknown member",
        detail=f"Trong sổ không có đảng viên mang mã “{code}”.",
    )
