"""Codes that the register does not have, as problems that HTTP answers carry."""

from chassis.problems import Problem


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
