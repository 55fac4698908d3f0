-- Movement by reason: each row says why its step was made. What the rows so far say cannot be told from them, so
-- the projection is emptied and built anew: its consumer has another name from here on (membership_facts.py), and a
-- new consumer group reads the topic from its beginning.
-- migrate:up
TRUNCATE member_facts, organisation_facts, organisations;
DELETE FROM stream_marks WHERE consumer = 'reporting.membership-facts';
DELETE FROM parked_events WHERE consumer = 'reporting.membership-facts';

-- The place in services/reporting/movement.py's CAUSES.
ALTER TABLE member_facts ADD COLUMN cause smallint NOT NULL;
-- Twice the number of the step within its event, and one more for what is after it: so two sides find one another,
-- and a side whose sign is the other way round (after: -1) is one that is taken back.
COMMENT ON COLUMN member_facts.ordinal IS '2 * step of the event + (0 before, 1 after)';

-- migrate:down
TRUNCATE member_facts, organisation_facts, organisations;
DELETE FROM stream_marks WHERE consumer = 'reporting.membership-facts.2';
DELETE FROM parked_events WHERE consumer = 'reporting.membership-facts.2';
COMMENT ON COLUMN member_facts.ordinal IS NULL;
ALTER TABLE member_facts DROP COLUMN cause;
