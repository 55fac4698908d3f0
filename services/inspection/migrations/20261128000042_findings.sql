-- What visitors found lacking in cells, and how far it is mended. Words may speak of people: they are in no event.
-- migrate:up
CREATE TABLE findings (
    id uuid CONSTRAINT findings_pkey PRIMARY KEY,
    visit_id uuid NOT NULL CONSTRAINT findings_visit REFERENCES visits (id),
    cell_id uuid NOT NULL,
    found_on date NOT NULL,
    axis text NOT NULL,
    -- Which of the checklist's limitations it is; null where it is said in words only.
    limitation text,
    severity text NOT NULL CONSTRAINT findings_severity CHECK (severity IN ('minor', 'moderate', 'serious')),
    summary text NOT NULL,
    -- Whoever holds a position in a unit, the unit as a whole, or a member.
    owner_unit_id uuid,
    owner_position text,
    owner_member_id uuid,
    due_on date NOT NULL,
    state text NOT NULL CONSTRAINT findings_state CHECK (state IN ('open', 'remedying', 'reported', 'closed')),
    overdue boolean NOT NULL,
    reopened integer NOT NULL,
    recurrence_of uuid CONSTRAINT findings_recurrence REFERENCES findings (id),
    carried_into integer,
    -- When it came into its state.
    since date NOT NULL,
    -- It never was.
    withdrawn boolean NOT NULL,
    version integer NOT NULL,
    CONSTRAINT findings_owner CHECK ((owner_unit_id IS NULL) <> (owner_member_id IS NULL)),
    CONSTRAINT findings_position CHECK (owner_position IS NULL OR owner_unit_id IS NOT NULL)
);
CREATE INDEX findings_of_cell ON findings (cell_id, found_on) WHERE NOT withdrawn;
CREATE UNIQUE INDEX findings_once ON findings (visit_id, limitation) WHERE NOT withdrawn;
-- Of which it may have to be told that they are overdue.
CREATE INDEX findings_waiting ON findings (due_on)
    WHERE NOT withdrawn AND NOT overdue AND state IN ('open', 'remedying');

-- What was said in words with each step of a finding's life.
CREATE TABLE finding_notes (
    finding_id uuid NOT NULL CONSTRAINT finding_notes_finding REFERENCES findings (id),
    -- The version that the finding had after it.
    version integer NOT NULL,
    note text NOT NULL,
    CONSTRAINT finding_notes_pkey PRIMARY KEY (finding_id, version)
);

-- Evidence: the same bytes as what is attached to visits.
CREATE TABLE finding_evidence (
    finding_id uuid NOT NULL CONSTRAINT finding_evidence_finding REFERENCES findings (id),
    attachment_id uuid NOT NULL CONSTRAINT finding_evidence_attachment REFERENCES attachments (id),
    CONSTRAINT finding_evidence_pkey PRIMARY KEY (finding_id, attachment_id)
);

-- migrate:down
DROP TABLE finding_evidence, finding_notes, findings;
