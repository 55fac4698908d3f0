"""What a cell records of a meeting held: proceedings, resolutions with their votes, tasks, minutes approved."""
