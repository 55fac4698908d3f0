"""What came of an import, row by row."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chassis.faults import Fault
from services.meetings.domain import Decided
from services.meetings.imports.rows import Located

MOST_LISTED: Final = 200
"""The most errors, and the most warnings, that an answer lists; the totals count all."""


@dataclass(slots=True)
class Report:
    """What was decided of a file: the events of its good rows, and what is wrong with the others."""

    file_name: str
    decided: list[Decided] = field(default_factory=list)
    imported: int = 0
    unchanged: int = 0
    refused: int = 0
    changed: list[dict[str, Any]] = field(default_factory=list)
    errors: list[Located] = field(default_factory=list)
    warnings: list[Located] = field(default_factory=list)

    def accept(self, line: int, code: str, decided: Sequence[Decided], warnings: Iterable[Fault]) -> None:
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
