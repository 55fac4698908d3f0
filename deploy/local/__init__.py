"""The embedded stack: real PostgreSQL and Apache Kafka, without a container engine or root."""
