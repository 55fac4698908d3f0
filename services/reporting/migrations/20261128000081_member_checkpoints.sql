-- Sums of member facts up to some days, so that a question about a day reads the nearest of them and the facts since,
-- not all facts: what services/reporting/checkpoints.py keeps. They are made of the facts and can be dropped at any time.
-- migrate:up

CREATE TABLE member_checkpoints (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    -- The last day whose facts are in it.
    day date NOT NULL,
    -- pg_relation_filenode of the facts that it was made of: another one once these were emptied, or built anew.
    facts bigint NOT NULL,
    cells integer NOT NULL,
    UNIQUE (facts, day)
);
-- No foreign key: a checkpoint is dropped by its one row, what it held is swept later.
CREATE TABLE member_standings (
    checkpoint integer NOT NULL,
    cell_id uuid NOT NULL,
    -- Twelve bytes for each member, see checkpoints.py; a late fact adds a row.
    packed bytea NOT NULL
);
CREATE INDEX member_standings_of_cell ON member_standings (checkpoint, cell_id);

CREATE INDEX member_facts_of_day ON member_facts (effective_date);

-- migrate:down
DROP INDEX member_facts_of_day;
DROP TABLE member_standings, member_checkpoints;
