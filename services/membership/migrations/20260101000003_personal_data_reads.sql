-- Who read whose data, and when (Law 91/2025): every answer with personal data has a row.
-- migrate:up
CREATE TABLE personal_data_reads (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT personal_data_reads_pkey PRIMARY KEY,
    read_at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    -- What was read, by the codes in it.
    resource text NOT NULL,
    count integer NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON personal_data_reads FROM CURRENT_USER;

-- migrate:down
DROP TABLE personal_data_reads;
