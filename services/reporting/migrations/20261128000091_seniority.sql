-- Since when the party age of members counts and in which era they joined, and awards to members. What the rows so far do
-- not say cannot be told from them, so the projection of membership is emptied and built anew: its consumer has another
-- name from here on.
-- migrate:up
TRUNCATE member_facts, organisation_facts, organisations, rating_facts, award_facts;
DELETE FROM stream_marks WHERE consumer = 'reporting.membership-facts.3';
DELETE FROM parked_events WHERE consumer = 'reporting.membership-facts.3';

-- A date as the number YYYYMMDD, as `born` is; 0 where no event says it. The era is in `background`.
ALTER TABLE member_facts ADD COLUMN party_since integer NOT NULL;
-- Of members by the cell in which they counted on the day, of units by themselves.
ALTER TABLE award_facts ADD COLUMN of_members boolean NOT NULL;

-- migrate:down
TRUNCATE member_facts, organisation_facts, organisations, rating_facts, award_facts;
DELETE FROM stream_marks WHERE consumer = 'reporting.membership-facts.4';
DELETE FROM parked_events WHERE consumer = 'reporting.membership-facts.4';
ALTER TABLE award_facts DROP COLUMN of_members;
ALTER TABLE member_facts DROP COLUMN party_since;
