-- The register of members.
-- migrate:up
CREATE TABLE members (
    -- Random: nothing of the person can be read from it.
    id uuid CONSTRAINT members_pkey PRIMARY KEY,
    code text COLLATE "C" NOT NULL CONSTRAINT members_code UNIQUE,
    cell_id uuid NOT NULL CONSTRAINT members_cell REFERENCES organisations (id),
    gender text NOT NULL CONSTRAINT members_gender CHECK (gender IN ('female', 'male')),
    youth_union boolean NOT NULL,
    admitted_on date NOT NULL,
    official_on date,
    left_on date,
    left_reason text CONSTRAINT members_left_reason CHECK (
        left_reason IN ('transferred_out', 'resigned', 'removed', 'expelled', 'died', 'unstated')
    ),
    version integer NOT NULL CONSTRAINT members_version CHECK (version > 0),
    CONSTRAINT members_dates CHECK (official_on >= admitted_on AND left_on >= admitted_on AND left_on >= official_on),
    CONSTRAINT members_departure CHECK ((left_on IS NULL) = (left_reason IS NULL))
);
CREATE INDEX members_cell_id ON members (cell_id);

-- Who they are. Nothing of this table goes into an event, a log line or another service.
CREATE TABLE member_identities (
    member_id uuid CONSTRAINT member_identities_pkey PRIMARY KEY
        CONSTRAINT member_identities_member REFERENCES members (id) ON DELETE CASCADE,
    full_name text NOT NULL,
    -- Vietnamese order, given name first, compared bytewise: the same on every server.
    name_sort_key bytea NOT NULL,
    birth_date date NOT NULL,
    ethnicity text NOT NULL,
    religion text
);

-- migrate:down
DROP TABLE member_identities, members;
