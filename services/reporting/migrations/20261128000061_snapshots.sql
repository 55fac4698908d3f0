-- Published figures, frozen: what services/reporting/snapshots keeps.
-- migrate:up

CREATE TABLE snapshots (
    id uuid PRIMARY KEY,
    -- NULL: the whole register.
    unit_code text,
    first date NOT NULL,
    last date NOT NULL CHECK (last >= first),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT snapshots_once UNIQUE NULLS NOT DISTINCT (unit_code, first, last)
);
CREATE INDEX snapshots_by_period ON snapshots (last DESC, id);

-- No foreign key: to check one PostgreSQL locks the row referred to, and needs the right to update it.
CREATE TABLE snapshot_revisions (
    snapshot_id uuid NOT NULL,
    revision integer NOT NULL CHECK (revision > 0),
    unit json,
    known_at timestamptz NOT NULL,
    up_to json NOT NULL,
    -- Which events had been counted, topic by topic: all to a sequence, and some beyond.
    seen json NOT NULL,
    figures json NOT NULL,
    -- Those that came in since the revision before, and bear on the unit and the period.
    events json NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (snapshot_id, revision)
);

-- Up to which events each was last held against what is known now.
CREATE TABLE snapshot_checks (
    snapshot_id uuid PRIMARY KEY,
    up_to text NOT NULL
);

-- Append-only, for the owner too: only a deliberate GRANT opens it again.
REVOKE UPDATE, DELETE, TRUNCATE ON snapshots, snapshot_revisions FROM CURRENT_USER;

-- migrate:down
DROP TABLE snapshot_checks, snapshot_revisions, snapshots;
