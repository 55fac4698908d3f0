"""The history of a unit: all that was decided about it, by the days from which it held."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal, get_args
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from chassis.database import Pool
from chassis.event_log import RecordedEvent, events_of
from chassis.openapi import example
from contracts.membership import (
    DocumentRef,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationEvent,
    OrganisationRenamed,
    OrganisationReparented,
    OrganisationState,
    OrganisationType,
    OrganisationUpgraded,
)
from services.membership.answers import UNKNOWN_UNIT, UnitCode, history_of
from services.membership.paging import reading
from services.membership.queries import organisation_of, unit_codes

Kind = Literal["established", "renamed", "reparented", "upgraded", "dissolved"]


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
    """The unit's version that it made: the order of recording."""
    kind: Kind
    effective_date: date
    decision_date: date | None
    document: DocumentRef | None
    recorded_at: datetime
    before: Side | None
    """What was known of the day before, when the change was recorded."""
    after: Side | None


class UnitHistory(_Answer):
    """All changes of a unit, by effective date; those of one day in the order of recording."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "K.01.02",
                "changes": [
                    {
                        "version": 2,
                        "kind": "renamed",
                        "effective_date": "2020-01-01",
                        "decision_date": "2019-12-20",
                        "document": None,
                        "recorded_at": "2019-12-23T02:15:00.123456Z",
                        "before": {"name": "Chi bộ Khoa Nội"},
                        "after": {"name": "Chi bộ Khoa Nội tổng hợp"},
                    }
                ],
            }
        )
    )

    code: str
    changes: list[Entry]


_CLASSES: Final[Mapping[str, type[OrganisationEvent]]] = {
    event.TYPE: event for event in get_args(OrganisationEvent)
}


def router(pool: Pool) -> APIRouter:
    """Return the route that reads a unit's history."""
    routes = APIRouter(tags=["queries"])

    @routes.get("/organisations/{code:path}/history", **history_of(UnitHistory, UNKNOWN_UNIT))
    async def history(code: UnitCode) -> UnitHistory:
        """All that was decided about a unit: what, from which day, by which document, and when it was recorded."""
        async with reading(pool) as connection:
            unit = await organisation_of(connection, code)
            recorded = await events_of(connection, unit.id)
            events = [_CLASSES[event.type].model_validate_json(event.payload) for event in recorded]
            sides = [side for event in events for side in _states(event)]
            codes = await unit_codes(
                connection, {side.parent_id for side in sides if side and side.parent_id}
            )
        entries = [_entry(row, event, codes) for row, event in zip(recorded, events, strict=True)]
        return UnitHistory(
            code=unit.code, changes=sorted(entries, key=lambda entry: (entry.effective_date, entry.version))
        )

    return routes


def _states(event: OrganisationEvent) -> tuple[OrganisationState | None, OrganisationState | None]:
    return (None, None) if isinstance(event, OrganisationRenamed) else (event.before, event.after)


def _entry(recorded: RecordedEvent, event: OrganisationEvent, codes: Mapping[UUID, str]) -> Entry:
    before, after = (state and _side(state, codes) for state in _states(event))
    kind: Kind
    match event:
        case OrganisationEstablished():
            kind = "established"
            after = after and after.model_copy(update={"name": event.name})
        case OrganisationRenamed():
            kind = "renamed"
            before, after = Side(name=event.name_before), Side(name=event.name)
        case OrganisationReparented():
            kind = "reparented"
        case OrganisationUpgraded():
            kind = "upgraded"
        case OrganisationDissolved():
            kind = "dissolved"
    return Entry(
        version=recorded.aggregate_version,
        kind=kind,
        effective_date=event.effective_date,
        decision_date=event.decision_date,
        document=event.document,
        recorded_at=recorded.recorded_at,
        before=before,
        after=after,
    )


def _side(state: OrganisationState, codes: Mapping[UUID, str]) -> Side:
    return Side(type=state.type, parent_code=state.parent_id and codes[state.parent_id])
