-- Annual ratings and awards as they were stated, each row kept when a later event takes its place: what stands is what
-- is not replaced, and what was known at an instant is a condition on two columns. The events are in the event log.
-- migrate:up
CREATE TABLE rating_lists (
    id uuid CONSTRAINT rating_lists_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT rating_lists_organisation REFERENCES organisations (id),
    rated text NOT NULL CONSTRAINT rating_lists_rated CHECK (rated IN ('members', 'organisations')),
    year integer NOT NULL,
    version integer NOT NULL CONSTRAINT rating_lists_version CHECK (version > 0),
    CONSTRAINT rating_lists_once UNIQUE (organisation_id, rated, year)
);

CREATE TABLE ratings (
    list_id uuid NOT NULL CONSTRAINT ratings_list REFERENCES rating_lists (id),
    -- Version of the list's event that states it.
    number integer NOT NULL,
    year integer NOT NULL,
    member_id uuid CONSTRAINT ratings_member REFERENCES members (id),
    organisation_id uuid CONSTRAINT ratings_organisation REFERENCES organisations (id),
    -- Where they were counted on the last day of the year: the cell of a member, the unit directly above a unit.
    unit_id uuid NOT NULL CONSTRAINT ratings_unit REFERENCES organisations (id),
    -- What a unit was on that day.
    type text,
    grade text CONSTRAINT ratings_grade CHECK (grade IN ('excellent', 'good', 'completed', 'not_completed')),
    not_rated text,
    score jsonb,
    corrects integer,
    decision_date date,
    document_number text,
    document_date date,
    recorded_at timestamptz NOT NULL,
    replaced_at timestamptz,
    replaced_by integer,
    CONSTRAINT ratings_subject CHECK (num_nonnulls(member_id, organisation_id) = 1),
    CONSTRAINT ratings_type CHECK ((type IS NULL) = (organisation_id IS NULL)),
    CONSTRAINT ratings_said CHECK (num_nonnulls(grade, not_rated) = 1),
    CONSTRAINT ratings_replaced CHECK ((replaced_at IS NULL) = (replaced_by IS NULL))
);
-- Nobody has two ratings for a year.
CREATE UNIQUE INDEX ratings_member_once ON ratings (member_id, year) WHERE replaced_at IS NULL;
CREATE UNIQUE INDEX ratings_organisation_once ON ratings (organisation_id, year) WHERE replaced_at IS NULL;
CREATE INDEX ratings_member_id ON ratings (member_id, year, number);
CREATE INDEX ratings_organisation_id ON ratings (organisation_id, year, number);
CREATE INDEX ratings_unit_id ON ratings (unit_id, year);
CREATE INDEX ratings_list_id ON ratings (list_id);

CREATE TABLE awards (
    id uuid CONSTRAINT awards_pkey PRIMARY KEY,
    member_id uuid CONSTRAINT awards_member REFERENCES members (id),
    organisation_id uuid CONSTRAINT awards_organisation REFERENCES organisations (id),
    kind text NOT NULL,
    level text NOT NULL,
    title text NOT NULL,
    awarded_on date NOT NULL,
    last_year integer,
    decision_date date,
    document_number text,
    document_date date,
    version integer NOT NULL CONSTRAINT awards_version CHECK (version > 0),
    recorded_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    CONSTRAINT awards_subject CHECK (num_nonnulls(member_id, organisation_id) = 1)
);
CREATE INDEX awards_member_id ON awards (member_id);
CREATE INDEX awards_organisation_id ON awards (organisation_id);

-- migrate:down
DROP TABLE awards, ratings, rating_lists;
