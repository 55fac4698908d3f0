"""The `chibo` command; it speaks to the services over HTTP only."""
