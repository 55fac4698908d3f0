-- The organisation tree as it is known now; its history is in the event log.
-- migrate:up
CREATE TABLE organisations (
    id uuid CONSTRAINT organisations_pkey PRIMARY KEY,
    -- "C": the order of lists is the same on every server.
    code text COLLATE "C" NOT NULL CONSTRAINT organisations_code UNIQUE,
    name text NOT NULL,
    type text NOT NULL CONSTRAINT organisations_type CHECK (
        type IN ('bloc', 'grassroots_committee', 'divisional_committee', 'grassroots_cell', 'subordinate_cell')
    ),
    parent_id uuid CONSTRAINT organisations_parent REFERENCES organisations (id) DEFERRABLE INITIALLY DEFERRED,
    established_on date NOT NULL,
    dissolved_on date,
    version integer NOT NULL CONSTRAINT organisations_version CHECK (version > 0),
    CONSTRAINT organisations_parenthood CHECK ((type = 'bloc') = (parent_id IS NULL)),
    CONSTRAINT organisations_dates CHECK (dissolved_on > established_on)
);
CREATE INDEX organisations_parent_id ON organisations (parent_id, code);

-- migrate:down
DROP TABLE organisations;
