-- What a consumer of streams keeps, written in the transaction of its effects.
-- migrate:up

-- The highest sequence applied of each partition: exactly-once effect with no row per event.
CREATE TABLE stream_marks (
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    sequence bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, topic, partition)
);

-- Events that could not be decoded or applied, and those behind them of the same key, in order.
CREATE TABLE parked_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    kafka_offset bigint NOT NULL,
    reason text NOT NULL,
    error text NOT NULL,
    -- False where the record is not of the topic's own service: it may not hold up a key.
    blocks_key boolean NOT NULL,
    sequence bigint,
    key bytea,
    headers json NOT NULL,
    value bytea,
    -- The same record delivered again is not parked again; an offset alone may come twice from a new broker.
    digest bytea NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT parked_events_once UNIQUE (consumer, topic, partition, kafka_offset, digest)
);
CREATE INDEX parked_events_blocking ON parked_events (consumer, topic, key, sequence) WHERE blocks_key;

-- migrate:down
DROP TABLE parked_events, stream_marks;
