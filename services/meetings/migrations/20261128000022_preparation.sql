-- Who prepares which point of an agenda, and meetings that a large cell holds by its party groups.
-- migrate:up
ALTER TABLE meetings
    -- For each point of the agenda, or for none; null where nobody is named.
    ADD COLUMN prepared_by uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN by_group boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT meetings_prepared_by CHECK (cardinality(prepared_by) IN (0, cardinality(agenda)));
CREATE INDEX meetings_by_group ON meetings (cell_id, month) WHERE by_group;
ALTER TABLE notices ADD COLUMN prepared_by uuid[] NOT NULL DEFAULT '{}';

-- migrate:down
ALTER TABLE notices DROP COLUMN prepared_by;
ALTER TABLE meetings DROP CONSTRAINT meetings_prepared_by, DROP COLUMN by_group, DROP COLUMN prepared_by;
