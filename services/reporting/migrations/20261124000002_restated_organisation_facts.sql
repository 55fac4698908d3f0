-- A move recorded after changes of later days comes to any number of rows: it takes some of those changes back and
-- states them anew. What is taken back counts in sums, and rules on no day.
-- migrate:up
ALTER TABLE organisation_facts
    ADD COLUMN ordinal smallint,
    ADD COLUMN retracts boolean NOT NULL DEFAULT false;
UPDATE organisation_facts SET ordinal = 0;
ALTER TABLE organisation_facts
    ALTER COLUMN ordinal SET NOT NULL,
    ALTER COLUMN retracts DROP DEFAULT,
    DROP CONSTRAINT organisation_facts_pkey,
    ADD PRIMARY KEY (sequence, ordinal);

-- migrate:down
DELETE FROM organisation_facts WHERE ordinal > 1;
ALTER TABLE organisation_facts
    DROP CONSTRAINT organisation_facts_pkey,
    DROP COLUMN ordinal,
    DROP COLUMN retracts,
    ADD PRIMARY KEY (sequence, delta);
