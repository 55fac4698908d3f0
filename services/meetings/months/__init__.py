"""What became of each month in which a cell owed a regular meeting, and the months missed."""
