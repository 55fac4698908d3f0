"""What commands on transfers look like as JSON; each makes a command of the domain."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from chassis.openapi import example
from contracts.membership import Gender
from contracts.transfers import CancelReason
from services.membership import thresholds
from services.membership.members import Identity, religion_of
from services.membership.requests import Day, MaybeDay, Text
from services.membership.transfers.corrections import CorrectStep, WithdrawStep
from services.membership.transfers.domain import RequestTransfer, Step
from services.membership.transfers.receptions import Newcomer, ReceiveTransfer

_Outside = Annotated[Text, Field(min_length=1, max_length=thresholds.LONGEST_NAME)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decision_date: MaybeDay = None


class Asking(_Request):
    """A transfer to be asked for; its kind follows from both ends.

    To a cell: `destination_code`. Out of the register: `outside`, where they go. Into it: both, `outside` being where
    they come from; the code is then the one that the member had here before or is to have.
    """

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "member_code": "ĐV-000123",
                "destination_code": "K.01.03",
                "requested_on": "2020-03-02",
                "decision_date": "2020-02-28",
            }
        )
    )

    member_code: Text
    origin_code: Text | None = None
    """Where they are thought to belong: refused where they do not. Left out: wherever they belong."""
    destination_code: Text | None = None
    outside: _Outside | None = None
    temporary: StrictBool = False
    """Whether they go on belonging where they are (sinh hoạt đảng tạm thời)."""
    requested_on: Day
    until_on: MaybeDay = None
    """When a temporary stay is meant to end."""

    def command(self) -> RequestTransfer:
        """Return the command."""
        return RequestTransfer(
            member_code=self.member_code,
            origin_code=self.origin_code or None,
            destination_code=self.destination_code or None,
            outside=self.outside,
            temporary=self.temporary,
            requested_on=self.requested_on,
            until_on=self.until_on,
            decision_date=self.decision_date,
        )


class Release(_Request):
    """The origin's release (giới thiệu sinh hoạt đảng): the deadline runs from it."""

    model_config = ConfigDict(json_schema_extra=example({"released_on": "2020-03-09"}))

    released_on: Day

    def command(self) -> Step:
        """Return the command."""
        return Step(day=self.released_on, decision_date=self.decision_date)


class Papers(BaseModel):
    """Who comes into the register for the first time."""

    model_config = ConfigDict(extra="forbid")

    full_name: Text
    birth_date: Day
    gender: Gender
    ethnicity: Text
    religion: Text | None = None
    youth_union: StrictBool
    admitted_on: Day
    """Admission to the party."""
    admission_decided_on: MaybeDay = None
    """The decision on it, from which party age counts."""

    def newcomer(self) -> Newcomer:
        """Return who it is."""
        return Newcomer(
            identity=Identity(
                full_name=self.full_name,
                birth_date=self.birth_date,
                ethnicity=self.ethnicity,
                religion=religion_of(self.religion),
            ),
            gender=self.gender,
            youth_union=self.youth_union,
            admitted_on=self.admitted_on,
            admission_decided_on=self.admission_decided_on,
        )


class Receiving(_Request):
    """The destination's reception: from this day on they belong there, or to the register no more."""

    model_config = ConfigDict(
        json_schema_extra=example({"received_on": "2020-03-20", "decision_date": "2020-03-18"})
    )

    received_on: Day
    newcomer: Papers | None = None
    """Of somebody whom the register does not know, and of them only."""
    official_on: MaybeDay = None
    """When they became an official member, of somebody from outside; left out: on probation, or as known here."""

    def command(self) -> ReceiveTransfer:
        """Return the command."""
        return ReceiveTransfer(
            step=Step(day=self.received_on, decision_date=self.decision_date),
            newcomer=None if self.newcomer is None else self.newcomer.newcomer(),
            official_on=self.official_on,
        )


class Cancellation(_Request):
    """The end of a transfer that comes to nothing."""

    model_config = ConfigDict(
        json_schema_extra=example({"cancelled_on": "2020-03-05", "reason": "withdrawn"})
    )

    cancelled_on: Day
    reason: CancelReason = CancelReason.UNSTATED

    def command(self) -> Step:
        """Return the command."""
        return Step(day=self.cancelled_on, decision_date=self.decision_date, cancelled_for=self.reason)


class Expiry(_Request):
    """The end of a transfer whose deadline is past."""

    model_config = ConfigDict(json_schema_extra=example({"expired_on": "2020-06-05"}))

    expired_on: Day

    def command(self) -> Step:
        """Return the command."""
        return Step(day=self.expired_on, decision_date=self.decision_date)


class Correction(_Request):
    """A step of a transfer put right, or the last one withdrawn; what is left out stays as it was stated."""

    model_config = ConfigDict(json_schema_extra=example({"fact": 3, "effective_date": "2020-03-23"}))

    fact: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """The step's number, as the history gives it."""
    withdraw: StrictBool = False
    effective_date: MaybeDay = None
    outside: _Outside | None = None
    """Of the request; only where it names a place outside."""
    reason: CancelReason | None = None
    """Of a cancellation."""

    @model_validator(mode="after")
    def _either_or(self) -> Self:
        if self.withdraw and self.model_fields_set - {"fact", "withdraw", "decision_date"}:
            raise ValueError("hủy thì không ghi kèm nội dung sửa")
        return self

    def command(self) -> CorrectStep | WithdrawStep:
        """Return the command."""
        if self.withdraw:
            return WithdrawStep(number=self.fact, decision_date=self.decision_date)
        return CorrectStep(
            number=self.fact,
            day=self.effective_date,
            decision_date=self.decision_date,
            outside=self.outside,
            cancelled_for=self.reason,
        )


class ExpiryOfAll(_Request):
    """The end of every transfer whose deadline is past on a day."""

    model_config = ConfigDict(json_schema_extra=example({"as_of": "2020-06-05"}))

    as_of: Day
