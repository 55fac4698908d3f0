-- Projections built anew beside the live ones (chassis/rebuilding), and what has to be left out of them.
-- migrate:up

CREATE TABLE rebuilds (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    projections text[] NOT NULL,
    -- Whether the built tables only stand beside the live ones to be compared, or take their place.
    verify boolean NOT NULL,
    source text NOT NULL CHECK (source IN ('kafka', 'feed')),
    started_by text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    -- Of one that is fed from outside: when it last was.
    fed_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'running'
        CHECK (state IN ('running', 'swapped', 'same', 'differs', 'cancelled', 'failed')),
    finished_at timestamptz,
    error text,
    tables json NOT NULL DEFAULT '[]'
);
CREATE UNIQUE INDEX rebuilds_one_at_a_time ON rebuilds ((true)) WHERE state = 'running';

-- Parked events that were given up for good: a rebuild must not bring them back, nor hold up their keys.
CREATE TABLE discarded_events (
    consumer text NOT NULL,
    topic text NOT NULL,
    sequence bigint NOT NULL,
    discarded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, topic, sequence)
);

-- migrate:down
DROP TABLE discarded_events, rebuilds;
