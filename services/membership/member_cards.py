"""The card of a member as one answer: who they are, what they count as on a day, and all that was recorded of them.

What they count as is told by their history up to the day, with all that is known now. Whoever reads it is noted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, get_args
from uuid import UUID

from fastapi import APIRouter

from chassis.database import Connection, Pool
from chassis.event_log import RecordedEvent, events_of, events_of_each
from contracts.membership import MemberEvent, MemberState, Standing
from contracts.transfers import TransferEvent
from services.membership import clocks, store, thresholds
from services.membership.answers import MemberCode
from services.membership.cards import path_to
from services.membership.clocks import Seniority
from services.membership.histories import told
from services.membership.history import History, Life, cells_of, history_of, life_of, stated, steps_of
from services.membership.lists import review_json
from services.membership.member_card_answers import CARD
from services.membership.numbers.domain import Numbers, NumbersOf
from services.membership.numbers.store import numbers_of
from services.membership.paging import Actor, AsOf, note_read, reading, today
from services.membership.positions.queries import position_entries, positions_of_member
from services.membership.problems import unknown_member
from services.membership.queries import code_in_path, identified_json, unit_codes
from services.membership.ratings.domain import last_day
from services.membership.ratings.queries import awards_of, rating_entries
from services.membership.store import read_member_event
from services.membership.transfers.queries import transfers_of

_POSITIONS: Final = """
    SELECT held.id, unit.code AS organisation_code
    FROM positions AS held JOIN organisations AS unit ON unit.id = held.organisation_id
    WHERE held.member_id = $1
"""
_TRANSFER_EVENTS: Final[Mapping[str, type[TransferEvent]]] = {
    event.TYPE: event for event in get_args(TransferEvent)
}
_AWARDS_RECORDED: Final = "SELECT id, recorded_at FROM awards WHERE member_id = $1"


def router(pool: Pool) -> APIRouter:
    """Return the route of the member card."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/members/{code:path}/card", **CARD)
    async def card(code: MemberCode, as_of: AsOf = None, actor: Actor = "unknown") -> dict[str, Any]:
        """One member on a day: where they belong, since when and as what, what is due, and all that was recorded.

        As it is known now; `timeline` says when each thing became known. Why somebody is exempt or suspended is
        not on it.
        """
        day = as_of or today()
        async with reading(pool) as connection:
            row = await connection.fetchrow(f"{store.MEMBER} WHERE member.code = $1", code_in_path(code))
            if row is None:
                raise unknown_member(code)
            member = store.member(row)
            recorded = await events_of(connection, member.id)
            events = [read_member_event(event) for event in recorded]
            history = history_of(events)
            life = life_on(history, day)
            codes = await unit_codes(connection, _units_of(events))
            positions = await positions_of_member(connection, member.id)
            ratings = await rating_entries(connection, member.id)
            awards = await awards_of(connection, member.id)
            transfers = await transfers_of(connection, member.code, day)
            answer = {
                "as_of": day,
                "member": identified_json(member),
                "numbers": _numbers((await numbers_of(connection, [member.id])).get(member.id)),
                "place": await _place(connection, history, life.state, day),
                **clocks_json(life, day),
                "spells": [
                    {
                        "kind": spell.kind,
                        "from_on": spell.from_on,
                        "until": spell.until,
                        "cell_code": spell.cell_id and codes[spell.cell_id],
                    }
                    for spell in life.open.values()
                ],
                "positions": [one for one in positions if _holds(one, day)],
                "ratings": [
                    one for one in ratings if one["status"] == "stands" and last_day(one["year"]) <= day
                ],
                "awards": [
                    one for one in awards if not one["withdrawn"] and one["awarded_on"] <= day.isoformat()
                ],
                "transfer": next((one for one in transfers if one["ended_on"] is None), None),
                "timeline": in_order(
                    [
                        *_membership(recorded, events, codes),
                        *await _positions(connection, member.id),
                        *(_rating(one) for one in ratings),
                        *await _awards(connection, member.id, awards),
                        *await _transfers(connection, transfers),
                    ]
                ),
            }
            await note_read(connection, actor, f"members/{member.code}/card", 1)
        return answer

    return routes


def life_on(history: History, day: date) -> Life:
    """Return what all that happened up to a day comes to, with all that is known of it now."""
    return life_of(history.up_to(day))


def clocks_json(life: Life, day: date) -> dict[str, Any]:
    """Return what runs for a member on a day: the review of a probation, or party age and the next badge."""
    state, official = life.state, life.state is not None and life.state.standing is Standing.OFFICIAL
    joined_on = state and life.entry and (state.joined_on or life.entry.day)
    return {
        "standing": state and state.standing,
        "review": review_json(joined_on) if joined_on and not official else None,
        "party_age": _party_age(life.seniority, day) if life.seniority and official else None,
        "next_badge": _next_badge(life.seniority, day) if life.seniority and official else None,
    }


def _party_age(seniority: Seniority, day: date) -> dict[str, Any]:
    return {
        "since": seniority.since,
        "counted_from": seniority.counted_from,
        "years": seniority.party_age_on(day),
    }


def _next_badge(seniority: Seniority, day: date) -> dict[str, Any] | None:
    years = seniority.next_badge_on(day)
    if years is None:
        return None
    return {
        "years": years,
        "years_full_on": clocks.add_months(seniority.since, 12 * years),
        "award_day": seniority.award_day_of(years),
        "source": thresholds.BADGE_YEARS.source,
    }


def _numbers(found: NumbersOf | None) -> dict[str, str | None]:
    numbers = found.numbers if found else Numbers()
    return {"card_number": numbers.card, "file_number": numbers.file}


async def _place(
    connection: Connection, history: History, state: MemberState | None, day: date
) -> dict[str, Any] | None:
    if state is None:
        return None
    *path, cell = await path_to(connection, state.cell_id, day, itself=True)
    return {"cell": cell, "since": there_since(history, day), "path": path}


def there_since(history: History, day: date) -> date | None:
    """Return the day from which a member has counted in one cell without a break, up to a day on which they count."""
    since = None
    for step in steps_of(history):
        if step.effective_date <= day:
            same = step.before and step.after and step.before.cell_id == step.after.cell_id
            since = since if same else step.effective_date
    return since


def _holds(position: Mapping[str, Any], day: date) -> bool:
    until = position["until_on"]
    return bool(position["from_on"] <= day and (until is None or day < until))


def _units_of(events: Iterable[MemberEvent]) -> set[UUID]:
    return cells_of(fact for event in events if (fact := stated(event)))


# The timeline


def in_order(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entries by the days of their effect, those of one day as they became known."""
    return sorted(entries, key=lambda entry: (entry["effective_date"], entry["recorded_at"]))


def _entry(about: str, **what: Any) -> dict[str, Any]:
    others = dict.fromkeys(("fact", "position", "rating", "award", "transfer"))
    return {**others, "about": about, **what}


def _membership(
    recorded: Sequence[RecordedEvent], events: Sequence[MemberEvent], codes: Mapping[UUID, str]
) -> Iterator[dict[str, Any]]:
    entries = told(recorded, events, codes)["entries"]
    for row, event, entry in zip(recorded, events, entries, strict=True):
        fact = entry["fact"]
        yield _entry(
            "membership",
            what=fact["kind"] if fact else "withdrawal",
            effective_date=stated_on(event),
            decision_date=event.decision_date,
            recorded_at=row.recorded_at,
            number=entry["number"],
            status=entry["status"],
            fact=fact,
        )


def stated_on(event: MemberEvent) -> date:
    """Return the day of what an event states; of a withdrawal the first day that it changes."""
    fact = stated(event)
    return fact.effective_date if fact else event.effective_date


async def _positions(connection: Connection, member: UUID) -> list[dict[str, Any]]:
    units = {row["id"]: row["organisation_code"] for row in await connection.fetch(_POSITIONS, member)}
    recorded = await events_of_each(connection, list(units))
    return [
        _entry(
            "position",
            what=entry["kind"],
            **{name: entry[name] for name in ("effective_date", "decision_date", "recorded_at", "number", "status")},
            position={"id": id_, "organisation_code": units[id_], **(entry["after"] or entry["before"])},
        )
        for id_, events in recorded.items()
        for entry in position_entries(events)
    ]  # fmt: skip


def _rating(entry: Mapping[str, Any]) -> dict[str, Any]:
    return _entry(
        "rating",
        what="rated",
        effective_date=last_day(entry["year"]),
        decision_date=entry["decision_date"],
        recorded_at=datetime.fromisoformat(entry["recorded_at"]),
        number=entry["number"],
        status=entry["status"],
        rating={name: entry[name] for name in ("year", "grade", "not_rated")},
    )


async def _awards(
    connection: Connection, member: UUID, awards: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    recorded = {str(id_): at for id_, at in await connection.fetch(_AWARDS_RECORDED, member)}
    return [
        _entry(
            "award",
            what="awarded",
            effective_date=date.fromisoformat(award["awarded_on"]),
            decision_date=award["decision_date"],
            recorded_at=recorded[award["id"]],
            number=None,
            status="withdrawn" if award["withdrawn"] else "stands",
            award={name: award[name] for name in ("id", "kind", "level", "title")},
        )
        for award in awards
    ]


async def _transfers(connection: Connection, transfers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    known = {UUID(one["id"]): one for one in transfers}
    recorded = await events_of_each(connection, list(known))
    return [
        _entry(
            "transfer",
            what=event.after.state,
            effective_date=event.effective_date,
            decision_date=event.decision_date,
            recorded_at=row.recorded_at,
            number=None,
            status="stands",
            transfer={name: known[id_][name] for name in ("id", "kind", "origin_code", "destination_code")},
        )
        for id_, rows in recorded.items()
        for row in rows
        if (event := _TRANSFER_EVENTS[row.type].model_validate_json(row.payload))
    ]
