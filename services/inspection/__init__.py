"""Working teams, visits and findings: a place kept for its own service, with nothing in it yet."""
