-- Working teams of the Standing Committee, by the opaque ids of those who sit in them; no names.
-- migrate:up
CREATE TABLE teams (
    id uuid CONSTRAINT teams_pkey PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    from_on date NOT NULL,
    -- The first day on which it is no more.
    until_on date,
    -- It never was; its code may be given to another.
    withdrawn boolean NOT NULL,
    version integer NOT NULL,
    CONSTRAINT teams_days CHECK (until_on > from_on)
);
CREATE UNIQUE INDEX teams_code ON teams (code) WHERE NOT withdrawn;

CREATE TABLE seats (
    id uuid CONSTRAINT seats_pkey PRIMARY KEY,
    team_id uuid NOT NULL CONSTRAINT seats_team REFERENCES teams (id),
    member_id uuid NOT NULL,
    role text NOT NULL CONSTRAINT seats_role CHECK (role IN ('leader', 'deputy_leader', 'member')),
    from_on date NOT NULL,
    until_on date,
    CONSTRAINT seats_days CHECK (until_on > from_on)
);
CREATE INDEX seats_of_team ON seats (team_id);
CREATE INDEX seats_of_member ON seats (member_id);

-- From a day on a team is responsible for these units with all below them, until the next of its days.
CREATE TABLE areas (
    team_id uuid NOT NULL CONSTRAINT areas_team REFERENCES teams (id),
    from_on date NOT NULL,
    unit_ids uuid[] NOT NULL,
    CONSTRAINT areas_pkey PRIMARY KEY (team_id, from_on)
);

-- Whose reason it is never leaves this database but by a reading that is noted.
CREATE TABLE absences (
    id uuid CONSTRAINT absences_pkey PRIMARY KEY,
    member_id uuid NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    reason text NOT NULL,
    withdrawn boolean NOT NULL,
    version integer NOT NULL,
    CONSTRAINT absences_days CHECK (last_on >= first_on)
);
CREATE INDEX absences_of_member ON absences (member_id);

CREATE TABLE personal_data_reads (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT personal_data_reads_pkey PRIMARY KEY,
    read_at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    -- What was read, by ids and codes.
    resource text NOT NULL,
    count integer NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON personal_data_reads FROM CURRENT_USER;

-- migrate:down
DROP TABLE personal_data_reads, absences, areas, seats, teams;
