"""What the routes of documents take and answer."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.file_kinds import MAX_BYTES, FileKind
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import Problem, unavailable
from chassis.uploads import file_too_large
from contracts.notices import WithdrawalReason
from services.meetings.answers import UNKNOWN_MEETING, Warning_

_BINARY: Final = {"type": "string", "format": "binary"}
_EXAMPLE: Final[dict[str, Any]] = {
    "id": "01937b2e-5f00-7a10-8c00-0000000000f2",
    "file_name": "du-thao-nghi-quyet.pdf",
    "media_type": "application/pdf",
    "size": 48213,
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "posted_at": "2020-10-31T01:00:00+00:00",
    "withdrawn_at": None,
    "withdrawal": None,
    "replaced_by": None,
}

BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "The file itself: PDF, DOCX, XLSX, PNG or JPEG; which one is told by its content",
        "content": {"application/octet-stream": {"schema": _BINARY}},
    }
}
"""What the route says that reads its body as a stream."""


class Document(BaseModel):
    """A file posted for a meeting."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_EXAMPLE))

    id: UUID
    file_name: str
    media_type: str
    size: int
    """In bytes."""
    sha256: str
    """Of its bytes, in hexadecimal."""
    posted_at: datetime
    withdrawn_at: datetime | None
    """When it was taken back; None while it stands."""
    withdrawal: WithdrawalReason | None
    """Why: only what was replaced can still be read."""
    replaced_by: UUID | None
    """The document that stands in its place."""


class PostedDocument(Document):
    """A file posted for a meeting, or taken back, and what is unusual about that."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example(_EXAMPLE | {"warnings": []})
    )

    warnings: list[Warning_]


class Withdrawing(BaseModel):
    """Why a document is taken back."""

    model_config = ConfigDict(
        extra="forbid", use_attribute_docstrings=True, json_schema_extra=example({"reason": "mistaken"})
    )

    reason: WithdrawalReason
    replaced_by: UUID | None = None
    """The document of the same meeting that stands in its place, where it is replaced."""


class Documents(BaseModel):
    """The files posted for a meeting, in their order, those taken back among them."""

    model_config = ConfigDict(json_schema_extra=example({"items": [_EXAMPLE]}))

    items: list[Document]


def unknown_document() -> Problem:
    """Return the problem of an id that no document of the meeting has."""
    return Problem(
        "unknown-document",
        404,
        title="Không có tài liệu này",
        title_en="Unknown document",
        detail="Cuộc họp không có tài liệu nào mang mã số này. Hãy lấy mã số từ danh sách tài liệu của cuộc họp.",
    )


def document_withdrawn() -> Problem:
    """Return the problem of a document that was taken back and cannot be read any more."""
    return Problem(
        "document-gone",
        410,
        title="Tài liệu đã được thu hồi",
        title_en="Document withdrawn",
        detail="Tài liệu này đã được thu hồi vì gửi nhầm hoặc không được phổ biến, nên không đọc được nữa.",
    )


def withdrawing() -> dict[str, Any]:
    """Return what the decorator of the route says that takes a document back."""
    return {
        "responses": {
            200: {"model": PostedDocument, "description": "Done; its event is recorded for good"},
            **problem_answers(UNKNOWN_MEETING, unknown_document()),
        }
    }


def posting() -> dict[str, Any]:
    """Return what the decorator of the route says that posts a document."""
    answered = {"model": PostedDocument}
    return {
        "openapi_extra": BODY,
        "responses": {
            200: {**answered, "description": "It was posted for this meeting before, and is kept once"},
            201: {**answered, "description": "Done; its event is recorded for good"},
            **problem_answers(UNKNOWN_MEETING, file_too_large("du-thao.pdf", MAX_BYTES)),
        },
    }


def listing() -> dict[str, Any]:
    """Return what the decorator of the route says that lists documents."""
    return {
        "response_model": Documents,
        "responses": problem_answers(UNKNOWN_MEETING, invalid_at("path.id"), unavailable()),
    }


def reading() -> dict[str, Any]:
    """Return what the decorator of the route says that answers with a document's bytes."""
    return {
        "response_class": Response,
        "responses": {
            200: {
                "description": "The file",
                "content": {kind.media_type: {"schema": _BINARY} for kind in FileKind},
            },
            **problem_answers(unknown_document(), document_withdrawn(), invalid_at("path.id"), unavailable()),
        },
    }
