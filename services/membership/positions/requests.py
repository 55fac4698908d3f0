"""What commands on terms and positions look like as JSON."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from chassis.openapi import example
from contracts.positions import Obtained, Position, PositionEndReason
from services.membership.positions.domain import CorrectPosition, TakePosition
from services.membership.positions.tenures import EndTenure, Withdraw
from services.membership.positions.terms import CorrectTerm, OpenTerm
from services.membership.requests import Day, MaybeDay, OrderedRequest, Text

_FactNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _Ordered(OrderedRequest):
    @property
    def order(self) -> dict[str, Any]:
        """What decided it, as commands take it."""
        return {"decision_date": self.decided_on, "document": self.ordered_by}


class Taking(_Ordered):
    """A position that a member holds in a unit; with its end where it is over."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "organisation_code": "K.01.02",
                "member_code": "ĐV-000123",
                "position": "secretary",
                "from_on": "2020-05-15",
                "obtained": "elected",
                "decision_date": "2020-05-20",
                "document": {"number": "12-QĐ/ĐU", "date": "2020-05-20"},
            }
        )
    )

    organisation_code: Text
    member_code: Text
    position: Position
    from_on: Day
    until_on: MaybeDay = None
    """The first day on which they hold it no longer."""
    obtained: Obtained = Obtained.UNSTATED
    end_reason: PositionEndReason | None = None

    def command(self) -> TakePosition:
        """Return the command."""
        return TakePosition(
            position=self.position,
            from_on=self.from_on,
            until_on=self.until_on,
            obtained=self.obtained,
            end_reason=self.end_reason,
            **self.order,
        )


class PositionEnd(_Ordered):
    """The end of a position."""

    model_config = ConfigDict(json_schema_extra=example({"until_on": "2021-03-01", "end_reason": "resigned"}))

    until_on: Day
    """The first day on which they hold it no longer."""
    end_reason: PositionEndReason = PositionEndReason.UNSTATED

    def command(self) -> EndTenure:
        """Return the command."""
        return EndTenure(until_on=self.until_on, reason=self.end_reason, **self.order)


class _Correction(_Ordered):
    fact: _FactNumber
    """The fact's number, as the history gives it."""
    withdraw: StrictBool = False
    effective_date: MaybeDay = None
    """The first day, or the day of the end, by what the fact is about."""

    @model_validator(mode="after")
    def _either_or(self) -> Self:
        if self.withdraw and self.model_fields_set - {"fact", "withdraw", "decision_date", "document"}:
            raise ValueError("hủy thì không ghi kèm nội dung sửa")
        return self


class PositionCorrection(_Correction):
    """A fact of a position put right, or withdrawn; what is left out stays as it was stated.

    With its beginning withdrawn the position never was.
    """

    model_config = ConfigDict(json_schema_extra=example({"fact": 1, "effective_date": "2020-05-16"}))

    position: Position | None = None
    """Of the beginning, as `obtained` is."""
    obtained: Obtained | None = None
    end_reason: PositionEndReason | None = None
    """Of the end."""

    def command(self) -> CorrectPosition | Withdraw:
        """Return the command."""
        if self.withdraw:
            return Withdraw(number=self.fact, **self.order)
        return CorrectPosition(
            number=self.fact,
            effective_date=self.effective_date,
            position=self.position,
            obtained=self.obtained,
            end_reason=self.end_reason,
            **self.order,
        )


class Elected(BaseModel):
    """Somebody whom the congress elected."""

    model_config = ConfigDict(extra="forbid")

    member_code: Text
    position: Position


class Opening(_Ordered):
    """A new term of a unit, and whom its congress elected."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "organisation_code": "K.01.02",
                "label": "2020–2022",
                "congress_on": "2020-05-15",
                "from_on": "2020-05-15",
                "elected": [{"member_code": "ĐV-000123", "position": "secretary"}],
                "decision_date": "2020-05-20",
                "document": {"number": "12-QĐ/ĐU", "date": "2020-05-20"},
            }
        )
    )

    organisation_code: Text
    label: Text
    congress_on: MaybeDay = None
    """The last day of the congress; left out where there was none."""
    from_on: Day
    until_on: MaybeDay = None
    """The first day that is no longer of the term, where it is over."""
    end_positions: StrictBool = True
    """Whether the positions that go on until then in this unit end with the term before."""
    elected: Annotated[tuple[Elected, ...], Field(max_length=100)] = ()
    """They hold their positions from the first day of the term on."""

    def command(self) -> OpenTerm:
        """Return the command that opens the term."""
        return OpenTerm(
            label=self.label,
            congress_on=self.congress_on,
            from_on=self.from_on,
            until_on=self.until_on,
            **self.order,
        )

    def elections(self) -> list[tuple[str, TakePosition]]:
        """Return the command for each who was elected, with the member's code."""
        return [
            (
                one.member_code,
                TakePosition(
                    position=one.position, from_on=self.from_on, obtained=Obtained.ELECTED, **self.order
                ),
            )
            for one in self.elected
        ]


class TermEnd(_Ordered):
    """The end of a term that no other follows at once."""

    model_config = ConfigDict(json_schema_extra=example({"until_on": "2022-11-20"}))

    until_on: Day
    """The first day that is no longer of the term."""

    def command(self) -> EndTenure:
        """Return the command."""
        return EndTenure(until_on=self.until_on, **self.order)


class TermCorrection(_Correction):
    """A fact of a term put right, or withdrawn; what is left out stays as it was stated."""

    model_config = ConfigDict(json_schema_extra=example({"fact": 1, "label": "2020–2023"}))

    label: Text | None = None
    """Of the beginning, as `congress_on` is."""
    congress_on: MaybeDay = None

    def command(self) -> CorrectTerm | Withdraw:
        """Return the command."""
        if self.withdraw:
            return Withdraw(number=self.fact, **self.order)
        return CorrectTerm(
            number=self.fact,
            effective_date=self.effective_date,
            label=self.label,
            congress_on=self.congress_on,
            **self.order,
        )
