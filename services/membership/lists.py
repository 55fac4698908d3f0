"""The lists that an office works through: whose confirmation and whose badge is due, which units break a rule.

They show what is so on the day asked for, of the units and members as they are known now. Every answer with
people in it notes who read it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from chassis.database import Connection, Pool
from chassis.problems import Problem
from contracts.membership import OrganisationType
from services.membership import clocks, thresholds
from services.membership.clocks import CountedFrom
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
from services.membership.unit_rules import UnitRule, threshold, warning
from services.membership.working_days import WorkingDaysUnknown

_REMINDER_DAYS: Final = clocks.reminder_span().days
_CELL_TYPES: Final = [type_.value for type_ in OrganisationType if type_.is_cell]

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

_WITHIN: Final = """
    WITH RECURSIVE within (unit_id) AS (
        SELECT $1::uuid
        UNION ALL
        SELECT child.id FROM organisations AS child JOIN within ON child.parent_id = within.unit_id
    )
"""
# Who is due is found first, and only they are put in the order of names: they are few among all members.
_LISTED: Final = f"""
    SELECT member.*, identity.full_name, identity.birth_date, identity.name_sort_key,
        cell.code AS cell_code, cell.name AS cell_name
    FROM due AS member
    JOIN member_identities AS identity ON identity.member_id = member.id
    JOIN organisations AS cell ON cell.id = member.cell_id
    WHERE ({NAME_ORDER}) > ($3::bytea, $4::text)
    ORDER BY {NAME_ORDER} LIMIT $5
"""
# On probation on the day $2, and admitted after $6 up to $7.
_PROBATIONERS: Final = f"""{_WITHIN},
    due AS MATERIALIZED (
        SELECT id, code, cell_id, admitted_on FROM members
        WHERE ($1::uuid IS NULL OR cell_id IN (SELECT unit_id FROM within))
          AND admitted_on <= $2 AND (official_on IS NULL OR official_on > $2)
          AND (left_on IS NULL OR left_on > $2)
          AND ($6::date IS NULL OR admitted_on > $6) AND admitted_on <= $7
    )
    {_LISTED}
"""
# Official members on the award day $2 whose party age began in one of the windows $6, $7, $8. Who is on probation
# has no party age yet (Điều lệ Đảng, Điều 5 khoản 4).
_BADGE_HOLDERS: Final = f"""{_WITHIN},
    due AS MATERIALIZED (
        SELECT id, code, cell_id, admitted_on, badge.years
        FROM members
        JOIN unnest($6::int[], $7::date[], $8::date[]) AS badge (years, first_day, last_day)
          ON admitted_on BETWEEN badge.first_day AND badge.last_day
        WHERE ($1::uuid IS NULL OR cell_id IN (SELECT unit_id FROM within))
          AND official_on <= $2 AND (left_on IS NULL OR left_on > $2)
    )
    {_LISTED}
"""
# Units of the day $2 that a rule speaks of; members are those of the unit's own cells and all cells below it.
_RULED_UNITS: Final = f"""{_WITHIN},
    counted AS (
        SELECT cell_id, count(*) AS members, count(*) FILTER (WHERE official_on <= $2) AS official
        FROM members WHERE admitted_on <= $2 AND (left_on IS NULL OR left_on > $2)
        GROUP BY cell_id
    ),
    beneath (top_id, unit_id) AS (
        SELECT id, id FROM organisations WHERE type = ANY($3::text[]) OR type = $4
        UNION ALL
        SELECT beneath.top_id, child.id
        FROM organisations AS child JOIN beneath ON child.parent_id = beneath.unit_id
    ),
    strength AS (
        SELECT top_id, coalesce(sum(members), 0)::int AS members, coalesce(sum(official), 0)::int AS official
        FROM beneath LEFT JOIN counted ON counted.cell_id = beneath.unit_id
        GROUP BY top_id
    ),
    ruled AS (
        SELECT unit.*, parent.code AS parent_code, strength.members, strength.official,
            CASE
                WHEN unit.type = ANY($3::text[]) AND strength.official < $5 THEN '{UnitRule.CELL_TOO_SMALL}'
                WHEN unit.type = ANY($3::text[]) AND strength.official >= $6 THEN '{UnitRule.CELL_COMMITTEE}'
                WHEN unit.type = $4 AND strength.members < $7 THEN '{UnitRule.COMMITTEE_TOO_SMALL}'
            END AS rule
        FROM organisations AS unit
        JOIN strength ON strength.top_id = unit.id
        JOIN organisations AS parent ON parent.id = unit.parent_id
        WHERE ($1::uuid IS NULL OR unit.id IN (SELECT unit_id FROM within))
          AND unit.established_on <= $2 AND (unit.dissolved_on IS NULL OR unit.dissolved_on > $2)
    )
    SELECT code, name, type, parent_code, members, official, rule FROM ruled
    WHERE rule = ANY($8::text[]) AND code > $9
    ORDER BY code LIMIT $10
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
            scope = await _scope(connection, unit)
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
            scope = await _scope(connection, unit)
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

        `counted_from` says what party age is counted from: the register knows the day of admission, while the rule
        counts from the decision on it, some weeks earlier at most.
        """
        day = award_day or clocks.award_day_from(today())
        if not clocks.is_award_day(day):
            raise _not_an_award_day(day)
        windows = clocks.badge_windows(day)
        columns = [[getattr(one, name) for one in windows] for name in ("years", "first", "last")]
        place = after_name(cursor)
        async with reading(pool) as connection:
            scope = await _scope(connection, unit)
            rows = await connection.fetch(_BADGE_HOLDERS, scope, day, *place, limit + 1, *columns)
            await _note(connection, actor, "badges-due", unit, min(len(rows), limit))
        return {"award_day": day.isoformat()} | _people([_badge_json(row, day) for row in rows], rows, limit)

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
        few members. `cell-committee`: enough official members to elect a cell committee; the register does not know
        positions yet, so that these come only when asked for, whether or not they have one.
        """
        day = as_of or today()
        (last_code,) = after(cursor, 1)
        rules = list(_TOO_SMALL) if rule is None else [rule]
        bounds = [threshold(one).value for one in UnitRule]
        committee = OrganisationType.GRASSROOTS_COMMITTEE.value
        async with reading(pool) as connection:
            scope = await _scope(connection, unit)
            rows = await connection.fetch(
                _RULED_UNITS, scope, day, _CELL_TYPES, committee, *bounds, rules, last_code, limit + 1
            )
        last = [row["code"] for row in rows[limit - 1 : limit]]
        return {"as_of": day.isoformat()} | page([_ruled_json(row) for row in rows], limit, last)

    return routes


async def _scope(connection: Connection, unit: str | None) -> Any:
    return None if unit is None else (await organisation_of(connection, unit)).id


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
        "admitted_on": row["admitted_on"].isoformat(),
    }


def _probation_json(row: Mapping[str, Any]) -> dict[str, Any]:
    admitted_on = row["admitted_on"]
    ends_on = clocks.probation_end(admitted_on)
    deadline = _review_deadline(admitted_on)
    return {
        **_person_json(row),
        "due": "confirmation-review",
        "remind_from": clocks.probation_reminder(admitted_on).isoformat(),
        "due_from": ends_on.isoformat(),
        "due_until": deadline and deadline.isoformat(),
        "provisional": deadline is not None
        and not vietnamese_working_days().is_certain_between(ends_on, deadline),
        "source": f"{thresholds.PROBATION_MONTHS.source}; {thresholds.CONFIRMATION_REVIEW.source}",
    }


def _overdue_json(row: Mapping[str, Any]) -> dict[str, Any]:
    deadline = _review_deadline(row["admitted_on"])
    return {
        **_probation_json(row),
        "overdue_since": deadline and (deadline + timedelta(1)).isoformat(),
    }


def _review_deadline(admitted_on: date) -> date | None:
    try:
        return clocks.review_deadline(admitted_on, vietnamese_working_days())
    except WorkingDaysUnknown:
        return None


def _badge_json(row: Mapping[str, Any], award_day: date) -> dict[str, Any]:
    # The register has no date of the decision on admission yet.
    seniority = clocks.Seniority(row["admitted_on"], CountedFrom.ADMISSION)
    return {
        **_person_json(row),
        "due": "party-badge",
        "badge_years": row["years"],
        "years_full_on": clocks.add_months(seniority.since, 12 * row["years"]).isoformat(),
        "award_day": award_day.isoformat(),
        "party_age_since": seniority.since.isoformat(),
        "counted_from": seniority.counted_from.value,
        "source": thresholds.BADGE_YEARS.source,
    }


def _ruled_json(row: Mapping[str, Any]) -> dict[str, Any]:
    rule = UnitRule(row["rule"])
    least = threshold(rule)
    return {
        "code": row["code"],
        "name": row["name"],
        "type": row["type"],
        "parent_code": row["parent_code"],
        "official_members": row["official"],
        "members": row["members"],
        "rule": rule.value,
        "threshold": least.value,
        "message": warning(rule, members=row["members"], official=row["official"]),
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
