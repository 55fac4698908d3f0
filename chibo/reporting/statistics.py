"""`chibo statistics`: the figures of a unit on a day, as a table or as JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from rich.table import Table

from chibo.console import OUT
from chibo.words import number

_ORGANISATIONS: Final = {
    "grassroots_organisations": "Tổ chức cơ sở đảng",
    "grassroots_committees": "  Đảng bộ cơ sở",
    "grassroots_cells": "  Chi bộ cơ sở",
    "divisional_committees": "Đảng bộ bộ phận",
    "subordinate_cells": "Chi bộ trực thuộc",
}
_MEMBERS: Final = {
    "total": "Đảng viên",
    "official": "  Chính thức",
    "probationary": "  Dự bị",
    "women": "  Nữ",
    "ethnic_minority": "  Dân tộc thiểu số",
    "youth": "  Đoàn viên, thanh niên",
    "with_religion": "  Có đạo",
}
_DIMENSIONS: Final = {
    "gender": "Giới tính",
    "ethnic_minority": "Dân tộc thiểu số",
    "religion": "Có đạo",
    "youth": "Đoàn viên, thanh niên",
    "standing": "Loại đảng viên",
    "age_band": "Tuổi",
}
_VALUES: Final = {
    "female": "Nữ",
    "male": "Nam",
    "official": "Chính thức",
    "probationary": "Dự bị",
    "True": "có",
    "False": "không",
}
_PUBLISHED_ORGANISATIONS: Final = (
    "grassroots_organisations",
    "grassroots_committees",
    "grassroots_cells",
    "subordinate_cells",
)
_PUBLISHED_MEMBERS: Final = ("total", "women", "ethnic_minority", "youth", "with_religion")


def show(answer: Mapping[str, Any]) -> None:
    """Print the answer of `GET /v1/statistics` as tables in Vietnamese."""
    unit = answer["unit"]
    day = date.fromisoformat(answer["as_of"])
    OUT.print(
        f"[bold]{unit['name'] if unit else 'Toàn bộ tổ chức đảng'}[/] — số liệu đến ngày {day:%d/%m/%Y}"
    )
    figures = Table(show_header=False)
    figures.add_column(min_width=32)
    figures.add_column(justify="right", min_width=8)
    for name, label in _ORGANISATIONS.items():
        figures.add_row(label, number(answer["organisations"][name]))
    figures.add_section()
    for name, label in _MEMBERS.items():
        figures.add_row(label, number(answer["members"][name]))
    OUT.print(figures)
    if answer["by"]:
        show_groups(answer)


def show_groups(answer: Mapping[str, Any]) -> None:
    """Print the cross-table of an answer: a row for each group that somebody is in."""
    table = Table()
    for dimension in answer["by"]:
        table.add_column(_DIMENSIONS[dimension])
    table.add_column("Đảng viên", justify="right")
    for group in answer["groups"]:
        values = [str(group[dimension]) for dimension in answer["by"]]
        table.add_row(*[_VALUES.get(value, value) for value in values], number(group["count"]))
    OUT.print(table)


def published_form(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures in the shape in which the bloc's own were published (facts/bloc-2020-11-30.json)."""
    return {
        "as_of": answer["as_of"],
        "organisations": {name: answer["organisations"][name] for name in _PUBLISHED_ORGANISATIONS},
        "members": {name: answer["members"][name] for name in _PUBLISHED_MEMBERS},
    }
