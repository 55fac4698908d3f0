-- What a book's summary counts of a meeting that was held before the system was there: it has no roll and no tasks.
-- migrate:up
CREATE TABLE book_figures (
    meeting_id uuid CONSTRAINT book_figures_pkey PRIMARY KEY CONSTRAINT book_figures_meeting REFERENCES meetings (id),
    opinions integer NOT NULL,
    tasks integer NOT NULL,
    tasks_on_time integer NOT NULL,
    CONSTRAINT book_figures_tasks CHECK (tasks_on_time BETWEEN 0 AND tasks)
);

-- migrate:down
DROP TABLE book_figures;
