-- Members are found by words of their names, typed with or without diacritics. Generated columns, so that no
-- statement that writes a name can forget them, and the rows that are there are filled in at once. No extension is
-- needed. tests/integration/test_membership_search.py shows that this is the folding of chassis/vietnamese.py.
-- migrate:up

-- Lower case, marks off, đ as d. "C" lowers ASCII alone, and without their marks Vietnamese letters are ASCII.
-- Old files have eth (U+00D0, U+00F0) where they mean đ.
CREATE FUNCTION unmarked(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(
        lower(regexp_replace(normalize($1, NFD), '[\u0300-\u036f]+', '', 'g') COLLATE "C"),
        U&'\0110\0111\00D0\00F0',
        'dddd'
    );

-- The words of a name; apostrophes, hyphens, points and commas part words as spaces do.
CREATE FUNCTION name_words(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN rtrim(translate(unmarked(name), U&'''\2018\2019\02BC`-.,', '        '));

-- Every beginning of every word. Whole keys rather than a prefix search: the planner knows how often each occurs.
CREATE FUNCTION prefixes(words text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    prefixes text[] := '{}';
    word text;
BEGIN
    FOREACH word IN ARRAY string_to_array(words, ' ') LOOP
        FOR length IN 1 .. length(word) LOOP
            prefixes := prefixes || left(word, length);
        END LOOP;
    END LOOP;
    RETURN prefixes;
END
$$;

ALTER TABLE member_identities
    ADD COLUMN name_prefixes text[] COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (prefixes(name_words(full_name))) STORED,
    -- The last word.
    ADD COLUMN given_name text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (split_part(name_words(full_name), ' ', -1)) STORED;

CREATE INDEX member_identities_name_prefixes ON member_identities USING gin (name_prefixes);
-- What many have, such as Nguyễn, is read in the order of names until the page is full.
CREATE INDEX member_identities_given_name ON member_identities (given_name, name_sort_key);
CREATE INDEX member_identities_name_sort_key ON member_identities (name_sort_key);
CREATE INDEX members_code_unmarked ON members (unmarked(code) COLLATE "C");

-- migrate:down
DROP INDEX members_code_unmarked;
ALTER TABLE member_identities DROP COLUMN name_prefixes, DROP COLUMN given_name;
DROP INDEX IF EXISTS member_identities_name_sort_key;
DROP FUNCTION prefixes, name_words, unmarked;
