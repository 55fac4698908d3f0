"""Statistics projections: consumes the events of the other services and answers with counts."""
