"""Fields that the commands of inspection share, as JSON has them."""

from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from chassis.vietnamese import nfc
from contracts.membership import DocumentRef

LONGEST: Final = 300
"""Characters of a line of text; a convention of this system."""


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("có ký tự không dùng được trong văn bản")
    return " ".join(nfc(value).split())


def _remark(value: object) -> object:
    """Keep paragraphs; within each, spaces as in a line of text."""
    if not isinstance(value, str):
        return value
    lines = [_text(one) for one in value.replace("\r\n", "\n").split("\n")]
    return "\n".join(str(one) for one in lines).strip() or None


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) == len("2020-11-30") else None
        except ValueError:
            return None
    return None


Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), BeforeValidator(_text)]
"""Text in NFC with single spaces and nothing that a database cannot hold."""
Remark = Annotated[str, StringConstraints(max_length=4000)]
Remarked = Annotated[Remark | None, BeforeValidator(_remark)]
"""What somebody says in words, of one or more paragraphs; None for nothing said."""
Day = Annotated[date, BeforeValidator(_day)]
"""An ISO date."""


class Request(BaseModel):
    """What a command is made of; a field that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Document(Request):
    """The document that ordered it."""

    number: Text
    date: Day

    def reference(self) -> DocumentRef:
        """Return it as events carry it."""
        return DocumentRef(number=self.number, date=self.date)
