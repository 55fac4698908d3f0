-- Who leads which unit, as it is known now; what was known before, and by which document, is in the event log.
-- migrate:up
CREATE TABLE terms (
    id uuid CONSTRAINT terms_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT terms_organisation REFERENCES organisations (id),
    label text NOT NULL,
    congress_on date,
    from_on date NOT NULL,
    -- The first day that is no longer of the term.
    until_on date,
    -- It never was: recorded by mistake.
    withdrawn boolean NOT NULL,
    version integer NOT NULL CONSTRAINT terms_version CHECK (version > 0),
    CONSTRAINT terms_dates CHECK (until_on > from_on AND congress_on <= from_on)
);
CREATE INDEX terms_organisation_id ON terms (organisation_id, from_on);

CREATE TABLE positions (
    -- Random: nothing of the person can be read from it.
    id uuid CONSTRAINT positions_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT positions_organisation REFERENCES organisations (id),
    member_id uuid NOT NULL CONSTRAINT positions_member REFERENCES members (id) ON DELETE CASCADE,
    position text NOT NULL CONSTRAINT positions_position CHECK (
        position IN ('secretary', 'deputy_secretary', 'committee_member')
    ),
    from_on date NOT NULL,
    -- The first day on which it is held no longer.
    until_on date,
    obtained text NOT NULL,
    end_reason text,
    withdrawn boolean NOT NULL,
    version integer NOT NULL CONSTRAINT positions_version CHECK (version > 0),
    CONSTRAINT positions_dates CHECK (until_on > from_on),
    CONSTRAINT positions_end CHECK ((until_on IS NULL) = (end_reason IS NULL))
);
CREATE INDEX positions_organisation_id ON positions (organisation_id, position, from_on);
CREATE INDEX positions_member_id ON positions (member_id);

-- migrate:down
DROP TABLE positions, terms;
