-- Monthly plans of visits: who of the teams attends which meeting, by opaque ids. What was weighed when a visit was
-- chosen, or a cell left out, is kept as it was then: findings are closed and months go by.
-- migrate:up
CREATE TABLE visit_plans (
    id uuid CONSTRAINT visit_plans_pkey PRIMARY KEY,
    -- Its first day.
    month date NOT NULL CONSTRAINT visit_plans_month UNIQUE,
    status text NOT NULL CONSTRAINT visit_plans_status CHECK (status IN ('draft', 'approved')),
    -- Visits of one person, and of all together; null for as many as there are people for.
    per_person integer NOT NULL,
    at_most integer,
    left_out jsonb NOT NULL,
    version integer NOT NULL
);

CREATE TABLE visit_assignments (
    id uuid CONSTRAINT visit_assignments_pkey PRIMARY KEY,
    visit_plan_id uuid NOT NULL CONSTRAINT visit_assignments_plan REFERENCES visit_plans (id),
    -- Of the replica: meetings belong to another service.
    meeting_id uuid NOT NULL,
    cell_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    member_id uuid NOT NULL,
    team_id uuid NOT NULL CONSTRAINT visit_assignments_team REFERENCES teams (id),
    pin text CONSTRAINT visit_assignments_pin CHECK (pin IN ('meeting', 'visitor')),
    -- Why nobody attends by now; it is planned again as soon as somebody can.
    lapsed text,
    -- It was told and is in the plan no more.
    removed boolean NOT NULL,
    why jsonb NOT NULL,
    -- How many events there are of it: none while the plan is a draft.
    version integer NOT NULL,
    CONSTRAINT visit_assignments_once UNIQUE (visit_plan_id, meeting_id)
);
CREATE INDEX visit_assignments_of_member ON visit_assignments (member_id) WHERE lapsed IS NULL AND NOT removed;
CREATE INDEX visit_assignments_of_cell ON visit_assignments (cell_id) WHERE lapsed IS NULL AND NOT removed;

CREATE TABLE visit_bans (
    visit_plan_id uuid NOT NULL CONSTRAINT visit_bans_plan REFERENCES visit_plans (id),
    meeting_id uuid,
    member_id uuid,
    CONSTRAINT visit_bans_once UNIQUE NULLS NOT DISTINCT (visit_plan_id, meeting_id, member_id),
    CONSTRAINT visit_bans_something CHECK (meeting_id IS NOT NULL OR member_id IS NOT NULL)
);

-- Up to where what was heard and recorded was held against approved plans.
CREATE TABLE visit_plans_checked (
    single boolean CONSTRAINT visit_plans_checked_pkey PRIMARY KEY DEFAULT true CHECK (single),
    seen text NOT NULL
);

-- migrate:down
DROP TABLE visit_plans_checked, visit_bans, visit_assignments, visit_plans;
