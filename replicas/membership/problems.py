"""Codes and ids that the replica does not know, as problems that HTTP answers carry."""

from chassis.problems import Problem


def unknown_unit(code: str) -> Problem:
    """Return the problem of a code that no unit bears, be it a cell or not."""
    return Problem(
        "unknown-unit",
        404,
        title="Không có tổ chức đảng này",
        title_en="Unknown unit",
        detail=f"Chưa biết tổ chức đảng nào mang mã “{code[:64]}”. Nếu vừa lập, hãy thử lại sau ít giây.",
    )


def unknown_member() -> Problem:
    """Return the problem of an id of which membership has told nothing."""
    return Problem(
        "unknown-member",
        404,
        title="Không có đảng viên này",
        title_en="Unknown member",
        detail="Chưa biết đảng viên nào mang mã số này. Nếu vừa ghi, hãy thử lại sau ít giây.",
    )
