-- Visits and findings: what services/reporting/inspection/facts.py writes; ratings and awards: ratings/facts.py.
-- And of members what they have learned and do. What the rows so far do not say cannot be told from them, so the
-- projection of membership is emptied and built anew: its consumer has another name from here on.
-- migrate:up
TRUNCATE member_facts, organisation_facts, organisations;
DELETE FROM stream_marks WHERE consumer = 'reporting.membership-facts.2';
DELETE FROM parked_events WHERE consumer = 'reporting.membership-facts.2';

-- As services/reporting/background.py has it.
ALTER TABLE member_facts ADD COLUMN background smallint NOT NULL;

-- Versions, as of meetings (see versions.py).
CREATE TABLE visit_states (
    visit_id uuid NOT NULL,
    sequence bigint NOT NULL,
    known_from timestamptz NOT NULL,
    known_until timestamptz CHECK (known_until > known_from),
    cell_id uuid NOT NULL,
    -- For which the meeting visited counts.
    month date NOT NULL,
    kind text NOT NULL,
    withdrawn boolean NOT NULL,
    -- What was looked at, and what of it was as it is to be.
    books integer NOT NULL,
    books_in_order integer NOT NULL,
    steps integer NOT NULL,
    steps_followed integer NOT NULL,
    -- As long as one another.
    axes text[] NOT NULL,
    grades text[] NOT NULL,
    points double precision,
    grade text,
    PRIMARY KEY (visit_id, known_from)
);
CREATE UNIQUE INDEX visit_states_now ON visit_states (visit_id) WHERE known_until IS NULL;
CREATE INDEX visit_states_of_cell ON visit_states (cell_id, month) WHERE known_until IS NULL;
CREATE INDEX visit_states_of_cell_then ON visit_states (cell_id, month) WHERE known_until IS NOT NULL;

-- Signed rows, as of members: -1 for a finding as it was, +1 as it is from the day on.
CREATE TABLE finding_facts (
    sequence bigint NOT NULL,
    ordinal smallint NOT NULL,
    recorded_at timestamptz NOT NULL,
    effective_date date NOT NULL,
    delta smallint NOT NULL CHECK (delta IN (-1, 1)),
    cell_id uuid NOT NULL,
    found_on date NOT NULL,
    due_on date NOT NULL,
    axis text NOT NULL,
    severity text NOT NULL,
    state text NOT NULL,
    recurrent boolean NOT NULL,
    reopened integer NOT NULL,
    PRIMARY KEY (sequence, ordinal)
);
CREATE INDEX finding_facts_of_cell ON finding_facts (cell_id);

-- Of members by the cell in which they were rated, and of units by themselves; what is put right is taken back.
CREATE TABLE rating_facts (
    sequence bigint NOT NULL,
    ordinal integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- The last day of the year that is rated.
    effective_date date NOT NULL,
    delta smallint NOT NULL CHECK (delta IN (-1, 1)),
    of_members boolean NOT NULL,
    unit_id uuid NOT NULL,
    -- Of units.
    type text,
    -- None where there is a reason why it was not rated.
    grade text,
    PRIMARY KEY (sequence, ordinal)
);
CREATE INDEX rating_facts_of_unit ON rating_facts (unit_id);

CREATE TABLE award_facts (
    sequence bigint NOT NULL,
    ordinal integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    effective_date date NOT NULL,
    delta smallint NOT NULL CHECK (delta IN (-1, 1)),
    unit_id uuid NOT NULL,
    kind text NOT NULL,
    level text NOT NULL,
    PRIMARY KEY (sequence, ordinal)
);
CREATE INDEX award_facts_of_unit ON award_facts (unit_id);

-- migrate:down
DROP TABLE award_facts, rating_facts, finding_facts, visit_states;
TRUNCATE member_facts, organisation_facts, organisations;
DELETE FROM stream_marks WHERE consumer = 'reporting.membership-facts.3';
DELETE FROM parked_events WHERE consumer = 'reporting.membership-facts.3';
ALTER TABLE member_facts DROP COLUMN background;
