"""The example bloc in services of its own, for looking at."""

from collections.abc import Iterator
from contextlib import contextmanager

from chibo import demo, importing
from chibo.client import Client
from chibo.stack import SERVICES, wait_until_seen
from deploy.local.stack import ServiceProcess, Stack
from tests.example_bloc import EXAMPLE

DAY = "/?as_of=2020-11-30"
"""The page of the day that the stated figures are of."""
PROJECTOR = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}


@contextmanager
def example_services() -> Iterator[dict[str, ServiceProcess]]:
    """Run the services on a stack of their own, with everything of the example counted by reporting."""
    with Stack.start() as stack:
        running = {name: stack.run_service(name) for name in SERVICES}
        for service in running.values():
            service.wait_ready()
        membership, meetings, inspection, reporting = (Client(running[name].url) for name in SERVICES)
        for kind in ("organisations", "members"):
            importing.import_file(membership, kind, EXAMPLE / f"{kind}.csv")
        wait_until_seen(membership, meetings)
        importing.import_file(meetings, "meetings", EXAMPLE / "meetings.csv")
        for source in (membership, meetings):
            wait_until_seen(source, inspection)
        demo.form_teams(inspection, EXAMPLE / "teams.csv")
        for kind in ("visits", "findings"):
            importing.import_file(inspection, kind, EXAMPLE / f"{kind}.csv")
        for source in (membership, meetings, inspection):
            wait_until_seen(source, reporting)
        yield running
