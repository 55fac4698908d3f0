"""What visits and findings come to, in a period: of a cell, of a team, of all."""
