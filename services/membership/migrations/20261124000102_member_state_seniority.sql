-- From when party age counts, beside what somebody counts as: who was restored counts otherwise than before they left.
-- migrate:up
ALTER TABLE member_states ADD COLUMN party_since date;
UPDATE member_states AS state
SET party_since = CASE WHEN state.entered_on = member.entered_on THEN member.party_since ELSE state.joined_on END
FROM members AS member
WHERE member.id = state.member_id;
ALTER TABLE member_states ALTER COLUMN party_since SET NOT NULL;
-- Badges are due to a few days of all the years.
CREATE INDEX member_states_party_since ON member_states (party_since);
DROP INDEX member_states_joined_on;

-- migrate:down
CREATE INDEX member_states_joined_on ON member_states (joined_on);
ALTER TABLE member_states DROP COLUMN party_since;
