-- Why each state of a member began and ended: the reasons of the movement tables. NULL where an event of the first weeks,
-- restated since, did not say.
-- migrate:up
ALTER TABLE member_states
    ADD COLUMN began_by text,
    ADD COLUMN ended_by text;
UPDATE member_states AS state
SET began_by = CASE WHEN state.standing = 'official' AND member.official_on > member.admitted_on
                    THEN 'confirmed' ELSE 'admitted' END,
    ended_by = CASE WHEN state.until_on = member.left_on THEN member.left_reason
                    WHEN state.until_on IS NOT NULL THEN 'confirmed' END
FROM members AS member
WHERE member.id = state.member_id;

-- migrate:down
ALTER TABLE member_states
    DROP COLUMN began_by,
    DROP COLUMN ended_by;
