"""How the cells of the example bloc met, from December 2018 to November 2020: one row a meeting.

Stated (DOMAIN: meetings): one regular meeting a month, a theme a quarter, the topics of 2020, the interruption by
COVID-19. Invented: everything in figures, the orders of the bloc, and the topics before 2020. 16/CT-TTg and
19/CT-TTg are orders of the Prime Minister of spring 2020.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from basics import stream, working_day_from
from units import Unit

FIRST: Final = (2018, 12)
MONTHS: Final = 24

COLUMNS: Final = (
    "cell_code",
    "kind",
    "month",
    "status",
    "held_at",
    "minutes",
    "theme",
    "counted",
    "present",
    "excused",
    "unexcused",
    "opinions",
    "tasks",
    "tasks_on_time",
    "reason",
    "document_number",
    "document_date",
)

TOPICS: Final[Mapping[int, Sequence[str]]] = {
    2018: (
        "Học tập và làm theo Bác: xây dựng phong cách, tác phong công tác của người đứng đầu",
        "Kiểm điểm, đánh giá chất lượng tổ chức đảng và đảng viên cuối năm",
    ),
    2019: (
        "Học tập và làm theo Bác: tôn trọng Nhân dân, phát huy dân chủ, chăm lo đời sống Nhân dân",
        "Thực hiện Nghị quyết Trung ương 4 khóa XII về xây dựng, chỉnh đốn Đảng",
        "Cải cách hành chính, kỷ luật, kỷ cương trong cơ quan",
        "50 năm thực hiện Di chúc của Chủ tịch Hồ Chí Minh",
        "Chuẩn bị đại hội chi bộ nhiệm kỳ 2020–2025",
    ),
    2020: (
        "Đại hội đảng bộ các cấp nhiệm kỳ 2020–2025: văn kiện, nhân sự, quy chế làm việc, chương trình hành động",
        "Vai trò, trách nhiệm của đảng viên, cán bộ, công chức, viên chức",
        "Nâng cao chất lượng sinh hoạt chi bộ và chất lượng đội ngũ đảng viên",
        "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        "Sự lãnh đạo của chi bộ đối với các tổ chức đoàn thể",
        "Công tác cán bộ và vai trò tiên phong, gương mẫu của cán bộ, đảng viên",
    ),
}
"""What meetings were about; those of 2020 are stated."""


class Order(NamedTuple):
    """A document that put meetings off, and how many of them in a month."""

    number: str
    dated: date
    share: float
    """Of the regular meetings; of those of the places in question where it is not for all."""
    everywhere: bool = True


ORDERS: Final[Mapping[tuple[int, int], Order]] = {
    (2020, 3): Order("412-CV/ĐUK", date(2020, 2, 28), 0.15),
    (2020, 4): Order("16/CT-TTg", date(2020, 3, 31), 0.86),
    (2020, 5): Order("19/CT-TTg", date(2020, 4, 24), 0.08),
    (2020, 8): Order("538-CV/ĐUK", date(2020, 7, 31), 0.9, everywhere=False),
}
PLACES_OF_AUGUST: Final = 0.2
"""Of the grassroots organisations: where the second wave interrupted meetings."""
REOPENED: Final = date(2020, 4, 23)
"""From when cells met again in April 2020."""
TET: Final = (
    (date(2019, 2, 2), date(2019, 2, 11)),
    (date(2020, 1, 23), date(2020, 1, 30)),
)
"""The New Year's holidays, each to the day of work after it."""

MISSED: Final = 0.012
"""Regular meetings that nobody held or put off: there is no row of them."""
MISSED_IN_SUMMER: Final = 0.03
PUT_OFF_OTHERWISE: Final = 0.006
WITHOUT_THEME: Final = 0.06
"""Quarters of a cell without a theme."""
THEME_APART: Final = 0.25
"""Themes that have a meeting of their own."""
EXTRAORDINARY: Final = 0.02
BEFORE_CONGRESS: Final = 0.12
"""Extraordinary meetings of a month before the cells' congresses, January to March 2020."""
TIMES: Final = (time(7, 30), time(8, 0), time(14, 0), time(15, 30), time(16, 0))
EXCUSED: Final = 0.82
"""Of those who are absent."""


class Stay(NamedTuple):
    """From when until when somebody is a member of a cell; on `until` no longer."""

    cell_code: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Meeting:
    """One row of ``meetings.csv``; figures are of a meeting held, and None of another."""

    cell_code: str
    kind: str
    month: str
    at: datetime
    theme: str = ""
    figures: tuple[int, ...] | None = None
    """Minutes, counted, present, excused, unexcused, opinions, tasks, tasks on time."""
    reason: str = ""
    order: Order | None = None


@dataclass(frozen=True)
class Habits:
    """How a cell meets: on which day, and how well."""

    day: int
    at: time
    attendance: float
    diligence: float
    """Part of its tasks that are done on time."""


def build_meetings(units: Sequence[Unit], stays: Iterable[Stay]) -> list[Meeting]:
    """Make every meeting, by cell and day; a cell meets in the months in which it is there from first to last."""
    of_cell: dict[str, list[Stay]] = {}
    for stay in stays:
        of_cell.setdefault(stay.cell_code, []).append(stay)
    august = places_of_august(units)
    cells = [unit for unit in units if unit.is_cell]
    return [
        meeting
        for cell in cells
        for meeting in meetings_of(cell, of_cell.get(cell.code, []), cell.grassroots_code in august)
    ]


def places_of_august(units: Sequence[Unit]) -> set[str]:
    """Draw the grassroots organisations that the second wave met."""
    codes = sorted({unit.grassroots_code for unit in units if unit.is_cell})
    return set(stream("august").sample(codes, round(PLACES_OF_AUGUST * len(codes))))


def months() -> Iterator[tuple[int, int]]:
    """Spell the months out."""
    start = FIRST[0] * 12 + FIRST[1] - 1
    for number in range(start, start + MONTHS):
        yield number // 12, number % 12 + 1


def meetings_of(cell: Unit, stays: Sequence[Stay], in_august: bool) -> list[Meeting]:
    """Make the meetings of one cell, with a random stream of its own."""
    rng = stream(f"meetings/{cell.code}")
    habits = Habits(rng.randint(2, 9), rng.choice(TIMES), rng.uniform(0.86, 0.98), rng.uniform(0.72, 0.98))
    found: list[Meeting] = []
    for year, month in months():
        first, last = date(year, month, 1), month_end(year, month)
        if not (cell.in_force(first) and cell.in_force(last)):
            continue
        of_month = [
            *regular(rng, cell, habits, (year, month), in_august),
            *extraordinary(rng, cell, year, month),
        ]
        found += [held(rng, meeting, habits, stays) for meeting in of_month]
    return sorted(with_themes(rng, found, habits, stays), key=lambda meeting: (meeting.at, meeting.kind))


def month_end(year: int, month: int) -> date:
    """Give the last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def day_from(day: date) -> date:
    """Give the day itself or the next on which cells meet."""
    for closed, opened in TET:
        if closed <= day < opened:
            day = opened
    return working_day_from(day)


def regular(
    rng: random.Random, cell: Unit, habits: Habits, of: tuple[int, int], in_august: bool
) -> Iterator[Meeting]:
    """Plan the regular meeting of a month; none where it was simply missed."""
    year, month = of
    if rng.random() < (MISSED_IN_SUMMER if month == 7 else MISSED):
        return
    day = day_from(date(year, month, habits.day))
    planned = Meeting(cell.code, "regular", f"{year}-{month:02}", datetime.combine(day, habits.at))
    order = ORDERS.get((year, month))
    if order and (order.everywhere or in_august) and rng.random() < order.share:
        yield replace(planned, reason="epidemic", order=order)
    elif rng.random() < PUT_OFF_OTHERWISE:
        yield replace(planned, reason=rng.choice(("urgent_work", "urgent_work", "no_quorum", "other")))
    elif (year, month) == (2020, 4):
        late = day_from(REOPENED + timedelta(days=rng.randrange(5)))
        yield replace(planned, at=datetime.combine(late, habits.at))
    else:
        yield planned


def extraordinary(rng: random.Random, cell: Unit, year: int, month: int) -> Iterator[Meeting]:
    """Plan a meeting out of the ordinary: more of them before the congresses of 2020, none in the first wave."""
    share = BEFORE_CONGRESS if (2020, 1) <= (year, month) <= (2020, 3) else EXTRAORDINARY
    if (year, month) != (2020, 4) and rng.random() < share:
        day = day_from(date(year, month, rng.randint(12, 25)))
        yield Meeting(
            cell.code, "extraordinary", f"{year}-{month:02}", datetime.combine(day, rng.choice(TIMES))
        )


def held(rng: random.Random, meeting: Meeting, habits: Habits, stays: Sequence[Stay]) -> Meeting:
    """Give a meeting that was not put off its figures."""
    if meeting.reason:
        return meeting
    day = meeting.at.date()
    counted = sum(stay.since <= day and (stay.until is None or day < stay.until) for stay in stays)
    present = sum(rng.random() < habits.attendance for _ in range(counted))
    present = max(present, counted // 2 + 1)
    excused = sum(rng.random() < EXCUSED for _ in range(counted - present))
    minutes = {"regular": 75, "thematic": 100, "extraordinary": 45}[meeting.kind] + 5 * rng.randint(-3, 6)
    opinions = min(present, rng.randint(2, 9))
    tasks = 0 if meeting.kind == "extraordinary" else rng.randint(2, 6)
    on_time = sum(rng.random() < habits.diligence for _ in range(tasks))
    figures = (
        minutes, counted, present, excused, counted - present - excused, opinions, tasks, on_time,
    )  # fmt: skip
    return replace(meeting, figures=figures)


def with_themes(
    rng: random.Random, meetings: Sequence[Meeting], habits: Habits, stays: Sequence[Stay]
) -> Iterator[Meeting]:
    """Give one meeting of each quarter a theme, or the quarter a thematic meeting of its own."""
    quarters: dict[tuple[int, int], list[Meeting]] = {}
    for meeting in meetings:
        if meeting.kind == "regular" and meeting.figures:
            quarters.setdefault((meeting.at.year, (meeting.at.month - 1) // 3), []).append(meeting)
    themed: dict[Meeting, str] = {}
    topic = ""
    apart: list[Meeting] = []
    for (year, _), candidates in quarters.items():
        if rng.random() < WITHOUT_THEME:
            continue
        chosen, last = rng.choice(candidates), topic
        topic = rng.choice([one for one in TOPICS[year] if one != last])
        if rng.random() < THEME_APART:
            day = day_from(max(chosen.at.date(), date(year, chosen.at.month, rng.randint(14, 25))))
            own = replace(
                chosen, kind="thematic", at=datetime.combine(day, habits.at), theme=topic, figures=None
            )
            apart.append(held(rng, own, habits, stays))
        else:
            themed[chosen] = topic
    for meeting in meetings:
        yield longer(meeting, themed[meeting]) if meeting in themed else meeting
    yield from apart


def longer(meeting: Meeting, theme: str) -> Meeting:
    """Give a regular meeting a thematic part, which takes its time."""
    minutes, *others = meeting.figures or ()
    return replace(meeting, theme=theme, figures=(minutes + 40, *others))


def meeting_row(meeting: Meeting) -> tuple[str, ...]:
    """Give the cells of a meeting, in the order of COLUMNS."""
    minutes, *counts = map(str, meeting.figures) if meeting.figures else [""] * 8
    order = meeting.order
    return (
        meeting.cell_code,
        meeting.kind,
        meeting.month,
        "postponed" if meeting.reason else "held",
        meeting.at.isoformat(" ", "minutes"),
        minutes,
        meeting.theme,
        *counts,
        meeting.reason,
        order.number if order else "",
        order.dated.isoformat() if order else "",
    )
