"""The history of a unit: all that was decided about it, by the days from which it held."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.database import Pool
from chassis.event_log import RecordedEvent, events_of
from chassis.openapi import example
from contracts.membership import (
    DocumentRef,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationEvent,
    OrganisationFact,
    OrganisationHistoryRestated,
    OrganisationRenamed,
    OrganisationReparented,
    OrganisationState,
    OrganisationType,
    OrganisationUpgraded,
)
from services.membership.answers import UNKNOWN_UNIT, UnitCode, history_of
from services.membership.domain import DatedState
from services.membership.organisation_corrections import UnitFacts, facts_of, told
from services.membership.paging import reading
from services.membership.queries import organisation_of, unit_codes

Kind = Literal["established", "renamed", "reparented", "upgraded", "dissolved", "withdrawal"]
_KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="Only what was recorded by then", examples=["2021-01-31T17:00:00+00:00"]),
]


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Side(_Answer):
    """What a change is about, before it or after it; the rest is null."""

    name: str | None = None
    type: OrganisationType | None = None
    parent_code: str | None = None


class Entry(_Answer):
    """One change, as it was recorded."""

    version: int
    """The unit's version that it made: the order of recording, and the number by which a correction names it."""
    kind: Kind
    corrects: int | None = None
    """Number of the fact that it puts right, or withdraws."""
    status: Literal["stands", "replaced", "withdrawn", "withdrawal"]
    replaced_by: int | None = None
    effective_date: date
    decision_date: date | None
    document: DocumentRef | None
    recorded_at: datetime
    before: Side | None
    """What was known of the day before, when the change was recorded; null for a correction."""
    after: Side | None


class UnitState(_Answer):
    """What a unit was from a day on; it ended on `dissolved_on`, if it did."""

    from_: date = Field(alias="from")
    name: str
    type: OrganisationType
    parent_code: str | None


class UnitHistory(_Answer):
    """All changes of a unit, by effective date, those of one day in the order of recording; and what they come to."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "K.01.02",
                "changes": [
                    {
                        "version": 2,
                        "kind": "renamed",
                        "status": "stands",
                        "effective_date": "2020-01-01",
                        "decision_date": "2019-12-20",
                        "document": None,
                        "recorded_at": "2019-12-23T02:15:00.123456Z",
                        "before": {"name": "Chi bộ Khoa Nội"},
                        "after": {"name": "Chi bộ Khoa Nội tổng hợp"},
                    }
                ],
                "timeline": [
                    {
                        "from": "1996-01-01",
                        "name": "Chi bộ Khoa Nội",
                        "type": "subordinate_cell",
                        "parent_code": "K.01",
                    }
                ],
                "dissolved_on": None,
            }
        )
    )

    code: str
    changes: list[Entry]
    timeline: list[UnitState]
    dissolved_on: date | None


_CLASSES: Final[Mapping[str, type[OrganisationEvent]]] = {
    event.TYPE: event for event in get_args(OrganisationEvent)
}


def router(pool: Pool) -> APIRouter:
    """Return the route that reads a unit's history."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/organisations/{code:path}/history", **history_of(UnitHistory, UNKNOWN_UNIT))
    async def history(code: UnitCode, known_at: _KnownAt = None) -> UnitHistory:
        """All that was decided about a unit: what, from which day, by which document, and when it was recorded.

        A fact that was corrected or withdrawn stays in the list; `status` says what became of it.
        """
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            recorded = [
                event
                for event in await events_of(connection, unit.id)
                if known_at is None or event.recorded_at <= known_at
            ]
            events = [read_unit_event(event) for event in recorded]
            sides = [side for event in events for side in _states(event)]
            codes = await unit_codes(
                connection, {side.parent_id for side in sides if side and side.parent_id}
            )
        facts = facts_of(events)
        entries = [_entry(row, event, facts, codes) for row, event in zip(recorded, events, strict=True)]
        now = told(unit, facts, codes) if facts.facts else None
        return UnitHistory(
            code=unit.code,
            changes=sorted(entries, key=lambda entry: (entry.effective_date, entry.version)),
            timeline=[_state(state) for state in now.states] if now else [],
            dissolved_on=now and now.dissolved_on,
        )

    return routes


def read_unit_event(recorded: RecordedEvent) -> OrganisationEvent:
    """Return a unit's event from the log."""
    event: OrganisationEvent = _CLASSES[recorded.type].model_validate_json(recorded.payload)
    return event


def _states(event: OrganisationEvent) -> tuple[OrganisationState | None, OrganisationState | None]:
    match event:
        case OrganisationRenamed():
            return None, None
        case OrganisationHistoryRestated():
            return None, event.fact.state if event.fact else None
        case _:
            return event.before, event.after


_KINDS: Final[Mapping[type[OrganisationEvent], Kind]] = {
    OrganisationReparented: "reparented",
    OrganisationUpgraded: "upgraded",
    OrganisationDissolved: "dissolved",
}


def _entry(
    recorded: RecordedEvent, event: OrganisationEvent, facts: UnitFacts, codes: Mapping[UUID, str]
) -> Entry:
    before, after = (state and _side(state, codes) for state in _states(event))
    kind: Kind
    day, number = event.effective_date, recorded.aggregate_version
    match event:
        case OrganisationEstablished():
            kind = "established"
            after = after and after.model_copy(update={"name": event.name})
        case OrganisationRenamed():
            kind = "renamed"
            before, after = Side(name=event.name_before), Side(name=event.name)
        case OrganisationHistoryRestated(fact=None):
            kind = "withdrawal"
        case OrganisationHistoryRestated(fact=OrganisationFact() as fact):
            kind, day = fact.kind.value, fact.effective_date
            if fact.name is not None:
                after = (after or Side()).model_copy(update={"name": fact.name})
        case _:
            kind = _KINDS[type(event)]
    return Entry(
        version=number,
        kind=kind,
        corrects=event.corrects if isinstance(event, OrganisationHistoryRestated) else None,
        status="withdrawal" if kind == "withdrawal" else _status(number, facts),
        replaced_by=facts.replaced.get(number),
        effective_date=day,
        decision_date=event.decision_date,
        document=event.document,
        recorded_at=recorded.recorded_at,
        before=before,
        after=after,
    )


def _status(number: int, facts: UnitFacts) -> Literal["stands", "replaced", "withdrawn"]:
    if number not in facts.replaced:
        return "stands"
    return "withdrawn" if facts.replaced[number] is None else "replaced"


def _side(state: OrganisationState, codes: Mapping[UUID, str]) -> Side:
    return Side(type=state.type, parent_code=state.parent_id and codes[state.parent_id])


def _state(state: DatedState) -> UnitState:
    return UnitState.model_validate(
        {"from": state.since, "name": state.name, "type": state.type, "parent_code": state.parent_code}
    )
