"""What the routes of notices, contacts and calendar files take and answer."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.idempotency import key_invalid
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
from chassis.problems import Problem, from_framework, unavailable
from chassis.settings import MAIL_ADDRESS
from contracts.notices import NoticeTopic
from services.meetings.answers import UNKNOWN_MEETING
from services.meetings.notices.notice import RecipientKind

_MEMBER: Final = "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"
_UNIT: Final = "01937b2e-5f00-7a10-8c00-0000000000c1"

Email = Annotated[str, StringConstraints(max_length=254, pattern=MAIL_ADDRESS)]
"""At most what a server takes (RFC 5321, section 4.5.3.1)."""


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
    """`dropped`: the meeting was changed before it was sent."""
    reason: str | None
    """Why it failed: `no-address`, `address-refused`, `message-refused`, `too-late`."""
    logged: bool
    """Only in the service's log, since the office has no mail server."""
    attempts: int
    settled_at: datetime | None


class Notice(_Model):
    """What was told of a meeting after one change, and to whom."""

    meeting_version: int
    topic: NoticeTopic
    queued_at: datetime
    superseded: bool
    """The meeting was changed since, or held."""
    deliveries: list[Delivery]


class Notices(_Model):
    """Notices of a meeting, the latest first."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "items": [
                    {
                        "meeting_version": 3,
                        "topic": "announced",
                        "queued_at": "2020-10-31T01:00:00+00:00",
                        "superseded": False,
                        "deliveries": [
                            {
                                "kind": "unit",
                                "id": _UNIT,
                                "withdrawn": False,
                                "state": "failed",
                                "reason": "no-address",
                                "logged": False,
                                "attempts": 1,
                                "settled_at": "2020-10-31T01:00:03+00:00",
                            }
                        ],
                    }
                ]
            }
        ),
    )

    items: list[Notice]


def unknown_member() -> Problem:
    """Return the problem of an id of which membership has told nothing."""
    return Problem(
        "unknown-member",
        404,
        title="Không có đảng viên này",
        title_en="Unknown member",
        detail="Chưa biết đảng viên nào mang mã số này. Nếu vừa ghi, hãy thử lại sau ít giây.",
    )


def unknown_unit(code: str) -> Problem:
    """Return the problem of a code that no unit bears, as far as membership has told."""
    return Problem(
        "unknown-unit",
        404,
        title="Không có tổ chức này",
        title_en="Unknown unit",
        detail=f"Chưa biết tổ chức nào mang mã “{code[:64]}”. Nếu vừa lập, hãy thử lại sau ít giây.",
    )


def no_such_path() -> Problem:
    """Return the problem of a code that no path can hold: the framework knows no route for a line end in it."""
    return from_framework(HTTPStatus.NOT_FOUND, "GET /v1/…")


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


def notices() -> dict[str, Any]:
    """Return what the decorator of the route says that reads the notices of a meeting."""
    return {
        "response_model": Notices,
        "responses": problem_answers(UNKNOWN_MEETING, invalid_at("path.id"), unavailable()),
    }


def calendar_file(*missing: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that answers with a calendar file."""
    content = {"text/calendar": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "response_class": Response,
        "responses": {
            200: {"description": "The file, in iCalendar (RFC 5545)", "content": content},
            **problem_answers(*missing, invalid_at("path.id"), unavailable()),
        },
    }
