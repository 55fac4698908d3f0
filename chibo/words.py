"""How the command line writes what answers say: days as an office writes them, and the kinds of units."""

from datetime import date
from typing import Final

UNIT_TYPES: Final = {
    "bloc": "Đảng bộ Khối",
    "grassroots_committee": "Đảng bộ cơ sở",
    "divisional_committee": "Đảng bộ bộ phận",
    "grassroots_cell": "Chi bộ cơ sở",
    "subordinate_cell": "Chi bộ trực thuộc",
}


def day(text: str | None, *, missing: str) -> str:
    """Return an ISO day as dd/mm/yyyy, or `missing` where there is none."""
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else missing
