"""How the page writes numbers, days and names of things, as Vietnamese readers are used to. Pure."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

_VIETNAM: Final = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh: no summer time, and no tzdata needed

DASH: Final = "–"
"""In place of a figure that there is none of."""


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number as `2.712` or `41,3`; a dash for None."""
    if value is None:
        return DASH
    text = f"{abs(value):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    return f"−{text}" if value < 0 and text.strip("0,.") else text


def percent(part: float, whole: float, decimals: int = 1) -> str:
    """Return a share as `92,1 %`; a dash where there is no whole."""
    return f"{number(100 * part / whole, decimals)} %" if whole else DASH


def change(by: float | None, decimals: int = 0, unit: str = "") -> str:
    """Return in words what became of a number: `tăng 31`, `giảm 1,5 điểm %`, `không đổi`; nothing for None."""
    if by is None:
        return ""
    if not by:
        return "không đổi"
    return f"{'tăng' if by > 0 else 'giảm'} {number(abs(by), decimals)}{' điểm %' if unit == '%' else ''}"


def day(value: date) -> str:
    """Return a day as `30/11/2020`."""
    return f"{value:%d/%m}/{value.year:04}"


def instant(value: datetime) -> str:
    """Return an instant as `14:05 ngày 30/11/2020`, in Việt Nam."""
    local = value.astimezone(_VIETNAM)
    return f"{local:%H:%M} ngày {day(local.date())}"


def month(value: date) -> str:
    """Return the month of a day as `11/2020`."""
    return f"{value.month:02}/{value.year:04}"


def year_before(value: date) -> date:
    """Return the same day of the year before; of 29 February the 28th. Raises ValueError in year 1."""
    try:
        return value.replace(year=value.year - 1)
    except ValueError:
        return value.replace(year=value.year - 1, day=28)
