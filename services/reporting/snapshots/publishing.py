"""A frozen month as an event: what it states, and what of it may not go outside, by what went out before."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.database import Connection
from chassis.event_log import EventLog, NewEvent, events_of
from contracts.statistics import Figure, MonthFigures, MonthFrozen, UnitCounts, Withheld
from contracts.statistics_public import COLUMNS, MEMBERS
from contracts.suppression import Hidden, suppress
from services.reporting.figures.periods import Period, after_month
from services.reporting.snapshots.domain import Revision, Terms

OFFICE: Final = ("bloc", "grassroots_committee")
"""Whose months are frozen by themselves and published: units with committees of their own, down to the grassroots."""
_MONTH_LABEL: Final = len("2020-11")


async def publish(
    connection: Connection, log: EventLog, terms: Terms, revision: Revision, former: Revision | None
) -> None:
    """Record that a month was frozen, in the transaction in which it was; nothing of another unit or period."""
    unit = revision.unit
    if unit is None or unit["type"] not in OFFICE:
        return
    if len(Period(terms.first, terms.last).label) != _MONTH_LABEL:
        return
    id_ = uuid5(NAMESPACE_URL, f"urn:chibo:unit-statistics:{unit['code']}")
    past = [
        MonthFrozen.model_validate_json(event.payload)
        for event in await events_of(connection, id_)
        if event.type == MonthFrozen.TYPE
    ]
    told = frozen(id_, terms, revision, former, past)
    await log.append(connection, [NewEvent(id_, len(past) + 1, told.TYPE, told.as_json())])


def frozen(
    id_: UUID, terms: Terms, revision: Revision, former: Revision | None, past: Sequence[MonthFrozen]
) -> MonthFrozen:
    """Return the event of a revision, after all that were told of the unit."""
    after = _figures(revision.figures)
    rows = {row.unit: {m: getattr(row, column) for m, column in COLUMNS.items()} for row in after.below}
    whole = {figure.measure: int(figure.value or 0) for figure in after.whole if figure.measure in COLUMNS}
    hidden = suppress(
        rows, whole, base=MEMBERS,
        told_elsewhere={row.unit for row in after.below if row.told_elsewhere},
        before=_hidden_before(terms, past),
    )  # fmt: skip
    withheld = [(None, measure) for measure in sorted(hidden.wholes)] + sorted(hidden.cells)
    return MonthFrozen(
        effective_date=terms.last,
        unit_statistics_id=id_,
        snapshot_id=terms.id,
        unit=revision.unit["code"] if revision.unit else "",
        from_on=terms.first,
        revision=revision.number,
        known_at=revision.known_at,
        digest=revision.hash.hex(),
        before=None if former is None else _figures(former.figures),
        after=after,
        withheld=tuple(Withheld(unit=row, measure=measure) for row, measure in withheld),
        small=tuple(sorted(hidden.small)),
    )


def _hidden_before(terms: Terms, past: Sequence[MonthFrozen]) -> Hidden:
    """Return what was hidden in the events that lie beside this one.

    They are the one before, as it was told, and the last of the same month and of those before and after it: a
    revision may come in between.
    """
    last_of = {event.from_on: event for event in past}
    months = (after_month(terms.first, step) for step in (-1, 0, 1))
    beside = [*past[-1:], *(last_of[month] for month in months if month in last_of)]
    return Hidden(
        frozenset((each.unit, each.measure) for event in beside for each in event.withheld if each.unit),
        frozenset(each.measure for event in beside for each in event.withheld if each.unit is None),
        frozenset(measure for event in beside for measure in event.small),
    )


def _figures(figures: Mapping[str, Any]) -> MonthFigures:
    types = figures.get("types", {})
    return MonthFigures(
        whole=tuple(Figure(measure=code, value=value) for code, value in sorted(figures["whole"].items())),
        below=tuple(
            UnitCounts(
                unit=unit,
                told_elsewhere=types.get(unit) in OFFICE,
                **{column: int(values.get(measure) or 0) for measure, column in COLUMNS.items()},
            )
            for unit, values in sorted(figures["below"].items())
        ),
    )
