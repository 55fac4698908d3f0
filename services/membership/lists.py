"""The lists that an office works through: whose confirmation and whose badge is due, which units break a rule.

They show what is so on the day asked for, in the tree of that day, as it is known now. Every answer with people in it
notes who read it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.database import Connection, Pool
from chassis.problems import Problem
from contracts.membership import Standing
from services.membership import clocks, thresholds, tree
from services.membership.clocks import CountedFrom, Seniority
from services.membership.data import vietnamese_working_days
from services.membership.list_answers import (
    BadgeDuePage,
    ConfirmationDuePage,
    ConfirmationOverduePage,
    RuledUnitPage,
    list_of,
)
from services.membership.paging import (
    NAME_ORDER,
    Actor,
    AsOf,
    Cursor,
    Limit,
    after,
    after_name,
    note_read,
    page,
    place_by_name,
    reading,
    today,
)
from services.membership.queries import organisation_of
from services.membership.requests import MaybeDay, Text
from services.membership.strength import CountedUnit, counted_units
from services.membership.unit_rules import UnitRule, threshold, warning
from services.membership.working_days import WorkingDaysUnknown

_REMINDER_DAYS: Final = clocks.reminder_span().days
_TOO_SMALL: Final = (UnitRule.CELL_TOO_SMALL, UnitRule.COMMITTEE_TOO_SMALL)

_Unit = Annotated[
    Text | None, Query(description="Code of a unit: it and all below it; left out: the whole register")
]
_WithinDays = Annotated[
    int, Query(ge=0, le=366, description="How many days ahead the end of probation may be")
]
_AwardDay = Annotated[
    MaybeDay,
    Query(description="An award day: 3/2, 19/5, 2/9 or 7/11; by default the next one, from today on"),
]
_Rule = Annotated[UnitRule | None, Query(description="Only this rule; left out: both on units too small")]

# Who is due is found first, and only they are put in the order of names: they are few among all members.
_LISTED: Final = f"""
    SELECT member.code, identity.full_name, identity.birth_date, identity.name_sort_key,
        cell.code AS cell_code, {tree.name_on("cell.id", "$2")} AS cell_name, due.joined_on, due.party_since,
        CASE WHEN due.entered_on = member.entered_on THEN member.counted_from ELSE 'admission' END AS counted_from
    FROM due
    JOIN members AS member ON member.id = due.member_id
    JOIN member_identities AS identity ON identity.member_id = due.member_id
    JOIN organisations AS cell ON cell.id = due.cell_id
    WHERE ({NAME_ORDER}) > ($3::bytea, $4::text)
    ORDER BY {NAME_ORDER} LIMIT $5
"""
_COUNTED: Final = f"""
    SELECT state.member_id, state.cell_id, state.joined_on, state.entered_on, state.party_since
    FROM member_states AS state
    WHERE ($1::uuid[] IS NULL OR state.cell_id = ANY($1)) AND {tree.counts("$2")}
"""
# On probation on the day $2, and admitted after $6 up to $7.
_PROBATIONERS: Final = f"""
    WITH due AS MATERIALIZED (
        {_COUNTED} AND state.standing = '{Standing.PROBATIONARY}'
          AND ($6::date IS NULL OR state.joined_on > $6) AND state.joined_on <= $7
    ) {_LISTED}
"""
# Official members on the award day $2 whose party age began on one of the days $6. Who is on probation has no party
# age yet (Điều lệ Đảng, Điều 5 khoản 4).
_BADGE_HOLDERS: Final = f"""
    WITH due AS MATERIALIZED (
        {_COUNTED} AND state.standing = '{Standing.OFFICIAL}' AND state.party_since = ANY($6::date[])
    ) {_LISTED}
"""


def router(pool: Pool) -> APIRouter:
    """Return the routes of the office's lists."""
    routes = APIRouter(prefix="/lists", tags=["lists"])

    @routes.get("/probation-due", **list_of(ConfirmationDuePage, _working_days_unknown()))
    async def probation_due(
        *,
        as_of: AsOf = None,
        unit: _Unit = None,
        within_days: _WithinDays = _REMINDER_DAYS,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Members on probation whose confirmation is to be reviewed: now, or once their 12 months end soon.

        `due_from` is the day on which probation ends, from which confirmation counts; `due_until` the last day of
        the review, null where the working-day calendar does not reach so far.
        """
        day = as_of or today()
        with _calendar_known():
            first = clocks.latest_admission_overdue(day, vietnamese_working_days())
        last = clocks.latest_start(day + timedelta(within_days), thresholds.PROBATION_MONTHS.value)
        place = after_name(cursor)
        async with reading(pool) as connection:
            scope = await _scope(connection, unit, day)
            rows = await connection.fetch(_PROBATIONERS, scope, day, *place, limit + 1, first, last)
            await _note(connection, actor, "probation-due", unit, min(len(rows), limit))
        return {"as_of": day.isoformat()} | _people([_probation_json(row) for row in rows], rows, limit)

    @routes.get("/probation-overdue", **list_of(ConfirmationOverduePage, _working_days_unknown()))
    async def probation_overdue(
        *,
        as_of: AsOf = None,
        unit: _Unit = None,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Members on probation whose confirmation should have been reviewed before the day asked for.

        `overdue_since` is null where the deadline lies in a year without a working-day calendar.
        """
        day = as_of or today()
        with _calendar_known():
            last = clocks.latest_admission_overdue(day, vietnamese_working_days())
        place = after_name(cursor)
        async with reading(pool) as connection:
            scope = await _scope(connection, unit, day)
            rows = await connection.fetch(_PROBATIONERS, scope, day, *place, limit + 1, None, last)
            await _note(connection, actor, "probation-overdue", unit, min(len(rows), limit))
        return {"as_of": day.isoformat()} | _people([_overdue_json(row) for row in rows], rows, limit)

    @routes.get("/badges-due", **list_of(BadgeDuePage, _not_an_award_day(date(2020, 2, 4))))
    async def badges_due(
        *,
        award_day: _AwardDay = None,
        unit: _Unit = None,
        cursor: Cursor = None,
        limit: Limit = 100,
        actor: Actor = "unknown",
    ) -> dict[str, Any]:
        """Members whose years for a party badge became full since the award day before, up to this one.

        `counted_from` says what party age is counted from: the decision on admission by the rule, or the day of
        admission, some weeks later at most, where only that is known.
        """
        day = award_day or clocks.award_day_from(today())
        if not clocks.is_award_day(day):
            raise _not_an_award_day(day)
        years = {since: window.years for window in clocks.badge_windows(day) for since in window.days}
        place = after_name(cursor)
        async with reading(pool) as connection:
            scope = await _scope(connection, unit, day)
            rows = await connection.fetch(_BADGE_HOLDERS, scope, day, *place, limit + 1, list(years))
            await _note(connection, actor, "badges-due", unit, min(len(rows), limit))
        return {"award_day": day.isoformat()} | _people(
            [_badge_json(row, day, years[row["party_since"]]) for row in rows], rows, limit
        )

    @routes.get("/small-cells", **list_of(RuledUnitPage))
    async def small_cells(
        *,
        as_of: AsOf = None,
        unit: _Unit = None,
        rule: _Rule = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """Units whose number of members calls for something, by code; `rule` says which rule it is.

        `cell-too-small`: too few official members for a cell. `committee-too-small`: a grassroots committee with too
        few members. `cell-committee`: enough official members to elect a cell committee, and nobody in it that day;
        these come only when asked for.
        """
        day = as_of or today()
        (last_code,) = after(cursor, 1)
        rules = list(_TOO_SMALL) if rule is None else [rule]
        async with reading(pool) as connection:
            scope = None if unit is None else (await organisation_of(connection, unit)).id
            units = await counted_units(connection, scope, day)
        found = [
            _ruled_json(one, broken)
            for one in units.values()
            for broken in one.rules
            if broken in rules and one.code > last_code
        ]
        last = [item["code"] for item in found[limit - 1 : limit]]
        return {"as_of": day.isoformat()} | page(found, limit, last)

    return routes


async def _scope(connection: Connection, unit: str | None, day: date) -> list[UUID] | None:
    """Return the units to look in. Raises Problem `unknown-organisation` (404)."""
    if unit is None:
        return None
    return await tree.units_within(connection, (await organisation_of(connection, unit)).id, day)


async def _note(connection: Connection, actor: str, name: str, unit: str | None, count: int) -> None:
    await note_read(connection, actor, f"lists/{name}" + (f"?unit={unit}" if unit else ""), count)


def _people(items: Sequence[dict[str, Any]], rows: Sequence[Mapping[str, Any]], limit: int) -> dict[str, Any]:
    return page(items, limit, [part for row in rows[limit - 1 : limit] for part in place_by_name(row)])


def _person_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "full_name": row["full_name"],
        "birth_date": row["birth_date"].isoformat(),
        "cell_code": row["cell_code"],
        "cell_name": row["cell_name"],
        "admitted_on": row["joined_on"].isoformat(),
    }


def _probation_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return _person_json(row) | {"due": "confirmation-review"} | review_json(row["joined_on"])


def review_json(admitted_on: date) -> dict[str, Any]:
    """Return when the confirmation of somebody on probation is to be reviewed, as ConfirmationReview."""
    ends_on = clocks.probation_end(admitted_on)
    deadline = _review_deadline(admitted_on)
    return {
        "remind_from": clocks.probation_reminder(admitted_on).isoformat(),
        "due_from": ends_on.isoformat(),
        "due_until": deadline and deadline.isoformat(),
        "provisional": deadline is not None
        and not vietnamese_working_days().is_certain_between(ends_on, deadline),
        "source": f"{thresholds.PROBATION_MONTHS.source}; {thresholds.CONFIRMATION_REVIEW.source}",
    }


def _overdue_json(row: Mapping[str, Any]) -> dict[str, Any]:
    deadline = _review_deadline(row["joined_on"])
    return {
        **_probation_json(row),
        "overdue_since": deadline and (deadline + timedelta(1)).isoformat(),
    }


def _review_deadline(admitted_on: date) -> date | None:
    try:
        return clocks.review_deadline(admitted_on, vietnamese_working_days())
    except WorkingDaysUnknown:
        return None


def _badge_json(row: Mapping[str, Any], award_day: date, years: int) -> dict[str, Any]:
    seniority = Seniority(row["party_since"], CountedFrom(row["counted_from"]))
    return {
        **_person_json(row),
        "due": "party-badge",
        "badge_years": years,
        "years_full_on": clocks.add_months(seniority.since, 12 * years).isoformat(),
        "award_day": award_day.isoformat(),
        "party_age_since": seniority.since.isoformat(),
        "counted_from": seniority.counted_from.value,
        "source": thresholds.BADGE_YEARS.source,
    }


def _ruled_json(unit: CountedUnit, rule: UnitRule) -> dict[str, Any]:
    least = threshold(rule)
    return {
        "code": unit.code,
        "name": unit.name,
        "type": unit.type,
        "parent_code": unit.parent_code,
        "official_members": unit.official,
        "members": unit.members,
        "rule": rule.value,
        "threshold": least.value,
        "message": warning(rule, members=unit.members, official=unit.official),
        "source": least.source,
    }


@contextmanager
def _calendar_known() -> Iterator[None]:
    """Tell of a day whose review deadlines the working-day calendar cannot say.

    Raises Problem `working-days-unknown` (422).
    """
    try:
        yield
    except (WorkingDaysUnknown, OverflowError):  # the latter next to the ends of all dates
        raise _working_days_unknown() from None


def _working_days_unknown() -> Problem:
    known = vietnamese_working_days()
    return Problem(
        "working-days-unknown",
        422,
        title="Chưa có lịch ngày làm việc cho ngày này",
        title_en="Working days of this time are not known",
        detail=f"Lịch ngày làm việc chỉ có từ {known.first_day:%d/%m/%Y} đến {known.last_day:%d/%m/%Y}, và hạn "
        f"xét tính lùi {thresholds.CONFIRMATION_REVIEW.value} ngày làm việc. Hãy chọn ngày khác.",
    )


def _not_an_award_day(day: date) -> Problem:
    days = ", ".join(f"{number}/{month}" for month, number in thresholds.AWARD_DAYS.days)
    return Problem(
        "not-an-award-day",
        422,
        title="Không phải ngày trao Huy hiệu Đảng",
        title_en="Not an award day",
        detail=f"Ngày {day:%d/%m/%Y} không phải ngày trao Huy hiệu Đảng. Hãy chọn một trong các ngày {days} "
        f"({thresholds.AWARD_DAYS.source}).",
    )
