-- Each step of a finding's life, with what was said at it in words: how far a finding was on a day long past is read
-- from here. In place of the table of notes, which nothing was written to yet.
-- migrate:up
DROP TABLE finding_notes;
CREATE TABLE finding_steps (
    finding_id uuid NOT NULL CONSTRAINT finding_steps_finding REFERENCES findings (id),
    -- The version that the finding had after it.
    version integer NOT NULL,
    -- From which day on it was so.
    on_day date NOT NULL,
    state text NOT NULL,
    due_on date NOT NULL,
    note text,
    CONSTRAINT finding_steps_pkey PRIMARY KEY (finding_id, version)
);

-- migrate:down
DROP TABLE finding_steps;
CREATE TABLE finding_notes (
    finding_id uuid NOT NULL CONSTRAINT finding_notes_finding REFERENCES findings (id),
    version integer NOT NULL,
    note text NOT NULL,
    CONSTRAINT finding_notes_pkey PRIMARY KEY (finding_id, version)
);
