"""`chibo import`: a file to a service through its API, and what came of it row by row."""

import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from chibo.client import Client, ProblemAnswer
from chibo.console import ERR, Refused, line
from chibo.files import written

_MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SHOWN: Final = 20


class OnError(StrEnum):
    """What happens to a file with rows in error."""

    ABORT = "abort"
    SKIP = "skip"


_CHANGES: Final = {
    "organisation-established": "thành lập",
    "organisation-dissolved": "giải thể",
    "member-admitted": "kết nạp",
    "member-numbers-recorded": "ghi số thẻ, số lý lịch",
    "member-confirmed": "công nhận chính thức",
    "member-left": "ra khỏi danh sách",
    "meeting-planned": "có kế hoạch",
    "meeting-rescheduled": "có lịch mới",
    "meeting-held": "đã họp",
    "meeting-postponed": "hoãn",
    "meeting-cancelled": "hủy",
    "visit-recorded": "lần dự",
    "finding-opened": "hạn chế",
    "finding-remedy-reported": "báo cáo khắc phục",
    "finding-closed": "xác nhận khắc phục",
    "member-moved": "chuyển chi bộ",
    "member-received": "chuyển đến",
    "member-temporary-stay-began": "sinh hoạt tạm thời",
    "member-history-restated": "ghi vào quá khứ",
    "transfer-requested": "đề nghị chuyển",
    "transfer-released": "giới thiệu chuyển",
    "transfer-received": "tiếp nhận",
}
"""What events are called; others are shown by their own names."""


def import_file(
    membership: Client,
    kind: str,
    file: Path,
    *,
    on_error: str = "abort",
    dry_run: bool = False,
    errors_to: Path | None = None,
) -> dict[str, Any]:
    """Send a file of `kind` ("organisations", "meetings" and so on) to its service; return what that answers.

    Where rows are in error, the file with those cells marked is written to the workbook `errors_to`. Raises Refused
    where a file cannot be read or written, ProblemAnswer where it is not imported; the rows in error have been shown.
    """
    media_type = _MEDIA_TYPES.get(file.suffix.lower())
    if media_type is None:
        raise Refused(f"{file.name}: chỉ nhận tệp .csv hoặc .xlsx.")
    if errors_to is not None and errors_to.suffix.lower() != ".xlsx":
        raise Refused(f"{errors_to.name}: lỗi được ghi ra tệp .xlsx.")
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
        if errors_to is not None and problem.body.get("errors_total"):
            _write_marked(
                membership, kind, errors_to, file_name=file.name, content=content, media_type=media_type
            )
        raise
    _show_notices(answer)
    show_rows(answer.get("errors", []), "Dòng có lỗi, không được nhập")
    show_rows(answer.get("warnings", []), "Dòng cần xem lại")
    _show_changes(answer.get("changed", []))
    if errors_to is not None and answer.get("errors_total"):
        _write_marked(
            membership, kind, errors_to, file_name=file.name, content=content, media_type=media_type
        )
    return answer


def _write_marked(
    membership: Client, kind: str, errors_to: Path, *, file_name: str, content: bytes, media_type: str
) -> None:
    """Write the file with its faulty cells marked: it is asked for by a dry run, which keeps nothing."""
    with written(errors_to, overwrite=True) as marked:
        membership.download(
            f"/v1/imports/{kind}",
            marked,
            method="POST",
            content=content,
            headers={"Content-Type": media_type, "Accept": _MEDIA_TYPES[".xlsx"]},
            on_error="skip",
            dry_run="true",
            file_name=file_name,
        )
    line(f"Các ô có lỗi đã được đánh dấu trong {errors_to}.")


def _show_notices(answer: Mapping[str, Any]) -> None:
    """Print how the file was understood where its headers or dates are not those of the format."""
    if notices := answer.get("notices", []):
        line(" ".join(notice["message"] for notice in notices))


def summary(answer: Mapping[str, Any]) -> str:
    """Return what came, or would come, of a file in one sentence."""
    changes = ", ".join(f"{count} {_CHANGES.get(name, name)}" for name, count in answer["changes"].items())
    return (
        f"{answer['rows']} dòng: {answer['imported']} nhập, {answer['unchanged']} không đổi,"
        f" {answer['refused']} bị từ chối; {answer['events']} sự kiện{f' ({changes})' if changes else ''}."
    )


def _show_changes(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print what a dry run says would change, on standard error."""
    if not rows:
        return
    table = Table(title="Sẽ thay đổi", title_justify="left")
    table.add_column("Dòng", justify="right")
    table.add_column("Mã")
    table.add_column("Thay đổi", overflow="fold")
    for row in rows[:_SHOWN]:
        changes = ", ".join(_CHANGES.get(name, name) for name in row["changes"])
        table.add_row(str(row["line"]), escape(str(row["code"])), changes)
    ERR.print(table)
    if len(rows) > _SHOWN:
        ERR.print("… và các dòng khác.")


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
            escape(str(row.get("column") or "")),
            escape(str(row.get("message") or row.get("why") or "")),
        )
    ERR.print(table)
    if len(rows) > _SHOWN:
        ERR.print(f"… và {len(rows) - _SHOWN} dòng khác.")
