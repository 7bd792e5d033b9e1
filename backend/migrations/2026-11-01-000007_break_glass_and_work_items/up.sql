SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Another branch's cardholder opened in an emergency: by whom, why and until when; reviewed afterwards by somebody else.
CREATE TABLE break_glass_grants (
    grant_id         uuid NOT NULL,
    staff_id         uuid NOT NULL,
    staff_branch_id  uuid NOT NULL,
    cardholder_id    uuid NOT NULL,
    branch_id        uuid NOT NULL,
    reason           text NOT NULL,
    note             text NOT NULL,
    granted_at       timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    verdict          text,
    reviewed_by      uuid,
    reviewed_at      timestamptz,
    review_note      text,
    CONSTRAINT break_glass_grants_pkey PRIMARY KEY (grant_id),
    CONSTRAINT break_glass_grants_reason_check CHECK (reason IN ('walk_in', 'fraud_investigation', 'emergency_block', 'complaint', 'legal_request')),
    CONSTRAINT break_glass_grants_verdict_check CHECK (verdict IN ('justified', 'questionable')),
    CONSTRAINT break_glass_grants_ends_at_check CHECK (ends_at >= granted_at),
    CONSTRAINT break_glass_grants_reviewed_check CHECK ((verdict IS NULL) = (reviewed_by IS NULL) AND (verdict IS NULL) = (reviewed_at IS NULL)),
    CONSTRAINT break_glass_grants_reviewer_check CHECK (reviewed_by <> staff_id)
);
CREATE INDEX break_glass_grants_granted_at_idx ON break_glass_grants (granted_at DESC, grant_id DESC);
CREATE INDEX break_glass_grants_staff_id_idx ON break_glass_grants (staff_id, granted_at DESC, grant_id DESC);
CREATE INDEX break_glass_grants_ends_at_idx ON break_glass_grants (ends_at);

-- Every inbox of the house: one row per thing that waits for somebody, written with the thing itself. The details stay in the
-- thing's own table.
CREATE TABLE work_items (
    kind           text COLLATE "C" NOT NULL,
    item_id        uuid NOT NULL,
    cardholder_id  uuid,
    branch_id      uuid NOT NULL,
    permission     text NOT NULL,
    maker_id       uuid,
    priority       smallint NOT NULL,
    params         jsonb NOT NULL,
    created_at     timestamptz NOT NULL,
    due_at         timestamptz NOT NULL,
    claimed_by     uuid,
    claimed_at     timestamptz,
    done_at        timestamptz,
    done_by        uuid,
    CONSTRAINT work_items_pkey PRIMARY KEY (kind, item_id),
    CONSTRAINT work_items_kind_check CHECK (kind IN ('break_glass_review', 'approval')),
    CONSTRAINT work_items_priority_check CHECK (priority BETWEEN 1 AND 4),
    CONSTRAINT work_items_claimed_check CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
    CONSTRAINT work_items_maker_check CHECK (claimed_by <> maker_id AND done_by <> maker_id)
);
CREATE INDEX work_items_open_idx ON work_items (due_at, kind, item_id) WHERE done_at IS NULL;
CREATE INDEX work_items_branch_id_idx ON work_items (branch_id, due_at, kind, item_id) WHERE done_at IS NULL;
CREATE INDEX work_items_claimed_by_idx ON work_items (claimed_by, due_at) WHERE done_at IS NULL AND claimed_by IS NOT NULL;
