-- Who a member was thought to be before a correction. Personal data, like member_identities: never in an event.
-- migrate:up
CREATE TABLE former_identities (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT former_identities_pkey PRIMARY KEY,
    member_id uuid NOT NULL CONSTRAINT former_identities_member REFERENCES members (id) ON DELETE CASCADE,
    replaced_at timestamptz NOT NULL DEFAULT now(),
    full_name text NOT NULL,
    birth_date date NOT NULL,
    ethnicity text NOT NULL,
    religion text
);
CREATE INDEX former_identities_member_id ON former_identities (member_id);

-- migrate:down
DROP TABLE former_identities;
