"""What the office's lists answer, as their OpenAPI document has it; the people in the examples are made up."""

from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from chassis.cursors import invalid_cursor
from chassis.openapi import example, invalid_at, problem_answers
from chassis.problems import Problem, unavailable
from contracts.membership import OrganisationType
from services.membership import thresholds
from services.membership.clocks import CountedFrom
from services.membership.problems import unknown_organisation
from services.membership.unit_rules import UnitRule

_PERSON: Final[dict[str, Any]] = {
    "code": "ĐV-000123",
    "full_name": "Lê Thị Hoa",
    "birth_date": "1990-05-01",
    "cell_code": "K.01.02",
    "cell_name": "Chi bộ Khoa Nội",
    "admitted_on": "2019-03-03",
}
_REVIEW: Final[dict[str, Any]] = _PERSON | {
    "due": "confirmation-review",
    "remind_from": "2020-01-07",
    "due_from": "2020-03-03",
    "due_until": "2020-04-15",
    "provisional": False,
    "source": f"{thresholds.PROBATION_MONTHS.source}; {thresholds.CONFIRMATION_REVIEW.source}",
}
_BADGE: Final[dict[str, Any]] = _PERSON | {
    "birth_date": "1966-05-01",
    "admitted_on": "1990-04-22",
    "due": "party-badge",
    "badge_years": 30,
    "years_full_on": "2020-04-22",
    "award_day": "2020-05-19",
    "party_age_since": "1990-04-22",
    "counted_from": "admission",
    "source": thresholds.BADGE_YEARS.source,
}
_UNIT: Final[dict[str, Any]] = {
    "code": "K.01.02",
    "name": "Chi bộ Khoa Nội",
    "type": "subordinate_cell",
    "parent_code": "K.01",
    "official_members": 2,
    "members": 3,
    "rule": "cell-too-small",
    "threshold": thresholds.LEAST_OFFICIAL_MEMBERS.value,
    "message": "Chi bộ có 2 đảng viên chính thức, chưa đủ 3. Cấp ủy cấp trên trực tiếp xem xét, quyết định.",
    "source": thresholds.LEAST_OFFICIAL_MEMBERS.source,
}


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class _Page(_Answer):
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class _Person(_Answer):
    code: str
    full_name: str
    birth_date: date
    cell_code: str
    cell_name: str
    admitted_on: date
    """The day of the admission ceremony."""


class ConfirmationReview(_Answer):
    """When the cell is to review the confirmation of somebody on probation."""

    remind_from: date
    due_from: date
    """The day on which probation is over; confirmation counts from it, however late it is decided."""
    due_until: date | None
    """The last day of the review; null where the working-day calendar has no data for that time."""
    provisional: bool
    """Whether `due_until` rests on public holidays that were not announced yet."""
    source: str
    """The rule, and the document it is from."""


class ConfirmationDue(ConfirmationReview, _Person):
    """A member on probation, and when the cell is to review their confirmation."""

    due: str
    """Always `confirmation-review`."""


class ConfirmationOverdue(ConfirmationDue):
    """A member on probation whose confirmation should have been reviewed."""

    overdue_since: date | None
    """The day after `due_until`; null with it."""


class BadgeDue(_Person):
    """A member whose years for a party badge are full."""

    due: str
    """Always `party-badge`."""
    badge_years: int
    years_full_on: date
    award_day: date
    party_age_since: date
    counted_from: CountedFrom
    """What party age is counted from: `admission_decision` by the rule, `admission` where only that is known."""
    source: str
    """The rule, and the document it is from."""


class RuledUnit(_Answer):
    """A unit whose number of members calls for something."""

    code: str
    name: str
    type: OrganisationType
    parent_code: str
    official_members: int
    members: int
    """Official ones and those on probation."""
    rule: UnitRule
    threshold: int
    message: str
    """What it calls for, in Vietnamese."""
    source: str
    """The rule, and the document it is from."""


class ConfirmationDuePage(_Page):
    """A page of confirmations due, in the order of Vietnamese names."""

    model_config = ConfigDict(
        json_schema_extra=example({"as_of": "2020-02-01", "items": [_REVIEW], "next": None})
    )

    as_of: date
    items: list[ConfirmationDue]


class ConfirmationOverduePage(_Page):
    """A page of confirmations overdue, in the order of Vietnamese names."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"as_of": "2020-05-01", "items": [_REVIEW | {"overdue_since": "2020-04-16"}], "next": None}
        )
    )

    as_of: date
    items: list[ConfirmationOverdue]


class BadgeDuePage(_Page):
    """A page of badges due, in the order of Vietnamese names."""

    model_config = ConfigDict(
        json_schema_extra=example({"award_day": "2020-05-19", "items": [_BADGE], "next": None})
    )

    award_day: date
    items: list[BadgeDue]


class RuledUnitPage(_Page):
    """A page of units, by code."""

    model_config = ConfigDict(
        json_schema_extra=example({"as_of": "2020-11-30", "items": [_UNIT], "next": None})
    )

    as_of: date
    items: list[RuledUnit]


def list_of(model: type[BaseModel], *problems: Problem) -> dict[str, Any]:
    """Return what the decorator of a list's route says; `problems` are those of this list alone."""
    common = (invalid_cursor(), unknown_organisation("K.99"), invalid_at("query.limit"), unavailable())
    return {"response_model": model, "responses": problem_answers(*common, *problems)}
