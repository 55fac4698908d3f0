"""`chibo demo`: the whole way of the events on a stack that is thrown away: files in, figures out."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from chibo import importing, meetings, stack
from chibo.client import Client
from chibo.console import Refused, step

_EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "bloc-2020"
EXAMPLE_ORGANISATIONS: Final = _EXAMPLE / "organisations.csv"
EXAMPLE_MEMBERS: Final = _EXAMPLE / "members.csv"
EXAMPLE_MEETINGS: Final = _EXAMPLE / "meetings.csv"
EXAMPLE_DAY: Final = date(2020, 11, 30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the services answer once they have all of the files."""

    statistics: dict[str, Any]
    meetings: dict[str, Any] | None
    """Of the twelve months that end with the day's; None without a file of meetings."""


def run(
    organisations: Path,
    members: Path,
    as_of: date | None,
    *,
    by: str | None,
    past_meetings: Path | None = None,
) -> Outcome:
    """Import the files into fresh services and return their answers for the day (None: today).

    Raises Refused where a file is not there or not right, or the stack cannot start.
    """
    for file in (organisations, members, past_meetings):
        if file is not None and not file.is_file():
            raise Refused(f"Không có tệp {file}.")
    with stack.services_running(None) as urls:
        membership, reporting = Client(urls["membership"]), Client(urls["reporting"])
        _require_empty(reporting)
        for kind, file, what in (
            ("organisations", organisations, "tổ chức đảng"),
            ("members", members, "đảng viên"),
        ):
            with step(f"Đã nhập {what} từ {file.name}"):
                importing.import_file(membership, kind, file)
        held = None
        if past_meetings is not None:
            held = _meetings(membership, Client(urls["meetings"]), past_meetings, as_of or date.today())  # noqa: DTZ011
        with step("Thống kê đã nhận đủ sự kiện qua Kafka"):
            stack.wait_until_seen(membership, reporting)
        answer: dict[str, Any] = reporting.get(
            "/v1/statistics", as_of=None if as_of is None else as_of.isoformat(), by=by
        )
        return Outcome(answer, held)


def _meetings(membership: Client, service: Client, file: Path, day: date) -> dict[str, Any]:
    """Import past meetings once their service knows the cells, and return its figures of the year to a day."""
    with step("Sinh hoạt chi bộ đã nhận đủ sự kiện qua Kafka"):
        stack.wait_until_seen(membership, service)
    with step(f"Đã nhập các cuộc họp từ {file.name}"):
        importing.import_file(service, "meetings", file)
    last = f"{day:%Y-%m}"
    return meetings.read(service, unit=None, first=meetings.year_to(last), last=last)


def _require_empty(reporting: Client) -> None:
    """Refuse servers given from outside that hold data already: it would be counted with the files' rows."""
    if any(consumer["marks"] for consumer in reporting.get("/v1/progress")["consumers"].values()):
        raise Refused(
            "Máy chủ trong CHIBO_DATABASE_URL hoặc CHIBO_KAFKA đã có dữ liệu; bản chạy thử cần máy chủ trống."
        )
