-- What each member counts as from a day on, and where, until the day before the next row or `until_on`; `members` has the
-- last of it. As it is known now: what was known before is in the event log.
-- migrate:up
CREATE TABLE member_states (
    member_id uuid NOT NULL CONSTRAINT member_states_member REFERENCES members (id) ON DELETE CASCADE,
    from_on date NOT NULL,
    until_on date,
    cell_id uuid NOT NULL CONSTRAINT member_states_cell REFERENCES organisations (id),
    standing text NOT NULL CONSTRAINT member_states_standing CHECK (standing IN ('probationary', 'official')),
    youth_union boolean NOT NULL,
    education text,
    qualification text,
    theory text,
    occupation text,
    CONSTRAINT member_states_pkey PRIMARY KEY (member_id, from_on),
    CONSTRAINT member_states_dates CHECK (until_on > from_on)
);
CREATE INDEX member_states_cell_id ON member_states (cell_id);

INSERT INTO member_states (member_id, from_on, until_on, cell_id, standing, youth_union)
SELECT id, from_on, until_on, cell_id, standing, youth_union
FROM members, LATERAL (VALUES
    ('probationary', admitted_on, least(official_on, left_on)),
    ('official', official_on, left_on)
) AS state (standing, from_on, until_on)
WHERE from_on IS NOT NULL AND (until_on IS NULL OR until_on > from_on);

ALTER TABLE members
    -- NULL for somebody entered by mistake, who never was a member.
    ADD COLUMN entered_on date,
    -- The day of the last change of what they count as: what comes later is no correction.
    ADD COLUMN changed_on date,
    ADD COLUMN education text,
    ADD COLUMN qualification text,
    ADD COLUMN theory text,
    ADD COLUMN occupation text;
UPDATE members SET entered_on = admitted_on, changed_on = coalesce(left_on, official_on, admitted_on);
ALTER TABLE members
    ALTER COLUMN changed_on SET NOT NULL,
    -- Who came from elsewhere joined the party before they came, and may be confirmed again after being restored.
    DROP CONSTRAINT members_dates,
    ADD CONSTRAINT members_dates CHECK (official_on >= admitted_on AND left_on >= entered_on AND left_on >= official_on);

-- migrate:down
ALTER TABLE members
    DROP CONSTRAINT members_dates,
    ADD CONSTRAINT members_dates CHECK (official_on >= admitted_on AND left_on >= admitted_on AND left_on >= official_on),
    DROP COLUMN entered_on,
    DROP COLUMN changed_on,
    DROP COLUMN education,
    DROP COLUMN qualification,
    DROP COLUMN theory,
    DROP COLUMN occupation;
DROP TABLE member_states;
