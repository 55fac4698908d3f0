"""The services as processes of their own on the run's stack."""

from collections.abc import Iterator

import pytest

from chibo.client import Client
from deploy.local.stack import ServiceProcess, Stack


@pytest.fixture(scope="session")
def services(stack: Stack) -> Iterator[dict[str, ServiceProcess]]:
    running = {
        name: stack.run_service(name) for name in ("membership", "meetings", "inspection", "reporting")
    }
    for service in running.values():
        service.wait_ready()
    yield running
    for service in running.values():
        service.stop()


@pytest.fixture(scope="session")
def membership(services: dict[str, ServiceProcess]) -> Client:
    return Client(services["membership"].url)


@pytest.fixture(scope="session")
def reporting(services: dict[str, ServiceProcess]) -> Client:
    return Client(services["reporting"].url)
