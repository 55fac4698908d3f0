"""The life of a cell month by month: its meetings, planned, announced, held or missed, and how well they went."""
