"""What came of an import, row by row."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from chassis.faults import Fault as AnyFault
from services.membership.domain import Decided, Organisation
from services.membership.faults import Fault
from services.membership.files import Located
from services.membership.members import Member

State = TypeVar("State", Organisation, Member)
"""What a file holds."""

MOST_LISTED: Final = 200
"""The most errors, and the most warnings, that an answer lists; the totals count all."""


@dataclass(slots=True)
class Plan(Generic[State]):
    """What is decided of some rows: the events of good rows, and what is wrong with the others."""

    decided: list[Decided[State]] = field(default_factory=list)
    imported: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: list[Located] = field(default_factory=list)
    warnings: list[Located] = field(default_factory=list)
    day_first: Counter[str] = field(default_factory=Counter)
    """How many dates of each column were written day/month/year."""
    changed: list[tuple[int, Sequence[Decided[State]]]] = field(default_factory=list)
    """The good rows of which the register does not have everything yet."""

    def accept(self, line: int, decided: Sequence[Decided[State]], warnings: Iterable[AnyFault] = ()) -> None:
        """Note a good row; without events the register has all of it already."""
        self.decided += decided
        if decided:
            self.imported += 1
            self.changed.append((line, decided))
        self.unchanged += not decided
        self.warnings += [Located(line, fault) for fault in warnings]

    def refuse(self, line: int, faults: Iterable[AnyFault]) -> None:
        """Note a bad row."""
        self.refused += 1
        self.errors += [Located(line, fault) for fault in faults]


@dataclass(slots=True)
class Report:
    """The sum of all plans of a file; `errors` and `warnings` keep the first `most_kept`."""

    file_name: str
    most_kept: int = MOST_LISTED
    most_changes: int = 0
    """How many changed rows are listed: a dry run shows what would come of the file."""
    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    refused: int = 0
    events: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    """How many events there are of each type."""
    changed: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    errors_total: int = 0
    warnings: list[dict[str, Any]] = field(default_factory=list)
    warnings_total: int = 0
    day_first: Counter[str] = field(default_factory=Counter)
    """How many dates of each column were written day/month/year."""
    month_first: bool = False
    """Whether a date was met that can only be month/day/year."""
    _header: list[Located] = field(default_factory=list)

    def add(self, plan: Plan[State]) -> None:
        """Add what was decided of some rows."""
        self.rows += plan.imported + plan.unchanged + plan.refused
        self.imported += plan.imported
        self.unchanged += plan.unchanged
        self.refused += plan.refused
        self.events += len(plan.decided)
        self.changes.update(one.event.TYPE for one in plan.decided)
        self.changed += [
            {
                "line": line,
                "code": decided[-1].state.code,
                "changes": [_short(one.event.TYPE) for one in decided],
            }
            for line, decided in plan.changed[: self.most_changes - len(self.changed)]
        ]
        self.day_first += plan.day_first
        self.add_errors(plan.errors)
        self.add_warnings(plan.warnings)

    def understood(self, header: Sequence[Located]) -> None:
        """Note the columns that were found under another name than their own."""
        self._header += header

    def doubt_dates(self) -> bool:
        """Return whether dates were read day first while others have the month first; that error comes first."""
        doubtful = self.month_first and bool(self.day_first)
        if doubtful:
            mixed = Located(1, Fault("dates-mixed", None, {"count": self.day_first.total()}))
            self.errors[:0] = self._listed([mixed], 1)
            self.errors_total += 1
        return doubtful

    def add_errors(self, errors: Sequence[Located]) -> None:
        """Keep errors, as far as there is room, and count them."""
        self.errors_total += len(errors)
        self.month_first |= any(located.fault.code == "date-month-first" for located in errors)
        self.errors += self._listed(errors, self.most_kept - len(self.errors))

    def add_warnings(self, warnings: Sequence[Located]) -> None:
        """Keep warnings, as far as there is room, and count them."""
        self.warnings_total += len(warnings)
        self.warnings += self._listed(warnings, self.most_kept - len(self.warnings))

    def _notices(self) -> list[Located]:
        """Return how the file was understood where it could have been meant otherwise; nothing is to be mended."""
        dates = self.day_first.items()
        return [
            *self._header,
            *(Located(1, Fault("dates-day-first", column, {"count": count})) for column, count in dates),
        ]

    def _listed(self, found: Sequence[Located], room: int) -> list[dict[str, Any]]:
        return [
            {"file": self.file_name, "line": located.line, **located.fault.as_json()}
            for located in found[:room]
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the report as answers carry it."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "events": self.events,
            "changes": {_short(type_): count for type_, count in self.changes.items()},
            "changed": self.changed,
            "errors": self.errors[:MOST_LISTED],
            "errors_total": self.errors_total,
            "warnings": self.warnings[:MOST_LISTED],
            "warnings_total": self.warnings_total,
            "notices": self._listed(self._notices(), MOST_LISTED),
        }


def _short(type_: str) -> str:
    """Return the name of an event in its type: `member-admitted` of `vn.chibo.membership.member-admitted.v1`."""
    return type_.split(".")[-2]
