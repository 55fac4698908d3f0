"""The projection of meetings: what was planned, held, put off, attended, decided and scored, by cell and month."""
