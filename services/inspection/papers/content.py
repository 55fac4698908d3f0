"""What the template of the list of limitations is filled in with. Pure.

Marks of templates are Vietnamese words without accents, since an office edits them in Word; docs/paper-templates.md
lists them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from chassis.vietnamese import written_day
from contracts.findings import Severity
from services.inspection.findings.domain import STATE_LABELS

SEVERITY_LABELS: Final[Mapping[Severity, str]] = {
    Severity.MINOR: "nhẹ",
    Severity.MODERATE: "vừa",
    Severity.SERIOUS: "nghiêm trọng",
}
_BLANK: Final = "………"
"""What is to be written in by hand."""


def limitation_values(
    listed: Mapping[str, Any], *, unit: str, above: str | None, place: str | None, day: date
) -> dict[str, Any]:
    """Return the values of the list; `unit` is whose cells they are, `day` that of the paper."""
    states = {state.value: label for state, label in STATE_LABELS.items()}
    return {
        "cap_tren": above or _BLANK,
        "to_chuc": unit,
        "dia_danh": place or _BLANK,
        "ngay_thang": written_day(day),
        "nam": listed["year"],
        "nam_sau": listed["year"] + 1,
        "han_che": [
            {
                "so": number,
                "mat": one["axis_label"],
                "ten": one["label"],
                "so_lan": one["found"],
                "chi_bo": one["cells"],
                "lap_lai": one["recurrent"],
                "chua_xong": one["unsettled"],
            }
            for number, one in enumerate(listed["items"], 1)
        ],
        "chuyen_sang": [
            {
                "so": number,
                "chi_bo": one["cell_name"],
                "ngay": f"{date.fromisoformat(one['found_on']):%d/%m/%Y}",
                "ten": one["label"],
                "muc_do": SEVERITY_LABELS[Severity(one["severity"])],
                "trang_thai": states[one["state"]],
            }
            for number, one in enumerate(listed["unsettled"], 1)
        ],
    }
