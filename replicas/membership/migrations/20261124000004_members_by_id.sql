-- Where somebody is on a day, by who they are: asked of those who sit in working teams, among all members.
-- migrate:up
CREATE INDEX member_steps_of_member ON member_steps (member_id);

-- migrate:down
DROP INDEX member_steps_of_member;
