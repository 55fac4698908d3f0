"""Documents posted for a meeting: bytes by their hash, of types that are told by content."""
