"""The list of limitations for the next year, as Word and PDF."""
