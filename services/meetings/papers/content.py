"""What templates of minutes and resolutions are filled in with, from what a page of the book says. Pure.

Marks of templates are Vietnamese words without accents, since an office edits them in Word; docs/paper-templates.md
lists them. A page has ids of members: their names come from whoever asks for the paper, and one without a name is a
line to write on with the first digits of the id.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from chassis.vietnamese import written_day
from contracts.meetings import MeetingKind, Presence, Roll
from contracts.positions import Position
from contracts.resolutions import Majority, TaskResult
from rules.guidance import Criterion, MeetingGrade
from services.meetings.calendar import VIETNAM
from services.meetings.domain import CRITERION_LABELS

Values = dict[str, Any]

_TITLES: Final[Mapping[str, str]] = {
    MeetingKind.REGULAR: "Sinh hoạt chi bộ định kỳ",
    MeetingKind.THEMATIC: "Sinh hoạt chuyên đề",
    MeetingKind.EXTRAORDINARY: "Họp chi bộ đột xuất",
}
_GRADES: Final[Mapping[str, str]] = {
    MeetingGrade.GOOD: "tốt",
    MeetingGrade.FAIR: "khá",
    MeetingGrade.AVERAGE: "trung bình",
    MeetingGrade.POOR: "kém",
}
_POSITIONS: Final = ((Position.SECRETARY, "Bí thư"), (Position.DEPUTY_SECRETARY, "Phó bí thư"))
_RESULTS: Final[Mapping[str, str]] = {
    TaskResult.DONE_IN_TIME: "Hoàn thành đúng hạn",
    TaskResult.DONE_LATE: "Hoàn thành quá hạn",
    TaskResult.NOT_DONE: "Chưa hoàn thành",
}
_MAJORITIES: Final[Mapping[str, str]] = {
    Majority.MORE_THAN_HALF: "quá nửa",
    Majority.TWO_THIRDS: "ít nhất hai phần ba",
}
_BLANK: Final = "………"
"""What is to be written in by hand."""
_GUEST: Final = "Khách mời"
_ABSENT: Final[Mapping[str, str]] = {
    Presence.EXCUSED: "có lý do",
    Presence.UNEXCUSED: "không có lý do",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """How a paper is printed, beside what its page says."""

    names: Mapping[UUID, str] = field(repr=False)
    """Of members, by their ids, as far as whoever asks gives them."""
    place: str | None
    """Where papers of the office are made out, such as `Sơn La`; None leaves it to be written in."""
    draft: bool = False
    """Whether what it says is not approved yet: it has no number."""

    def name(self, member_id: str | None) -> str:
        """Return what a member is called on paper; without an id it is a guest."""
        if member_id is None:
            return _GUEST
        return self.names.get(UUID(member_id)) or f"{_BLANK} ({member_id[:8]})"


def people_in(page: Mapping[str, Any]) -> list[UUID]:
    """Return the members that the paper of a page names; recorder and speakers are on the roll."""
    lists = ("roll", "tasks", "evaluations")
    found = {one["member_id"] for name in lists for one in page.get(name, ())}
    return sorted(UUID(id_) for id_ in {*found, page["chair"]["member_id"]})


def title_of(page: Mapping[str, Any]) -> str:
    """Return what a paper is about, in a line."""
    return str(page["subject"]) if "votes" in page else _meeting_title(page)


def resolution_values(page: Mapping[str, Any], printing: Printing) -> Values:
    """Return what the template of a resolution is filled in with."""
    votes = page["votes"]
    return {
        **_heading(page, printing, date.fromisoformat(page["voted_on"])),
        "ve": page["subject"],
        "noi_dung": page["text"].splitlines(),
        "phien_hop": _lower_first(_meeting_title(page)),
        "ngay_hop": _day(page["voted_on"]),
        **_tasks(page, printing),
        "phuong_huong": page["directions"],
        **_self_score(page),
        **_votes(votes),
        "nguoi_ky": printing.name(page["chair"]["member_id"]),
        "chuc_vu_ky": (_position(page) or "Chủ trì").upper(),
    }


def minutes_values(page: Mapping[str, Any], printing: Printing) -> Values:
    """Return what the template of minutes is filled in with."""
    began = datetime.fromisoformat(page["meeting"]["began_at"]).astimezone(VIETNAM)
    ended = began + timedelta(minutes=page["minutes"])
    chair, recorder = printing.name(page["chair_id"]), printing.name(page["recorder_id"])
    return {
        **_heading(page, printing, began.date()),
        "tieu_de": _meeting_title(page),
        "chuyen_de": page["theme"] or "",
        "bat_dau": _clock(began),
        "ket_thuc": _clock(ended)
        if ended.date() == began.date()
        else f"{_clock(ended)} ngày {ended:%d/%m/%Y}",
        "ngay_hop": f"{began:%d/%m/%Y}",
        "dia_diem": page["place"],
        "chu_tri": chair,
        "chuc_vu_chu_tri": _position(page),
        "thu_ky": recorder,
        "khach": page["guests"],
        **_attendance(page, printing),
        "chuong_trinh": _agenda(page),
        "y_kien": [
            {
                "khach": one["speaker_id"] is None,
                "nguoi": printing.name(one["speaker_id"]),
                "noi_dung": one["text"],
            }
            for one in page["opinions"]
        ],
        **_tasks(page, printing),
        "phuong_huong": page["directions"],
        "nghi_quyet": [_voted(one, draft=printing.draft) for one in page["resolutions"]],
        **_self_score(page),
        "thong_qua_ngay": _BLANK if printing.draft else _day(page["approved_on"]),
    }


def _heading(page: Mapping[str, Any], printing: Printing, day: date) -> Values:
    return {
        "du_thao": printing.draft,
        "cap_tren": page["above_name"] or _BLANK,
        "chi_bo": page["cell"]["name"],
        "so": _BLANK if printing.draft else f"{page['number']:02}",
        "dia_danh": printing.place or _BLANK,
        "ngay_thang": written_day(day),
    }


def _meeting_title(page: Mapping[str, Any]) -> str:
    meeting = page["meeting"]
    month = date.fromisoformat(meeting["month"])
    return f"{_TITLES[meeting['kind']]} tháng {month.month} năm {month.year}"


def _attendance(page: Mapping[str, Any], printing: Printing) -> Values:
    roll = page["roll"]
    there = [one for one in roll if one["presence"] == Presence.PRESENT]
    reasons = {one["member_id"]: one["reason"] for one in page["absences"]}
    away = [one for one in roll if one["presence"] in _ABSENT]
    return {
        "tong_so": len(roll),
        "co_mat": len(there),
        "co_mat_chinh_thuc": sum(one["roll"] == Roll.OFFICIAL for one in there),
        "co_mat_du_bi": sum(one["roll"] == Roll.PROBATIONARY for one in there),
        "co_mat_tam_thoi": sum(one["roll"] == Roll.VISITING for one in there),
        "vang": [
            {
                "nguoi": printing.name(one["member_id"]),
                "loai": "đi làm nhiệm vụ đặc biệt" if one["special_duty"] else _ABSENT[one["presence"]],
                "ly_do": reasons.get(one["member_id"], ""),
            }
            for one in away
        ],
        "mien": [printing.name(one["member_id"]) for one in roll if one["presence"] == Presence.EXEMPT],
    }


def _agenda(page: Mapping[str, Any]) -> list[Values]:
    concluded = {one["point"]: one["text"] for one in page["conclusions"]}
    return [
        {"so": number, "noi_dung": point, "ket_luan": concluded.get(number, "").splitlines()}
        for number, point in enumerate(page["agenda"], 1)
    ]


def _tasks(page: Mapping[str, Any], printing: Printing) -> Values:
    return {
        "danh_gia": [
            {
                "so": number,
                "viec": one["text"],
                "nguoi": printing.name(one["member_id"]),
                "dau_ky": f"Giao đồng chí {printing.name(one['member_id'])}, hạn {_day(one['due_on'])}",
                "han": _day(one["due_on"]),
                "ket_qua": _result(one),
            }
            for number, one in enumerate(page["evaluations"], 1)
        ],
        "nhiem_vu": [
            {
                "so": number,
                "viec": one["text"],
                "nguoi": printing.name(one["member_id"]),
                "han": _day(one["due_on"]),
            }
            for number, one in enumerate(page["tasks"], 1)
        ],
    }


def _result(found: Mapping[str, Any]) -> str:
    said = _RESULTS[found["result"]]
    if found["done_on"]:
        said += f" (ngày {_day(found['done_on'])})"
    if found["carried_on_to"]:
        said += f", gia hạn đến {_day(found['carried_on_to'])}"
    return f"{said}. {found['remark']}" if found["remark"] else said


def _self_score(page: Mapping[str, Any]) -> Values:
    score = page["self_score"]
    if score is None:
        return {"tu_cham": False}
    points = json.loads(score["points"])
    return {
        "tu_cham": {
            "diem": _decimal(score["total"]),
            "xep_loai": _GRADES[score["grade"]],
            "van_ban": score["guidance"].partition(" ")[0],
            "tieu_chi": [
                {"ten": CRITERION_LABELS[one], "diem": _decimal(points[one])}
                for one in Criterion
                if one in points
            ],
        }
    }


def _voted(one: Mapping[str, Any], *, draft: bool) -> Values:
    number = "" if draft or one["number"] is None else f"{one['number']:02}"
    return {
        "so": number,
        "ve": one["subject"],
        "noi_dung": one["text"].splitlines(),
        **_votes(one),
    }


def _votes(votes: Mapping[str, Any]) -> Values:
    base = votes["base"]
    share = Fraction(100 * votes["in_favour"], base) if base else Fraction(0)
    return {
        "thong_qua": votes["carried"],
        "tan_thanh": votes["in_favour"],
        "khong_tan_thanh": votes["against"],
        "khong_y_kien": votes["abstained"],
        "co_mat_bieu_quyet": votes["voters"],
        "trieu_tap_bieu_quyet": base,
        "ty_le": _decimal(round(float(share), 1)),
        "muc_thong_qua": _MAJORITIES[votes["majority"]],
    }


def _position(page: Mapping[str, Any]) -> str:
    """Return as what the chair leads the cell; nothing where they do not, or it is not known."""
    held = page["chair"]["positions"]
    return next((label for position, label in _POSITIONS if position in held), "")


def _clock(at: datetime) -> str:
    return f"{at.hour} giờ {at.minute:02}"


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"


def _decimal(number: object) -> str:
    """Return a number as it is written in Vietnamese, without noughts at its end: 92,5."""
    text = f"{float(str(number)):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
