"""An import of a file: what is asked, what came of it row by row, and the answer where it was refused."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeVar

from chassis.faults import Fault
from chassis.problems import Problem
from chassis.table_rows import Located


class _Event(Protocol):
    @property
    def TYPE(self) -> str: ...  # noqa: N802 - of the events' classes


class Decided(Protocol):
    """What was decided, and its event."""

    @property
    def event(self) -> _Event:
        """What is to be recorded."""


D = TypeVar("D", bound=Decided)

MOST_LISTED: Final = 200
"""The most errors, and the most warnings, that an answer lists; the totals count all."""


class OnError(StrEnum):
    """What becomes of good rows when others are bad."""

    ABORT = "abort"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it, and what is to become of it."""

    body: bytes
    file_name: str
    workbook: bool = False
    on_error: OnError = OnError.ABORT
    dry_run: bool = False


@dataclass(slots=True)
class Report(Generic[D]):
    """What was decided of a file: the events of its good rows, and what is wrong with the others."""

    file_name: str
    decided: list[D] = field(default_factory=list)
    imported: int = 0
    unchanged: int = 0
    refused: int = 0
    changed: list[dict[str, Any]] = field(default_factory=list)
    errors: list[Located] = field(default_factory=list)
    warnings: list[Located] = field(default_factory=list)

    def accept(self, line: int, code: str, decided: Sequence[D], warnings: Iterable[Fault]) -> None:
        """Note a good row; without events all of it is recorded already."""
        self.decided += decided
        self.imported += bool(decided)
        self.unchanged += not decided
        self.warnings += [Located(line, fault) for fault in warnings]
        if decided and len(self.changed) < MOST_LISTED:
            names = [_short(one.event.TYPE) for one in decided]
            self.changed.append({"line": line, "code": code, "changes": names})

    def refuse(self, line: int, faults: Iterable[Fault]) -> None:
        """Note a bad row."""
        self.refused += 1
        self.errors += [Located(line, fault) for fault in faults]

    def as_json(self, *, dry_run: bool) -> dict[str, Any]:
        """Return the report as answers carry it; a dry run lists the rows that would change something."""
        changes = Counter(_short(one.event.TYPE) for one in self.decided)
        return {
            "rows": self.imported + self.unchanged + self.refused,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "events": len(self.decided),
            "changes": dict(changes),
            "changed": self.changed if dry_run else [],
            **self._found(),
        }

    def as_refusal(self) -> dict[str, Any]:
        """Return the report of a file of which nothing was recorded."""
        rows = self.imported + self.unchanged + self.refused
        nothing = {"imported": 0, "unchanged": 0, "refused": rows, "events": 0, "changes": {}, "changed": []}
        return {"rows": rows, **nothing, **self._found()}

    def _found(self) -> dict[str, Any]:
        return {
            "errors": self._listed(self.errors),
            "errors_total": len(self.errors),
            "warnings": self._listed(self.warnings),
            "warnings_total": len(self.warnings),
        }

    def _listed(self, found: Sequence[Located]) -> list[dict[str, Any]]:
        return [
            {"file": self.file_name, "line": located.line, **located.fault.as_json()}
            for located in found[:MOST_LISTED]
        ]


def _short(type_: str) -> str:
    """Return the name of an event in its type: `meeting-held` of `vn.chibo.meetings.meeting-held.v1`."""
    return type_.split(".")[-2]


class ImportRefused(Problem):
    """The answer of an import that was refused as a whole: nothing of the file is recorded."""

    def __init__(self, report: "Report[Any]") -> None:
        super().__init__(
            "import-refused",
            422,
            title="Tệp chưa nhập được",
            title_en="Import refused",
            detail=f"{report.file_name}: có {len(report.errors)} lỗi nên chưa nhập dòng nào; hãy sửa rồi gửi lại, "
            "hoặc chọn bỏ qua các dòng lỗi (on_error=skip).",
            **report.as_refusal(),
        )
