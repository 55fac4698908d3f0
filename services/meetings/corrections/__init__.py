"""Approved minutes are put right: by a further page of the book, and in what is recorded as it now holds."""
