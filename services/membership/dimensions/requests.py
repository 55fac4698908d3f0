"""What commands on the dimensions of a member look like as JSON; each makes a fact or a command of the domain."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictBool, model_validator

from chassis.openapi import example
from contracts.membership import (
    Fact,
    FactKind,
    ProfileChange,
)
from services.membership.corrections import Place
from services.membership.domain import Organisation
from services.membership.requests import Day, DecidedRequest, Grounds, MaybeDay, ProfileFields, Text
from services.membership.ways_in import ReadmitMember, RestoreMember


class _Dated(DecidedRequest):
    effective_date: Day
    """The first day on which it holds, or holds no more."""

    def fact(self, kind: FactKind) -> Fact:
        """Return what is said to have happened."""
        return Fact(kind=kind, effective_date=self.effective_date, decision_date=self.decision_date)


class SpellBeginning(_Dated):
    """The beginning of an exemption or a suspension."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "effective_date": "2020-06-01",
                "until": "2021-06-01",
                "decision_date": "2020-05-28",
                "grounds": "Tuổi cao, sức yếu",
            }
        )
    )

    until: MaybeDay = None
    """The day on which it is meant to hold no more; its end is recorded by itself."""
    grounds: Grounds | None = None
    """Why; kept in the register alone."""

    def fact(self, kind: FactKind) -> Fact:
        """Return what is said to have happened, without its grounds."""
        return super().fact(kind).model_copy(update={"until": self.until})


class SpellEnd(_Dated):
    """The end of an exemption, a suspension or a temporary stay."""

    model_config = ConfigDict(
        json_schema_extra=example({"effective_date": "2020-12-01", "decision_date": "2020-11-25"})
    )


class TemporaryStay(_Dated):
    """The beginning of a temporary stay in another cell."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"cell_code": "K.02.01", "effective_date": "2020-09-01", "until": "2021-03-01"}
        )
    )

    cell_code: Text
    """Of the host."""
    until: MaybeDay = None
    """The day on which it is meant to be over; its end is recorded by itself."""

    def fact_at(self, host: Organisation) -> Fact:
        """Return what is said to have happened."""
        return self.fact(FactKind.TEMPORARY_STAY_BEGAN).model_copy(
            update={"until": self.until, "cell_id": host.id}
        )


class Profile(ProfileFields, _Dated):
    """What becomes another from a day on; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"effective_date": "2020-09-01", "qualification": "master", "theory": "advanced"}
        )
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.change == ProfileChange():
            raise ValueError("hãy ghi ít nhất một mục thay đổi")
        return self

    def profiled(self) -> Fact:
        """Return what is said to have happened."""
        return self.fact(FactKind.PROFILED).model_copy(update={"profile": self.change})


class Restoration(_Dated):
    """Membership given back to somebody who had left."""

    model_config = ConfigDict(
        json_schema_extra=example({"effective_date": "2021-03-01", "decision_date": "2021-02-22"})
    )

    cell_code: Annotated[Text | None, Field(min_length=1)] = None
    """Left out for the cell that they left."""

    def command(self, cell: Organisation | None) -> RestoreMember:
        """Return the command; `cell` is the unit of the code given, if there is one."""
        return RestoreMember(
            effective_date=self.effective_date,
            decision_date=self.decision_date,
            cell=None if self.cell_code is None else Place(self.cell_code, cell),
        )


class Readmission(DecidedRequest):
    """Somebody who had left, admitted again on probation."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"cell_code": "K.01.02", "admitted_on": "2024-03-01", "decision_date": "2024-02-20"}
        )
    )

    cell_code: Text
    admitted_on: Day
    """The day of the new ceremony."""
    youth_union: StrictBool | None = None
    """Left out for what it was."""

    def command(self, cell: Organisation | None) -> ReadmitMember:
        """Return the command; `cell` is the unit of the code given, if there is one."""
        return ReadmitMember(
            admitted_on=self.admitted_on,
            decision_date=self.decision_date,
            cell=Place(self.cell_code, cell),
            youth_union=self.youth_union,
        )
