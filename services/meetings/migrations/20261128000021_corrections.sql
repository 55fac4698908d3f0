-- Corrections of approved minutes, which are pages of their own; documents that are taken back; late facts that were told.
-- migrate:up
ALTER TABLE book_pages DROP CONSTRAINT book_pages_kind,
    ADD CONSTRAINT book_pages_kind CHECK (kind IN ('minutes', 'resolution', 'correction'));
ALTER TABLE number_series DROP CONSTRAINT number_series_document,
    ADD CONSTRAINT number_series_document CHECK (document IN ('minutes', 'resolution', 'correction'));

-- That and why minutes were corrected. What of them, the page says; what holds now, the tables of the record.
CREATE TABLE corrections (
    meeting_id uuid NOT NULL CONSTRAINT corrections_minutes REFERENCES minutes (meeting_id),
    -- Its place in the book of the cell.
    page integer NOT NULL,
    cell_id uuid NOT NULL,
    series text NOT NULL,
    series_label text NOT NULL,
    number integer NOT NULL,
    reason text NOT NULL,
    fields text[] NOT NULL,
    -- The pages that it puts right.
    corrects integer[] NOT NULL,
    approved_on date NOT NULL,
    approved_by uuid[] NOT NULL,
    CONSTRAINT corrections_pkey PRIMARY KEY (meeting_id, page),
    CONSTRAINT corrections_number UNIQUE (cell_id, series, number)
);

-- Why a document was taken back, and by which it was replaced. Its hash stays in the log.
ALTER TABLE documents
    ADD COLUMN withdrawn_at timestamptz,
    ADD COLUMN withdrawal text CONSTRAINT documents_withdrawal CHECK (
        withdrawal IN ('mistaken', 'replaced', 'confidential')
    ),
    ADD COLUMN replaced_by uuid CONSTRAINT documents_replaced_by REFERENCES documents (id),
    ADD CONSTRAINT documents_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawal IS NULL)),
    ADD CONSTRAINT documents_replaced CHECK ((withdrawal IS NOT DISTINCT FROM 'replaced') = (replaced_by IS NOT NULL)),
    DROP CONSTRAINT documents_once;
-- What was taken back may be posted again.
CREATE UNIQUE INDEX documents_once ON documents (meeting_id, sha256) WHERE withdrawn_at IS NULL;
CREATE INDEX documents_of_content ON documents (sha256);
-- No bytes once they had to be erased: they were confidential, and no document needs them any more.
ALTER TABLE file_contents ALTER COLUMN bytes DROP NOT NULL, ADD COLUMN size integer;
UPDATE file_contents SET size = length(bytes);
ALTER TABLE file_contents ALTER COLUMN size SET NOT NULL;

-- What was told of meetings whose roll is otherwise than the list of its day as known now.
CREATE TABLE attendance_checks (
    meeting_id uuid CONSTRAINT attendance_checks_pkey PRIMARY KEY
        CONSTRAINT attendance_checks_meeting REFERENCES meetings (id),
    -- As its event has them; empty once roll and list agree again.
    flags jsonb NOT NULL,
    -- How many people they are of.
    flagged integer NOT NULL,
    version integer NOT NULL CONSTRAINT attendance_checks_version CHECK (version > 0)
);
-- What rolls were last compared with, so that nothing is compared while nothing changes: one row, or none.
CREATE TABLE attendance_compared (
    single boolean DEFAULT true CONSTRAINT attendance_compared_pkey PRIMARY KEY
        CONSTRAINT attendance_compared_single CHECK (single),
    state text NOT NULL
);

-- migrate:down
DROP TABLE attendance_compared, attendance_checks;
UPDATE documents SET replaced_by = NULL, withdrawal = 'mistaken' WHERE withdrawn_at IS NOT NULL;
DELETE FROM documents WHERE withdrawn_at IS NOT NULL;
DELETE FROM file_contents WHERE bytes IS NULL;
ALTER TABLE file_contents DROP COLUMN size, ALTER COLUMN bytes SET NOT NULL;
DROP INDEX documents_once, documents_of_content;
ALTER TABLE documents DROP CONSTRAINT documents_replaced, DROP CONSTRAINT documents_withdrawn,
    DROP COLUMN replaced_by, DROP COLUMN withdrawal, DROP COLUMN withdrawn_at,
    ADD CONSTRAINT documents_once UNIQUE (meeting_id, sha256);
DROP TABLE corrections;
ALTER TABLE number_series DROP CONSTRAINT number_series_document,
    ADD CONSTRAINT number_series_document CHECK (document IN ('minutes', 'resolution'));
ALTER TABLE book_pages DROP CONSTRAINT book_pages_kind,
    ADD CONSTRAINT book_pages_kind CHECK (kind IN ('minutes', 'resolution'));
