"""What the workbook of a meeting holds: its sheets, and what their filled-in rows record, as meetings takes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from chibo.client import ProblemAnswer
from chibo.console import Refused
from chibo.meetings.refs import start
from chibo.meetings.tables import Column, Row, Sheet
from chibo.meetings.views import PRESENCES
from chibo.people import People
from chibo.words import VIETNAM

_PRESENCES: Final = {word: name for name, word in PRESENCES.items()}
_MAJORITIES: Final = {"quá nửa": "more_than_half", "hai phần ba": "two_thirds"}
_DONE: Final = {"đã xong": "yes", "chưa xong": "no"}
_YES: Final = {"có": "yes"}
_CLOCKS: Final = ("%H:%M", "%H:%M:%S")
_TIMES: Final = ("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")

ROLL, MINUTES, OPINIONS, CONCLUSIONS = "Điểm danh", "Diễn biến", "Ý kiến", "Kết luận"
EVALUATIONS, RESOLUTIONS, TASKS = "Đánh giá", "Nghị quyết", "Nhiệm vụ"
_WHO, _TEXT = "Đảng viên", "Nội dung"
BEGAN, ENDED, CHAIR, RECORDER = "Bắt đầu", "Kết thúc", "Chủ trì", "Thư ký"
GUESTS, DIRECTIONS = "Khách mời (mỗi dòng một người)", "Phương hướng tháng tới (mỗi dòng một việc)"
SHEETS: Final = (
    Sheet(
        ROLL,
        (
            Column(_WHO, 34, shown=True),
            Column("Có mặt", words=tuple(_PRESENCES)),
            Column("Nhiệm vụ đặc biệt", words=tuple(_YES)),
            Column("Lý do vắng", 40),
        ),
        open=False,
    ),
    Sheet(MINUTES, (Column("Mục", 44, shown=True), Column(_TEXT, 60)), open=False),
    Sheet(EVALUATIONS, (
        Column("Mã nhiệm vụ", 38, shown=True), Column("Nhiệm vụ", 50, shown=True), Column(_WHO, 34, shown=True),
        Column("Hạn", shown=True), Column("Kết quả", words=tuple(_DONE)), Column("Ngày xong", is_day=True),
        Column("Gia hạn đến", is_day=True), Column("Nhận xét", 40),
    ), open=False),
    Sheet(OPINIONS, (Column("Người phát biểu", 34, picked_from=ROLL), Column(_TEXT, 80))),
    Sheet(
        CONCLUSIONS,
        (Column("Số", 6, shown=True), Column("Chương trình", 50, shown=True), Column("Kết luận", 60)),
        open=False,
    ),
    Sheet(RESOLUTIONS, (
        Column("Về việc", 40), Column(_TEXT, 60), Column("Mức thông qua", words=tuple(_MAJORITIES)),
        Column("Tán thành"), Column("Không tán thành"), Column("Không có ý kiến"),
    )),
    Sheet(
        TASKS,
        (Column("Người được giao", 34, picked_from=ROLL), Column("Nhiệm vụ", 60), Column("Hạn", is_day=True)),
    ),
)  # fmt: skip


@dataclass(slots=True)
class Asked:
    """What a filled-in workbook records, as meetings takes it."""

    holding: dict[str, Any]
    proceedings: dict[str, Any]
    evaluations: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    resolutions: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)


def asked_by(rows: Mapping[str, list[Row]], meeting: Mapping[str, Any], people: People) -> Asked:
    """Return what rows record; what is wrong with them is noted where it is."""
    minutes = {row.text("Mục"): row for row in rows[MINUTES]}
    if lacking := [item for item in (BEGAN, ENDED, CHAIR, RECORDER) if item not in minutes]:
        raise Refused(f"Trang “{MINUTES}” thiếu dòng {', '.join(lacking)}. Hãy dùng tệp do lệnh form ghi ra.")
    began = _time(minutes[BEGAN], start(meeting))
    ended = _time(minutes[ENDED], began)
    if began and ended and ended <= began:
        ended += timedelta(days=1)  # past midnight
    roll, absences = [], []
    for row in rows[ROLL]:
        member = _member(row, _WHO, people)
        presence = row.word("Có mặt", _PRESENCES, needed=True)
        roll.append(
            {
                "member_id": member,
                "presence": presence,
                "special_duty": row.word("Nhiệm vụ đặc biệt", _YES) is not None,
            }
        )
        if reason := row.text("Lý do vắng"):
            absences.append({"member_id": member, "reason": " ".join(reason.split())})
    asked = Asked(
        {"began_at": _iso(began), "ended_at": _iso(ended), "roll": roll},
        _proceedings(minutes, rows, people, absences),
    )
    asked.evaluations = list(_evaluations(rows[EVALUATIONS], meeting["id"]))
    asked.resolutions = [
        {
            "subject": " ".join(row.text("Về việc", needed=True).split()),
            "text": row.text(_TEXT, needed=True),
            "majority": row.word("Mức thông qua", _MAJORITIES) or "more_than_half",
            "in_favour": row.count("Tán thành"),
            "against": row.count("Không tán thành"),
            "abstained": row.count("Không có ý kiến"),
        }
        for row in rows[RESOLUTIONS]
    ]
    asked.tasks = [
        {
            "member_id": _member(row, "Người được giao", people),
            "text": row.text("Nhiệm vụ", needed=True),
            "due_on": row.day("Hạn", needed=True),
        }
        for row in rows[TASKS]
    ]
    return asked


def _proceedings(
    minutes: Mapping[str, Row], rows: Mapping[str, list[Row]], people: People, absences: list[dict[str, Any]]
) -> dict[str, Any]:
    def listed(item: str) -> list[str]:
        return [each for each in minutes[item].text(_TEXT).splitlines() if each] if item in minutes else []

    return {
        "chair_id": _member(minutes[CHAIR], _TEXT, people),
        "recorder_id": _member(minutes[RECORDER], _TEXT, people),
        "guests": listed(GUESTS),
        "directions": listed(DIRECTIONS),
        "opinions": [
            {
                "speaker_id": _member(row, "Người phát biểu", people)
                if row.text("Người phát biểu")
                else None,
                "text": row.text(_TEXT, needed=True),
            }
            for row in rows[OPINIONS]
        ],
        "conclusions": [
            {"point": row.count("Số"), "text": said}
            for row in rows[CONCLUSIONS]
            if (said := row.text("Kết luận"))
        ],
        "absences": absences,
    }


def _evaluations(rows: list[Row], meeting_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows:
        if (done := row.word("Kết quả", _DONE)) is not None:
            yield (
                row.text("Mã nhiệm vụ", needed=True),
                {
                    "meeting_id": meeting_id,
                    "done": done == "yes",
                    "done_on": row.day("Ngày xong"),
                    "carried_on_to": row.day("Gia hạn đến"),
                    "remark": row.text("Nhận xét") or None,
                },
            )


def _member(row: Row, column: str, people: People) -> str:
    """Return who is meant; what names nobody is noted."""
    said = row.text(column, needed=True)
    try:
        return people.id_of(said) if said else ""
    except ProblemAnswer:
        row.wrong(column, f"Không có đảng viên “{said}”; hãy chọn trong danh sách, hoặc ghi mã đảng viên.")
        return ""


def _time(row: Row, near: datetime | None) -> datetime | None:
    """Return a time; a clock alone is of the day of another."""
    said = row.text(_TEXT, needed=True)
    for form_ in _TIMES:
        try:
            return datetime.strptime(said, form_).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    for form_ in _CLOCKS:
        try:
            clock = datetime.strptime(said, form_).time()  # noqa: DTZ007 - it gets the day's zone
        except ValueError:
            continue
        if near:
            return datetime.combine(near.date(), clock, VIETNAM)
    if said:
        row.wrong(
            _TEXT, f"“{said}” không phải ngày giờ; hãy ghi như 03/11/2020 14:30, hoặc chỉ giờ như 16:05."
        )
    return None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
