"""What commands on candidates look like as JSON; each makes a command of the domain."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from chassis.openapi import example
from contracts.candidates import StrikeReason
from contracts.membership import Gender
from services.membership.candidates.corrections import CorrectCandidate, WithdrawCandidateFact
from services.membership.candidates.domain import AdmitCandidate, ListCandidate, Person, Told
from services.membership.corrections import Place
from services.membership.domain import Organisation
from services.membership.members import Identity, religion_of
from services.membership.requests import Day, DecidedRequest, MaybeDay, Text

_MOST_INTRODUCERS = 10


class Listing(DecidedRequest):
    """Somebody to be put on the list of a cell."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "QC-000045",
                "cell_code": "K.01.02",
                "full_name": "Lò Thị Ví Dụ",
                "birth_date": "1998-05-01",
                "gender": "female",
                "ethnicity": "Thái",
                "religion": None,
                "youth_union": True,
                "listed_on": "2023-01-05",
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
    listed_on: Day

    def command(self) -> ListCandidate:
        """Return the command."""
        return ListCandidate(
            code=self.code,
            cell_code=self.cell_code,
            who=Person(
                identity=Identity(
                    full_name=self.full_name,
                    birth_date=self.birth_date,
                    ethnicity=self.ethnicity,
                    religion=religion_of(self.religion),
                ),
                gender=self.gender,
                youth_union=self.youth_union,
            ),
            listed_on=self.listed_on,
            decision_date=self.decision_date,
        )


class _Step(DecidedRequest):
    effective_date: Day

    def told(self) -> Told:
        """Return the day and the decision."""
        return Told(day=self.effective_date, decision_date=self.decision_date)


class Move(_Step):
    """Another cell that a candidate is on the list of."""

    model_config = ConfigDict(
        json_schema_extra=example({"cell_code": "K.01.03", "effective_date": "2023-03-01"})
    )

    cell_code: Text


class Certificate(_Step):
    """A certificate of the course on the party; `effective_date` is the day on which it was given."""

    model_config = ConfigDict(json_schema_extra=example({"effective_date": "2023-04-21"}))


class IntroducerNamed(BaseModel):
    """A member who introduces a candidate."""

    model_config = ConfigDict(extra="forbid")

    member_code: Text
    since: Day
    """From when they have worked or lived together."""


class Introducers(_Step):
    """All who introduce a candidate from a day on, in the place of those before."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "effective_date": "2023-05-04",
                "introducers": [{"member_code": "ĐV-000123", "since": "2021-09-01"}],
            }
        )
    )

    introducers: Annotated[list[IntroducerNamed], Field(min_length=1, max_length=_MOST_INTRODUCERS)]


class CandidateAdmission(DecidedRequest):
    """The admission of a candidate: from the ceremony on they are a member on probation."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "member_code": "ĐV-000456",
                "admitted_on": "2024-02-03",
                "voted_on": "2024-01-04",
                "decision_date": "2024-01-22",
            }
        )
    )

    member_code: Text
    """Theirs as a member from now on."""
    admitted_on: Day
    """The day of the ceremony."""
    voted_on: MaybeDay = None
    """The day of the cell's vote."""

    def command(self, cell_code: str) -> AdmitCandidate:
        """Return the command; a candidate is admitted in the cell that they are on the list of."""
        return AdmitCandidate(
            member_code=self.member_code,
            admitted_on=self.admitted_on,
            cell_code=cell_code,
            voted_on=self.voted_on,
            decision_date=self.decision_date,
        )


class Strike(_Step):
    """The end of a candidate's time on the list, without an admission."""

    model_config = ConfigDict(
        json_schema_extra=example({"effective_date": "2023-12-01", "reason": "withdrawn"})
    )

    reason: StrikeReason = StrikeReason.UNSTATED


class CandidateCorrection(DecidedRequest):
    """A fact of a candidate put right, or withdrawn; what is left out stays as it was stated."""

    model_config = ConfigDict(json_schema_extra=example({"fact": 2, "effective_date": "2023-04-28"}))

    fact: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """The fact's number, as the history gives it."""
    withdraw: StrictBool = False
    effective_date: MaybeDay = None
    cell_code: Text | None = None
    """Of a listing or a move."""
    reason: StrikeReason | None = None
    """Of a strike."""
    voted_on: MaybeDay = None
    """Of an admission."""
    full_name: Text | None = None
    """Of a listing, as is all that follows."""
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

    def command(self, who: Person, cell: Organisation | None) -> CorrectCandidate | WithdrawCandidateFact:
        """Return the command for `who` as they are known now; `cell` is the unit of the code given, if any."""
        if self.withdraw:
            return WithdrawCandidateFact(number=self.fact, decision_date=self.decision_date)
        person = {"full_name", "birth_date", "gender", "ethnicity", "religion", "youth_union"}
        return CorrectCandidate(
            number=self.fact,
            day=self.effective_date,
            decision_date=self.decision_date,
            cell=None if self.cell_code is None else Place(self.cell_code, cell),
            reason=self.reason,
            voted_on=self.voted_on,
            who=self._corrected(who) if self.model_fields_set & person else None,
        )

    def _corrected(self, who: Person) -> Person:
        known = who.identity
        return Person(
            identity=Identity(
                full_name=known.full_name if self.full_name is None else self.full_name,
                birth_date=self.birth_date or known.birth_date,
                ethnicity=known.ethnicity if self.ethnicity is None else self.ethnicity,
                religion=known.religion if self.religion is None else religion_of(self.religion),
            ),
            gender=self.gender or who.gender,
            youth_union=who.youth_union if self.youth_union is None else self.youth_union,
        )
