"""`chibo demo`: the whole way of the events on a stack that is thrown away: files in, figures out."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from chibo import importing, stack
from chibo.client import Client
from chibo.console import Refused, step
from chibo.inspection import evaluations
from chibo.meetings import figures as meetings

_EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "bloc-2020"
EXAMPLE_ORGANISATIONS: Final = _EXAMPLE / "organisations.csv"
EXAMPLE_MEMBERS: Final = _EXAMPLE / "members.csv"
EXAMPLE_MEETINGS: Final = _EXAMPLE / "meetings.csv"
EXAMPLE_INSPECTION: Final[Mapping[str, Path]] = {
    name: _EXAMPLE / f"{name}.csv" for name in ("teams", "visits", "findings")
}
EXAMPLE_DAY: Final = date(2020, 11, 30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the services answer once they have all of the files."""

    statistics: dict[str, Any]
    meetings: dict[str, Any] | None
    """Of the twelve months that end with the day's; None without a file of meetings."""
    inspection: dict[str, Any] | None = None
    """Of the two years that end with the day's month, as `evaluations.show` prints it; None without files of it."""


def run(
    organisations: Path,
    members: Path,
    as_of: date | None,
    *,
    by: str | None,
    past_meetings: Path | None = None,
    inspected: Mapping[str, Path] | None = None,
) -> Outcome:
    """Import the files into fresh services and return their answers for the day (None: today).

    Raises Refused where a file is not there or not right, or the stack cannot start.
    """
    for file in (organisations, members, past_meetings, *(inspected or {}).values()):
        if file is not None and not file.is_file():
            raise Refused(f"Không có tệp {file}.")
    with stack.services_running(None) as (urls, _):
        membership, reporting = Client(urls["membership"]), Client(urls["reporting"])
        _require_empty(reporting)
        for kind, file, what in (
            ("organisations", organisations, "tổ chức đảng"),
            ("members", members, "đảng viên"),
        ):
            with step(f"Đã nhập {what} từ {file.name}"):
                importing.import_file(membership, kind, file)
        held = seen = None
        day = as_of or date.today()  # noqa: DTZ011 - the office's own day
        if past_meetings is not None:
            held = _meetings(membership, Client(urls["meetings"]), past_meetings, day)
        if inspected is not None:
            inspection = Client(urls["inspection"])
            with step("Kiểm tra đã nhận đủ sự kiện qua Kafka"):
                stack.wait_until_seen(membership, inspection)
                stack.wait_until_seen(Client(urls["meetings"]), inspection)
            seen = _inspection(inspection, inspected, day)
        with step("Thống kê đã nhận đủ sự kiện qua Kafka"):
            stack.wait_until_seen(membership, reporting)
        answer: dict[str, Any] = reporting.get(
            "/v1/statistics", as_of=None if as_of is None else as_of.isoformat(), by=by
        )
        return Outcome(answer, held, seen)


def _meetings(membership: Client, service: Client, file: Path, day: date) -> dict[str, Any]:
    """Import past meetings once their service knows the cells, and return its figures of the year to a day."""
    with step("Sinh hoạt chi bộ đã nhận đủ sự kiện qua Kafka"):
        stack.wait_until_seen(membership, service)
    with step(f"Đã nhập các cuộc họp từ {file.name}"):
        importing.import_file(service, "meetings", file)
    last = f"{day:%Y-%m}"
    return meetings.read(service, unit=None, first=meetings.year_to(last), last=last)


def form_teams(service: Client, file: Path) -> None:
    """Form the working teams of a file, each with its area."""
    for team in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        units = team.pop("unit_codes").split(";")
        service.send("/v1/teams", team)
        service.send(f"/v1/teams/{team['code']}/area", {"from_on": team["from_on"], "unit_codes": units})


def _inspection(service: Client, files: Mapping[str, Path], day: date) -> dict[str, Any]:
    """Form the teams, import their visits and findings, and return the figures of two years to a day."""
    with step(f"Đã lập các tổ công tác từ {files['teams'].name}"):
        form_teams(service, files["teams"])
    for kind, what in (("visits", "các lần dự"), ("findings", "các hạn chế")):
        with step(f"Đã nhập {what} từ {files[kind].name}"):
            importing.import_file(service, kind, files[kind])
    last = f"{day:%Y-%m}"
    first = meetings.year_to(f"{day.year - 1}{last[4:]}")
    return {
        "whole": evaluations.read(service, first=first, last=last, by="period"),
        "months": evaluations.read(service, first=first, last=last, by="month"),
        "checklist": service.get("/v1/checklist", on=day.isoformat()),
    }


def _require_empty(reporting: Client) -> None:
    """Refuse servers given from outside that hold data already: it would be counted with the files' rows."""
    if any(consumer["marks"] for consumer in reporting.get("/v1/progress")["consumers"].values()):
        raise Refused(
            "Máy chủ trong CHIBO_DATABASE_URL hoặc CHIBO_KAFKA đã có dữ liệu; bản chạy thử cần máy chủ trống."
        )
