"""What the routes of reports take and answer."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query
from fastapi.responses import Response

from chassis.openapi import Answers, invalid_at, problem_answers
from chassis.papers import PaperFault
from chassis.papers.http import FILE_NAME, faulty_template
from chassis.papers.http import Form as PaperForm
from chassis.preconditions import documented_if_none_match
from chassis.problems import Problem, unavailable
from services.reporting import parameters
from services.reporting.figures.periods import Period
from services.reporting.reports.gathering import unit_not_there
from services.reporting.reports.spans import EXAMPLES, Span
from services.reporting.reports.templates import FILE


class Form(StrEnum):
    """In which form a report is wanted."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Final = {
    Form.PDF: PaperForm.PDF.media_type,
    Form.DOCX: PaperForm.DOCX.media_type,
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

SpanOfReport = Annotated[Span, Path(description="How long the days of the report are")]
PeriodOfReport = Annotated[
    str | None,
    Query(
        description="The month (2020-11), quarter (2020-Q4) or year (2020), as the path says; the last one that is"
        " over by default",
        examples=["2020-11"],
    ),
]
FormOfReport = Annotated[
    str | None, Query(alias="format", description=f"{', '.join(Form)}; pdf by default", examples=["docx"])
]

_ETAG: Final = {
    "ETag": {
        "required": True,
        "description": "Of this report as of the last event counted, the day and the template, for `If-None-Match`",
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
        "example": '"9b6f2a51c0d84e7793b1c5d0e2f4a688"',
    }
}
_BINARY: Final = {"type": "string", "format": "binary"}
_FAULTY: Final = faulty_template(FILE, PaperFault("chỗ điền không dùng được: 'dang_vien' is undefined"))


def not_a_period(span: Span) -> Problem:
    """Return the problem of a period that is no month, quarter or year as is asked for."""
    names = {Span.MONTH: "tháng", Span.QUARTER: "quý", Span.YEAR: "năm"}
    return parameters.wrong(
        "period", f"Kỳ của báo cáo {names[span]} cần viết như {EXAMPLES[span]}, từ năm 1900 đến 2199."
    )


def report() -> dict[str, Any]:
    """Return what the decorator of the route says that answers with a report."""
    told: Answers = {
        200: {
            "description": "The report",
            "headers": _ETAG | FILE_NAME,
            "content": {form.media_type: {"schema": _BINARY} for form in Form},
        },
        304: {"description": "The copy named by `If-None-Match` still holds", "headers": _ETAG},
    }
    year = Period(date(2020, 1, 1), date(2020, 12, 31))
    problems = (
        not_a_period(Span.MONTH), parameters.unknown_unit("K.99"), unit_not_there("K.9", "Chi bộ Chín", year),
        invalid_at("path.span"), _FAULTY, unavailable(),
    )  # fmt: skip
    return {
        "response_class": Response,
        "dependencies": [Depends(documented_if_none_match)],
        "responses": told | problem_answers(*problems),
    }
