"""What a service's routes and handlers are given to work with."""

from dataclasses import dataclass

from chassis.database import Pool
from chassis.event_log import EventLog
from chassis.settings import Settings


@dataclass(frozen=True, slots=True)
class Resources:
    """One process's pool, event log and settings."""

    pool: Pool
    event_log: EventLog
    settings: Settings
