"""The embedded stack: real PostgreSQL and Apache Kafka from package registries, without a container engine."""
