-- Who is told of a meeting and where they are reached, and the documents posted for it.
-- migrate:up
-- A contact, not a name. A member's is personal data: who reads it is noted below.
CREATE TABLE contacts (
    kind text NOT NULL CONSTRAINT contacts_kind CHECK (kind IN ('member', 'unit')),
    id uuid NOT NULL,
    -- NULL once it was taken out: the version goes on, so that no earlier copy passes for the one after it.
    email text,
    version integer NOT NULL CONSTRAINT contacts_version CHECK (version > 0),
    CONSTRAINT contacts_pkey PRIMARY KEY (kind, id)
);

-- Outbox: written in the transaction of the meeting's change. What it says is kept as it was then.
CREATE TABLE notices (
    id uuid CONSTRAINT notices_pkey PRIMARY KEY,
    meeting_id uuid NOT NULL CONSTRAINT notices_meeting REFERENCES meetings (id),
    meeting_version integer NOT NULL,
    queued_at timestamptz NOT NULL,
    topic text NOT NULL CONSTRAINT notices_topic CHECK (topic IN ('announced', 'changed', 'postponed', 'cancelled')),
    cell_name text NOT NULL,
    kind text NOT NULL,
    starts_at timestamptz NOT NULL,
    minutes integer NOT NULL,
    place text NOT NULL,
    theme text,
    agenda text[] NOT NULL,
    -- Why it was put off or called off.
    reason text,
    -- The meeting was changed since: what was not sent by then is dropped.
    superseded boolean NOT NULL DEFAULT false,
    -- Counts its events.
    version integer NOT NULL DEFAULT 0,
    CONSTRAINT notices_of_version UNIQUE (meeting_id, meeting_version)
);

CREATE TABLE deliveries (
    notice_id uuid NOT NULL CONSTRAINT deliveries_notice REFERENCES notices (id),
    kind text NOT NULL CONSTRAINT deliveries_kind CHECK (kind IN ('member', 'unit')),
    recipient_id uuid NOT NULL,
    -- Told earlier and no longer to come: this one only hears that it is off for them.
    withdrawn boolean NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CONSTRAINT deliveries_state CHECK (
        state IN ('waiting', 'sent', 'failed', 'dropped')
    ),
    reason text,
    -- To the log only, where the office has no mail server.
    logged boolean NOT NULL DEFAULT false,
    attempts integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT deliveries_pkey PRIMARY KEY (notice_id, kind, recipient_id),
    CONSTRAINT deliveries_settled CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CONSTRAINT deliveries_reason CHECK ((state = 'failed') = (reason IS NOT NULL))
);
CREATE INDEX deliveries_waiting ON deliveries (next_try_at) WHERE state = 'waiting';
CREATE INDEX deliveries_of_recipient ON deliveries (kind, recipient_id);

-- Bytes once, however often they are posted. In the database and not in a folder: they come and go in the transaction
-- of their meeting, one backup holds both, and every process of the service sees them. Files of cells are small.
CREATE TABLE file_contents (
    sha256 bytea CONSTRAINT file_contents_pkey PRIMARY KEY CONSTRAINT file_contents_sha256 CHECK (length(sha256) = 32),
    media_type text NOT NULL,
    bytes bytea NOT NULL
);
-- The types that are accepted are packed already.
ALTER TABLE file_contents ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE documents (
    id uuid CONSTRAINT documents_pkey PRIMARY KEY,
    meeting_id uuid NOT NULL CONSTRAINT documents_meeting REFERENCES meetings (id),
    sha256 bytea NOT NULL CONSTRAINT documents_content REFERENCES file_contents (sha256),
    file_name text NOT NULL,
    posted_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT documents_once UNIQUE (meeting_id, sha256)
);

-- Who read whose data, and when (Law 91/2025).
CREATE TABLE personal_data_reads (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT personal_data_reads_pkey PRIMARY KEY,
    read_at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    -- What was read, by ids and codes.
    resource text NOT NULL,
    count integer NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON personal_data_reads FROM CURRENT_USER;

-- migrate:down
DROP TABLE personal_data_reads, documents, file_contents, deliveries, notices, contacts;
