-- What the place outside was called before it was put right: no event has it.
-- migrate:up
CREATE TABLE transfer_former_places (
    transfer_id uuid NOT NULL CONSTRAINT transfer_former_places_transfer REFERENCES transfers (id),
    -- The version of the transfer from which on it is called otherwise.
    version int NOT NULL,
    outside text NOT NULL,
    CONSTRAINT transfer_former_places_pkey PRIMARY KEY (transfer_id, version)
);

-- migrate:down
DROP TABLE transfer_former_places;
