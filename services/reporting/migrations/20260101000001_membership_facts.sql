-- Membership facts: what services/reporting/membership_facts.py writes and statistics.py reads.
-- migrate:up

-- One row a side of an event: -1 for what was before, +1 for what is after. Rows are only ever added.
-- No foreign keys: a member's event may come before its cell's.
CREATE TABLE member_facts (
    sequence bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    effective_date date NOT NULL,
    delta smallint NOT NULL CHECK (delta IN (-1, 1)),
    cell_id uuid NOT NULL,
    standing text NOT NULL,
    gender text NOT NULL,
    ethnic_minority boolean NOT NULL,
    religious boolean NOT NULL,
    youth_union boolean NOT NULL,
    -- The birth date as the number YYYYMMDD: completed years on a day are a subtraction and a division.
    born integer NOT NULL,
    -- All of these but the date in five bits, so that figures group by one column.
    profile smallint NOT NULL GENERATED ALWAYS AS (
        CASE WHEN gender = 'female' THEN 1 ELSE 0 END
        + CASE WHEN standing = 'official' THEN 2 ELSE 0 END
        + CASE WHEN ethnic_minority THEN 4 ELSE 0 END
        + CASE WHEN religious THEN 8 ELSE 0 END
        + CASE WHEN youth_union THEN 16 ELSE 0 END
    ) STORED,
    -- An event counts once, whatever delivers it; and a figure can be traced to the events behind it.
    PRIMARY KEY (sequence, delta)
);
-- Not by date too: a cell has some hundred rows, and few distinct keys make the index half as dear to write.
CREATE INDEX member_facts_of_cell ON member_facts (cell_id);

CREATE TABLE organisation_facts (
    sequence bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    effective_date date NOT NULL,
    delta smallint NOT NULL CHECK (delta IN (-1, 1)),
    organisation_id uuid NOT NULL,
    type text NOT NULL,
    parent_id uuid,
    PRIMARY KEY (sequence, delta)
);
CREATE INDEX organisation_facts_of_unit ON organisation_facts (organisation_id);

-- What a unit is called from a day on. A code may go to a new unit once the old one is gone.
CREATE TABLE organisations (
    sequence bigint PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    effective_date date NOT NULL,
    organisation_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL
);
CREATE INDEX organisations_of_unit ON organisations (organisation_id);
CREATE INDEX organisations_of_code ON organisations (code);

-- migrate:down
DROP TABLE organisations, organisation_facts, member_facts;
