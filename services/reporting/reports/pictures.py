"""Which charts a report has."""

from typing import Final

from chassis.papers import Picture
from services.reporting.dashboard.wording import month
from services.reporting.reports import tables
from services.reporting.reports.charts import Chart, Series, bars, lines
from services.reporting.reports.facts import Facts

KEPT: Final = (
    ("meetings.months_held", "Đã sinh hoạt", "#1f4e79"),
    ("meetings.missed", "Không sinh hoạt, không lý do", "#d9480f"),
    ("meetings.postponed", "Hoãn có lý do", "#f0a35e"),
    ("meetings.excused", "Tạm dừng theo chỉ đạo", "#d9d9d9"),
)
"""What became of the months owed, each with its colour: told apart by how light they are on paper without colours."""
_COLOUR: Final = "#1f4e79"


def pictures(facts: Facts) -> dict[str, Picture | None]:
    """Return the charts by the marks that they stand for; None where there is nothing to show."""
    months = [month(period.first) for period, _ in facts.months]
    met = [
        Series(label, colour, values)
        for code, label, colour in KEPT
        if any(values := [row[code] for _, row in facts.months])
    ]
    of_age = tables.ages(facts)
    ages = Series("Đảng viên", _COLOUR, [line.figure.now for line in of_age])
    members = Series("Đảng viên", _COLOUR, [row["members"] for _, row in facts.months])
    charts = {
        "bieu_do_sinh_hoat": (bars, Chart("Sinh hoạt định kỳ của các chi bộ theo tháng", months, met)),
        "bieu_do_tuoi": (
            bars,
            Chart("Đảng viên theo nhóm tuổi", [line.label.removesuffix(" tuổi") for line in of_age], [ages]),
        ),
        "bieu_do_dang_vien": (lines, Chart("Số đảng viên cuối mỗi tháng", months, [members])),
    }
    return {name: None if chart.is_empty else draw(chart) for name, (draw, chart) in charts.items()}
