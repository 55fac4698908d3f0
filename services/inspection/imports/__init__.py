"""Past visits and findings from files: what offices have of the time before the system."""
