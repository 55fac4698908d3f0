-- Who leads which unit in which term. Of membership's terms and positions the last event is the whole row; one that
-- never was has `from_on` null, so that an event told late cannot bring it back. No foreign keys, as in the first file.
-- migrate:up
CREATE TABLE terms (
    id uuid CONSTRAINT terms_pkey PRIMARY KEY,
    sequence bigint NOT NULL,
    unit_id uuid NOT NULL,
    label text NOT NULL,
    from_on date,
    until_on date
);
CREATE INDEX terms_of_unit ON terms (unit_id);
CREATE TABLE positions (
    id uuid CONSTRAINT positions_pkey PRIMARY KEY,
    sequence bigint NOT NULL,
    unit_id uuid NOT NULL,
    member_id uuid NOT NULL,
    position text NOT NULL,
    from_on date,
    until_on date
);
CREATE INDEX positions_of_unit ON positions (unit_id);

-- migrate:down
DROP TABLE terms, positions;
