SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- What cardholders ask for under the law on personal information, and until when it has to be answered.
CREATE TABLE subject_requests (
    request_id          uuid NOT NULL,
    cardholder_id       uuid NOT NULL,
    branch_id           uuid NOT NULL,
    kind                text COLLATE "C" NOT NULL,
    status              text COLLATE "C" NOT NULL,
    received_via        text NOT NULL,
    received_on         date NOT NULL,
    due_on              date NOT NULL,
    wish                text,
    extension_reason    text,
    answer              text,
    package_made_at     timestamptz,
    package_expires_at  timestamptz,
    created_by          uuid NOT NULL,
    created_at          timestamptz NOT NULL,
    closed_by           uuid,
    closed_at           timestamptz,
    version             bigint NOT NULL,
    CONSTRAINT subject_requests_pkey PRIMARY KEY (request_id),
    CONSTRAINT subject_requests_kind_check CHECK (kind IN ('access', 'portability', 'correction', 'erasure', 'objection', 'human_review')),
    CONSTRAINT subject_requests_status_check CHECK (status IN ('open', 'done', 'refused')),
    CONSTRAINT subject_requests_received_via_check CHECK (received_via IN ('counter', 'phone', 'letter', 'online')),
    CONSTRAINT subject_requests_due_check CHECK (due_on >= received_on),
    CONSTRAINT subject_requests_closed_check CHECK ((status = 'open') = (closed_at IS NULL)),
    CONSTRAINT subject_requests_package_check CHECK ((package_made_at IS NULL) = (package_expires_at IS NULL))
);
CREATE INDEX subject_requests_due_on_idx ON subject_requests (due_on, request_id);
CREATE INDEX subject_requests_branch_id_idx ON subject_requests (branch_id, due_on, request_id);
CREATE INDEX subject_requests_cardholder_id_idx ON subject_requests (cardholder_id, due_on, request_id);
CREATE INDEX subject_requests_open_idx ON subject_requests (due_on, request_id) WHERE status = 'open';
CREATE INDEX subject_requests_package_expires_at_idx ON subject_requests (package_expires_at) WHERE package_expires_at IS NOT NULL;

-- What somebody gets to read or to take along, sealed by their own data key: who destroys the key destroys it too.
CREATE TABLE subject_packages (
    cardholder_id  uuid NOT NULL,
    request_id     uuid NOT NULL,
    content_bytes  bytea NOT NULL,
    made_at        timestamptz NOT NULL,
    CONSTRAINT subject_packages_pkey PRIMARY KEY (cardholder_id, request_id),
    CONSTRAINT subject_packages_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE
);
SELECT cardea_distribute('subject_packages', 'cardholder_id', 'cardholders');

ALTER TABLE work_items DROP CONSTRAINT work_items_kind_check;
ALTER TABLE work_items ADD CONSTRAINT work_items_kind_check CHECK (kind IN ('break_glass_review', 'approval', 'subject_request'));
