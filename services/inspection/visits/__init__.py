"""Visits of working teams to meetings of cells: what was in order, how it went, and what was said of it."""
