"""Figures of a unit and a period: how often its cells met, how well, and what they did."""
