-- What cells record of meetings held, their books, and who leads them on which days.
-- migrate:up

-- Of membership's terms and positions the last event is the whole row; one that never was has `from_on` null, so that
-- an event told late cannot bring it back. No foreign keys, as in the first migration.
CREATE TABLE terms (
    id uuid CONSTRAINT terms_pkey PRIMARY KEY,
    sequence bigint NOT NULL,
    unit_id uuid NOT NULL,
    label text NOT NULL,
    from_on date,
    until_on date
);
CREATE INDEX terms_of_unit ON terms (unit_id);
CREATE TABLE positions (
    id uuid CONSTRAINT positions_pkey PRIMARY KEY,
    sequence bigint NOT NULL,
    unit_id uuid NOT NULL,
    member_id uuid NOT NULL,
    position text NOT NULL,
    from_on date,
    until_on date
);
CREATE INDEX positions_of_unit ON positions (unit_id);

-- What people said and wrote: it may hold names, and never leaves this database but by a reading that is noted.
CREATE TABLE proceedings (
    meeting_id uuid CONSTRAINT proceedings_pkey PRIMARY KEY CONSTRAINT proceedings_meeting REFERENCES meetings (id),
    chair_id uuid NOT NULL,
    recorder_id uuid NOT NULL,
    guests text[] NOT NULL,
    directions text[] NOT NULL
);
CREATE TABLE opinions (
    meeting_id uuid NOT NULL CONSTRAINT opinions_proceedings REFERENCES proceedings (meeting_id),
    ordinal smallint NOT NULL,
    -- Null for a guest.
    speaker_id uuid,
    content text NOT NULL,
    CONSTRAINT opinions_pkey PRIMARY KEY (meeting_id, ordinal)
);
CREATE TABLE conclusions (
    meeting_id uuid NOT NULL CONSTRAINT conclusions_proceedings REFERENCES proceedings (meeting_id),
    -- The number of the agenda's point, from 1.
    point smallint NOT NULL CONSTRAINT conclusions_point CHECK (point > 0),
    content text NOT NULL,
    CONSTRAINT conclusions_pkey PRIMARY KEY (meeting_id, point)
);
CREATE TABLE absences (
    meeting_id uuid NOT NULL CONSTRAINT absences_proceedings REFERENCES proceedings (meeting_id),
    member_id uuid NOT NULL,
    reason text NOT NULL,
    CONSTRAINT absences_pkey PRIMARY KEY (meeting_id, member_id)
);

-- The last number given in a series: whoever takes the next holds the row until the transaction ends, so that numbers
-- have no gaps and are never given twice.
CREATE TABLE number_series (
    cell_id uuid NOT NULL,
    document text NOT NULL CONSTRAINT number_series_document CHECK (document IN ('minutes', 'resolution')),
    series text NOT NULL,
    last integer NOT NULL CONSTRAINT number_series_last CHECK (last > 0),
    CONSTRAINT number_series_pkey PRIMARY KEY (cell_id, document, series)
);

CREATE TABLE resolutions (
    id uuid CONSTRAINT resolutions_pkey PRIMARY KEY,
    meeting_id uuid NOT NULL CONSTRAINT resolutions_meeting REFERENCES meetings (id),
    cell_id uuid NOT NULL,
    -- In the order in which the meeting voted.
    ordinal smallint NOT NULL,
    subject text NOT NULL,
    content text NOT NULL,
    majority text NOT NULL,
    in_favour integer NOT NULL,
    against integer NOT NULL,
    abstained integer NOT NULL,
    voters integer NOT NULL,
    base integer NOT NULL,
    voted_on date NOT NULL,
    -- All three null where it was not carried.
    series text,
    series_label text,
    number integer,
    CONSTRAINT resolutions_ordinal UNIQUE (meeting_id, ordinal),
    CONSTRAINT resolutions_number UNIQUE (cell_id, series, number),
    CONSTRAINT resolutions_carried CHECK (num_nulls(series, series_label, number) IN (0, 3)),
    CONSTRAINT resolutions_votes CHECK (
        least(in_favour, against, abstained) >= 0 AND in_favour + against + abstained <= voters
    )
);

CREATE TABLE tasks (
    id uuid CONSTRAINT tasks_pkey PRIMARY KEY,
    cell_id uuid NOT NULL,
    meeting_id uuid NOT NULL CONSTRAINT tasks_meeting REFERENCES meetings (id),
    member_id uuid NOT NULL,
    content text NOT NULL,
    assigned_on date NOT NULL,
    first_due_on date NOT NULL,
    due_on date NOT NULL,
    status text NOT NULL CONSTRAINT tasks_status CHECK (status IN ('open', 'reported', 'closed')),
    done_on date,
    result text,
    evaluated_by uuid,
    version integer NOT NULL CONSTRAINT tasks_version CHECK (version > 0),
    CONSTRAINT tasks_days CHECK (assigned_on <= first_due_on AND assigned_on <= done_on),
    CONSTRAINT tasks_closed CHECK (status <> 'closed' OR result IS NOT NULL)
);
CREATE INDEX tasks_of_cell ON tasks (cell_id, due_on, id);
CREATE INDEX tasks_of_meeting ON tasks (meeting_id);
CREATE TABLE task_evaluations (
    task_id uuid NOT NULL CONSTRAINT task_evaluations_task REFERENCES tasks (id),
    meeting_id uuid NOT NULL CONSTRAINT task_evaluations_meeting REFERENCES meetings (id),
    due_on date NOT NULL,
    result text NOT NULL,
    done_on date,
    remark text,
    carried_on_to date,
    CONSTRAINT task_evaluations_pkey PRIMARY KEY (task_id, meeting_id)
);
CREATE INDEX task_evaluations_of_meeting ON task_evaluations (meeting_id);

CREATE TABLE minutes (
    meeting_id uuid CONSTRAINT minutes_pkey PRIMARY KEY CONSTRAINT minutes_meeting REFERENCES meetings (id),
    cell_id uuid NOT NULL,
    series text NOT NULL,
    series_label text NOT NULL,
    number integer NOT NULL,
    approved_on date NOT NULL,
    reported_on date,
    CONSTRAINT minutes_number UNIQUE (cell_id, series, number)
);

-- The books: each page bears the hash of itself and of all before it, see book/chain.py.
CREATE TABLE book_pages (
    cell_id uuid NOT NULL,
    page integer NOT NULL CONSTRAINT book_pages_page CHECK (page > 0),
    meeting_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT book_pages_kind CHECK (kind IN ('minutes', 'resolution')),
    series text NOT NULL,
    number integer NOT NULL,
    content text NOT NULL,
    written_at timestamptz NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT book_pages_pkey PRIMARY KEY (cell_id, page)
);
CREATE INDEX book_pages_of_meeting ON book_pages (meeting_id);

-- Append-only, for the owner too: only a deliberate GRANT opens it again.
REVOKE UPDATE, DELETE, TRUNCATE ON book_pages FROM CURRENT_USER;

-- migrate:down
DROP TABLE book_pages, minutes, task_evaluations, tasks, resolutions, number_series, absences, conclusions, opinions,
    proceedings, positions, terms;
