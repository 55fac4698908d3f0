-- What an import adds to the index waits in a list that every search reads through until the next vacuum. With the
-- 4 MB that are PostgreSQL's own limit that cost a search 10 ms after an import of 60,000 members; with 1 MB, 2 ms, and the
-- import takes as long as before.
-- migrate:up
ALTER INDEX member_identities_name_prefixes SET (gin_pending_list_limit = 1024);

-- migrate:down
ALTER INDEX member_identities_name_prefixes RESET (gin_pending_list_limit);
