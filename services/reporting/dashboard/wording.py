"""How the page writes numbers, days and names of things, as Vietnamese readers are used to. Pure."""

from datetime import date
from typing import Final

DASH: Final = "–"
"""In place of a figure that there is none of."""

UNIT_TYPES: Final = {
    "bloc": "Đảng bộ khối",
    "grassroots_committee": "Đảng bộ cơ sở",
    "divisional_committee": "Đảng bộ bộ phận",
    "grassroots_cell": "Chi bộ cơ sở",
    "subordinate_cell": "Chi bộ trực thuộc",
}
CELL_TYPES: Final = frozenset({"grassroots_cell", "subordinate_cell"})


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number as `2.712` or `41,3`; a dash for None."""
    if value is None:
        return DASH
    text = f"{abs(value):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    return f"−{text}" if value < 0 and text.strip("0,.") else text


def percent(part: float, whole: float, decimals: int = 1) -> str:
    """Return a share as `92,1 %`; a dash where there is no whole."""
    return f"{number(100 * part / whole, decimals)} %" if whole else DASH


def change(now: int, before: int) -> str:
    """Return what became of a number in words: `tăng 31`, `giảm 4`, `không đổi`."""
    if now == before:
        return "không đổi"
    return f"{'tăng' if now > before else 'giảm'} {number(abs(now - before))}"


def day(value: date) -> str:
    """Return a day as `30/11/2020`."""
    return f"{value:%d/%m}/{value.year:04}"


def month(value: date) -> str:
    """Return the month of a day as `11/2020`."""
    return f"{value.month:02}/{value.year:04}"


def year_before(value: date) -> date:
    """Return the same day of the year before; of 29 February the 28th. Raises ValueError in year 1."""
    try:
        return value.replace(year=value.year - 1)
    except ValueError:
        return value.replace(year=value.year - 1, day=28)
