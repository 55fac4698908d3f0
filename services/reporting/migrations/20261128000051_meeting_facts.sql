-- Versions of meetings, tasks and orders: what services/reporting/meetings/facts.py writes (see versions.py).
-- migrate:up

-- No foreign keys: events of one key do not wait for those of another.
CREATE TABLE meeting_states (
    meeting_id uuid NOT NULL,
    sequence bigint NOT NULL,
    known_from timestamptz NOT NULL,
    known_until timestamptz CHECK (known_until > known_from),
    cell_id uuid NOT NULL,
    month date NOT NULL,
    kind text NOT NULL,
    thematic boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('planned', 'postponed', 'held', 'cancelled')),
    -- In Asia/Ho_Chi_Minh; none while it is put off without a new day.
    day date,
    put_off_from date,
    put_off_by uuid,
    minutes integer,
    counted integer NOT NULL,
    present integer NOT NULL,
    excused integer NOT NULL,
    unexcused integer NOT NULL,
    -- Of a meeting from before the system was there, as its book's summary counts.
    book_opinions integer NOT NULL,
    book_tasks integer NOT NULL,
    book_tasks_on_time integer NOT NULL,
    opinions integer NOT NULL,
    resolutions integer NOT NULL,
    rejected integer NOT NULL,
    approved integer NOT NULL,
    reported_up integer NOT NULL,
    reported_in_time integer NOT NULL,
    -- In quarters of a point: exact as a double.
    self_points double precision,
    self_grade text,
    official_points double precision,
    official_grade text,
    PRIMARY KEY (meeting_id, known_from)
);
CREATE UNIQUE INDEX meeting_states_now ON meeting_states (meeting_id) WHERE known_until IS NULL;
CREATE INDEX meeting_states_of_cell ON meeting_states (cell_id, month) WHERE known_until IS NULL;
CREATE INDEX meeting_states_of_cell_then ON meeting_states (cell_id, month) WHERE known_until IS NOT NULL;

CREATE TABLE task_states (
    task_id uuid NOT NULL,
    sequence bigint NOT NULL,
    known_from timestamptz NOT NULL,
    known_until timestamptz CHECK (known_until > known_from),
    cell_id uuid NOT NULL,
    -- In which it was first due.
    month date NOT NULL,
    due_on date NOT NULL,
    status text NOT NULL,
    done_on date,
    result text,
    PRIMARY KEY (task_id, known_from)
);
CREATE UNIQUE INDEX task_states_now ON task_states (task_id) WHERE known_until IS NULL;
CREATE INDEX task_states_of_cell ON task_states (cell_id, month) WHERE known_until IS NULL;
CREATE INDEX task_states_of_cell_then ON task_states (cell_id, month) WHERE known_until IS NOT NULL;

CREATE TABLE interruption_states (
    interruption_id uuid NOT NULL,
    sequence bigint NOT NULL,
    known_from timestamptz NOT NULL,
    known_until timestamptz CHECK (known_until > known_from),
    unit_ids uuid[] NOT NULL,
    from_on date NOT NULL,
    until_on date,
    withdrawn boolean NOT NULL,
    PRIMARY KEY (interruption_id, known_from)
);
CREATE UNIQUE INDEX interruption_states_now ON interruption_states (interruption_id) WHERE known_until IS NULL;

CREATE TABLE watch_states (
    monthly_watch_id uuid NOT NULL,
    sequence bigint NOT NULL,
    known_from timestamptz NOT NULL,
    known_until timestamptz CHECK (known_until > known_from),
    first_month date NOT NULL,
    PRIMARY KEY (monthly_watch_id, known_from)
);

CREATE TABLE missed_months (
    cell_month_id uuid NOT NULL,
    sequence bigint NOT NULL,
    known_from timestamptz NOT NULL,
    known_until timestamptz CHECK (known_until > known_from),
    cell_id uuid NOT NULL,
    month date NOT NULL,
    missed boolean NOT NULL,
    PRIMARY KEY (cell_month_id, known_from)
);
CREATE UNIQUE INDEX missed_months_now ON missed_months (cell_month_id) WHERE known_until IS NULL;
CREATE INDEX missed_months_of_cell ON missed_months (cell_id, month) WHERE known_until IS NULL;
CREATE INDEX missed_months_of_cell_then ON missed_months (cell_id, month) WHERE known_until IS NOT NULL;

-- Whoever shows live figures is told when an event was counted; asking again and again would cost more.
CREATE FUNCTION tell_marks_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('chibo_marks_moved', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER marks_moved AFTER INSERT OR UPDATE ON stream_marks
    FOR EACH STATEMENT EXECUTE FUNCTION tell_marks_moved();

-- migrate:down
DROP TRIGGER marks_moved ON stream_marks;
DROP FUNCTION tell_marks_moved();
DROP TABLE missed_months, watch_states, interruption_states, task_states, meeting_states;
