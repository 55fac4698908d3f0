"""What commands look like as JSON; each makes a command of the domain."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StrictBool, model_validator

from chassis.openapi import example
from contracts.membership import (
    DepartureReason,
    DocumentRef,
    Education,
    Gender,
    Occupation,
    OrganisationType,
    PoliticalTheory,
    ProfileChange,
    Qualification,
)
from services.membership import domain, members, thresholds
from services.membership.corrections import CorrectedMember, CorrectFact, Place, WithdrawFact
from services.membership.imports.cells import parse_date
from services.membership.organisation_corrections import CorrectUnitFact, WithdrawUnitFact
from services.membership.organisations import RenameOrganisation, ReparentOrganisation


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


Grounds = Annotated[Text, Field(min_length=1, max_length=thresholds.LONGEST_NAME)]
"""Why somebody is exempt or suspended."""


class DecidedRequest(BaseModel):
    """Something that was decided, on a day that may be known."""

    model_config = ConfigDict(extra="forbid")

    decision_date: MaybeDay = None


class Document(BaseModel):
    """The document that ordered it."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[Text, Field(min_length=1, max_length=thresholds.LONGEST_CODE)]
    """Number and symbol as on the document."""
    date: Day


class OrderedRequest(DecidedRequest):
    """Something that a document may have ordered."""

    document: Document | None = None

    @property
    def decided_on(self) -> date | None:
        """The day of the decision, which is the document's where nothing else is said."""
        return self.decision_date or (self.document.date if self.document else None)

    @property
    def ordered_by(self) -> DocumentRef | None:
        """The document as events name it."""
        return DocumentRef(number=self.document.number, date=self.document.date) if self.document else None


class Establishment(OrderedRequest):
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
            decision_date=self.decided_on,
            document=self.ordered_by,
        )


class Dissolution(OrderedRequest):
    """The end of a unit."""

    model_config = ConfigDict(
        json_schema_extra=example({"dissolved_on": "2021-01-01", "decision_date": "2020-12-20"})
    )

    dissolved_on: Day

    def command(self) -> domain.DissolveOrganisation:
        """Return the command."""
        return domain.DissolveOrganisation(
            dissolved_on=self.dissolved_on, decision_date=self.decided_on, document=self.ordered_by
        )


_ORDER: Final[Mapping[str, JsonValue]] = {
    "effective_date": "2020-03-01",
    "decision_date": "2020-02-20",
    "document": {"number": "41-QĐ/ĐUK", "date": "2020-02-20"},
}


class Renaming(OrderedRequest):
    """Another name for a unit."""

    model_config = ConfigDict(json_schema_extra=example({"name": "Chi bộ Khoa Nội tổng hợp", **_ORDER}))

    name: Text
    effective_date: Day

    def command(self) -> RenameOrganisation:
        """Return the command."""
        return RenameOrganisation(
            name=self.name,
            effective_date=self.effective_date,
            decision_date=self.decided_on,
            document=self.ordered_by,
        )


class Reparenting(OrderedRequest):
    """Another place for a unit in the tree; with `type` where that makes it a cell or committee of another kind."""

    model_config = ConfigDict(json_schema_extra=example({"parent_code": "K.02", **_ORDER}))

    parent_code: Text
    type: OrganisationType | None = None
    effective_date: Day

    def command(self) -> ReparentOrganisation:
        """Return the command."""
        return ReparentOrganisation(
            parent_code=self.parent_code,
            type=self.type,
            effective_date=self.effective_date,
            decision_date=self.decided_on,
            document=self.ordered_by,
        )


class NewCell(BaseModel):
    """A cell that is founded, and who belongs to it."""

    model_config = ConfigDict(extra="forbid")

    code: Text
    name: Text
    members: Annotated[list[Text], Field(max_length=thresholds.MOST_IN_A_DECISION)] = []
    """Codes."""


class Upgrade(OrderedRequest):
    """A grassroots cell that becomes a grassroots committee.

    With `cells` these are founded below it, and every member of the day is in one of them; without, the members must
    be elsewhere already.
    """

    model_config = ConfigDict(
        json_schema_extra=example(
            {"cells": [{"code": "K.30.01", "name": "Chi bộ Một", "members": ["ĐV-000123"]}], **_ORDER}
        )
    )

    effective_date: Day
    cells: Annotated[list[NewCell], Field(max_length=thresholds.MOST_IN_A_DECISION)] = []


class UnitCorrection(OrderedRequest):
    """A fact of a unit's history put right, or withdrawn; what is left out stays as it was stated.

    `decision_date` and `document` are those of the fact as it should be, or of the withdrawal.
    """

    model_config = ConfigDict(
        json_schema_extra=example({"fact": 1, "effective_date": "1996-02-01", "decision_date": "1996-01-20"})
    )

    fact: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """The fact's number: `version` in the unit's history."""
    withdraw: StrictBool = False
    effective_date: MaybeDay = None
    name: Text | None = None
    """Of an establishment or a renaming."""
    parent_code: Text | None = None
    """Of an establishment or a change of parent, as is the type."""
    type: OrganisationType | None = None

    @model_validator(mode="after")
    def _either_or(self) -> Self:
        if self.withdraw and self.model_fields_set - {"fact", "withdraw", "decision_date", "document"}:
            raise ValueError("hủy thì không ghi kèm nội dung sửa")
        return self

    def command(self) -> CorrectUnitFact | WithdrawUnitFact:
        """Return the command."""
        if self.withdraw:
            return WithdrawUnitFact(number=self.fact, decision_date=self.decided_on, document=self.ordered_by)
        return CorrectUnitFact(
            number=self.fact,
            effective_date=self.effective_date,
            name=self.name,
            parent_code=self.parent_code,
            type=self.type,
            decision_date=self.decided_on,
            document=self.ordered_by,
        )


class Admission(DecidedRequest):
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
    education: Education | None = None
    qualification: Qualification | None = None
    theory: PoliticalTheory | None = None
    occupation: Occupation | None = None

    def command(self) -> members.AdmitMember:
        """Return the command."""
        return members.AdmitMember(
            code=self.code,
            cell_code=self.cell_code,
            identity=members.Identity(
                full_name=self.full_name,
                birth_date=self.birth_date,
                ethnicity=self.ethnicity,
                religion=members.religion_of(self.religion),
            ),
            gender=self.gender,
            youth_union=self.youth_union,
            admitted_on=self.admitted_on,
            decision_date=self.decision_date,
            education=self.education,
            qualification=self.qualification,
            theory=self.theory,
            occupation=self.occupation,
        )


class Confirmation(DecidedRequest):
    """The confirmation of a member on probation."""

    model_config = ConfigDict(
        json_schema_extra=example({"official_on": "2016-03-01", "decision_date": "2016-02-25"})
    )

    official_on: Day

    def command(self) -> members.ConfirmMember:
        """Return the command."""
        return members.ConfirmMember(official_on=self.official_on, decision_date=self.decision_date)


class Departure(DecidedRequest):
    """The departure of a member."""

    model_config = ConfigDict(
        json_schema_extra=example({"left_on": "2020-01-01", "left_reason": "transferred_out"})
    )

    left_on: Day
    left_reason: DepartureReason = DepartureReason.UNSTATED

    def command(self) -> members.RecordDeparture:
        """Return the command."""
        return members.RecordDeparture(
            left_on=self.left_on, reason=self.left_reason, decision_date=self.decision_date
        )


class ProfileFields(BaseModel):
    """What of a profile becomes another; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    youth_union: StrictBool | None = None
    education: Education | None = None
    qualification: Qualification | None = None
    theory: PoliticalTheory | None = None
    occupation: Occupation | None = None

    @property
    def change(self) -> ProfileChange:
        """What becomes another, as events say it."""
        return ProfileChange(
            youth_union=self.youth_union,
            education=self.education,
            qualification=self.qualification,
            theory=self.theory,
            occupation=self.occupation,
        )


class Correction(DecidedRequest):
    """A fact of a member's history put right, or withdrawn; what is left out stays as it was stated.

    The person (from `full_name` on) is put right by correcting the entry, the cell by correcting the entry or move.
    """

    model_config = ConfigDict(json_schema_extra=example({"fact": 1, "effective_date": "2015-03-03"}))

    fact: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """The fact's number, as the history gives it."""
    withdraw: StrictBool = False
    effective_date: MaybeDay = None
    left_reason: DepartureReason | None = None
    cell_code: Text | None = None
    until: MaybeDay = None
    """The planned end of an exemption, a suspension or a temporary stay."""
    grounds: Grounds | None = None
    """Of an exemption or a suspension."""
    profile: ProfileFields | None = None
    """Of a change of profile: all that became another; of an entry: all that was stated with it."""
    admitted_on: MaybeDay = None
    """When they had joined the party, of who was received or restored; that of an admission is its day."""
    official_on: MaybeDay = None
    """Of who came in as an official member, received or restored."""
    admission_decided_on: MaybeDay = None
    """Of a reception; that of an admission is its `decision_date`."""
    full_name: Text | None = None
    birth_date: MaybeDay = None
    gender: Gender | None = None
    ethnicity: Text | None = None
    religion: Text | None = None
    """`Không` for none."""
    youth_union: StrictBool | None = None

    @model_validator(mode="after")
    def _either_or(self) -> Self:
        if self.withdraw and self.model_fields_set - {"fact", "withdraw", "decision_date"}:
            raise ValueError("hủy thì không ghi kèm nội dung sửa")
        return self

    def command(self, member: members.Member, cell: domain.Organisation | None) -> CorrectFact | WithdrawFact:
        """Return the command for a member as they are now; `cell` is the unit of the code given, if there is one."""
        if self.withdraw:
            return WithdrawFact(number=self.fact, decision_date=self.decision_date)
        names_the_person = bool(self.model_fields_set & _PERSON)
        return CorrectFact(
            number=self.fact,
            effective_date=self.effective_date,
            decision_date=self.decision_date,
            reason=self.left_reason,
            until=self.until,
            grounds=self.grounds,
            profile=None if self.profile is None else self.profile.change,
            joined_on=self.admitted_on,
            official_on=self.official_on,
            admission_decided_on=self.admission_decided_on,
            cell=None if self.cell_code is None else Place(self.cell_code, cell),
            member=self._corrected(member) if names_the_person else None,
        )

    def _corrected(self, member: members.Member) -> CorrectedMember:
        who = member.identity
        return CorrectedMember(
            identity=members.Identity(
                full_name=who.full_name if self.full_name is None else self.full_name,
                birth_date=self.birth_date or who.birth_date,
                ethnicity=who.ethnicity if self.ethnicity is None else self.ethnicity,
                religion=who.religion if self.religion is None else members.religion_of(self.religion),
            ),
            gender=self.gender or member.gender,
            youth_union=member.youth_union if self.youth_union is None else self.youth_union,
        )


_PERSON: Final = frozenset({"full_name", "birth_date", "gender", "ethnicity", "religion", "youth_union"})
