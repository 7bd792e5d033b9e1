SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- The branch tree: head office → city → branch.
CREATE TABLE branches (
    branch_id   uuid NOT NULL,
    code        text COLLATE "C" NOT NULL,
    name        text NOT NULL,
    kind        text NOT NULL,
    parent_id   uuid,
    city        text,
    is_open     boolean NOT NULL,
    version     bigint NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT branches_pkey PRIMARY KEY (branch_id),
    CONSTRAINT branches_code_key UNIQUE (code),
    CONSTRAINT branches_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES branches (branch_id),
    CONSTRAINT branches_kind_check CHECK (kind IN ('head_office', 'city', 'branch')),
    CONSTRAINT branches_root_check CHECK ((kind = 'head_office') = (parent_id IS NULL))
);
SELECT cardea_distribute('branches', NULL);

CREATE TABLE staff (
    staff_id              uuid NOT NULL,
    staff_no              text COLLATE "C" NOT NULL,
    name                  text NOT NULL,
    role                  text NOT NULL,
    scope                 text NOT NULL,
    branch_id             uuid NOT NULL,
    is_active             boolean NOT NULL,
    password_hash         text NOT NULL,
    must_change_password  boolean NOT NULL,
    failed_sign_ins       integer NOT NULL,
    locked_until          timestamptz,
    last_sign_in_at       timestamptz,
    password_changed_at   timestamptz NOT NULL,
    version               bigint NOT NULL,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,
    CONSTRAINT staff_pkey PRIMARY KEY (staff_id),
    CONSTRAINT staff_staff_no_key UNIQUE (staff_no),
    CONSTRAINT staff_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES branches (branch_id),
    CONSTRAINT staff_role_check CHECK (role IN ('teller', 'relationship_manager', 'service_agent', 'risk_officer', 'risk_manager',
        'marketer', 'marketing_manager', 'branch_manager', 'auditor', 'admin')),
    CONSTRAINT staff_scope_check CHECK (scope IN ('self', 'branch', 'sub_tree', 'bank'))
);
CREATE INDEX staff_branch_id_idx ON staff (branch_id, staff_no);
SELECT cardea_distribute('staff', NULL);

-- One row per sign-in; the refresh token rotates inside it. A token seen twice ends the session.
CREATE TABLE staff_sessions (
    session_id             uuid NOT NULL,
    staff_id               uuid NOT NULL,
    refresh_hash           bytea NOT NULL,
    previous_refresh_hash  bytea,
    created_at             timestamptz NOT NULL,
    last_used_at           timestamptz NOT NULL,
    expires_at             timestamptz NOT NULL,
    ended_at               timestamptz,
    end_reason             text,
    ip                     text NOT NULL,
    user_agent             text NOT NULL,
    CONSTRAINT staff_sessions_pkey PRIMARY KEY (session_id),
    CONSTRAINT staff_sessions_end_reason_check CHECK (end_reason IN ('signed_out', 'refresh_reused', 'password_changed', 'disabled', 'expired')),
    CONSTRAINT staff_sessions_ended_check CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE UNIQUE INDEX staff_sessions_refresh_hash_key ON staff_sessions (refresh_hash);
CREATE INDEX staff_sessions_previous_refresh_hash_idx ON staff_sessions (previous_refresh_hash) WHERE previous_refresh_hash IS NOT NULL;
CREATE INDEX staff_sessions_staff_id_idx ON staff_sessions (staff_id, created_at DESC);

-- Append-only: the application role may INSERT and SELECT, nothing else.
CREATE TABLE audit_entries (
    occurred_at    timestamptz NOT NULL,
    audit_id       uuid NOT NULL,
    action         text NOT NULL,
    outcome        text NOT NULL,
    actor_kind     text NOT NULL,
    staff_id       uuid,
    staff_no       text,
    role           text,
    branch_id      uuid,
    ip             text,
    trace_id       text,
    object_kind    text,
    object_id      uuid,
    cardholder_id  uuid,
    purpose        text,
    changes        jsonb,
    CONSTRAINT audit_entries_pkey PRIMARY KEY (occurred_at, audit_id),
    CONSTRAINT audit_entries_outcome_check CHECK (outcome IN ('done', 'refused', 'failed')),
    CONSTRAINT audit_entries_actor_kind_check CHECK (actor_kind IN ('staff', 'system', 'anonymous'))
) PARTITION BY RANGE (occurred_at);
CREATE INDEX audit_entries_cardholder_id_idx ON audit_entries (cardholder_id, occurred_at DESC, audit_id DESC) WHERE cardholder_id IS NOT NULL;
CREATE INDEX audit_entries_staff_id_idx ON audit_entries (staff_id, occurred_at DESC, audit_id DESC) WHERE staff_id IS NOT NULL;
CREATE INDEX audit_entries_action_idx ON audit_entries (action, occurred_at DESC, audit_id DESC);

-- The bank's own calendar day; a single row. Tests and the sandbox travel in time with it.
CREATE TABLE business_days (
    is_current   boolean NOT NULL,
    business_on  date NOT NULL,
    opened_at    timestamptz NOT NULL,
    CONSTRAINT business_days_pkey PRIMARY KEY (is_current),
    CONSTRAINT business_days_single_check CHECK (is_current)
);

CREATE TABLE saved_views (
    staff_id    uuid NOT NULL,
    view_id     uuid NOT NULL,
    page        text NOT NULL,
    name        text NOT NULL,
    query       jsonb NOT NULL,
    version     bigint NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT saved_views_pkey PRIMARY KEY (staff_id, view_id),
    CONSTRAINT saved_views_name_key UNIQUE (staff_id, page, name)
);

-- Answers of POSTs that carried an Idempotency-Key, kept for 24 hours: what was done, never what was said.
CREATE TABLE idempotency_keys (
    client_id    uuid NOT NULL,
    route        text NOT NULL,
    key          text NOT NULL,
    body_hash    bytea NOT NULL,
    status       smallint,
    resource_id  uuid,
    created_at   timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (client_id, route, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
