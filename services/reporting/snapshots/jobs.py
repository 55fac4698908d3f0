"""What keeps snapshots true by itself: a new revision after a late fact, and each month frozen once it is over.

Both are turns of one process at a time (chassis/jobs.py); what they did is in the tables, so that after any stop the
next turn goes on from there, and nothing is done twice.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from chassis.database import Connection
from chassis.jobs import Job
from chassis.rebuilding import reading
from chassis.resources import Resources
from services.reporting.consumers import CONSUMERS
from services.reporting.dated_tree import Trees
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.periods import month_start
from services.reporting.figures.query import mark
from services.reporting.recorded import local_day
from services.reporting.snapshots import store
from services.reporting.snapshots.domain import Terms, changes, knows_less
from services.reporting.snapshots.freezing import as_text, count, late_events
from services.reporting.snapshots.origins import with_types
from services.reporting.snapshots.publishing import OFFICE, publish

_TURN: Final = 10
"""Snapshots looked at in one transaction."""
_IS_QUIET: Final = """
    SELECT max(updated_at) < clock_timestamp() - interval '1 minute' FROM stream_marks
    WHERE consumer = ANY ($1::text[])
"""
_TREES: Final = Trees()


async def revise(connection: Connection, resources: Resources, now: datetime) -> bool:
    """Hold some snapshots against what is counted by now; freeze a revision of those that differ."""
    del now
    up_to = as_text(await mark(connection, CONSUMERS))
    found = await store.unchecked(connection, up_to, _TURN)
    for terms in found:
        if not await _revised(connection, resources, terms):
            return False
    return len(found) == _TURN


async def _revised(connection: Connection, resources: Resources, terms: Terms) -> bool:
    """Hold one against what is counted; return False where less is counted than when it was frozen.

    So it is while a projection that was emptied is read anew from the beginning: nothing is to be told by it.
    """
    former = await store.last_revision(connection, terms.id)
    unchanged_by = await store.checked(connection, terms.id)
    async with reading(resources.pool) as snapshot:
        if knows_less((await mark(snapshot, CONSUMERS)).up_to, former.up_to):
            return False
        events = await late_events(snapshot, _TREES, terms, unchanged_by or former.seen)
        up_to = as_text(await mark(snapshot, CONSUMERS))
        counted = None
        if events:
            counted = await count(
                snapshot, _TREES, terms, measures=list(former.figures["whole"]),
                today=await store.first_known_at(connection, terms.id),
            )  # fmt: skip
    if counted is not None and changes(former.figures, counted.figures):
        told = await with_types(resources.settings.kafka, events)
        made = await store.add_revision(connection, terms, counted, former=former, events=told)
        await publish(connection, resources.event_log, terms, made, former)
        unchanged_by = None
    elif counted is not None:
        unchanged_by = counted.seen
    await store.note_checked(connection, terms.id, up_to, seen=unchanged_by)
    return True


async def freeze_month(connection: Connection, resources: Resources, now: datetime) -> bool:
    """Freeze the month that is over, of the bloc and each of its grassroots committees; one in a turn.

    Not while events come in one after the other, as when everything is read from its beginning.
    """
    if not await connection.fetchval(_IS_QUIET, list(CONSUMERS)):
        return False
    last = month_start(local_day(now)) - timedelta(days=1)
    async with reading(resources.pool) as snapshot:
        tree = await _TREES.read(snapshot, None)
        codes = [
            unit.code
            for id_ in tree.below(None, last)
            if (unit := tree.unit(id_, last)) and unit.type in OFFICE and tree.is_on(id_, last)
        ]
    taken = {
        row[0]
        for row in await connection.fetch(
            "SELECT unit_code FROM snapshots WHERE first = $1 AND last = $2", month_start(last), last
        )
    }
    code = next((code for code in sorted(codes) if code not in taken), None)
    if code is None:
        return False
    await freeze(connection, resources, Terms(uuid4(), code, month_start(last), last), _TREES)
    return True


async def freeze(connection: Connection, resources: Resources, terms: Terms, trees: Trees) -> bool:
    """Freeze the first revision of a snapshot that was not written down yet; return whether there is such a unit."""
    async with reading(resources.pool) as snapshot:
        counted = await count(snapshot, trees, terms, measures=list(MEASURES), today=None)
    if counted is None:
        return False
    if await store.insert(connection, terms) is None:
        made = await store.add_revision(connection, terms, counted, former=None)
        await publish(connection, resources.event_log, terms, made, None)
    return True


REVISE: Final = Job("snapshot-revisions", 30, revise)
FREEZE_MONTH: Final = Job("monthly-snapshots", 600, freeze_month)
