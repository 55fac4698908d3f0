"""Rules that documents set, each version with the days on which it is in force. No code."""
