"""What all of inspection writes through: the events of one transaction."""

from chassis.database import Connection
from chassis.event_log import EventLog, NewEvent
from contracts.event import Event


class Store:
    """Writes of one transaction on `connection`."""

    def __init__(self, connection: Connection, event_log: EventLog) -> None:
        self.connection = connection
        self._event_log = event_log

    async def append(self, event: Event, version: int) -> None:
        """Append an event that brings its aggregate to a version. Raises ConcurrentChange, EventTooLarge."""
        new = NewEvent(
            aggregate_id=event.aggregate_id,
            aggregate_version=version,
            type=event.TYPE,
            payload=event.as_json(),
        )
        await self._event_log.append(self.connection, [new])
