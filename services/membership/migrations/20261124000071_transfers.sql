-- Transfers as their last event leaves them: who is, or was, on the way from where to where.
-- migrate:up
CREATE TABLE transfers (
    id uuid CONSTRAINT transfers_pkey PRIMARY KEY,
    -- Who comes in for the first time has their id from the request on, and is in `members` once they are received.
    member_id uuid NOT NULL,
    member_code text NOT NULL,
    kind text NOT NULL CONSTRAINT transfers_kind
        CHECK (kind IN ('within_committee', 'within_bloc', 'out_of_bloc', 'into_bloc', 'temporary')),
    state text NOT NULL CONSTRAINT transfers_state
        CHECK (state IN ('requested', 'released', 'received', 'cancelled', 'expired')),
    origin_id uuid CONSTRAINT transfers_origin REFERENCES organisations (id),
    destination_id uuid CONSTRAINT transfers_destination REFERENCES organisations (id),
    -- The organisation outside, as somebody named it: in no event.
    outside text,
    requested_on date NOT NULL,
    released_on date,
    ended_on date,
    until_on date,
    cancelled_for text,
    version int NOT NULL,
    CONSTRAINT transfers_ends CHECK (num_nonnulls(origin_id, destination_id) > 0),
    CONSTRAINT transfers_open CHECK ((state IN ('requested', 'released')) = (ended_on IS NULL)),
    CONSTRAINT transfers_dates
        CHECK (released_on >= requested_on AND ended_on >= requested_on AND ended_on >= released_on)
);
-- Nobody is on two ways at once. A code is a person's for good, and who is to come in has one before they are here.
CREATE UNIQUE INDEX transfers_one_open ON transfers (member_code) WHERE state IN ('requested', 'released');
CREATE INDEX transfers_member ON transfers (member_code, requested_on, id);
CREATE INDEX transfers_in_order ON transfers (requested_on, id);
-- Whose deadline is past is asked every day, and few are on the way at any time.
CREATE INDEX transfers_released ON transfers (released_on, id) WHERE state = 'released';

-- migrate:down
DROP TABLE transfers;
