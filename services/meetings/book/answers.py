"""What the routes of books answer, as their OpenAPI document has it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.openapi import example
from services.meetings.book.chain import Damage, PageKind


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class BookPage(_Answer):
    """A page of a book."""

    page: int
    """Its place, from 1."""
    meeting_id: UUID
    kind: PageKind
    series: str
    number: int
    content: dict[str, Any]
    """What was approved; a correction says what the pages that it names said, and what holds instead."""
    written_at: datetime
    previous: str
    """SHA-256 of the page before, in hexadecimal digits; zeros before the first."""
    hash: str


class Book(_Answer):
    """The book of a cell, by its pages."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "cell_code": "K.01.02",
                "items": [
                    {
                        "page": 1,
                        "meeting_id": "0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11",
                        "kind": "resolution",
                        "series": "2020–2025",
                        "number": 5,
                        "content": {"subject": "Nhiệm vụ tháng 11 năm 2020"},
                        "written_at": "2020-11-03T09:10:00+00:00",
                        "previous": "0" * 64,
                        "hash": "5f" * 32,
                    }
                ],
                "next": None,
            }
        ),
    )

    cell_code: str
    items: list[BookPage]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class DamagedPage(_Answer):
    """A page that is not as it was written."""

    cell_code: str | None
    """None where no unit of that book is known."""
    page: int
    damage: Damage
    message: str
    """What is wrong with it, in Vietnamese."""


class Verification(_Answer):
    """Whether books are as they were written."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "books": 1,
                "pages": 24,
                "whole": False,
                "findings": [
                    {
                        "cell_code": "K.01.02",
                        "page": 7,
                        "damage": "altered",
                        "message": "Nội dung trang đã bị sửa sau khi ghi.",
                    }
                ],
            }
        ),
    )

    books: int
    pages: int
    whole: bool
    findings: list[DamagedPage]
