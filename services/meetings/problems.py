"""Codes and ids that meetings does not know, as problems that HTTP answers carry."""

from chassis.problems import Problem


def unknown_meeting() -> Problem:
    """Return the problem of an id that no meeting has."""
    return Problem(
        "unknown-meeting",
        404,
        title="Không có cuộc họp này",
        title_en="Unknown meeting",
        detail="Không có cuộc họp nào mang mã số này. Hãy lấy mã số từ danh sách cuộc họp của chi bộ.",
    )


def unknown_task() -> Problem:
    """Return the problem of an id that no task has."""
    return Problem(
        "unknown-task",
        404,
        title="Không có nhiệm vụ này",
        title_en="Unknown task",
        detail="Không có nhiệm vụ nào mang mã số này. Hãy lấy mã số từ danh sách nhiệm vụ của chi bộ.",
    )


def unknown_interruption() -> Problem:
    """Return the problem of an id that no order has."""
    return Problem(
        "unknown-interruption",
        404,
        title="Không có văn bản tạm dừng này",
        title_en="Unknown interruption",
        detail="Không có văn bản tạm dừng nào mang mã số này. Hãy lấy mã số từ danh sách văn bản tạm dừng.",
    )


def unknown_cell(code: str) -> Problem:
    """Return the problem of a code that no unit bears, as far as membership has told."""
    return Problem(
        "unknown-cell",
        404,
        title="Không có chi bộ này",
        title_en="Unknown cell",
        detail=f"Chưa biết chi bộ nào mang mã “{code[:64]}”. Nếu vừa lập, hãy thử lại sau ít giây.",
    )
