"""`chibo meetings`: the life of cells, from the plan of a meeting to the figures of a year."""
