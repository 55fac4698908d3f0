-- Meetings as they are now; what they were is in the event log.
-- migrate:up
CREATE TABLE meetings (
    id uuid CONSTRAINT meetings_pkey PRIMARY KEY,
    cell_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT meetings_kind CHECK (kind IN ('regular', 'thematic', 'extraordinary')),
    -- First day of the month that it counts for.
    month date NOT NULL CONSTRAINT meetings_month CHECK (extract(day FROM month) = 1),
    starts_at timestamptz,
    place text NOT NULL,
    theme text,
    agenda text[] NOT NULL,
    status text NOT NULL CONSTRAINT meetings_status CHECK (
        status IN ('planned', 'agreed', 'announced', 'postponed', 'held', 'cancelled')
    ),
    agreed_on date,
    announced_on date,
    minutes integer,
    counted integer,
    present integer,
    excused integer,
    unexcused integer,
    version integer NOT NULL CONSTRAINT meetings_version CHECK (version > 0),
    CONSTRAINT meetings_held CHECK (
        (status = 'held') = (minutes IS NOT NULL AND counted IS NOT NULL AND present IS NOT NULL
                             AND excused IS NOT NULL AND unexcused IS NOT NULL)
    ),
    CONSTRAINT meetings_time CHECK (starts_at IS NOT NULL OR status IN ('postponed', 'cancelled'))
);
-- One regular meeting a month, so that two clients planning at once cannot make it two.
CREATE UNIQUE INDEX meetings_regular ON meetings (cell_id, month) WHERE kind = 'regular' AND status <> 'cancelled';
CREATE INDEX meetings_of_cell ON meetings (cell_id, month, id);

-- Where each on the list was. Opaque ids: who they are stays in membership.
CREATE TABLE attenders (
    meeting_id uuid NOT NULL CONSTRAINT attenders_meeting REFERENCES meetings (id),
    member_id uuid NOT NULL,
    roll text NOT NULL,
    presence text NOT NULL,
    exempt boolean NOT NULL,
    special_duty boolean NOT NULL,
    CONSTRAINT attenders_pkey PRIMARY KEY (meeting_id, member_id)
);

-- The last score of each kind; those before it are in the event log.
CREATE TABLE scores (
    meeting_id uuid NOT NULL CONSTRAINT scores_meeting REFERENCES meetings (id),
    kind text NOT NULL,
    guidance_number text NOT NULL,
    guidance_date date NOT NULL,
    points jsonb NOT NULL,
    total numeric NOT NULL,
    grade text NOT NULL,
    decided_on date NOT NULL,
    CONSTRAINT scores_pkey PRIMARY KEY (meeting_id, kind)
);

-- migrate:down
DROP TABLE scores, attenders, meetings;
