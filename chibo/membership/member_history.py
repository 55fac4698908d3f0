"""A member's history as people read it, and corrections as they are sent."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT
from chibo.options import warn

_STATUS: Final = {
    "stands": "đúng",
    "replaced": "đã sửa ở số {replaced_by}",
    "withdrawn": "đã hủy",
    "withdrawal": "hủy số {corrects}",
}
_STANDING: Final = {"probationary": "dự bị", "official": "chính thức", None: "không còn trong danh sách"}

_SPELLS: Final = {
    "exemption": "miễn công tác và sinh hoạt đảng",
    "suspension": "đình chỉ sinh hoạt đảng",
    "temporary_stay": "sinh hoạt tạm thời ở chi bộ khác",
}


def path(code: str, what: str) -> str:
    """Return the path of something of a member."""
    return f"/v1/members/{quote(code, safe='')}/{what}"


def read(client: Client, code: str, *, known_at: str | None, actor: str) -> dict[str, Any]:
    """Return a member's history as known at an instant, now for None, read as `actor`. Raises as `Client.get`."""
    answer: dict[str, Any] = client.get(
        path(code, "history"), headers={"X-Chibo-Actor": actor}, known_at=known_at
    )
    return answer


def correct(client: Client, code: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Send a correction, without what is None; return the member after it. Raises as `Client.post`."""
    return client.send(path(code, "corrections"), asked)


def show_corrected(answer: Mapping[str, Any]) -> None:
    """Print which version a correction made, and what is unusual about the member after it."""
    OUT.print(f"Đã ghi. Hồ sơ {answer['code']} nay là bản {answer['version']}.")
    warn(answer)


def show(history: Mapping[str, Any]) -> None:
    """Print what was recorded, in order, and what it comes to."""
    recorded = Table("Số", "Ghi lúc", "Sự kiện", "Hiệu lực", "Quyết định", "Chi bộ", "Hiện nay")
    for entry in history["entries"]:
        fact = entry["fact"] or {}
        recorded.add_row(
            str(entry["number"]),
            entry["recorded_at"][:16].replace("T", " "),
            words.FACTS[fact["kind"] if fact else "withdrawal"],
            fact.get("effective_date", ""),
            fact.get("decision_date") or "",
            escape(fact.get("cell_code", "")),
            _STATUS[entry["status"]].format(**entry),
        )
    OUT.print(recorded)
    timeline = Table("Từ ngày", "Chi bộ", "Tư cách")
    for step in history["timeline"]:
        timeline.add_row(step["from"], escape(step["cell_code"] or ""), _STANDING[step["standing"]])
    OUT.print(timeline)
    if history["spells"]:
        spells = Table("Bên cạnh đó", "Từ ngày", "Dự kiến đến", "Hết từ ngày", "Chi bộ")
        for spell in history["spells"]:
            days = (spell["from"], spell["until"] or "", spell["ended_on"] or "")
            spells.add_row(_SPELLS[spell["kind"]], *days, escape(spell["cell_code"] or ""))
        OUT.print(spells)
