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


def unknown_visit() -> Problem:
    """Return the problem of an id that no visit has."""
    return Problem(
        "unknown-visit",
        404,
        title="Không có lần dự này",
        title_en="Unknown visit",
        detail="Không có lần dự sinh hoạt nào mang mã số này. Hãy lấy mã số từ danh sách lần dự.",
    )


def unknown_attachment() -> Problem:
    """Return the problem of an id that no attachment of the visit has."""
    return Problem(
        "unknown-attachment",
        404,
        title="Không có tệp đính kèm này",
        title_en="Unknown attachment",
        detail="Lần dự không có tệp đính kèm nào mang mã số này. Hãy lấy mã số từ danh sách tệp của lần dự.",
    )


def unknown_finding() -> Problem:
    """Return the problem of an id that no finding has."""
    return Problem(
        "unknown-finding",
        404,
        title="Không có hạn chế này",
        title_en="Unknown finding",
        detail="Không có hạn chế nào mang mã số này. Hãy lấy mã số từ danh sách hạn chế.",
    )


def unknown_plan(month: str) -> Problem:
    """Return the problem of a month, as 2020-03, that has no plan of visits."""
    return Problem(
        "unknown-visit-plan",
        404,
        title="Chưa có kế hoạch dự sinh hoạt",
        title_en="Unknown visit plan",
        detail=f"Tháng {month} chưa có kế hoạch dự sinh hoạt. Hãy đề xuất kế hoạch trước.",
    )


def unknown_plan_meeting() -> Problem:
    """Return the problem of an id that no meeting of a plan's month has."""
    return Problem(
        "unknown-plan-meeting",
        404,
        title="Không có buổi sinh hoạt này trong tháng",
        title_en="Unknown meeting of the month",
        detail="Trong tháng của kế hoạch không có buổi sinh hoạt nào mang mã số này. Hãy lấy mã số từ kế hoạch; nếu "
        "vừa lập lịch, hãy thử lại sau ít giây.",
    )


def no_policy(month: date, first: date) -> Problem:
    """Return the problem of a month before any policy of planning; `first` is the first month of the first one."""
    return Problem(
        "no-planning-policy",
        404,
        title="Chưa có cách lập kế hoạch",
        title_en="No planning policy",
        detail=f"Chưa có cách lập kế hoạch cho tháng {month:%m/%Y}; hệ thống có từ tháng {first:%m/%Y}.",
    )
