"""Measurements of the whole system, each beside a peer or a limit that is measured in the same run."""
