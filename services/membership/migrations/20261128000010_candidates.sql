-- Candidates (quần chúng ưu tú) as their last event leaves them.
-- migrate:up
CREATE TABLE candidates (
    id uuid CONSTRAINT candidates_pkey PRIMARY KEY,
    code text COLLATE "C" NOT NULL CONSTRAINT candidates_code UNIQUE,
    cell_id uuid NOT NULL CONSTRAINT candidates_cell REFERENCES organisations (id),
    stage text NOT NULL CONSTRAINT candidates_stage CHECK (stage IN ('listed', 'admitted', 'struck')),
    listed_on date NOT NULL,
    certified_on date,
    voted_on date,
    ended_on date,
    struck_for text,
    member_id uuid CONSTRAINT candidates_member REFERENCES members (id),
    version int NOT NULL,
    CONSTRAINT candidates_dates CHECK (ended_on >= listed_on),
    CONSTRAINT candidates_end CHECK ((stage = 'listed') = (ended_on IS NULL)),
    CONSTRAINT candidates_admission CHECK ((stage = 'admitted') = (member_id IS NOT NULL))
);
CREATE INDEX candidates_cell_id ON candidates (cell_id);
CREATE TABLE candidate_introducers (
    candidate_id uuid NOT NULL CONSTRAINT candidate_introducers_candidate REFERENCES candidates (id) ON DELETE CASCADE,
    member_id uuid NOT NULL CONSTRAINT candidate_introducers_member REFERENCES members (id),
    place int NOT NULL,
    since date NOT NULL,
    CONSTRAINT candidate_introducers_pkey PRIMARY KEY (candidate_id, member_id)
);

-- Who they are. Nothing of these tables goes into an event, a log line or another service.
CREATE TABLE candidate_identities (
    candidate_id uuid CONSTRAINT candidate_identities_pkey PRIMARY KEY
        CONSTRAINT candidate_identities_candidate REFERENCES candidates (id) ON DELETE CASCADE,
    full_name text NOT NULL,
    name_sort_key bytea NOT NULL,
    birth_date date NOT NULL,
    gender text NOT NULL CONSTRAINT candidate_identities_gender CHECK (gender IN ('female', 'male')),
    ethnicity text NOT NULL,
    religion text,
    youth_union boolean NOT NULL
);
CREATE INDEX candidate_identities_by_name ON candidate_identities (name_sort_key);
-- Who a candidate was thought to be before a correction.
CREATE TABLE former_candidate_identities (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT former_candidate_identities_pkey PRIMARY KEY,
    candidate_id uuid NOT NULL
        CONSTRAINT former_candidate_identities_candidate REFERENCES candidates (id) ON DELETE CASCADE,
    replaced_at timestamptz NOT NULL DEFAULT now(),
    full_name text NOT NULL,
    birth_date date NOT NULL,
    gender text NOT NULL,
    ethnicity text NOT NULL,
    religion text,
    youth_union boolean NOT NULL
);

-- migrate:down
DROP TABLE former_candidate_identities, candidate_identities, candidate_introducers, candidates;
