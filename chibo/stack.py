"""Services on the embedded stack, as `chibo up` and `chibo demo` run them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from chibo import interruption
from chibo.client import Client
from chibo.console import Refused, line, step
from deploy.local.stack import SERVICE_PORTS, Stack, StackError

SERVICES: Final = ("membership", "meetings", "inspection", "reporting")
_SEEN_WITHIN: Final = 120.0
"""Seconds without any progress after which waiting for a projection is given up."""


class Running(NamedTuple):
    """Services that run."""

    urls: dict[str, str]
    """By name."""
    revive: Callable[[], None]
    """Starts again what has ended by itself. Raises StackError where it ends again and again."""


@contextmanager
def services_running(folder: Path | None, *, port_offset: int = 0) -> Iterator[Running]:
    """Start the stack and its services; yield them; stop all at the end, on error and Ctrl-C.

    With a folder the data is kept there and the services have their usual ports, each higher by
    `port_offset`; without one all is thrown away and the ports are free ones. Raises Refused where something
    cannot start.
    """
    try:
        with Stack.start(folder, progress=line) as stack:
            running = {
                name: stack.run_service(
                    name, port=None if folder is None else SERVICE_PORTS[name] + port_offset
                )
                for name in SERVICES
            }
            with step(f"Các dịch vụ đã sẵn sàng: {', '.join(SERVICES)}"):
                for service in running.values():
                    service.wait_ready()
            yield Running({name: service.url for name, service in running.items()}, stack.revive)
    except StackError as error:
        raise Refused(str(error)) from error


def wait_until_seen(membership: Client, reader: Client) -> None:
    """Wait until another service has applied every event that membership has recorded.

    Raises Refused where an event was parked or none is applied for two minutes: the figures would be wrong.
    """
    deadline = time.monotonic() + _SEEN_WITHIN
    before: object = None
    while True:
        stream = membership.get("/v1/stream")
        consumers = reader.get("/v1/progress")["consumers"].values()
        if any(consumer["parked"] for consumer in consumers):
            raise Refused("Có sự kiện không áp dụng được; xem `chibo parked list`.")
        if stream["waiting"] == 0 and all(
            consumer["marks"].get(partition, 0) >= sequence
            for consumer in consumers
            for partition, sequence in stream["partitions"].get(consumer["topic"], {}).items()
        ):
            return
        now = [stream["waiting"], [consumer["marks"] for consumer in consumers]]
        if now != before:
            before, deadline = now, time.monotonic() + _SEEN_WITHIN
        elif time.monotonic() > deadline:
            raise Refused(f"Dịch vụ không nhận thêm sự kiện nào trong {_SEEN_WITHIN:.0f} giây.")
        interruption.check()
        time.sleep(0.05)
