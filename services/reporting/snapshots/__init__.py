"""Published figures: frozen with a revision and a hash; a late fact makes the next revision, and tells why."""
