"""How the command line names a meeting, and sends commands on it so that a repeated one is made once.

People name a meeting by its cell and month or day, `K.01.02@11/2020`; its id does as well.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID, uuid5

import typer

from chibo import words
from chibo.client import Client
from chibo.console import Refused
from chibo.words import VIETNAM

KINDS: Final[Mapping[str, str]] = {
    "regular": "định kỳ",
    "thematic": "chuyên đề",
    "extraordinary": "đột xuất",
}
STATUSES: Final[Mapping[str, str]] = {
    "planned": "mới có kế hoạch",
    "agreed": "đã thống nhất chương trình",
    "announced": "đã thông báo",
    "postponed": "đang hoãn",
    "held": "đã họp",
    "cancelled": "đã hủy",
}

_COMMANDS: Final = UUID("0c6f2c1e-7d0d-5a55-9a51-0d9f3d1b6e01")
_PAGE: Final = "500"
_MONTH: Final = ("%Y-%m", "%m/%Y")
_DAY: Final = ("%Y-%m-%d", "%d/%m/%Y")

MeetingName = Annotated[
    str,
    typer.Argument(
        metavar="MEETING",
        help="Cuộc họp: MÃ-CHI-BỘ@11/2020 (họp định kỳ của tháng), MÃ-CHI-BỘ@03/11/2020, hoặc mã số.",
    ),
]


def meeting_id(client: Client, name: str) -> str:
    """Return the id of the meeting that is named. Raises Refused where there is none, or several; else as `get`."""
    try:
        return str(UUID(name))
    except ValueError:
        pass
    code, _, when = name.rpartition("@")
    month, day = _read(when, _MONTH), _read(when, _DAY)
    if not code or not (month or day):
        raise Refused(
            f"“{name}” không phải tên một cuộc họp. Hãy ghi như K.01.02@11/2020 (họp định kỳ tháng 11/2020),"
            " K.01.02@03/11/2020 (cuộc họp ngày đó), hoặc mã số của cuộc họp."
        )
    if month:
        wanted = f"{month:%Y-%m}"
        found = [one for one in of_cell(client, code) if (one["kind"], one["month"]) == ("regular", wanted)]
    else:
        found = [one for one in of_cell(client, code) if (at := start(one)) and at.date() == day]
    # One called off may have another in its place.
    found = [one for one in found if one["status"] != "cancelled"] or found
    if len(found) == 1:
        return str(found[0]["id"])
    if not found:
        raise Refused(
            f"Chi bộ {code} không có cuộc họp {'định kỳ tháng' if month else 'ngày'} {when}."
            f" Xem các cuộc họp: chibo meetings list {code}."
        )
    choices = "; ".join(f"{one['id']} ({KINDS[one['kind']]}, {when_of(one)})" for one in found)
    raise Refused(f"Có {len(found)} cuộc họp mang tên {name}; hãy dùng mã số: {choices}.")


def of_cell(client: Client, code: str) -> list[dict[str, Any]]:
    """Return all meetings of a cell, by the months that they count for. Raises as `Client.get`."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = client.get(f"{cell_path(code)}/meetings", limit=_PAGE, cursor=cursor)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def one(client: Client, name: str) -> dict[str, Any]:
    """Return the meeting that is named. Raises as `meeting_id`."""
    found: dict[str, Any] = client.get(meeting_path(meeting_id(client, name)))
    return found


def cell_path(code: str) -> str:
    """Return where a cell's matters are."""
    return f"/v1/cells/{quote(code, safe='')}"


def meeting_path(id_: str) -> str:
    """Return where a meeting is."""
    return f"/v1/meetings/{quote(id_, safe='')}"


def start(meeting: Mapping[str, Any]) -> datetime | None:
    """Return when a meeting begins, in Asia/Ho_Chi_Minh; None while it is put off."""
    at = meeting["starts_at"]
    return datetime.fromisoformat(at).astimezone(VIETNAM) if at else None


def day_of(meeting: Mapping[str, Any]) -> date:
    """Return the day of a meeting; the first of its month while it is put off."""
    at = start(meeting)
    return at.date() if at else date.fromisoformat(f"{meeting['month']}-01")


def when_of(meeting: Mapping[str, Any]) -> str:
    """Return when a meeting is, as people write it."""
    at = start(meeting)
    return f"{at:%H:%M} ngày {at:%d/%m/%Y}" if at else f"chưa có lịch mới, của tháng {month_of(meeting)}"


def month_of(meeting: Mapping[str, Any]) -> str:
    """Return the month that a meeting counts for, as 11/2020."""
    return words.month(meeting["month"])


def kind_of(meeting: Mapping[str, Any]) -> str:
    """Return what kind of meeting it is; a regular one with a theme is combined."""
    combined = meeting["kind"] == "regular" and meeting["theme"]
    return "định kỳ kết hợp chuyên đề" if combined else KINDS[meeting["kind"]]


def send(
    client: Client, path: str, body: Mapping[str, Any], *, version: int | None = None, turn: int = 0
) -> dict[str, Any]:
    """Send a command, without what is None in it, and return its answer. Raises as `Client.get`.

    Its key follows from what it says, so that the same command sent again is made once; `turn` tells apart what is
    meant to be made again. With a `version` it is refused where somebody changed the resource since.
    """
    said = json.dumps({name: value for name, value in body.items() if value is not None}, ensure_ascii=False)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid5(_COMMANDS, f"{path}\n{said}\n{version}\n{turn}")),
    }
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    answer: dict[str, Any] = client.post(path, content=said.encode(), headers=headers)
    return answer


def _read(text: str, forms: tuple[str, ...]) -> date | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
