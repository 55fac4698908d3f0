"""Annual ratings of members and units, and awards: what was decided, by which rule, and what was known when."""
