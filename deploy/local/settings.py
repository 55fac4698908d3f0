"""What the embedded servers and those of docker-compose.yml have in common.

tests/contract/test_compose.py holds docker-compose.yml to these values, so that what is tried on a laptop is
what runs in containers.
"""

from __future__ import annotations

KAFKA_HEAP = "-Xmx512m"

KAFKA: dict[str, str] = {
    # Topics are created by the services, with the partitions they mean; a misspelt name must fail.
    "auto.create.topics.enable": "false",
    # Topics keep everything, so that a projection can be rebuilt from nothing.
    "log.retention.ms": "-1",
    # One broker: nothing to replicate to.
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # Each partition costs files and start time, and four services have a handful of groups.
    "offsets.topic.num.partitions": "4",
    # A group of one member need not wait for others to join.
    "group.initial.rebalance.delay.ms": "0",
}
"""Broker properties, named as in Kafka's documentation."""

POSTGRES: dict[str, str] = {
    # An answered command must survive kill -9 and power loss: these three say so even where defaults were
    # changed.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    # Compiling plans costs more than the short queries of the services gain.
    "jit": "off",
}
"""Server settings, named as in PostgreSQL's documentation."""

SERVICE_PORTS: dict[str, int] = {"membership": 8101, "meetings": 8102, "inspection": 8103, "reporting": 8104}
"""Default HTTP port of each service."""
