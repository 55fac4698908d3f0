"""Days that have not come: what is to happen on one is recorded, and warned of, for it may be a slip. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from contracts.membership import (
    MemberAdmitted,
    MemberConfirmed,
    MemberHistoryRestatedV2,
    MemberLeft,
    MemberReceived,
    MembershipEvent,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationHistoryRestated,
)
from services.membership.faults import Fault

_COLUMNS: Final[Mapping[type[MembershipEvent], str]] = {
    OrganisationEstablished: "established_on",
    OrganisationDissolved: "dissolved_on",
    MemberAdmitted: "admitted_on",
    MemberReceived: "entered_on",
    MemberConfirmed: "official_on",
    MemberLeft: "left_on",
}
"""Where commands and files have the day of an event, if not in `effective_date`."""


def future_warnings(events: Iterable[MembershipEvent], today: date) -> list[Fault]:
    """Return the warning of each day after `today`, in Việt Nam, on which something is now said to happen."""
    days: dict[date, str] = {}
    for event in events:
        day = _day_of(event)
        if day is not None:
            days.setdefault(day, _COLUMNS.get(type(event), "effective_date"))
    return [fault for day, column in days.items() for fault in future_warning(day, today, column)]


def future_warning(day: date, today: date, column: str = "effective_date") -> list[Fault]:
    """Return the warning of `day` if it is after `today`, in Việt Nam; `column` is where it was given."""
    return [Fault("in-the-future", column, {"day": day})] if day > today else []


def _day_of(event: MembershipEvent) -> date | None:
    """Return the day on which an event says that something happens; None where it says that something never did."""
    if isinstance(event, MemberHistoryRestatedV2 | OrganisationHistoryRestated):
        return event.fact.effective_date if event.fact is not None else None
    return event.effective_date
