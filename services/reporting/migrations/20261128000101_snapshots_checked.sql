-- A late event that changed none of a snapshot's figures did not make the revision that a later one made.

-- migrate:up
-- Which events had been counted when its figures were last found to be the same; NULL: as in its last revision.
ALTER TABLE snapshot_checks ADD COLUMN seen json;

-- migrate:down
ALTER TABLE snapshot_checks DROP COLUMN seen;
