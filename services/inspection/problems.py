"""Codes and ids that inspection does not know, as problems that HTTP answers carry."""

from datetime import date

from chassis.problems import Problem


def unknown_team(code: str) -> Problem:
    """Return the problem of a code that no working team has."""
    return Problem(
        "unknown-team",
        404,
        title="Không có tổ công tác này",
        title_en="Unknown team",
        detail=f"Không có tổ công tác nào mang mã “{code[:64]}”. Hãy lấy mã từ danh sách tổ công tác.",
    )


def unknown_seat() -> Problem:
    """Return the problem of an id that no seat of the team has."""
    return Problem(
        "unknown-seat",
        404,
        title="Không có thành viên tổ này",
        title_en="Unknown seat",
        detail="Tổ công tác không có lượt tham gia nào mang mã số này. Hãy lấy mã số từ thông tin của tổ.",
    )


def unknown_absence() -> Problem:
    """Return the problem of an id that no absence has."""
    return Problem(
        "unknown-absence",
        404,
        title="Không có lần vắng này",
        title_en="Unknown absence",
        detail="Không có lần vắng nào mang mã số này. Hãy lấy mã số từ danh sách vắng.",
    )


def no_checklist(day: date, first: date) -> Problem:
    """Return the problem of a day for which no checklist is known; `first` is the day of the first one."""
    return Problem(
        "no-checklist",
        404,
        title="Chưa có danh mục kiểm tra",
        title_en="No checklist",
        detail=f"Chưa có danh mục kiểm tra cho ngày {day:%d/%m/%Y}; hệ thống có từ ngày {first:%d/%m/%Y}.",
    )
