"""Figures as they are counted now, to be frozen, and which late events bear on frozen ones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from chassis.database import Connection
from chassis.publications import PARTITIONS
from chassis.rebuilding.projections import rebuildable
from contracts.topics import INSPECTION_INTERNAL, MEETINGS_INTERNAL, MEMBERSHIP_INTERNAL
from services.reporting.consumers import CONSUMERS, SUBSCRIPTIONS
from services.reporting.dated_tree import DatedTree, Trees
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.measure import Kind, Source
from services.reporting.figures.periods import Step
from services.reporting.figures.query import Mark, answer, mark
from services.reporting.figures.question import Question
from services.reporting.movement import CAUSES
from services.reporting.snapshots.domain import Figures, Seen, Terms, seen_of

_BELOW: Final = tuple(
    measure.code
    for measure in MEASURES.values()
    if measure.source is Source.MEMBERS and measure.kind is Kind.STOCK
)
"""What is frozen of each unit directly below."""
_TABLES: Final[Mapping[str, Sequence[str]]] = {
    projection.source.topic: projection.tables for projection in rebuildable(SUBSCRIPTIONS).values()
}
"""The tables that tell which events of a topic were counted."""

# $1 all to this sequence, $2 and these, $3 the units, $4 the first day, $5 the last one.
_NEW: Final = "sequence > $1 AND NOT sequence = ANY ($2::bigint[])"
_CELL_AND_MONTH: Final = "cell_id = ANY ($3::uuid[]) AND month BETWEEN date_trunc('month', $4::date) AND $5"


def _late(table: str, about: str, where: str, *, at: str = "recorded_at") -> str:
    return (
        f"SELECT sequence, min({at}) AS recorded_at, {about} AS about"
        f" FROM {table} WHERE {_NEW} AND {where} GROUP BY sequence"
    )


_LATE: Final[Mapping[str, str]] = {
    MEMBERSHIP_INTERNAL.name: " UNION ALL ".join(
        (
            _late("member_facts", "array_agg(DISTINCT cause::text ORDER BY cause::text)",
                  "cell_id = ANY ($3::uuid[]) AND effective_date <= $5 AND $4::date IS NOT NULL"),
            _late("organisation_facts", "'{organisation}'::text[]",
                  "(organisation_id = ANY ($3::uuid[]) OR parent_id = ANY ($3::uuid[]))"),
            _late("rating_facts", "'{rating}'::text[]", "unit_id = ANY ($3::uuid[]) AND effective_date <= $5"),
            _late("award_facts", "'{award}'::text[]", "unit_id = ANY ($3::uuid[]) AND effective_date <= $5"),
        )
    ),
    MEETINGS_INTERNAL.name: " UNION ALL ".join(
        (
            _late("meeting_states", "'{meeting}'::text[]", _CELL_AND_MONTH, at="known_from"),
            _late("task_states", "'{task}'::text[]", _CELL_AND_MONTH, at="known_from"),
            _late("interruption_states", "'{interruption}'::text[]",
                  "from_on <= $5 AND coalesce(until_on, $5) >= $4", at="known_from"),
            _late("watch_states", "'{watch}'::text[]", "first_month <= $5", at="known_from"),
            _late("missed_months", "'{missed month}'::text[]", _CELL_AND_MONTH, at="known_from"),
        )
    ),
    INSPECTION_INTERNAL.name: " UNION ALL ".join(
        (
            _late("visit_states", "'{visit}'::text[]", _CELL_AND_MONTH, at="known_from"),
            _late("finding_facts", "'{finding}'::text[]", "cell_id = ANY ($3::uuid[]) AND effective_date <= $5"),
        )
    ),
}  # fmt: skip
_MARKS: Final = """
    SELECT topic, partition, min(sequence) FROM stream_marks WHERE consumer = ANY ($1::text[]) GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything of one database snapshot."""

    unit: dict[str, str] | None
    figures: dict[str, Any]
    mark: Mark
    seen: dict[str, Any]


def question(terms: Terms, measures: Sequence[str], by: Sequence[Dimension] = ()) -> Question:
    """Return the question that a snapshot answers."""
    return Question(
        unit=terms.unit_code, first=terms.first, last=terms.last, step=Step.WHOLE,
        measures=[MEASURES[code] for code in measures if code in MEASURES], by=by,
    )  # fmt: skip


async def count(
    connection: Connection, trees: Trees, terms: Terms, *, measures: Sequence[str], today: datetime | None
) -> Counted | None:
    """Return the figures of a unit and period; None where no unit of that code is known.

    `today` is the instant of the first revision, if there is one: months pass and tasks lapse without any event, and
    a revision tells of events alone.
    """
    marked = await mark(connection, CONSUMERS)
    at = Mark(marked.up_to, today or marked.at)
    whole = await answer(connection, trees, question(terms, measures), at)
    if whole is None:
        return None
    below = await answer(
        connection, trees, question(terms, _BELOW, (Dimension.UNIT,)), at
    )  # fmt: skip
    rows = below.rows if below else ()
    figures = Figures(
        whole.rows[0].values if whole.rows else {}, {row.unit.code: row.values for row in rows if row.unit}
    )
    unit = whole.unit
    return Counted(
        unit=None if unit is None else {"code": unit.code, "name": unit.name, "type": unit.type},
        figures={
            **figures.as_json(),
            "types": {row.unit.code: row.unit.type for row in rows if row.unit},
        },
        mark=marked,
        seen=await _seen(connection),
    )


async def _seen(connection: Connection) -> dict[str, Any]:
    marks: dict[str, dict[int, int]] = {}
    for topic, partition, sequence in await connection.fetch(_MARKS, list(CONSUMERS)):
        marks.setdefault(topic, {})[partition] = sequence
    told = {}
    for topic, tables in _TABLES.items():
        low = seen_of(marks.get(topic, {}), PARTITIONS, ()).to
        found = " UNION ".join(f"SELECT sequence FROM {table} WHERE sequence > $1" for table in tables)
        beyond = [row[0] for row in await connection.fetch(found, low)]
        seen = seen_of(marks.get(topic, {}), PARTITIONS, beyond)
        told[topic] = {"to": seen.to, "also": sorted(seen.also)}
    return told


async def late_events(
    connection: Connection, trees: Trees, terms: Terms, seen: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the events counted since, that bear on the unit and the period: topic, sequence, instant, what about."""
    tree = await trees.read(connection, None)
    units = list(_scope(tree, terms))
    found = []
    for topic, query in _LATE.items():
        before = seen.get(topic, {"to": 0, "also": []})
        known = Seen(before["to"], frozenset(before["also"]))
        rows = await connection.fetch(query, known.to, list(known.also), units, terms.first, terms.last)
        for row in rows:
            about = [CAUSES[int(each)].value if each.isdigit() else each for each in row["about"]]
            found.append(
                {
                    "topic": topic,
                    "sequence": row["sequence"],
                    "recorded_at": row["recorded_at"].isoformat(),
                    "about": about,
                }
            )
    return sorted(found, key=lambda event: (event["topic"], event["sequence"], event["about"]))


def _scope(tree: DatedTree, terms: Terms) -> set[Any]:
    """Return the units that belong to the snapshot's on its first or last day, as they are known now."""
    root = None if terms.unit_code is None else tree.of_code(terms.unit_code, terms.last)
    days: tuple[date, ...] = (terms.first, terms.last)
    return {unit for day in days for unit in tree.below(root, day)}


def as_text(marked: Mark) -> str:
    """Return up to which events something is true, as the same text for the same events."""
    return json.dumps(marked.up_to, sort_keys=True)
