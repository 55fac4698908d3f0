"""What the routes of transfers answer, as their OpenAPI document has it; the people in the examples are made up."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Path
from pydantic import BaseModel, ConfigDict

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
from chassis.problems import Problem, unavailable
from contracts.transfers import CancelReason, TransferKind, TransferState
from services.membership import thresholds
from services.membership.answers import UNKNOWN_MEMBER, Warning_

_TRANSFER: Final[dict[str, Any]] = {
    "id": "0e6b2f0e-52a1-4f5c-8a58-0c1f5b0b8b71",
    "member_code": "ĐV-000123",
    "kind": "within_committee",
    "state": "released",
    "origin_code": "K.01.02",
    "destination_code": "K.01.03",
    "outside": None,
    "requested_on": "2020-03-02",
    "released_on": "2020-03-09",
    "due_on": "2020-06-04",
    "ended_on": None,
    "until_on": None,
    "cancelled_for": None,
    "version": 2,
}
_LISTED: Final[dict[str, Any]] = _TRANSFER | {
    "full_name": "Lê Thị Hoa",
    "origin_name": "Chi bộ Khoa Nội",
    "destination_name": "Chi bộ Khoa Ngoại",
    "overdue": False,
}


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class _Transfer(_Answer):
    id: UUID
    member_code: str
    kind: TransferKind
    """It follows from both ends and the tree of the day of the request."""
    state: TransferState
    origin_code: str | None
    """Null where it is outside the register."""
    destination_code: str | None
    """Null where it is outside the register."""
    outside: str | None
    """The organisation outside, as somebody named it."""
    requested_on: date
    released_on: date | None
    due_on: date | None
    """The last day on which they are received in time.

    Null before the release, for a temporary stay, and where the working-day calendar does not reach so far.
    """
    ended_on: date | None
    """The day of the reception, the cancellation or the expiry."""
    until_on: date | None
    """When a temporary stay is meant to end."""
    cancelled_for: CancelReason | None
    version: int
    """Number of steps so far; the entity tag."""


class ChangedTransfer(_Transfer):
    """A transfer after a command; nothing of who it is, as the answer is kept with its idempotency key."""

    model_config = ConfigDict(json_schema_extra=example(_TRANSFER | {"warnings": []}))

    warnings: list[Warning_]


class Transfer(_Transfer):
    """A transfer, and who is on the way."""

    model_config = ConfigDict(json_schema_extra=example(_LISTED))

    full_name: str | None
    """Null for somebody whom the register does not know yet."""
    origin_name: str | None
    """Null where it is outside the register, and likewise the destination's."""
    destination_name: str | None
    overdue: bool
    """Whether the deadline was past on the day asked for, with the transfer as it is now."""


class TransferPage(_Answer):
    """A page of transfers, by the days of their requests."""

    model_config = ConfigDict(
        json_schema_extra=example({"as_of": "2020-03-10", "items": [_LISTED], "next": None})
    )

    as_of: date
    items: list[Transfer]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class MemberTransfers(_Answer):
    """All transfers of a member, by the days of their requests."""

    model_config = ConfigDict(
        json_schema_extra=example({"code": "ĐV-000123", "as_of": "2020-03-10", "items": [_LISTED]})
    )

    code: str
    as_of: date
    items: list[Transfer]


class KnownTransfer(_Transfer):
    """A transfer as it was known at some time; nothing of who it is."""

    model_config = ConfigDict(json_schema_extra=example(_TRANSFER))


class TransferEntry(_Answer):
    """What was recorded of a transfer at one time."""

    number: int
    """By which a correction names it."""
    step: TransferState | None
    """The state that the step led to, stated itself or in the place of what it corrects; null for a withdrawal."""
    recorded_at: datetime
    corrects: int | None
    """Number of the step that it puts right, or withdraws."""
    status: Literal["stands", "replaced", "withdrawn", "withdrawal"]
    replaced_by: int | None
    effective_date: date
    decision_date: date | None
    before: KnownTransfer | None
    after: KnownTransfer
    """All of it from then on."""


class TransferHistory(_Answer):
    """Everything recorded of a transfer, in order, and what it came to; nothing of who is on the way."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": _TRANSFER["id"],
                "transfer": _TRANSFER,
                "entries": [
                    {
                        "number": 2,
                        "step": "released",
                        "recorded_at": "2020-03-09T02:15:00.123456Z",
                        "corrects": None,
                        "status": "stands",
                        "replaced_by": None,
                        "effective_date": "2020-03-09",
                        "decision_date": None,
                        "before": _TRANSFER
                        | {"state": "requested", "released_on": None, "due_on": None, "version": 1},
                        "after": _TRANSFER,
                    }
                ],
            }
        )
    )

    id: UUID
    transfer: KnownTransfer
    entries: list[TransferEntry]


class OverdueTransfer(Transfer):
    """A transfer whose deadline is past."""

    overdue_since: date
    """The day after `due_on`."""
    source: str
    """The rule, and the document it is from."""


class OverdueTransferPage(_Answer):
    """A page of transfers overdue, those released first before the others."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "as_of": "2020-06-10",
                "items": [
                    _LISTED
                    | {
                        "overdue": True,
                        "overdue_since": "2020-06-05",
                        "source": thresholds.TRANSFER_WORKING_DAYS.source,
                    }
                ],
                "next": None,
            }
        )
    )

    as_of: date
    items: list[OverdueTransfer]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class ExpiredTransfers(_Answer):
    """What the expiry of all overdue transfers came to; none the second time."""

    model_config = ConfigDict(
        json_schema_extra=example({"as_of": "2020-06-05", "expired": [_TRANSFER["id"]], "count": 1})
    )

    as_of: date
    expired: list[UUID]
    count: int


def unknown_transfer(id_: UUID) -> Problem:
    """Return the problem of a transfer's id that the register does not have."""
    return Problem(
        "unknown-transfer",
        404,
        title="Không có lần chuyển sinh hoạt đảng này",
        title_en="Unknown transfer",
        detail=f"Trong sổ không có lần chuyển sinh hoạt đảng mang số {id_}.",
    )


_UNKNOWN: Final = unknown_transfer(UUID(_TRANSFER["id"]))

CHANGED: Final[dict[str, Any]] = {
    "dependencies": [Depends(documented_if_match)],
    "responses": {
        **resource_answer(200, ChangedTransfer, "Done; its events are recorded for good"),
        **problem_answers(
            key_invalid(), invalid_if_match(), unreadable_body(), _UNKNOWN, precondition_failed(3)
        ),
    },
}
"""What the decorator of a route says that takes a transfer a step further: it heeds `If-Match`."""

ONE: Final[dict[str, Any]] = {
    "dependencies": [Depends(documented_if_none_match)],
    "responses": {
        **resource_answer(200, Transfer, "As it is now"),
        **NOT_MODIFIED,
        **problem_answers(_UNKNOWN, invalid_at("header.X-Chibo-Actor"), unavailable()),
    },
}
"""What the decorator of the route says that reads one transfer, with its entity tag."""

HISTORY: Final[dict[str, Any]] = {
    "response_model": TransferHistory,
    "responses": problem_answers(_UNKNOWN, invalid_at("query.known_at"), unavailable()),
}
"""What the decorator of the route says that reads the history of a transfer."""

OF_MEMBER: Final[dict[str, Any]] = {
    "response_model": MemberTransfers,
    "responses": problem_answers(UNKNOWN_MEMBER, invalid_at("query.as_of"), unavailable()),
}
"""What the decorator of the route says that reads a member's transfers."""

TransferId = Annotated[UUID, Path(description="Id of a transfer", examples=[_TRANSFER["id"]])]
