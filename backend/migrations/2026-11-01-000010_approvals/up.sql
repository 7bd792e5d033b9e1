-- The bank's own lines of the policy table. For an operation without a line here the standing policy of the source is in force,
-- so that a deleted line never opens a door.
CREATE TABLE approval_policies (
    policy_id           uuid NOT NULL,
    operation           text COLLATE "C" NOT NULL,
    min_amount_minor    bigint,
    min_amount_currency text COLLATE "C",
    min_rows            bigint,
    field               text,
    maker_permission    text NOT NULL,
    checker_permission  text NOT NULL,
    approvals_needed    smallint NOT NULL,
    expires_hours       integer NOT NULL,
    authority_scope     text NOT NULL,
    CONSTRAINT approval_policies_pkey PRIMARY KEY (policy_id),
    CONSTRAINT approval_policies_operation_check CHECK (operation IN ('cardholders.change_name', 'cardholders.change_national_id',
        'cardholders.change_primary_phone', 'staff.change_role', 'exports.run', 'cardholders.erase', 'cardholders.merge')),
    CONSTRAINT approval_policies_authority_scope_check CHECK (authority_scope IN ('branch', 'city', 'bank')),
    CONSTRAINT approval_policies_min_amount_check CHECK ((min_amount_minor IS NULL) = (min_amount_currency IS NULL)),
    CONSTRAINT approval_policies_approvals_needed_check CHECK (approvals_needed BETWEEN 1 AND 3),
    CONSTRAINT approval_policies_expires_hours_check CHECK (expires_hours BETWEEN 1 AND 720)
);
CREATE INDEX approval_policies_operation_idx ON approval_policies (operation, policy_id);

-- Changes that wait for a second pair of eyes, and what became of them. What is to be done stands in payload_bytes, sealed by the
-- cardholder's data key where it is about one; payload_digest is keyed and binds it to operation, object and version. The policy
-- in force when it was asked for is copied, so that a later policy doesn't change a request under way.
CREATE TABLE approvals (
    approval_id          uuid NOT NULL,
    operation            text COLLATE "C" NOT NULL,
    status               text NOT NULL,
    object_kind          text NOT NULL,
    object_id            uuid NOT NULL,
    cardholder_id        uuid,
    branch_id            uuid NOT NULL,
    authority_branch_id  uuid NOT NULL,
    maker_id             uuid NOT NULL,
    checker_permission   text NOT NULL,
    approvals_needed     smallint NOT NULL,
    evidence_note        text,
    diff                 jsonb NOT NULL,
    impact               jsonb NOT NULL,
    base_version         bigint NOT NULL,
    payload_bytes        bytea NOT NULL,
    payload_digest       bytea NOT NULL,
    created_at           timestamptz NOT NULL,
    expires_at           timestamptz NOT NULL,
    ended_at             timestamptz,
    CONSTRAINT approvals_pkey PRIMARY KEY (approval_id),
    CONSTRAINT approvals_maker_id_key UNIQUE (approval_id, maker_id),
    CONSTRAINT approvals_operation_check CHECK (operation IN ('cardholders.change_name', 'cardholders.change_national_id',
        'cardholders.change_primary_phone', 'staff.change_role', 'exports.run', 'cardholders.erase', 'cardholders.merge')),
    CONSTRAINT approvals_status_check CHECK (status IN ('pending', 'approved', 'executed', 'failed', 'rejected', 'withdrawn', 'expired', 'stale')),
    CONSTRAINT approvals_approvals_needed_check CHECK (approvals_needed BETWEEN 1 AND 3),
    CONSTRAINT approvals_expires_at_check CHECK (expires_at > created_at),
    CONSTRAINT approvals_ended_check CHECK ((status IN ('pending', 'approved')) = (ended_at IS NULL))
);
-- One request per matter at a time.
CREATE UNIQUE INDEX approvals_open_key ON approvals (object_id, operation) WHERE status IN ('pending', 'approved');
CREATE INDEX approvals_object_id_idx ON approvals (object_id, approval_id DESC);
CREATE INDEX approvals_maker_id_idx ON approvals (maker_id, approval_id DESC);
CREATE INDEX approvals_branch_id_idx ON approvals (branch_id, approval_id DESC);
CREATE INDEX approvals_pending_idx ON approvals (approval_id DESC) WHERE status = 'pending';
CREATE INDEX approvals_expires_at_idx ON approvals (expires_at) WHERE status = 'pending';

-- Who decided what. The maker is copied so that the database itself keeps them from deciding, whatever their role.
CREATE TABLE approval_decisions (
    approval_id  uuid NOT NULL,
    checker_id   uuid NOT NULL,
    maker_id     uuid NOT NULL,
    decision     text NOT NULL,
    comment      text,
    decided_at   timestamptz NOT NULL,
    CONSTRAINT approval_decisions_pkey PRIMARY KEY (approval_id, checker_id),
    CONSTRAINT approval_decisions_maker_id_fkey FOREIGN KEY (approval_id, maker_id) REFERENCES approvals (approval_id, maker_id),
    CONSTRAINT approval_decisions_decision_check CHECK (decision IN ('approve', 'reject')),
    CONSTRAINT approval_decisions_checker_check CHECK (checker_id <> maker_id),
    CONSTRAINT approval_decisions_comment_check CHECK (decision = 'approve' OR comment IS NOT NULL)
);
