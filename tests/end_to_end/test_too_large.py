"""An event too large for Kafka is refused where it is asked for; the relay never meets it."""

import secrets

import httpx
import pytest

from deploy.local.stack import Stack
from tests.waiting import until

LIMIT = 2048
"""The smallest that the setting takes; 1,024 bytes of it are kept for key and headers."""


def test_a_command_whose_event_is_too_large_is_refused(stack: Stack) -> None:
    # The API alone, on a database of its own: no relay publishes what this test records.
    url = stack.database_url(f"test_{secrets.token_hex(6)}")
    environment = {"CHIBO_DATABASE_URL": url, "CHIBO_MAX_EVENT_BYTES": str(LIMIT)}
    migration = stack.run_service("membership", "migrate", env=environment)
    until(lambda: migration.returncode is not None, "the migrations")
    service = stack.run_service("membership", "api", env=environment)
    try:
        service.wait_ready()
        with httpx.Client(base_url=service.url, trust_env=False) as membership:
            unit = {"code": "K", "type": "bloc", "name": "Đ" * 300, "established_on": "2019-01-01"}
            assert len(unit["name"].encode()) < LIMIT - 1024, "the name alone would fit"
            accepted = membership.post("/v1/organisations", json=unit)
            assert accepted.status_code == 201, accepted.text
            # Four bytes a letter: as many letters, and a larger event.
            refused = membership.post("/v1/organisations", json=unit | {"code": "L", "name": "𝐀" * 300})
            assert (refused.status_code, refused.json()["type"]) == (422, "urn:chibo:problem:event-too-large")
            assert refused.headers["content-type"] == "application/problem+json"
            assert membership.get("/v1/organisations/L").status_code == 404
            assert membership.get("/v1/stream").json()["waiting"] == 1
    finally:
        service.stop()


@pytest.mark.parametrize("value", ["2000", "1048577", "many"])
def test_a_limit_that_kafka_would_not_keep_is_refused_at_the_start(stack: Stack, value: str) -> None:
    service = stack.run_service("membership", "migrate", env={"CHIBO_MAX_EVENT_BYTES": value})
    try:
        until(lambda: service.returncode is not None, "the process to end")
        assert service.returncode == 1
        assert "CHIBO_MAX_EVENT_BYTES" in service.log.read_text()
    finally:
        service.stop()
