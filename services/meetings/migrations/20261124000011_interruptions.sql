-- What cells mean to do in a year, what interrupts many of them at once, and the months that they missed.
-- migrate:up

-- For which day a meeting was when it was last put off, and which order did so.
ALTER TABLE meetings ADD COLUMN postponed_from date, ADD COLUMN postponed_by uuid;

CREATE TABLE cell_calendars (
    cell_id uuid CONSTRAINT cell_calendars_pkey PRIMARY KEY,
    version integer NOT NULL CONSTRAINT cell_calendars_version CHECK (version > 0)
);
CREATE TABLE regular_days (
    cell_id uuid NOT NULL CONSTRAINT regular_days_calendar REFERENCES cell_calendars (cell_id),
    from_on date NOT NULL,
    day smallint NOT NULL CONSTRAINT regular_days_day CHECK (day BETWEEN 1 AND 31),
    -- In Asia/Ho_Chi_Minh.
    starts_at time NOT NULL,
    place text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT regular_days_pkey PRIMARY KEY (cell_id, from_on)
);

CREATE TABLE year_plans (
    cell_id uuid NOT NULL,
    year smallint NOT NULL,
    -- Months with their themes: [{"month": "2020-03-01", "topic": null, "theme": "…"}].
    themes jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL CONSTRAINT year_plans_version CHECK (version > 0),
    CONSTRAINT year_plans_pkey PRIMARY KEY (cell_id, year)
);

CREATE TABLE interruptions (
    id uuid CONSTRAINT interruptions_pkey PRIMARY KEY,
    unit_ids uuid[] NOT NULL,
    from_on date NOT NULL,
    -- The last day; none until further notice.
    until_on date,
    reason text NOT NULL,
    document_number text NOT NULL,
    document_date date NOT NULL,
    withdrawn boolean NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL CONSTRAINT interruptions_version CHECK (version > 0),
    CONSTRAINT interruptions_days CHECK (until_on >= from_on)
);
CREATE INDEX interruptions_by_day ON interruptions (from_on, id);

-- From which month on months without a meeting are looked for: one row, or none.
CREATE TABLE monthly_watch (
    single boolean DEFAULT true CONSTRAINT monthly_watch_pkey PRIMARY KEY CONSTRAINT monthly_watch_single CHECK (single),
    month date NOT NULL CONSTRAINT monthly_watch_month CHECK (extract(day FROM month) = 1),
    version integer NOT NULL
);

-- Months that were found missed, with those of them that were made good since.
CREATE TABLE cell_months (
    cell_id uuid NOT NULL,
    month date NOT NULL CONSTRAINT cell_months_month CHECK (extract(day FROM month) = 1),
    missed boolean NOT NULL,
    version integer NOT NULL CONSTRAINT cell_months_version CHECK (version > 0),
    CONSTRAINT cell_months_pkey PRIMARY KEY (cell_id, month)
);
CREATE INDEX cell_months_missed ON cell_months (month) WHERE missed;

-- migrate:down
DROP TABLE cell_months, monthly_watch, interruptions, year_plans, regular_days, cell_calendars;
ALTER TABLE meetings DROP COLUMN postponed_from, DROP COLUMN postponed_by;
