"""The job that holds approved plans against what was heard and recorded, and plans anew what cannot be any more.

A turn looks at everything there is, so that it does not matter how long nobody looked, nor what was told twice. Up to
where it looked is written in its transaction: while nothing new comes a turn is one question. The chassis lets one
process at a time have a turn (chassis/jobs.py).
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from chassis.database import Connection
from chassis.jobs import Job
from chassis.resources import Resources
from services.inspection.days import local_day
from services.inspection.plans.reading import read_situation
from services.inspection.plans.replanning import decide_replan
from services.inspection.plans.store import PlanStore, read_plans
from services.inspection.store import Store

# Marks of the streams that are heard, and our own events: whatever changes a plan moves one of them. The log's last
# position would not do, since one that was drawn before may be committed after it: what has no sequence yet is told
# by the queue, and what has by the last sequence.
_SEEN: Final = """
    SELECT concat_ws(' ',
        (SELECT string_agg(concat(consumer, partition, ':', sequence), ',' ORDER BY consumer, topic, partition)
         FROM stream_marks),
        (SELECT coalesce(max(sequence), 0) FROM event_stream),
        (SELECT concat(count(*), ':', sum(position)) FROM event_queue))
"""
_KNOWN: Final = "SELECT seen FROM visit_plans_checked"
_KEEP: Final = """
    INSERT INTO visit_plans_checked (seen) VALUES ($1) ON CONFLICT (single) DO UPDATE SET seen = excluded.seen
"""
# A meeting put off may be held in a later month than it counts for.
_PLANS: Final = (
    "SELECT * FROM visit_plans WHERE status = 'approved' AND month >= $1 ORDER BY month FOR UPDATE"
)
_LOOK_BACK: Final = timedelta(days=92)


async def replan_approved(connection: Connection, resources: Resources, now: datetime) -> bool:
    """Plan anew what approved plans have that cannot be any more; return whether there is more."""
    seen = await connection.fetchval(_SEEN)
    if seen == await connection.fetchval(_KNOWN):
        return False
    store, today = PlanStore(Store(connection, resources.event_log)), local_day(now)
    for plan in await read_plans(connection, await connection.fetch(_PLANS, today - _LOOK_BACK)):
        situation = await read_situation(connection, plan.month, plan.id, on=None, now=now)
        decided = await asyncio.to_thread(partial(decide_replan, plan, situation, on=today))
        if decided is not None:
            await store.save(decided, now)
    await connection.execute(_KEEP, seen)
    return False


REPLANNING: Final = Job("inspection.replanning", 5.0, replan_approved)
