"""Options that commands share, and how answers are given: as tables for people, or as JSON.

One word for one thing: `--on` is the day from which what is recorded holds, `--as-of` the day that is asked about.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final

import typer
from rich.markup import escape

from chibo.console import ERR, print_json

MEMBERSHIP: Final = "http://127.0.0.1:8101"
"""Where membership listens by default."""
MEETINGS: Final = "http://127.0.0.1:8102"
"""Where meetings listens by default."""
INSPECTION: Final = "http://127.0.0.1:8103"
"""Where inspection listens by default."""
REPORTING: Final = "http://127.0.0.1:8104"
"""Where reporting listens by default."""


def parse_day(text: str) -> date:
    """Return the day of a text as 2020-11-30, or as people write it, 30/11/2020. Raises BadParameter."""
    try:
        if "/" in text:
            return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"“{text}” không phải một ngày có thật dạng YYYY-MM-DD hoặc dd/mm/yyyy, ví dụ 2020-11-30 hoặc 30/11/2020."
        ) from None


def parse_actor(text: str) -> str:
    """Return a reader's name as a header can carry it. Raises BadParameter."""
    if not (text.isascii() and text.isprintable()):
        raise typer.BadParameter(f"“{text}” cần là tên không dấu, ví dụ nguyen.van.a.")
    return text


Json = Annotated[bool, typer.Option("--json", help="In JSON ra đầu ra chuẩn.")]
Reader = Annotated[
    str,
    typer.Option(
        "--actor", envvar="CHIBO_ACTOR", parser=parse_actor, metavar="NAME", help="Người đọc, được ghi lại."
    ),
]
MembershipUrl = Annotated[
    str, typer.Option("--url", envvar="CHIBO_MEMBERSHIP_URL", help="Địa chỉ dịch vụ membership.")
]
MeetingsUrl = Annotated[
    str, typer.Option("--url", envvar="CHIBO_MEETINGS_URL", help="Địa chỉ dịch vụ meetings.")
]
InspectionUrl = Annotated[
    str, typer.Option("--url", envvar="CHIBO_INSPECTION_URL", help="Địa chỉ dịch vụ inspection.")
]
ReportingUrl = Annotated[
    str, typer.Option("--url", envvar="CHIBO_REPORTING_URL", help="Địa chỉ dịch vụ reporting.")
]
On = Annotated[
    date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Có hiệu lực từ ngày này.")
]
CorrectedOn = Annotated[
    date | None,
    typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày hiệu lực đúng."),
]
AsOf = Annotated[
    date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày cần xem; mặc định hôm nay.")
]
Within = Annotated[
    str | None, typer.Option("--unit", help="Mã tổ chức đảng, tính cả cấp dưới; bỏ trống là toàn bộ.")
]
KnownAt = Annotated[str | None, typer.Option(metavar="INSTANT", help="Như đã biết đến lúc đó (RFC 3339).")]
DecidedOn = Annotated[
    date | None,
    typer.Option("--decision-date", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày quyết định."),
]
DecisionDate = Annotated[
    date | None,
    typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Ngày quyết định; mặc định ngày văn bản."),
]
DocumentNumber = Annotated[str | None, typer.Option("--document", help="Số, ký hiệu văn bản.")]
DocumentDate = Annotated[
    date | None,
    typer.Option("--document-date", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày của văn bản."),
]


def decision(decision_date: date | None, document: str | None, document_date: date | None) -> dict[str, Any]:
    """Return what a command's body says of who ordered it. Raises BadParameter for half a document."""
    if (document is None) != (document_date is None):
        raise typer.BadParameter("Văn bản cần cả số (--document) và ngày (--document-date).")
    body: dict[str, Any] = {}
    if decision_date:
        body["decision_date"] = decision_date.isoformat()
    if document and document_date:
        body["document"] = {"number": document, "date": document_date.isoformat()}
    return body


def iso(day: date | None) -> str | None:
    """Return a day as services read it."""
    return None if day is None else day.isoformat()


def warn(answer: Mapping[str, Any]) -> None:
    """Print, on standard error, what an answer says is unusual."""
    for warning in answer["warnings"]:
        ERR.print(f"[yellow]Lưu ý:[/] {escape(warning['message'])}")


def give(answer: dict[str, Any], show: Callable[[dict[str, Any]], None], *, json: bool) -> None:
    """Print an answer for programs, or as `show` does for people."""
    if json:
        print_json(answer)
    else:
        show(answer)
