-- Where a member counted on the day of an award, as its event says it: what is withdrawn is withdrawn there. Awards of
-- before said none.
-- migrate:up
ALTER TABLE awards ADD COLUMN cell_id uuid CONSTRAINT awards_cell REFERENCES organisations (id);

-- migrate:down
ALTER TABLE awards DROP COLUMN cell_id;
