-- The numbers by which the party knows a member. Nothing of them goes into an event, a log line or another service.
-- migrate:up
CREATE TABLE member_numbers (
    id uuid CONSTRAINT member_numbers_pkey PRIMARY KEY,
    member_id uuid NOT NULL CONSTRAINT member_numbers_of UNIQUE
        CONSTRAINT member_numbers_member REFERENCES members (id) ON DELETE CASCADE,
    card_number text COLLATE "C" CONSTRAINT member_numbers_card UNIQUE,
    file_number text COLLATE "C" CONSTRAINT member_numbers_file UNIQUE,
    version int NOT NULL
);
-- What was recorded before.
CREATE TABLE former_member_numbers (
    member_id uuid NOT NULL CONSTRAINT former_member_numbers_member REFERENCES members (id) ON DELETE CASCADE,
    version int NOT NULL,
    card_number text,
    file_number text,
    CONSTRAINT former_member_numbers_pkey PRIMARY KEY (member_id, version)
);

-- migrate:down
DROP TABLE former_member_numbers, member_numbers;
