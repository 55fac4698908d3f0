"""Letters of a service to people: an outbox that is written with what they tell, and a sender that empties it.

The service keeps three tables. `notices` is its own, one row for what is told after one change: `id`, `queued_at`,
`starts_at` (when what is told of begins, the last of it), `superseded`, and what it says. `deliveries` has a row for
each who is told, with what became of it, and `contacts` where each is reached: these two are the same in every
service.
"""
