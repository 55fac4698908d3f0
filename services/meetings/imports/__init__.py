"""Past meetings from files: what offices have of the time before the system, one row a meeting."""
