"""Charts of a report as pictures: PNG with as many points as print needs, which Word, PDF and a projector show alike.

pygal lays them out, resvg draws them with the font of papers. Colours are told apart on paper without colours, too:
each series is lighter or darker than those beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pygal
import resvg_py
from pygal.style import Style

from chassis.papers import Picture
from chassis.papers.fonts import files
from services.reporting.dashboard.wording import number

WIDTH, HEIGHT = 464.0, 150.0
"""How large a chart stands on the page, in points: as wide as the text is."""
_SCALE: Final = 300 / 72
"""Points of the picture for each point on the page: 300 an inch."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one layer of bars; None where there is nothing to show."""

    name: str
    colour: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows: names along the axis, and for each series a value at each of them."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not any(any(one.values) for one in self.series)


def bars(chart: Chart) -> Picture:
    """Return bars, the series on top of each other, with their numbers where there is one series."""
    kind, single = (pygal.Bar, True) if len(chart.series) == 1 else (pygal.StackedBar, False)
    heights = [sum(filter(None, at)) for at in zip(*(one.values for one in chart.series), strict=True)]
    drawing = kind(
        **_settings(chart), spacing=14, print_values=single, print_values_position="top",
        y_labels=_ticks(0, max(heights, default=0)),
    )  # fmt: skip
    return _drawn(drawing, chart)


def lines(chart: Chart) -> Picture:
    """Return lines, each value with its number; the axis begins near the least of them."""
    values = [value for one in chart.series for value in one.values if value is not None]
    least, most = min(values, default=0), max(values, default=0)
    room = max(1, round((most - least) / 5))
    ends = max(0, least - room), most + room
    drawing = pygal.Line(
        **_settings(chart), dots_size=2.5, print_values=True, margin_right=30,
        range=ends, y_labels=_ticks(*ends),
    )  # fmt: skip
    return _drawn(drawing, chart)


def _ticks(least: float, most: float) -> list[int]:
    """Return at most six whole numbers for an axis, evenly apart: people are not counted in halves."""
    steps = (factor * 10**power for power in range(9) for factor in (1, 2, 5))
    step = next(one for one in steps if (most - least) / one <= 5)
    return list(range(-(-int(least) // step) * step, int(most) + 1, step))


def _settings(chart: Chart) -> dict[str, Any]:
    return {
        "width": WIDTH, "height": HEIGHT, "margin": 4, "js": [], "no_prefix": True, "value_formatter": number,
        "show_legend": len(chart.series) > 1, "legend_at_bottom": True, "legend_at_bottom_columns": len(chart.series),
        "legend_box_size": 7, "truncate_label": -1, "truncate_legend": -1,
        "style": Style(
            background="#ffffff", plot_background="#ffffff", foreground="#222222", foreground_strong="#000000",
            foreground_subtle="#999999", opacity="1", opacity_hover="1", transition="0s",
            guide_stroke_color="#d0d0d0", major_guide_stroke_color="#d0d0d0", guide_stroke_dasharray="1,0",
            major_guide_stroke_dasharray="1,0", colors=tuple(one.colour for one in chart.series),
            font_family="Spectral", label_font_size=8, major_label_font_size=8, legend_font_size=8,
            value_font_size=8, value_colors=("#000000",) * 9,
        ),
    }  # fmt: skip


def _drawn(drawing: Any, chart: Chart) -> Picture:
    drawing.x_labels = list(chart.labels)
    for series in chart.series:
        drawing.add(series.name, list(series.values))
    picture = resvg_py.svg_to_bytes(
        svg_string=drawing.render(is_unicode=True), zoom=_SCALE, background="#ffffff", skip_system_fonts=True,
        font_family="Spectral", font_files=[str(file) for file in files()],
    )  # fmt: skip
    return Picture(bytes(picture), WIDTH, HEIGHT, chart.title)
