-- The way of an event inside one service: log -> queue -> stream -> Kafka.
-- migrate:up

-- The truth: what happened, in the order in which writers drew positions. Commits make positions visible out
-- of that order, so nobody outside may read it by position.
CREATE TABLE event_log (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    aggregate_id uuid NOT NULL,
    aggregate_version integer NOT NULL CHECK (aggregate_version > 0),
    type text NOT NULL,
    -- json, not jsonb: the text is kept to the letter, so the hash and the Kafka value never change.
    payload json NOT NULL,
    metadata json NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT event_log_aggregate_version UNIQUE (aggregate_id, aggregate_version)
);

-- Written with the log: what has no sequence yet.
CREATE TABLE event_queue (
    position bigint PRIMARY KEY
);

-- The order everybody else sees, chained by hash.
CREATE TABLE event_stream (
    sequence bigint PRIMARY KEY,
    position bigint NOT NULL,
    hash bytea NOT NULL
);

-- Which run of numbers the stream is in: grows when the database was restored to an earlier point, so that
-- numbers used a second time are not taken for duplicates.
CREATE TABLE event_stream_epochs (
    epoch integer PRIMARY KEY CHECK (epoch BETWEEN 1 AND 9000),
    started_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO event_stream_epochs (epoch) VALUES (1);

-- How far the relay has published, one row.
CREATE TABLE relay_cursor (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    sequence bigint NOT NULL
);
INSERT INTO relay_cursor (sequence) VALUES (0);

-- The last event sent to each partition up to the cursor, and where the broker put it.
CREATE TABLE relay_partitions (
    topic text NOT NULL,
    partition integer NOT NULL,
    sequence bigint NOT NULL,
    kafka_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);

-- Append-only, for the owner too: only a deliberate GRANT opens it again.
REVOKE UPDATE, DELETE, TRUNCATE ON event_log, event_stream FROM CURRENT_USER;

-- migrate:down
DROP TABLE relay_partitions, relay_cursor, event_stream_epochs, event_stream, event_queue, event_log;
