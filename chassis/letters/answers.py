"""What the routes of contacts take and answer, and what is answered of a letter that was sent."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, WithJsonSchema

from chassis.idempotency import key_invalid
from chassis.letters.recipients import RecipientKind
from chassis.openapi import (
    NOT_MODIFIED,
    example,
    invalid_at,
    problem_answers,
    resource_answer,
    unreadable_body,
)
from chassis.preconditions import (
    documented_if_match,
    documented_if_none_match,
    invalid_if_match,
    precondition_failed,
)
from chassis.problems import Problem, unavailable
from chassis.settings import MAIL_ADDRESS

_MEMBER: Final = "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"
_SHOWN: Final = ("withdrawn", "state", "reason", "logged", "attempts", "settled_at")

_LONGEST: Final = 254
"""At most what a server takes (RFC 5321, section 4.5.3.1)."""
_ADDRESS: Final = re.compile(MAIL_ADDRESS.removesuffix("$"))


def _address(text: str) -> str:
    if len(text) > _LONGEST or not _ADDRESS.fullmatch(text):
        raise ValueError("phải là một địa chỉ thư điện tử không dấu, như vanphong@soyte.example")
    return text


Email = Annotated[
    str,
    AfterValidator(_address),
    WithJsonSchema({"type": "string", "maxLength": _LONGEST, "pattern": MAIL_ADDRESS}),
]
"""An address in words when it is refused: people type it."""


class _Model(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Address(_Model):
    """Where somebody is reached."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra=example({"email": "chibo.khoanoi@soyte.example"})
    )

    email: Email


class ContactChanged(_Model):
    """Whose contact is another now; the address itself is not repeated."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example({"kind": "member", "id": _MEMBER, "version": 1}),
    )

    kind: RecipientKind
    id: UUID
    version: int


class Contact(ContactChanged):
    """Where somebody is reached."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {"kind": "member", "id": _MEMBER, "version": 1, "email": "chibo.khoanoi@soyte.example"}
        ),
    )

    email: str


class Delivery(_Model):
    """What became of a notice for one recipient."""

    kind: RecipientKind
    id: UUID
    withdrawn: bool
    """Told before, and not to come any more: told that."""
    state: Literal["waiting", "sent", "failed", "dropped"]
    """`dropped`: what it tells of was changed before it was sent."""
    reason: str | None
    """Why it failed: `no-address`, `address-refused`, `message-refused`, `too-late`."""
    logged: bool
    """Only in the service's log, since the office has no mail server."""
    attempts: int
    settled_at: datetime | None


def delivery_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of deliveries as answers carry it."""
    return {"kind": row["kind"], "id": row["recipient_id"], **{name: row[name] for name in _SHOWN}}


def no_contact() -> Problem:
    """Return the problem of somebody whose address is not known."""
    return Problem(
        "no-contact",
        404,
        title="Chưa có địa chỉ",
        title_en="No contact",
        detail="Chưa ghi địa chỉ thư điện tử. Hãy ghi bằng lệnh PUT vào chính đường dẫn này.",
    )


def contact_changed(*missing: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that changes a contact; `missing` is why there may be none."""
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(200, ContactChanged, "Done"),
            **problem_answers(
                key_invalid(), invalid_if_match(), unreadable_body(), *missing, precondition_failed(3)
            ),
        },
    }


def contact_read(*missing: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that reads a contact."""
    return {
        "dependencies": [Depends(documented_if_none_match)],
        "response_model": None,
        "responses": {
            **resource_answer(200, Contact, "The contact"),
            **NOT_MODIFIED,
            **problem_answers(*missing, invalid_at("header.X-Chibo-Actor"), unavailable()),
        },
    }
