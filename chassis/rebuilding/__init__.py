"""Projections built anew beside the live ones, and swapped in, or only compared.

A generation is a schema of the same database, `rebuild_<id>`, that the service's own migrations made as they make
an empty database. A pool whose `search_path` is that schema lets everything else stay what it is: the handler's
`write`, the marks and the parked events all go to the generation, with not one qualified name anywhere. Its records
come from the topic's beginning in a consumer group of its own.

Thought of and left: a column for the generation (each query and index would carry it for ever); copying the built
rows over the live ones (all rows written twice, and as many dead ones left); views in front of the tables (one more
layer, and the same locks when they change).

**Caught up.** The built one never applies what the live one has not: it waits at the live one's marks. So there is
no moment at which it is ahead, and once live deliveries are held (by the lock that a retry of parked events takes,
too) it arrives at the very same marks. The swap changes no mark, and what is compared is of the same events to the
last.

**Swap.** One transaction drops the live tables and moves the built ones to where they were. A reader's statement
locks its tables before it takes its snapshot, and resolves their names anew if it had to wait: it sees all of the
old generation or all of the new one. Who reads one snapshot with several statements begins with `reading`. The swap
waits for no reader longer than a moment (others would queue behind it, or lock in another order): it lets go and
tries again.

**Stops.** Everything is in the database: after `kill -9` whichever process is there goes on with the generation
that it finds, by its marks. Whatever a generation was for, it is dropped as soon as nobody is at it.

**Parked events** of a rebuild are what stands in the tables after it: what applies now is applied, what was given
up (`discarded_events`) stays out and holds nothing up, what is not of the topic's own service stays as it is.

**Fed.** A rebuild that is only compared may get its events from a service's own log (`/v1/stream/events`) instead
of Kafka, page by page from outside: what never reached the topic, or was passed over, shows as rows that only the
built tables have, each with its event's sequence.
"""

from chassis.rebuilding.generation import holds_deliveries, reading

__all__ = ["holds_deliveries", "reading"]
