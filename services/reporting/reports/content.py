"""What the template of a report is filled in with: sentences and tables, written as party papers are. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from services.reporting.dashboard.wording import DASH, day, instant, number
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.dimensions import VALUES, Dimension
from services.reporting.figures.measure import Kind
from services.reporting.reports import tables
from services.reporting.reports.facts import Facts
from services.reporting.reports.tables import Line

Texts = dict[str, Any]

BLANK: Final = "………"
"""What is to be written in by hand."""
EVERYTHING: Final = "Toàn bộ tổ chức đảng"
"""What the whole register is called."""
_COMMITTEES: Final = ("grassroots_committee", "divisional_committee")


def values(facts: Facts, *, place: str | None) -> Texts:
    """Return the values of the template's marks; `place` is where papers of the office are made out."""
    made = facts.made_on
    period = facts.reported.period
    return {
        "loai": facts.reported.span.value,
        "ky": facts.reported.words,
        "tu_ngay": day(period.first),
        "den_ngay": day(period.last),
        "nam_truoc_tu_ngay": day(period.year_before.first),
        "nam_truoc_den_ngay": day(period.year_before.last),
        "luu_y": list(cautions(facts)),
        **_heading(facts),
        "dia_danh": place or BLANK,
        # Customary: January and February with a nought before, so that nothing can be added.
        "ngay_thang": f"ngày {made.day:02} tháng {made.month:{'02' if made.month < 3 else ''}} năm {made.year}",
        "doan_so_lieu": paragraph(facts),
        "doan_co_cau": _structure(facts),
        "doan_bien_dong": _movement(facts),
        "bien_dong": _rows(tables.movement(facts)),
        "co_cau": _rows(tables.structure(facts)),
        "nhom_tuoi": _rows(tables.ages(facts)),
        "sinh_hoat": list(_meetings(facts)),
        "cham_diem": _scores(facts),
        "kiem_tra": _rows(tables.inspection(facts)),
        "mat_nhan_xet": [
            {"ten": label, **dict(zip(("tot", "kha", "trung_binh", "kem"), map(number, counts), strict=True))}
            for label, counts in tables.axes(facts)
        ],
        "so_sanh": [{"ten": heading, "dong": _rows(lines)} for heading, lines in tables.compared(facts)],
        "truc_thuoc": _below(facts),
        "so_lieu": {code: _written(facts, code, facts.figure(code).now) for code in MEASURES},
        "nam_truoc": {code: _written(facts, code, facts.figure(code).before) for code in MEASURES},
        "nguon": [{"ten": name, "la": value} for name, value in source(facts)],
    }


def name_of(facts: Facts) -> str:
    """Return what the unit of a report is called."""
    return facts.unit.name if facts.unit else EVERYTHING


def paragraph(facts: Facts) -> str:
    """Return the paragraph of figures: organisations, members, and who they are."""
    now = facts.now
    members = f"{number(now('members'))} đảng viên"
    below = _counted(facts, "units.divisional_committees", "units.subordinate_cells")
    told = f"Tính đến ngày {day(facts.reported.period.last)}, {name_of(facts)} có "
    if tables.is_cell(facts):
        told += members
    elif facts.unit and facts.unit.type in _COMMITTEES:
        told += f"{below}, với {members}" if below else members
    else:
        kinds = _counted(facts, "units.grassroots_committees", "units.grassroots_cells")
        told += f"{number(now('units.grassroots_organisations'))} tổ chức cơ sở đảng"
        told += (f", gồm {kinds}" if kinds else "") + (f"; dưới cơ sở có {below}" if below else "")
        told += f". Toàn Đảng bộ có {members}"
    groups = [
        f"{label} {number(line.figure.now)} đồng chí ({number(line.share, 1)}%)"
        for line, label in _groups(facts)
    ]
    return f"{told}, trong đó: {'; '.join(groups)}." if groups else f"{told}."


_GROUPS: Final[Mapping[str, str]] = {
    "members.women": "đảng viên nữ",
    "members.ethnic_minority": "người dân tộc thiểu số",
    "members.youth": "trong độ tuổi đoàn viên, thanh niên",
    "members.with_religion": "có đạo",
}


def _groups(facts: Facts) -> Iterator[tuple[Line, str]]:
    lines = {line.label: line for line in tables.structure(facts)}
    for code, label in _GROUPS.items():
        line = lines.get(MEASURES[code].label)
        if line and line.share is not None:
            yield line, label


def _structure(facts: Facts) -> str:
    if not facts.now("members"):
        return "Chưa có đảng viên nào trong danh sách."
    said = (
        f"Đảng viên chính thức {number(facts.now('members.official'))} đồng chí, đảng viên dự bị"
        f" {number(facts.now('members.probationary'))} đồng chí; tuổi bình quân"
        f" {number(facts.figure('members.mean_age').now, 1)}."
    )
    return f"{said} {_than_before(facts, 'members', 'đảng viên')}".strip()


def _than_before(facts: Facts, code: str, what: str) -> str:
    figure = facts.figure(code)
    if figure.before is None or figure.by is None:
        return ""
    if not figure.by:
        return f"Số {what} bằng cùng kỳ năm trước."
    percent = "" if figure.percent is None else f" ({number(abs(figure.percent), 1)}%)"
    way = "tăng" if figure.by > 0 else "giảm"
    return f"So với cùng kỳ năm trước, số {what} {way} {number(abs(figure.by))}{percent}."


def _movement(facts: Facts) -> str:
    moved = facts.moved
    came, went = (
        [f"{label[:1].lower()}{label[1:]} {number(count)}" for label, count in tables.reasons(counts, labels)]
        for counts, labels in ((moved.came.by_reason, tables.IN), (moved.went.by_reason, tables.OUT))
    )
    said = [
        f"Đầu kỳ có {number(moved.opening)} đảng viên",
        f"trong kỳ tăng {number(moved.came.total)}{_in_brackets(came)}",
        f"giảm {number(moved.went.total)}{_in_brackets(went)}",
        f"cuối kỳ có {number(moved.closing)} đảng viên",
    ]
    confirmed = moved.within.get("confirmed", 0)
    last = f" Công nhận chính thức {number(confirmed)} đảng viên dự bị." if confirmed else ""
    return f"{'; '.join(said)}.{last}"


def _meetings(facts: Facts) -> Iterator[str]:
    now = facts.now
    if not (now("meetings.due") or now("meetings.held")):
        yield "Chưa có số liệu sinh hoạt chi bộ trong kỳ."
        return
    open_ = f"; chưa hết tháng {number(now('meetings.open'))} kỳ" if now("meetings.open") else ""
    yield (
        f"Sinh hoạt định kỳ: phải tổ chức {number(now('meetings.due'))} kỳ (mỗi chi bộ mỗi tháng một kỳ); đã sinh"
        f" hoạt {number(now('meetings.months_held'))} kỳ, đạt {_percent(facts, 'meetings.held_rate')}; hoãn có lý do"
        f" {number(now('meetings.postponed'))} kỳ; tạm dừng theo chỉ đạo {number(now('meetings.excused'))} kỳ; không"
        f" sinh hoạt, không có lý do {number(now('meetings.missed'))} kỳ{open_}."
    )
    if now("meetings.thematic_due"):
        yield (
            f"Sinh hoạt chuyên đề: {number(now('meetings.thematic_held'))}/{number(now('meetings.thematic_due'))}"
            f" lượt chi bộ đã sinh hoạt chuyên đề trong quý, đạt {_percent(facts, 'meetings.thematic_rate')}."
        )
    else:
        yield f"Sinh hoạt chuyên đề: {number(now('meetings.thematic'))} cuộc họp có nội dung chuyên đề."
    if now("meetings.held"):
        yield (
            f"Đã tổ chức {number(now('meetings.held'))} cuộc họp, bình quân"
            f" {number(facts.figure('meetings.minutes').now, 1)} phút một cuộc; đảng viên dự họp"
            f" {number(now('meetings.present'))}/{number(now('meetings.counted'))} lượt, đạt"
            f" {_percent(facts, 'meetings.attendance_rate')}; vắng có lý do"
            f" {number(now('meetings.excused_absences'))} lượt, không có lý do"
            f" {number(now('meetings.unexcused_absences'))} lượt; có {number(now('meetings.opinions'))} ý kiến"
            f" phát biểu, thông qua {number(now('meetings.resolutions'))} nghị quyết."
        )
    if now("tasks"):
        yield (
            f"Nhiệm vụ chi bộ giao: {number(now('tasks'))} nhiệm vụ đến hạn, hoàn thành đúng hạn"
            f" {number(now('tasks.on_time'))} nhiệm vụ, đạt {_percent(facts, 'tasks.on_time_rate')};"
            f" quá hạn chưa xong {number(now('tasks.overdue'))} nhiệm vụ."
        )


def _scores(facts: Facts) -> list[Texts]:
    """Return how many meetings cells and their superiors scored, by grade, and the means; nothing without scores."""
    if not (facts.now("scores.self") or facts.now("scores.official")):
        return []
    rows = [(label, f".{grade}", 0) for grade, label in VALUES[Dimension.GRADE].items()]
    rows += [("Số cuộc họp được chấm", "", 0), ("Điểm bình quân", "_mean", 1)]
    return [
        {
            "ten": label,
            "tu_cham": number(facts.figure(f"scores.self{suffix}").now, decimals),
            "cap_tren": number(facts.figure(f"scores.official{suffix}").now, decimals),
        }
        for label, suffix, decimals in rows
    ]


def _rows(lines: Iterable[Line]) -> list[Texts]:
    return [
        {
            "ten": line.label,
            "don_vi": line.unit,
            "so": number(line.figure.now, line.decimals),
            "ty_le": DASH if line.share is None else f"{number(line.share, 1)}%",
            "nam_truoc": number(line.figure.before, line.decimals),
            "tang_giam": _signed(line.figure.by, line.decimals),
            "phan_tram": _signed(line.figure.percent, 1),
            "dam": line.strong,
        }
        for line in lines
    ]


def _below(facts: Facts) -> list[Texts]:
    return [
        {
            "tt": place,
            "ma": unit.code,
            "ten": unit.name,
            "dang_vien": number(its["members"]),
            "phai": number(its["meetings.due"]),
            "da": number(its["meetings.months_held"]),
            "khong": number(its["meetings.missed"]),
            "hoan": number((its["meetings.postponed"] or 0) + (its["meetings.excused"] or 0)),
            "ty_le": number(its["meetings.held_rate"], 1),
            "du_hop": number(its["meetings.attendance_rate"], 1),
        }
        for place, (unit, its) in enumerate(facts.below, 1)
    ]


def _heading(facts: Facts) -> Texts:
    kind = facts.unit.type if facts.unit else "bloc"
    sign, on_behalf = {
        "bloc": ("BC/ĐU", "T/M BAN THƯỜNG VỤ"),
        "grassroots_committee": ("BC/ĐU", "T/M ĐẢNG ỦY"),
        "divisional_committee": ("BC/ĐU", "T/M ĐẢNG ỦY"),
    }.get(kind, ("BC/CB", "T/M CHI BỘ"))
    return {
        "cap_tren": facts.above.name if facts.above else "",
        "don_vi": name_of(facts),
        "la_chi_bo": tables.is_cell(facts),
        "so": BLANK,
        "ky_hieu": sign,
        "thay_mat": on_behalf,
    }


def cautions(facts: Facts) -> Iterator[str]:
    """Yield what a reader has to know before the figures: days to come, an end, what was not known yet."""
    reported = facts.reported
    if not reported.has_begun:
        yield (
            f"Kỳ báo cáo chưa bắt đầu (từ {day(reported.whole.first)}): số liệu dưới đây chỉ là những gì đã được ghi"
            f" nhận trước đến ngày {day(reported.today)}."
        )
    elif not reported.is_over:
        yield (
            f"Kỳ báo cáo chưa kết thúc: số liệu tính từ {day(reported.period.first)} đến hết ngày"
            f" {day(reported.period.last)}."
        )
    if facts.until:
        yield f"{name_of(facts)} kết thúc hoạt động từ ngày {day(facts.until)}, trong kỳ báo cáo."
    if facts.known_at:
        yield f"Số liệu theo những gì đã biết đến lúc {instant(facts.known_at)}, không tính điều ghi nhận sau đó."


def source(facts: Facts, *, whole: bool = False) -> Iterator[tuple[str, str]]:
    """Yield of what the figures are, and up to when they are true.

    Of each stream the last event counted, or, with `whole`, that of each of its partitions.
    """
    period = facts.reported.period
    yield "Đơn vị", f"{name_of(facts)} ({facts.unit.code})" if facts.unit else name_of(facts)
    yield "Kỳ báo cáo", f"{facts.reported.words}, từ {day(period.first)} đến {day(period.last)}"
    yield "Lập lúc", instant(facts.at)
    yield "Theo điều đã biết đến lúc", instant(facts.known_at or facts.at)
    marks = [
        f"{topic}{f'/{partition}' if whole else ''}: {sequence}"
        for topic, partitions in sorted(facts.up_to.items())
        for partition, sequence in sorted(partitions.items() if whole else [("", max(partitions.values()))])
    ]
    yield "Tính đến sự kiện", "; ".join(marks) or "chưa có sự kiện nào"


def _written(facts: Facts, code: str, value: float | None) -> str:
    told = None if tables.is_kept(facts, code) else value
    return number(told, 1 if MEASURES[code].kind is Kind.RATIO else 0)


def _percent(facts: Facts, code: str) -> str:
    value = facts.figure(code).now
    return DASH if value is None else f"{number(value, 1)}%"


def _signed(value: float | None, decimals: int) -> str:
    text = number(value, decimals)
    return f"+{text}" if value and value > 0 else text


def _counted(facts: Facts, *codes: str) -> str:
    """Return how many units there are of some kinds, as far as there are any."""
    parts = [
        f"{number(facts.now(code))} {MEASURES[code].label[:1].lower()}{MEASURES[code].label[1:]}"
        for code in codes
        if facts.now(code)
    ]
    return " và ".join(parts)


def _in_brackets(parts: Sequence[str]) -> str:
    return f" ({', '.join(parts)})" if parts else ""
