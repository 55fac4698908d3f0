-- What meetings needs to know of units, members and positions: built from membership's events and nothing else.
-- Steps are signed rows, as membership tells them: what is so on a day is the sum up to that day, in whatever order
-- events came and however a history was restated. No foreign keys: a member's event may come before its cell's.
-- migrate:up
CREATE TABLE unit_steps (
    sequence bigint NOT NULL,
    ordinal smallint NOT NULL,
    unit_id uuid NOT NULL,
    effective_date date NOT NULL,
    delta smallint NOT NULL CONSTRAINT unit_steps_delta CHECK (delta IN (-1, 1)),
    type text NOT NULL,
    parent_id uuid,
    CONSTRAINT unit_steps_pkey PRIMARY KEY (sequence, ordinal)
);
CREATE INDEX unit_steps_of_unit ON unit_steps (unit_id);

CREATE TABLE unit_names (
    sequence bigint NOT NULL,
    ordinal smallint NOT NULL,
    unit_id uuid NOT NULL,
    effective_date date NOT NULL,
    delta smallint NOT NULL CONSTRAINT unit_names_delta CHECK (delta IN (-1, 1)),
    code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    CONSTRAINT unit_names_pkey PRIMARY KEY (sequence, ordinal)
);
CREATE INDEX unit_names_of_unit ON unit_names (unit_id);
CREATE INDEX unit_names_of_code ON unit_names (code);

CREATE TABLE member_steps (
    sequence bigint NOT NULL,
    ordinal smallint NOT NULL,
    member_id uuid NOT NULL,
    effective_date date NOT NULL,
    delta smallint NOT NULL CONSTRAINT member_steps_delta CHECK (delta IN (-1, 1)),
    cell_id uuid NOT NULL,
    standing text NOT NULL,
    CONSTRAINT member_steps_pkey PRIMARY KEY (sequence, ordinal)
);
CREATE INDEX member_steps_of_cell ON member_steps (cell_id);

-- Exemptions, suspensions and temporary stays; `fact` is the version of the member's event that began it.
CREATE TABLE member_spells (
    member_id uuid NOT NULL,
    fact integer NOT NULL,
    kind text NOT NULL,
    from_on date NOT NULL,
    ended_on date,
    cell_id uuid,
    CONSTRAINT member_spells_pkey PRIMARY KEY (member_id, fact)
);
CREATE INDEX member_spells_of_host ON member_spells (cell_id) WHERE cell_id IS NOT NULL;

-- migrate:down
DROP TABLE unit_steps, unit_names, member_steps, member_spells;
