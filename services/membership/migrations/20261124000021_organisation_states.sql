-- What each unit is called, what it is and where it hangs from a day on, until its next row; `organisations` has the
-- last of them. As it is known now: what was known before is in the event log.
-- migrate:up
CREATE TABLE organisation_states (
    organisation_id uuid NOT NULL CONSTRAINT organisation_states_organisation REFERENCES organisations (id),
    effective_date date NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    parent_id uuid CONSTRAINT organisation_states_parent REFERENCES organisations (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT organisation_states_pkey PRIMARY KEY (organisation_id, effective_date),
    CONSTRAINT organisation_states_parenthood CHECK ((type = 'bloc') = (parent_id IS NULL))
);
CREATE INDEX organisation_states_parent_id ON organisation_states (parent_id);

-- Until now a unit was what it was founded as.
INSERT INTO organisation_states (organisation_id, effective_date, name, type, parent_id)
SELECT id, established_on, name, type, parent_id FROM organisations;

-- migrate:down
DROP TABLE organisation_states;
