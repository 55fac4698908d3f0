-- Who is told of the visits of an approved plan, and where they are reached.
-- migrate:up
-- A contact, not a name. A member's is personal data: who reads it is noted in personal_data_reads.
CREATE TABLE contacts (
    kind text NOT NULL CONSTRAINT contacts_kind CHECK (kind IN ('member', 'unit')),
    id uuid NOT NULL,
    -- NULL once it was taken out: the version goes on, so that no earlier copy passes for the one after it.
    email text,
    version integer NOT NULL CONSTRAINT contacts_version CHECK (version > 0),
    CONSTRAINT contacts_pkey PRIMARY KEY (kind, id)
);

-- Outbox: written in the transaction of the plan's change. One row for one recipient, since a change of a plan concerns
-- few; what it says is kept as it was then, by the names of cells and teams, of nobody.
CREATE TABLE notices (
    id uuid CONSTRAINT notices_pkey PRIMARY KEY,
    visit_plan_id uuid NOT NULL CONSTRAINT notices_plan REFERENCES visit_plans (id),
    plan_version integer NOT NULL,
    month date NOT NULL,
    kind text NOT NULL CONSTRAINT notices_kind CHECK (kind IN ('member', 'unit')),
    recipient_id uuid NOT NULL,
    queued_at timestamptz NOT NULL,
    -- The visits to come of the recipient by now, and those that they were told before.
    visits jsonb NOT NULL,
    before jsonb NOT NULL,
    -- When the last of them begins: until then it is worth telling.
    starts_at timestamptz NOT NULL,
    -- The recipient's visits were changed since: what was not sent by then is dropped.
    superseded boolean NOT NULL DEFAULT false,
    CONSTRAINT notices_once UNIQUE (visit_plan_id, kind, recipient_id, plan_version)
);

CREATE TABLE deliveries (
    notice_id uuid NOT NULL CONSTRAINT deliveries_notice REFERENCES notices (id),
    kind text NOT NULL CONSTRAINT deliveries_kind CHECK (kind IN ('member', 'unit')),
    recipient_id uuid NOT NULL,
    -- Told earlier, and no visit is left: this one only hears that it is off for them.
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

-- migrate:down
DROP TABLE deliveries, notices, contacts;
