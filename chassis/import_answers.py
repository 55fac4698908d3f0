"""What an import of a file answers, as OpenAPI documents have it."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from chassis.event_log import ConcurrentChange
from chassis.faults import Fault
from chassis.idempotency import key_invalid, key_reused
from chassis.imports import ImportRefused, Report
from chassis.openapi import Answers, example, invalid_at, problem_answers
from chassis.problems import unavailable
from chassis.table_rows import Located
from chassis.tables import MAX_BYTES
from chassis.uploads import file_too_large

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY: Final[Mapping[str, Any]] = {"type": "string", "format": "binary"}
_ERROR: Final[dict[str, Any]] = {
    "file": "meetings.csv",
    "line": 7,
    "column": "cell_code",
    "code": "unknown-cell",
    "message": "Chưa biết chi bộ nào mang mã K.99. Hãy kiểm tra mã.",
    "message_en": "No cell is known by the code K.99. Check it.",
}


class _Said(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class FileFault(_Said):
    """What is wrong, or unusual, in a line of a file."""

    file: str
    line: int
    column: str | None
    code: str
    message: str
    message_en: str


class ChangedRow(_Said):
    """A row that would change something, and the kinds of its events."""

    line: int
    code: str
    changes: list[str]


class ImportReport(_Said):
    """What came of a file."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "rows": 12,
                "imported": 10,
                "unchanged": 1,
                "refused": 1,
                "events": 20,
                "changes": {"meeting-planned": 10, "meeting-held": 9, "meeting-postponed": 1},
                "changed": [],
                "errors": [_ERROR],
                "errors_total": 1,
                "warnings": [],
                "warnings_total": 0,
            }
        ),
    )

    rows: int
    imported: int
    unchanged: int
    """Rows of which all is recorded already."""
    refused: int
    events: int
    changes: dict[str, int]
    """How many events of each kind."""
    changed: list[ChangedRow]
    """Of a dry run: the first rows that would change something."""
    errors: list[FileFault]
    errors_total: int
    """Of which the first are listed."""
    warnings: list[FileFault]
    warnings_total: int


def import_answers(file_name: str, fault: Fault) -> Answers:
    """Return what a route says that imports a file; `fault` is an example of what may be wrong with a row."""
    refused: Report[Any] = Report(file_name, refused=12, errors=[Located(7, fault)])
    return {
        **problem_answers(
            key_invalid(),
            ConcurrentChange(),
            file_too_large(file_name, MAX_BYTES),
            ImportRefused(refused),
            invalid_at("query.on_error"),
            key_reused(),
            unavailable(),
        ),
        200: {"model": ImportReport, "description": "The file was read, and its good rows are recorded"},
    }


def file_body(example_: str) -> dict[str, Any]:
    """Return what a route says whose body is a table; `example_` is one as CSV."""
    return {
        "requestBody": {
            "required": True,
            "description": "The file itself, CSV in UTF-8 or XLSX; its columns are in docs/input-files.md",
            "content": {"text/csv": {"schema": BINARY, "example": example_}, XLSX: {"schema": BINARY}},
        }
    }
