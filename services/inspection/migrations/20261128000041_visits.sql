-- Visits of working teams to meetings of cells: what was in order there, and what was said of it. Words may speak of
-- people: they are here and in no event, and whoever reads them is noted.
-- migrate:up
CREATE TABLE visits (
    id uuid CONSTRAINT visits_pkey PRIMARY KEY,
    -- Of the replica: meetings belong to another service.
    meeting_id uuid NOT NULL,
    cell_id uuid NOT NULL,
    -- The first day of the month that the meeting counts for, and of which kind it is, as they were when it was said.
    month date NOT NULL,
    kind text NOT NULL,
    team_id uuid NOT NULL CONSTRAINT visits_team REFERENCES teams (id),
    visited_on date NOT NULL,
    visitor_ids uuid[] NOT NULL,
    -- The assignment of a monthly plan that it fulfils.
    assignment_id uuid,
    -- The first day in force of the version whose codes stand below.
    checklist date NOT NULL,
    -- Timely guidance that the visitors gave, and their comment as a whole.
    guidance text,
    comment text,
    -- It never was.
    withdrawn boolean NOT NULL,
    version integer NOT NULL
);
-- One visit of a team to a meeting.
CREATE UNIQUE INDEX visits_once ON visits (meeting_id, team_id) WHERE NOT withdrawn;
CREATE INDEX visits_of_cell ON visits (cell_id, visited_on) WHERE NOT withdrawn;
CREATE INDEX visits_of_day ON visits (visited_on) WHERE NOT withdrawn;

CREATE TABLE visit_books (
    visit_id uuid NOT NULL CONSTRAINT visit_books_visit REFERENCES visits (id),
    book text NOT NULL,
    -- Null where that was not looked at.
    present boolean,
    up_to_date boolean,
    correct boolean,
    remark text,
    CONSTRAINT visit_books_pkey PRIMARY KEY (visit_id, book)
);

CREATE TABLE visit_steps (
    visit_id uuid NOT NULL CONSTRAINT visit_steps_visit REFERENCES visits (id),
    step text NOT NULL,
    followed boolean NOT NULL,
    remark text,
    CONSTRAINT visit_steps_pkey PRIMARY KEY (visit_id, step)
);

CREATE TABLE visit_axes (
    visit_id uuid NOT NULL CONSTRAINT visit_axes_visit REFERENCES visits (id),
    axis text NOT NULL,
    grade text NOT NULL CONSTRAINT visit_axes_grade CHECK (grade IN ('good', 'fair', 'average', 'poor')),
    comment text,
    CONSTRAINT visit_axes_pkey PRIMARY KEY (visit_id, axis)
);

-- The inspector's score of the meeting that was visited, by the rubric of its guidance.
CREATE TABLE visit_scores (
    visit_id uuid CONSTRAINT visit_scores_pkey PRIMARY KEY CONSTRAINT visit_scores_visit REFERENCES visits (id),
    guidance_number text NOT NULL,
    guidance_date date NOT NULL,
    points jsonb NOT NULL,
    total numeric(5, 2) NOT NULL,
    grade text NOT NULL
);

-- Bytes once, however often they are attached, as in the service of meetings.
CREATE TABLE file_contents (
    sha256 bytea CONSTRAINT file_contents_pkey PRIMARY KEY CONSTRAINT file_contents_sha256 CHECK (length(sha256) = 32),
    media_type text NOT NULL,
    bytes bytea NOT NULL
);
ALTER TABLE file_contents ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE attachments (
    id uuid CONSTRAINT attachments_pkey PRIMARY KEY,
    visit_id uuid NOT NULL CONSTRAINT attachments_visit REFERENCES visits (id),
    sha256 bytea NOT NULL CONSTRAINT attachments_content REFERENCES file_contents (sha256),
    file_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT attachments_once UNIQUE (visit_id, sha256)
);

-- migrate:down
DROP TABLE attachments, file_contents, visit_scores, visit_axes, visit_steps, visit_books, visits;
