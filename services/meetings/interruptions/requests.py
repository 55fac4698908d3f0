"""What commands on orders that interrupt meetings look like as JSON."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.openapi import example
from contracts.interruptions import InterruptionTerms
from contracts.meetings import InterruptionReason
from contracts.membership import DocumentRef
from services.meetings.requests import Day, Document, Text
from services.meetings.tree import Units

_Codes = Annotated[list[Text], Field(min_length=1, max_length=500)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Ordering(_Request):
    """An order by which the cells of some units do not meet for some days."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "unit_codes": ["K"],
                "from_on": "2020-04-01",
                "until_on": "2020-04-22",
                "reason": "epidemic",
                "document": {"number": "16/CT-TTg", "date": "2020-03-31"},
            }
        )
    )

    unit_codes: _Codes
    """Units with all below them."""
    from_on: Day
    until_on: Day | None = None
    """The last day; left out until further notice."""
    reason: InterruptionReason
    document: Document
    decision_date: Day | None = None
    """The document's, where it is left out."""

    def terms(self, units: Units) -> InterruptionTerms:
        """Return what is ordered. Raises Problem `unknown-unit` (404)."""
        return InterruptionTerms(
            unit_ids=_ids(self.unit_codes, units),
            from_on=self.from_on,
            until_on=self.until_on,
            reason=self.reason,
            document=DocumentRef(number=self.document.number, date=self.document.date),
        )


class Revising(_Request):
    """What of an order becomes another: it is extended, ended sooner, put right. What is left out stays."""

    model_config = ConfigDict(json_schema_extra=example({"until_on": "2020-04-30"}))

    unit_codes: _Codes | None = None
    from_on: Day | None = None
    until_on: Day | None = None
    reason: InterruptionReason | None = None
    document: Document | None = None
    decision_date: Day | None = None

    def terms(self, before: InterruptionTerms, units: Units) -> InterruptionTerms:
        """Return what is ordered now. Raises Problem `unknown-unit` (404)."""
        document = self.document and DocumentRef(number=self.document.number, date=self.document.date)
        return InterruptionTerms(
            unit_ids=before.unit_ids if self.unit_codes is None else _ids(self.unit_codes, units),
            from_on=self.from_on or before.from_on,
            until_on=self.until_on or before.until_on,
            reason=self.reason or before.reason,
            document=document or before.document,
        )


class Withdrawing(_Request):
    """An order was recorded in error."""

    model_config = ConfigDict(json_schema_extra=example({"decision_date": "2020-04-02"}))

    decision_date: Day | None = None


def _ids(codes: list[Text], units: Units) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(units.of_code(code) for code in codes))
