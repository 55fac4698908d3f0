-- Since when somebody counts in what they count as, said beside it: who left and came back has had several such days, and
-- `members` knows the last.
-- migrate:up
ALTER TABLE member_states
    -- Admission to the party.
    ADD COLUMN joined_on date,
    -- The day from which they counted in this register, that time.
    ADD COLUMN entered_on date,
    -- Of an official member only.
    ADD COLUMN official_on date;
UPDATE member_states AS state
SET joined_on = member.admitted_on, entered_on = member.entered_on,
    official_on = CASE WHEN state.standing = 'official' THEN coalesce(member.official_on, state.from_on) END
FROM members AS member
WHERE member.id = state.member_id;
ALTER TABLE member_states
    ALTER COLUMN joined_on SET NOT NULL,
    ALTER COLUMN entered_on SET NOT NULL,
    ADD CONSTRAINT member_states_official CHECK ((standing = 'official') = (official_on IS NOT NULL));
-- The clocks of the lists run from it.
CREATE INDEX member_states_joined_on ON member_states (joined_on);

-- migrate:down
ALTER TABLE member_states DROP COLUMN joined_on, DROP COLUMN entered_on, DROP COLUMN official_on;
