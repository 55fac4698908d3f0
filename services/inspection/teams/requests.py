"""What commands on teams and absences look like as JSON; each makes a command of the domain."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from chassis.openapi import example
from contracts.inspection import Absence, Seat, TeamRole, TeamTerms
from services.inspection.faults import Fault, FaultsFound
from services.inspection.requests import Day, Document, Request, Text
from services.inspection.teams.absences import AbsenceReason
from services.inspection.teams.domain import Decision

TeamCode = Annotated[Text, StringConstraints(max_length=32, pattern=r"^[0-9A-Za-zĐđ][0-9A-Za-zĐđ._-]*$")]
"""Letters, digits, dots and hyphens: it stands in addresses."""

_MEMBER: Final = "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"
_ORDER: Final[dict[str, JsonValue]] = {"number": "12-QĐ/ĐUK", "date": "2020-01-10"}


class _Decided(Request):
    """Who ordered it; what the source does not state is left out."""

    decision_date: Day | None = None
    """The document's, where it is left out."""
    document: Document | None = None

    def decision(self) -> Decision:
        """Return who ordered it."""
        document = self.document.reference() if self.document else None
        return Decision(self.decision_date or (document.date if document else None), document)


class Forming(_Decided):
    """A working team that the Standing Committee formed."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"code": "TCT-1", "name": "Tổ công tác số 1", "from_on": "2020-01-15", "document": _ORDER}
        )
    )

    code: TeamCode
    name: Text
    from_on: Day
    until_on: Day | None = None
    """The first day on which it is no more, where that is known."""

    def terms(self) -> TeamTerms:
        """Return what the team is."""
        return TeamTerms(code=self.code, name=self.name, from_on=self.from_on, until_on=self.until_on)


class Ending(_Decided):
    """The first day on which something is no more."""

    model_config = ConfigDict(json_schema_extra=example({"on": "2020-12-31"}))

    on: Day


class _Corrected(_Decided):
    from_on: Day | None = None
    until_on: Day | None = None
    ongoing: bool = False
    """It has not ended, though it was said to have."""

    def until(self, before: date | None) -> date | None:
        """Return when it ends. Raises FaultsFound `ends-and-goes-on`."""
        if self.ongoing and self.until_on is not None:
            raise FaultsFound([Fault("ends-and-goes-on", "ongoing")])
        return None if self.ongoing else self.until_on or before


class TeamCorrecting(_Corrected):
    """What of a team is otherwise than was said; what is left out stays."""

    model_config = ConfigDict(json_schema_extra=example({"from_on": "2020-01-13"}))

    new_code: TeamCode | None = None
    name: Text | None = None

    def terms(self, before: TeamTerms) -> TeamTerms:
        """Return what the team is. Raises FaultsFound `ends-and-goes-on`."""
        return TeamTerms(
            code=self.new_code or before.code,
            name=self.name or before.name,
            from_on=self.from_on or before.from_on,
            until_on=self.until(before.until_on),
        )


class Withdrawing(_Decided):
    """It never was."""

    model_config = ConfigDict(json_schema_extra=example({"decision_date": "2020-02-03"}))


class AreaSetting(_Decided):
    """The units that a team is responsible for from a day on, with all below them, in place of those before."""

    model_config = ConfigDict(
        json_schema_extra=example({"from_on": "2020-01-15", "unit_codes": ["K.01"], "document": _ORDER})
    )

    from_on: Day
    unit_codes: Annotated[list[Text], Field(max_length=500)]
    """Empty where it is responsible for none."""


class Seating(_Decided):
    """Somebody who sits in a team, from a day on."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"member_id": _MEMBER, "role": "leader", "from_on": "2020-01-15", "document": _ORDER}
        )
    )

    member_id: UUID
    role: TeamRole
    from_on: Day
    until_on: Day | None = None
    """The first day on which they do no longer, where that is known."""

    def seat(self) -> Seat:
        """Return the seat."""
        return Seat(member_id=self.member_id, role=self.role, from_on=self.from_on, until_on=self.until_on)


class SeatCorrecting(_Corrected):
    """What of a seat is otherwise than was said; what is left out stays."""

    model_config = ConfigDict(json_schema_extra=example({"role": "deputy_leader"}))

    member_id: UUID | None = None
    role: TeamRole | None = None

    def seat(self, before: Seat) -> Seat:
        """Return the seat. Raises FaultsFound `ends-and-goes-on`."""
        return Seat(
            member_id=self.member_id or before.member_id,
            role=self.role or before.role,
            from_on=self.from_on or before.from_on,
            until_on=self.until(before.until_on),
        )


class Absenting(Request):
    """Days on which somebody who sits in a team cannot be sent anywhere."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"member_id": _MEMBER, "first_on": "2020-07-06", "last_on": "2020-07-17", "reason": "study"}
        )
    )

    member_id: UUID
    first_on: Day
    last_on: Day
    """The last day of it."""
    reason: AbsenceReason
    """Kept in this service; in no event."""
    decision_date: Day | None = None

    def days(self) -> Absence:
        """Return who is away, and when."""
        return Absence(member_id=self.member_id, first_on=self.first_on, last_on=self.last_on)


class AbsenceCorrecting(Request):
    """What of an absence is otherwise, or has changed; what is left out stays."""

    model_config = ConfigDict(json_schema_extra=example({"last_on": "2020-07-24"}))

    first_on: Day | None = None
    last_on: Day | None = None
    reason: AbsenceReason | None = None
    decision_date: Day | None = None

    def days(self, before: Absence) -> Absence:
        """Return who is away, and when."""
        return before.model_copy(
            update={"first_on": self.first_on or before.first_on, "last_on": self.last_on or before.last_on}
        )


class AbsenceWithdrawing(Request):
    """There was no such absence."""

    model_config = ConfigDict(json_schema_extra=example({"decision_date": "2020-07-20"}))

    decision_date: Day | None = None
