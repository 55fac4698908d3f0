"""`kill -9` in the middle of an import of the example: after a restart every figure is exact.

The victim is not hit at a lucky moment: a table lock holds it in the middle of its transaction.
"""

import asyncio
import os
import random
from collections.abc import Iterator

import pytest

from chibo.console import Refused
from tests.faults.system import System

pytestmark = pytest.mark.faults
ROUNDS = 6 if os.environ.get("CHIBO_FAULTS") == "long" else 1


@pytest.fixture
def system() -> Iterator[System]:
    with System.running() as running:
        running.import_units()
        yield running


async def importing_members(system: System) -> None:
    await asyncio.to_thread(system.import_members)


async def test_membership_killed_while_it_records(system: System) -> None:
    async with system.held_at("membership", "event_queue"):
        command = asyncio.create_task(importing_members(system))
        await system.until_somebody_waits("membership")
        system.parts["membership"].kill()
        with pytest.raises(Refused):
            await command
    system.parts["membership"].restart()
    await asyncio.to_thread(system.import_again)
    await asyncio.to_thread(system.assert_exact)


@pytest.mark.parametrize(
    ("victim", "database", "table"),
    [
        pytest.param("relay", "membership", "relay_partitions", id="relay-published-cursor-not-moved"),
        pytest.param("relay", "membership", "event_stream", id="relay-giving-sequences"),
        pytest.param("reporting", "reporting", "stream_marks", id="reporting-facts-written-marks-not-moved"),
    ],
)
async def test_killed_in_the_middle_of_its_transaction(
    system: System, victim: str, database: str, table: str
) -> None:
    async with system.held_at(database, table):
        await importing_members(system)
        await system.until_somebody_waits(database)
        system.parts[victim].kill()
    system.parts[victim].restart()
    system.parts[victim].wait_ready()
    await asyncio.to_thread(system.assert_exact)


async def test_kafka_killed_while_the_relay_publishes(system: System) -> None:
    broker = system.stack.kafka_server
    assert broker is not None
    async with system.held_at("membership", "relay_partitions"):
        await importing_members(system)
        await system.until_somebody_waits("membership")
        await asyncio.to_thread(broker.kill)
    await asyncio.to_thread(broker.start)
    await asyncio.to_thread(system.assert_exact)


async def test_postgresql_killed_while_membership_records(system: System) -> None:
    server = system.stack.postgres
    assert server is not None
    async with system.held_at("membership", "event_queue"):
        command = asyncio.create_task(importing_members(system))
        await system.until_somebody_waits("membership")
        await asyncio.to_thread(server.kill)
        with pytest.raises(Refused):
            await command
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(system.import_again)
    await asyncio.to_thread(system.assert_exact)


async def test_two_reporting_consumers_and_one_is_killed(system: System) -> None:
    second = system.stack.run_service("reporting", "consumer")
    await asyncio.to_thread(second.wait_ready)
    async with system.held_at("reporting", "stream_marks"):
        await importing_members(system)
        await system.until_somebody_waits("reporting")
        second.kill()
    await asyncio.to_thread(system.assert_exact)


async def test_a_broker_that_lost_everything_is_refilled(system: System) -> None:
    broker = system.stack.kafka_server
    assert broker is not None
    await importing_members(system)
    await asyncio.to_thread(system.assert_exact)
    system.parts["reporting"].stop()
    await asyncio.to_thread(broker.lose_data)
    await asyncio.to_thread(broker.start)
    # Nothing but Kafka can fill a database that has never seen an event.
    anew = system.stack.run_service(
        "reporting", env={"CHIBO_DATABASE_URL": system.stack.database_url("reporting_anew")}
    )
    await asyncio.to_thread(anew.wait_ready)
    system.reporting = type(system.reporting)(anew.url)
    await asyncio.to_thread(system.assert_exact)


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_any_part_killed_at_any_moment_again_and_again(system: System, seed: int) -> None:
    chance = random.Random(seed)
    command = asyncio.create_task(importing_members(system))
    for _ in range(4):
        name = chance.choice(sorted(system.parts))
        await asyncio.sleep(chance.uniform(0.0, 0.4))  # any moment will do: nothing waits for this
        system.parts[name].kill()
        system.parts[name].restart()
        await asyncio.to_thread(system.parts[name].wait_ready)
    await asyncio.gather(command, return_exceptions=True)
    await asyncio.to_thread(system.import_again)
    await asyncio.to_thread(system.assert_exact)
