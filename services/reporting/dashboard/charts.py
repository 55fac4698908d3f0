"""Charts as SVG, drawn here: they look the same on a phone, a projector and paper, and need no script to be seen.

pygal lays them out; what it adds for its own script and style is taken out, since the page's style sheet colours them
(light, dark, printed) and its policy lets nothing else in. Each value can be read by pointing at it, and the table
beside the chart has them all.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pygal
from markupsafe import Markup
from pygal.etree import etree
from pygal.style import Style

from services.reporting.dashboard import wording

_WIDTH, _HEIGHT = 420, 230
"""Units of the drawing; narrow, so that its letters are still large enough where a phone shows it at this width."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one layer of bars."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows: names along the axis, and for each series a value at each of them."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    decimals: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not any(any(one.values) for one in self.series)


def lines(chart: Chart, *, every: int = 1) -> Markup:
    """Return a line chart; of the labels only each so many is written, the last always."""
    drawing = pygal.Line(**_settings(chart), show_minor_x_labels=False, dots_size=2.2, include_x_axis=False)
    drawing.x_labels_major = list(chart.labels[::-1][::every])
    return _drawn(drawing, chart)


def bars(chart: Chart, *, every: int = 1) -> Markup:
    """Return a chart of bars, the series on top of each other; of the labels only each so many is written."""
    drawing = pygal.StackedBar(**_settings(chart), show_minor_x_labels=False, spacing=4)
    drawing.x_labels_major = list(chart.labels[::-1][::every])
    return _drawn(drawing, chart)


def rows(chart: Chart) -> Markup:
    """Return a chart of lying bars, for labels that are long; the first label on top."""
    upwards = [Series(one.name, one.values[::-1]) for one in chart.series]
    drawing = pygal.HorizontalStackedBar(**_settings(chart), spacing=10)
    return _drawn(drawing, Chart(chart.title, chart.labels[::-1], upwards, chart.decimals))


def _settings(chart: Chart) -> dict[str, Any]:
    written: Callable[[float], str] = lambda value: wording.number(value, chart.decimals)  # noqa: E731
    return {
        "width": _WIDTH, "height": _HEIGHT, "margin": 4, "margin_right": 26, "css": [], "js": [],
        "show_legend": False, "disable_xml_declaration": True, "no_prefix": True, "value_formatter": written,
        "no_data_text": "", "max_scale": 5, "truncate_label": -1, "style": _STYLE,
    }  # fmt: skip


_STYLE: Final = Style(label_font_size=12, major_label_font_size=12)


def _drawn(drawing: Any, chart: Chart) -> Markup:
    drawing.x_labels = list(chart.labels)
    drawing.y_labels = _ticks(chart, stacked=isinstance(drawing, pygal.StackedBar))
    for series in chart.series:
        drawing.add(series.name, list(series.values))
    drawing.add_xml_filter(lambda root: _plain(root, chart))
    return Markup(drawing.render(is_unicode=True))  # noqa: S704 - made by a serializer, which escapes


def _ticks(chart: Chart, *, stacked: bool) -> list[float]:
    """Return whole numbers for the upright axis, about five: people and meetings come in no halves."""
    values = (
        [sum(filter(None, at)) for at in zip(*(one.values for one in chart.series), strict=True)]
        if stacked
        else [value for one in chart.series for value in one.values if value is not None]
    )
    low, high = (0 if stacked else min(values, default=0)), max(values, default=0)
    if not stacked and high - low < (least := max(4, high // 50)):
        # A step of one or two among thousands is not to look like a cliff.
        low = max(0, (low + high - least) // 2)
        high = low + least
    step = max(1.0, 10 ** math.floor(math.log10(max(1, high - low))))
    step = next(step * by for by in (0.2, 0.5, 1, 2) if step * by >= 1 and (high - low) / (step * by) <= 6)
    first = math.floor(low / step)
    return [step * at for at in range(first, max(first + 1, math.ceil(high / step)) + 1)]


def _plain(root: Any, chart: Chart) -> Any:
    """Leave shapes and letters, and say to a screen reader that it is one picture with a name."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _name(child) in _NOT_SEEN or child.get("class", "").endswith(_OVERLAYS):
                parent.remove(child)
    for element in root.iter():
        told = {child.get("class"): child for child in element if _name(child) == "desc"}
        for child in told.values():
            element.remove(child)
        if "value" in told:
            words = (told[name].text for name in ("x_label", "value") if name in told)
            etree.SubElement(element, "title").text = ": ".join(filter(None, words))
        for attribute in ("id", "style"):
            element.attrib.pop(attribute, None)
    root.set("role", "img")
    root.set("aria-label", chart.title)
    return root


_NOT_SEEN: Final = frozenset({"", "defs", "title", "script", "style"})
_OVERLAYS: Final = ("text-overlay", "tooltip-overlay")


def _name(element: Any) -> str:
    """Return an element's name without its namespace; nothing for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
