-- What holds of a member beside where they count, and from when party age counts. As it is known now: what was known
-- before is in the event log.
-- migrate:up
CREATE TABLE member_spells (
    member_id uuid NOT NULL CONSTRAINT member_spells_member REFERENCES members (id) ON DELETE CASCADE,
    -- Number of the fact that began it.
    fact integer NOT NULL,
    kind text NOT NULL CONSTRAINT member_spells_kind CHECK (kind IN ('exemption', 'suspension', 'temporary_stay')),
    from_on date NOT NULL,
    -- When it is meant to end; it goes on until `ended_on`.
    until_on date,
    -- The first day on which it held no more.
    ended_on date,
    cell_id uuid CONSTRAINT member_spells_cell REFERENCES organisations (id),
    CONSTRAINT member_spells_pkey PRIMARY KEY (member_id, fact),
    CONSTRAINT member_spells_dates CHECK (until_on > from_on AND ended_on >= from_on),
    CONSTRAINT member_spells_host CHECK ((kind = 'temporary_stay') = (cell_id IS NOT NULL))
);
CREATE INDEX member_spells_cell_id ON member_spells (cell_id);
CREATE INDEX member_spells_kind_from_on ON member_spells (kind, from_on);

-- Why somebody is exempt or suspended: sensitive, and in no event. Kept when the fact is corrected, by its new number.
CREATE TABLE member_spell_grounds (
    member_id uuid NOT NULL CONSTRAINT member_spell_grounds_member REFERENCES members (id) ON DELETE CASCADE,
    fact integer NOT NULL,
    grounds text NOT NULL,
    CONSTRAINT member_spell_grounds_pkey PRIMARY KEY (member_id, fact)
);

ALTER TABLE members
    ADD COLUMN party_since date,
    ADD COLUMN counted_from text CONSTRAINT members_counted_from CHECK (
        counted_from IN ('admission_decision', 'admission')
    );
-- The decision on admission as it was stated last, where it was; a decision after the ceremony is an error of its source.
UPDATE members SET party_since = admitted_on, counted_from = 'admission';
UPDATE members AS member
SET party_since = stated.decided_on, counted_from = 'admission_decision'
FROM (
    SELECT DISTINCT ON (aggregate_id) aggregate_id,
        (CASE WHEN type LIKE '%.member-admitted.%' THEN payload ->> 'decision_date'
              ELSE payload -> 'fact' ->> 'decision_date' END)::date AS decided_on
    FROM event_log
    WHERE type LIKE 'vn.chibo.membership.member-admitted.%'
       OR (type LIKE 'vn.chibo.membership.member-history-restated.%' AND payload -> 'fact' ->> 'kind' = 'admitted')
    ORDER BY aggregate_id, aggregate_version DESC
) AS stated
WHERE stated.aggregate_id = member.id AND stated.decided_on <= member.admitted_on;
ALTER TABLE members
    ALTER COLUMN party_since SET NOT NULL,
    ALTER COLUMN counted_from SET NOT NULL;

-- migrate:down
ALTER TABLE members
    DROP COLUMN party_since,
    DROP COLUMN counted_from;
DROP TABLE member_spell_grounds, member_spells;
