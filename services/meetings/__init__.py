"""Cell meetings from plan to book: a place kept for its own service, with nothing in it yet."""
