"""`chibo import`: a file to the register through membership's API, and what came of it row by row."""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from chibo.client import Client, ProblemAnswer
from chibo.console import ERR, Refused, line

_MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SHOWN: Final = 20


def import_file(
    membership: Client, kind: str, file: Path, *, on_error: str = "abort", dry_run: bool = False
) -> dict[str, Any]:
    """Send a file of `kind` ("organisations" or "members"); return what membership answers.

    Raises Refused where the file cannot be read, ProblemAnswer where it is not imported; the rows in error
    have been shown then.
    """
    media_type = _MEDIA_TYPES.get(file.suffix.lower())
    if media_type is None:
        raise Refused(f"{file.name}: chỉ nhận tệp .csv hoặc .xlsx.")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refused(f"Không đọc được tệp {file}: {error.strerror}.") from error
    try:
        answer: dict[str, Any] = membership.post(
            f"/v1/imports/{kind}",
            content=content,
            headers={"Content-Type": media_type, "Idempotency-Key": str(uuid.uuid4())},
            on_error=on_error,
            dry_run="true" if dry_run else "false",
            file_name=file.name,
        )
    except ProblemAnswer as problem:
        _show_notices(problem.body)
        show_rows(problem.body.get("errors", []), "Dòng có lỗi")
        raise
    _show_notices(answer)
    show_rows(answer.get("errors", []), "Dòng có lỗi, không được nhập")
    show_rows(answer.get("warnings", []), "Dòng cần xem lại")
    return answer


def _show_notices(answer: Mapping[str, Any]) -> None:
    """Print how the file was understood where its headers or dates are not those of the format."""
    if notices := answer.get("notices", []):
        line(" ".join(notice["message"] for notice in notices))


def show_rows(rows: Sequence[Mapping[str, Any]], title: str) -> None:
    """Print errors or warnings of rows on standard error: line, column, what is wrong and how to mend it."""
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    table.add_column("Dòng", justify="right")
    table.add_column("Cột")
    table.add_column("Nội dung", overflow="fold")
    for row in rows[:_SHOWN]:
        table.add_row(
            str(row.get("line") or ""),
            str(row.get("column") or ""),
            str(row.get("message") or row.get("why") or ""),
        )
    ERR.print(table)
    if len(rows) > _SHOWN:
        ERR.print(f"… và {len(rows) - _SHOWN} dòng khác.")
