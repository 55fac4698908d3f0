"""What is wrong with something asked for, in words: how to mend it, in Vietnamese and English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong (or, as a warning, unusual); `column` is a column of a file or a JSON field.

    A service has a subclass with its `messages`: by code, the Vietnamese and the English text. Raises KeyError where
    the code has no message.
    """

    messages: ClassVar[Mapping[str, tuple[str, str]]] = {}

    code: str
    column: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.messages[self.code]

    @property
    def message(self) -> str:
        """What is wrong and how to mend it, in Vietnamese, with days as day/month/year."""
        shown = {name: _in_vietnamese(value) for name, value in self.parameters.items()}
        return self.messages[self.code][0].format(column=self.column, **shown)

    @property
    def message_en(self) -> str:
        """The same in English, with days as ISO 8601 writes them."""
        return self.messages[self.code][1].format(column=self.column, **self.parameters)

    def as_json(self) -> dict[str, Any]:
        """Return the fault as answers carry it."""
        return {
            "column": self.column,
            "code": self.code,
            "message": self.message,
            "message_en": self.message_en,
        }


class FaultsFound(Exception):  # noqa: N818 - it carries findings, which the caller may collect
    """Something asked for is refused, for one reason or several."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = tuple(faults)


def _in_vietnamese(value: Any) -> Any:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value
