"""What visitors look at, each version with the day from which it is in force. No code."""
