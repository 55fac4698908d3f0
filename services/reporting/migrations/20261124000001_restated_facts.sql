-- An event that restates a history comes to any number of rows, several of them of one day and sign.
-- migrate:up
ALTER TABLE member_facts ADD COLUMN ordinal smallint;
UPDATE member_facts SET ordinal = (delta + 1) / 2;
ALTER TABLE member_facts
    ALTER COLUMN ordinal SET NOT NULL,
    DROP CONSTRAINT member_facts_pkey,
    ADD PRIMARY KEY (sequence, ordinal);

-- migrate:down
DELETE FROM member_facts WHERE ordinal <> (delta + 1) / 2;
ALTER TABLE member_facts
    DROP CONSTRAINT member_facts_pkey,
    DROP COLUMN ordinal,
    ADD PRIMARY KEY (sequence, delta);
