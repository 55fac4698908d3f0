-- The history of a unit may be put right: what was stated of a day and is taken back rules on no day, of names as of
-- what a unit is and where it hangs.
-- migrate:up
ALTER TABLE organisations
    ADD COLUMN ordinal smallint NOT NULL DEFAULT 0,
    ADD COLUMN retracts boolean NOT NULL DEFAULT false;
ALTER TABLE organisations
    ALTER COLUMN ordinal DROP DEFAULT,
    ALTER COLUMN retracts DROP DEFAULT,
    DROP CONSTRAINT organisations_pkey,
    ADD PRIMARY KEY (sequence, ordinal);
-- Few rows, and each query that asks for what rules looks for them.
CREATE INDEX organisations_retracted ON organisations (organisation_id, effective_date) WHERE retracts;
CREATE INDEX organisation_facts_retracted ON organisation_facts (organisation_id, effective_date) WHERE retracts;

-- migrate:down
DROP INDEX organisation_facts_retracted, organisations_retracted;
DELETE FROM organisations WHERE ordinal > 0 OR retracts;
ALTER TABLE organisations
    DROP CONSTRAINT organisations_pkey,
    DROP COLUMN ordinal,
    DROP COLUMN retracts,
    ADD PRIMARY KEY (sequence);
