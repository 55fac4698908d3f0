"""What an import of past meetings answers, as the OpenAPI document has it."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from chassis.event_log import ConcurrentChange
from chassis.idempotency import key_invalid, key_reused
from chassis.openapi import Answers, example, invalid_at, problem_answers
from chassis.problems import unavailable
from chassis.tables import MAX_BYTES
from chassis.uploads import file_too_large
from services.meetings.faults import Fault
from services.meetings.imports.columns import COLUMNS
from services.meetings.imports.report import Report
from services.meetings.imports.rows import Located
from services.meetings.imports.run import ImportRefused

FILE_EXAMPLE: Final = (
    f"{','.join(column.name for column in COLUMNS)}\n"
    "K.01.02,regular,2020-03,held,2020-03-03 14:30,95,,11,10,1,0,7,4,3,,,\n"
    "K.01.02,regular,2020-04,postponed,,,,,,,,,,,epidemic,16/CT-TTg,2020-03-31\n"
)
_UNKNOWN: Final = Fault("unknown-cell", "cell_code", {"code": "K.99"})


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class FileFault(_Answer):
    """What is wrong, or unusual, in a line of a file."""

    file: str
    line: int
    column: str | None
    code: str
    message: str
    message_en: str


class ChangedRow(_Answer):
    """A row that would change something, and the kinds of its events."""

    line: int
    code: str
    changes: list[str]


class ImportReport(_Answer):
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
                "errors": [{"file": "meetings.csv", "line": 7, **_UNKNOWN.as_json()}],
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


def _refused_file() -> ImportRefused:
    return ImportRefused(Report("meetings.csv", refused=12, errors=[Located(7, _UNKNOWN)]))


IMPORT: Final[Answers] = {
    **problem_answers(
        key_invalid(),
        ConcurrentChange(),
        file_too_large("meetings.csv", MAX_BYTES),
        _refused_file(),
        invalid_at("query.on_error"),
        key_reused(),
        unavailable(),
    ),
    200: {"model": ImportReport, "description": "The file was read, and its good rows are recorded"},
}

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BINARY: Final = {"type": "string", "format": "binary"}

MEETINGS_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, CSV in UTF-8 or XLSX; its columns are in docs/input-files.md",
        "content": {"text/csv": {"schema": _BINARY, "example": FILE_EXAMPLE}, _XLSX: {"schema": _BINARY}},
    }
}
