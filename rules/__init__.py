"""Rules that several services judge by: dated data, each version with its document, and what it comes to. Pure."""
