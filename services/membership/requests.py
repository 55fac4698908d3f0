"""What commands look like as JSON; each makes a command of the domain."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool

from chassis.openapi import example
from contracts.membership import DepartureReason, Gender, OrganisationType
from services.membership import domain
from services.membership.imports.cells import parse_date


def _text(value: object) -> object:
    if isinstance(value, str):
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("có ký tự không dùng được trong văn bản")
        return domain.clean(value)
    return value


def _day(value: object) -> object:
    if value is None:
        return None
    found = parse_date(value) if isinstance(value, str) else None
    if not isinstance(found, date):
        raise ValueError("ngày phải có thật và ghi dạng yyyy-mm-dd")  # noqa: TRY004 - pydantic's protocol
    return found


Text = Annotated[str, BeforeValidator(_text)]
"""Text in NFC with single spaces and nothing a database cannot hold."""
Day = Annotated[date, BeforeValidator(_day)]
"""An ISO date, never a number of seconds."""
MaybeDay = Annotated[date | None, BeforeValidator(_day)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decision_date: MaybeDay = None


class Establishment(_Request):
    """A unit to be founded."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "K.01.02",
                "parent_code": "K.01",
                "type": "subordinate_cell",
                "name": "Chi bộ Khoa Nội",
                "established_on": "1996-01-01",
                "decision_date": "1995-12-20",
            }
        )
    )

    code: Text
    parent_code: Text | None = None
    type: OrganisationType
    name: Text
    established_on: Day

    def command(self) -> domain.EstablishOrganisation:
        """Return the command."""
        return domain.EstablishOrganisation(
            code=self.code,
            parent_code=self.parent_code or None,
            type=self.type,
            name=self.name,
            established_on=self.established_on,
            decision_date=self.decision_date,
        )


class Dissolution(_Request):
    """The end of a unit."""

    model_config = ConfigDict(
        json_schema_extra=example({"dissolved_on": "2021-01-01", "decision_date": "2020-12-20"})
    )

    dissolved_on: Day

    def command(self) -> domain.DissolveOrganisation:
        """Return the command."""
        return domain.DissolveOrganisation(dissolved_on=self.dissolved_on, decision_date=self.decision_date)


class Admission(_Request):
    """A member to be admitted, on probation."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "ĐV-000123",
                "cell_code": "K.01.02",
                "full_name": "Lê Thị Hoa",
                "birth_date": "1990-05-01",
                "gender": "female",
                "ethnicity": "Thái",
                "religion": None,
                "youth_union": True,
                "admitted_on": "2015-03-01",
            }
        )
    )

    code: Text
    cell_code: Text
    full_name: Text
    birth_date: Day
    gender: Gender
    ethnicity: Text
    religion: Text | None = None
    youth_union: StrictBool
    admitted_on: Day

    def command(self) -> domain.AdmitMember:
        """Return the command."""
        return domain.AdmitMember(
            code=self.code,
            cell_code=self.cell_code,
            identity=domain.Identity(
                full_name=self.full_name,
                birth_date=self.birth_date,
                ethnicity=self.ethnicity,
                religion=domain.religion_of(self.religion),
            ),
            gender=self.gender,
            youth_union=self.youth_union,
            admitted_on=self.admitted_on,
            decision_date=self.decision_date,
        )


class Confirmation(_Request):
    """The confirmation of a member on probation."""

    model_config = ConfigDict(
        json_schema_extra=example({"official_on": "2016-03-01", "decision_date": "2016-02-25"})
    )

    official_on: Day

    def command(self) -> domain.ConfirmMember:
        """Return the command."""
        return domain.ConfirmMember(official_on=self.official_on, decision_date=self.decision_date)


class Departure(_Request):
    """The departure of a member."""

    model_config = ConfigDict(
        json_schema_extra=example({"left_on": "2020-01-01", "left_reason": "transferred_out"})
    )

    left_on: Day
    left_reason: DepartureReason = DepartureReason.UNSTATED

    def command(self) -> domain.RecordDeparture:
        """Return the command."""
        return domain.RecordDeparture(
            left_on=self.left_on, reason=self.left_reason, decision_date=self.decision_date
        )
