"""What a service's routes and handlers are given to work with."""

import asyncio
from dataclasses import dataclass, field

from chassis.database import Pool
from chassis.event_log import EventLog
from chassis.settings import Settings


@dataclass(frozen=True, slots=True)
class Resources:
    """One process's pool, event log and settings, and the sign that it is to stop."""

    pool: Pool
    event_log: EventLog
    settings: Settings
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is to stop: an answer without an end ends then."""
