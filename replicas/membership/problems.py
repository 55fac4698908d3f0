"""Codes that the replica does not know, as problems that HTTP answers carry."""

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
