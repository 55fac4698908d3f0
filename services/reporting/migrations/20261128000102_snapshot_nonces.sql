-- The hash of a revision is published beside counts of which small ones are withheld. A random number inside keeps a
-- reader from trying out which small counts it is the hash of.

-- migrate:up
-- NULL: made before there was one; its hash has none inside.
ALTER TABLE snapshot_revisions ADD COLUMN nonce bytea;

-- migrate:down
ALTER TABLE snapshot_revisions DROP COLUMN nonce;
