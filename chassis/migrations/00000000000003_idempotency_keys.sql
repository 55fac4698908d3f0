-- Commands answered once.
-- migrate:up
CREATE TABLE idempotency_keys (
    key text PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
    -- SHA-256 of what was asked: the key may not be used again for another command.
    fingerprint bytea NOT NULL,
    status integer,
    body json,
    recorded_at timestamptz NOT NULL DEFAULT now()
);

-- migrate:down
DROP TABLE idempotency_keys;
