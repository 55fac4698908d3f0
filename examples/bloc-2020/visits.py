"""How working teams visited the cells of the example bloc, from December 2018 to November 2020, and what they found.

Stated (DOMAIN: inspection): teams go to regular and thematic meetings of both kinds of cell every month, check books
and course, comment on five axes, and name these faults. Invented: the teams, their areas, and everything in figures
and words. Of a team only its code is known, nobody in it.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from basics import stream, working_day_from
from meetings import Meeting, months
from units import Unit

TEAMS: Final = 5
FORMED: Final = date(2018, 12, 1)
KNOWN_UNTIL: Final = date(2020, 11, 30)
"""What was reported or confirmed later stands in no row."""
A_MONTH: Final = 3
"""Visits of a team in a month [C]."""
FEWER: Final[Mapping[str, int]] = {"2020-04": 1, "2020-08": 2}
"""Where the epidemic interrupted meetings."""
FOR_LONGEST: Final = 0.25
"""Visits that go where nobody has been for longest; the others go anywhere."""

AXES: Final = ("content", "procedure", "organisation", "chairing", "quality")
GRADES: Final = ("poor", "average", "fair", "good")
BOOKS: Final = ("minutes", "member_list", "fees", "departures", "candidates", "inspection")
STEPS: Final = (
    "members_notified",
    "last_resolution_evaluated",
    "opinions_recorded",
    "meeting_scored",
    "sent_up",
)
"""Those that are left out now and then."""
RUBRIC: Final = {
    "duration": 5, "attendance": 5, "preparation": 10, "procedure": 5, "content": 25, "chairing": 10,
    "principles": 5, "results": 30, "closing": 5,
}  # fmt: skip
FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "formalism": ("quality", "Sinh hoạt còn hình thức, chủ yếu nghe phổ biến."),
    "verbosity": ("chairing", "Đánh giá kéo dài, nhiều nội dung lặp lại."),
    "awkwardness": ("chairing", "Chủ trì lúng túng khi gợi ý thảo luận và kết luận."),
    "generic_topics": ("content", "Chuyên đề chung chung, chưa gắn với nhiệm vụ của cơ quan."),
    "professional_business": ("content", "Bàn nhiều về công tác chuyên môn, ít về xây dựng Đảng."),
}
OTHERS: Final = (
    ("organisation", "Chưa phân công đảng viên theo dõi quần chúng ưu tú."),
    ("procedure", "Chưa đánh giá việc thực hiện nghị quyết tháng trước."),
)
EVIDENCE: Final = (
    "Biên bản cuộc họp sau.",
    "Quy chế đã sửa đổi.",
    "Sổ sách đã bổ sung.",
    "Báo cáo của chi bộ.",
)
ADVICE: Final = (
    "",
    "Gửi dự thảo nghị quyết cho đảng viên trước cuộc họp.",
    "Chọn chuyên đề sát nhiệm vụ của cơ quan.",
    "Đối chiếu danh sách đảng viên mỗi quý.",
)
DAYS: Final = {"minor": 60, "moderate": 30, "serious": 15}

TEAM_COLUMNS: Final = ("code", "name", "from_on", "unit_codes")
VISIT_COLUMNS: Final = (
    "team_code", "cell_code", "kind", "month", "visited_on", *(f"grade_{axis}" for axis in AXES),
    "books_missing", "books_outdated", "books_incorrect", "steps_missed",
    *(f"points_{criterion}" for criterion in RUBRIC), "advice",
)  # fmt: skip
FINDING_COLUMNS: Final = (
    "team_code", "cell_code", "kind", "month", "limitation", "axis", "severity", "summary", "due_on", "reported_on",
    "evidence", "closed_on",
)  # fmt: skip


class Team(NamedTuple):
    """One row of ``teams.csv``: the grassroots organisations that it is responsible for."""

    code: str
    name: str
    unit_codes: Sequence[str]


@dataclass(frozen=True)
class Visit:
    """One row of ``visits.csv``, and its rows of ``findings.csv``."""

    team_code: str
    meeting: Meeting
    grades: Mapping[str, str]
    books: Sequence[str]
    """Missing, outdated, incorrect: codes with semicolons, or a hyphen for none."""
    steps_missed: str
    points: Mapping[str, float]
    advice: str
    findings: Sequence[tuple[str, ...]]


def build_teams(units: Iterable[Unit]) -> list[Team]:
    """Share the grassroots organisations out that are there when the teams are formed."""
    codes = sorted({unit.code for unit in units if unit.parent_code == "K" and unit.in_force(FORMED)})
    return [
        Team(f"TCT-{number + 1}", f"Tổ công tác số {number + 1}", codes[number::TEAMS])
        for number in range(TEAMS)
    ]


def build_visits(teams: Sequence[Team], meetings: Iterable[Meeting]) -> list[Visit]:
    """Make every visit, by month and team."""
    held: dict[tuple[str, str], list[Meeting]] = {}
    team_of = {code: team.code for team in teams for code in team.unit_codes}
    for meeting in meetings:
        team = team_of.get(".".join(meeting.cell_code.split(".")[:2]))
        if meeting.figures and meeting.kind != "extraordinary" and team:
            held.setdefault((team, f"{meeting.at:%Y-%m}"), []).append(meeting)
    last: dict[str, date] = {}
    found: list[Visit] = []
    for year, number in months():
        month = f"{year}-{number:02}"
        for team in teams:
            rng = stream(f"visits/{team.code}/{month}")
            for meeting in chosen(rng, held.get((team.code, month), []), last, FEWER.get(month, A_MONTH)):
                last[meeting.cell_code] = meeting.at.date()
                found.append(visit(team.code, meeting))
    return found


def chosen(
    rng: random.Random, meetings: Sequence[Meeting], last: Mapping[str, date], count: int
) -> Iterator[Meeting]:
    """Choose the meetings of a month that a team goes to: each on another day, each in another cell."""
    left = sorted(meetings, key=lambda one: (last.get(one.cell_code, FORMED), rng.random()))
    for _ in range(count):
        if not left:
            return
        one = left[0] if rng.random() < FOR_LONGEST else rng.choice(left)
        yield one
        left = [
            other for other in left if other.cell_code != one.cell_code and other.at.date() != one.at.date()
        ]


def visit(team_code: str, meeting: Meeting) -> Visit:
    """Make what a visit found: better in some cells than in others, and better as time goes on."""
    at = meeting.at.date()
    rng = stream(f"visit/{team_code}/{meeting.cell_code}/{meeting.kind}/{at}")
    level = stream(f"level/{meeting.cell_code}").gauss(2.1, 0.45) + (at - FORMED).days / 730 * 0.35
    grades = {axis: GRADES[max(0, min(3, round(rng.gauss(level, 0.45))))] for axis in AXES}
    share = max(0.55, min(0.98, 0.72 + (level - 2) * 0.12))
    points = {
        criterion: min(most, round(most * min(1.0, rng.gauss(share, 0.06)) * 4) / 4)
        for criterion, most in RUBRIC.items()
    }
    missing = [book for book in BOOKS[3:] if rng.random() < 0.06]
    kept = [book for book in BOOKS if book not in missing]
    outdated = [book for book in kept if rng.random() < 0.12]
    incorrect = [book for book in kept if rng.random() < 0.05]
    missed = [step for step in STEPS if rng.random() < 0.08]
    return Visit(
        team_code,
        meeting,
        grades,
        [";".join(its) or "-" for its in (missing, outdated, incorrect)],
        ";".join(missed) or "-",
        points,
        rng.choice(ADVICE),
        list(findings(rng, at, level)),
    )


def findings(rng: random.Random, at: date, level: float) -> Iterator[tuple[str, ...]]:
    """Make what a visit found lacking, and what became of it by the day to which the files know."""
    count = sum(rng.random() < max(0.1, 0.75 - level * 0.2) for _ in range(3))
    for name in rng.sample([*FAULTS, ""], count):
        axis, summary = FAULTS[name] if name else rng.choice(OTHERS)
        severity = rng.choices(tuple(DAYS), (6, 3, 1))[0]
        due = at + timedelta(days=DAYS[severity])
        reported = working_day_from(due - timedelta(days=rng.randint(-25, DAYS[severity] - 5)))
        closed = working_day_from(reported + timedelta(days=rng.randint(3, 20)))
        if rng.random() < 0.05:
            reported = closed = date.max  # nobody did anything
        yield (
            name,
            "" if name else axis,
            severity,
            summary,
            due.isoformat(),
            known(reported),
            rng.choice(EVIDENCE) if known(reported) else "",
            known(closed),
        )


def known(day: date) -> str:
    """Write a day; nothing for one that the files do not know."""
    return day.isoformat() if day <= KNOWN_UNTIL else ""


def team_row(team: Team) -> tuple[str, ...]:
    """Give the cells of a team, in the order of TEAM_COLUMNS."""
    return team.code, team.name, FORMED.isoformat(), ";".join(team.unit_codes)


def visit_row(one: Visit) -> tuple[str, ...]:
    """Give the cells of a visit, in the order of VISIT_COLUMNS."""
    return (
        *where(one),
        one.meeting.at.date().isoformat(),
        *(one.grades[axis] for axis in AXES),
        *one.books,
        one.steps_missed,
        *(f"{points:g}" for points in one.points.values()),
        one.advice,
    )


def finding_rows(one: Visit) -> Iterator[tuple[str, ...]]:
    """Give the cells of what a visit found, in the order of FINDING_COLUMNS."""
    for finding in one.findings:
        yield (*where(one), *finding)


def where(one: Visit) -> tuple[str, ...]:
    """Say which team was at which meeting."""
    return one.team_code, one.meeting.cell_code, one.meeting.kind, one.meeting.month
