"""Prometheus metrics of every service, per batch where events flow (a handler per event costs a third)."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

_FAST: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

HTTP_DURATION: Final = Histogram(
    "chibo_http_request_duration_seconds",
    "Time to answer, by route",
    ("method", "route", "status"),
    buckets=_FAST,
)
EVENTS_APPENDED: Final = Counter("chibo_events_appended_total", "Events recorded in the log by this process")

RELAY_LEADER: Final = Gauge("chibo_relay_leader", "1 while this process is the relay's leader")
RELAY_PUBLISHED: Final = Counter("chibo_relay_published_total", "Events acknowledged by Kafka", ("topic",))
RELAY_FAILURES: Final = Counter(
    "chibo_relay_failures_total", "Publishing rounds that failed and were begun again"
)
RELAY_REFILLS: Final = Counter(
    "chibo_relay_refills_total", "Times that Kafka had lost events and was refilled from the log"
)
RELAY_BACKLOG: Final = Gauge(
    "chibo_relay_backlog_events", "Events recorded and not yet acknowledged by Kafka"
)
RELAY_OLDEST: Final = Gauge(
    "chibo_relay_oldest_unpublished_seconds", "Age of the oldest event not yet published"
)

CONSUMER_EVENTS: Final = Counter(
    "chibo_consumer_events_total",
    "Records read, by what became of them: applied, skipped, duplicate, set_aside, parked",
    ("consumer", "topic", "outcome"),
)
CONSUMER_BATCH: Final = Histogram(
    "chibo_consumer_batch_duration_seconds",
    "Time from a batch read to its commit",
    ("consumer",),
    buckets=_FAST,
)
CONSUMER_LAG: Final = Gauge(
    "chibo_consumer_lag_records", "Records on the broker not yet handled", ("consumer", "topic", "partition")
)
CONSUMER_FRESH: Final = Gauge(
    "chibo_consumer_fresh_timestamp_seconds",
    "Instant up to which all that the broker had is handled, in seconds since 1970; at first, of the start",
    ("consumer", "topic"),
)
CONSUMER_GAP: Final = Gauge(
    "chibo_consumer_gap",
    "1 while events of a partition are missing before ones already seen: they wait for the relay to send again",
    ("consumer", "topic", "partition"),
)
PARKED_EVENTS: Final = Gauge(
    "chibo_parked_events", "Events parked and waiting for a decision", ("consumer", "topic")
)

# Not `job`: Prometheus gives that label to what it scrapes.
JOB_TURNS: Final = Counter(
    "chibo_job_turns_total",
    "Turns of a periodic job, by what became of them: done, passed (another process has it), failed",
    ("job_name", "outcome"),
)
JOB_DURATION: Final = Histogram(
    "chibo_job_duration_seconds", "Time of a turn that did its work", ("job_name",), buckets=_FAST
)
JOB_DONE_AT: Final = Gauge(
    "chibo_job_done_timestamp_seconds",
    "When this process last did the job, in seconds since 1970",
    ("job_name",),
)
