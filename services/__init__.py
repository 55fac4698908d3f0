"""The services, each its own process, database and topics; none imports another."""
