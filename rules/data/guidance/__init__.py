"""Guidance on cell meetings: a file for each version, named by its first day in force."""
