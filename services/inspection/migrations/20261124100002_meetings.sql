-- What inspection knows of meetings, from the events of meetings and nothing else. The events of one meeting come in
-- their order, so that a row says how it is by the last of them.
-- migrate:up
CREATE TABLE meetings (
    id uuid CONSTRAINT meetings_pkey PRIMARY KEY,
    sequence bigint NOT NULL,
    cell_id uuid NOT NULL,
    kind text NOT NULL,
    -- The first day of the month that it counts for.
    month date NOT NULL,
    -- Null while it is postponed without a new time.
    starts_at timestamptz,
    thematic boolean NOT NULL,
    status text NOT NULL
);
CREATE INDEX meetings_of_month ON meetings (month);
CREATE INDEX meetings_of_cell ON meetings (cell_id, month);

CREATE TABLE meeting_scores (
    meeting_id uuid NOT NULL,
    -- The cell's own, or the superior's.
    kind text NOT NULL,
    sequence bigint NOT NULL,
    guidance_number text NOT NULL,
    guidance_date date NOT NULL,
    points jsonb NOT NULL,
    total numeric(5, 2) NOT NULL,
    grade text NOT NULL,
    CONSTRAINT meeting_scores_pkey PRIMARY KEY (meeting_id, kind)
);

-- migrate:down
DROP TABLE meeting_scores, meetings;
