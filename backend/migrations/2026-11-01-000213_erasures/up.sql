SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Why somebody's data must be kept although they may want it gone; until somebody lifts it.
CREATE TABLE legal_holds (
    hold_id        uuid NOT NULL,
    cardholder_id  uuid NOT NULL,
    reason         text NOT NULL,
    note           text,
    placed_by      uuid NOT NULL,
    placed_at      timestamptz NOT NULL,
    lifted_by      uuid,
    lifted_at      timestamptz,
    CONSTRAINT legal_holds_pkey PRIMARY KEY (hold_id),
    CONSTRAINT legal_holds_reason_check CHECK (reason IN ('litigation', 'investigation', 'regulator', 'dispute')),
    CONSTRAINT legal_holds_lifted_check CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE INDEX legal_holds_cardholder_id_idx ON legal_holds (cardholder_id, placed_at DESC);

-- Tombstones: whose data key is gone for good. The ledger stays under the id, which leads to nobody any more.
CREATE TABLE erased_cardholders (
    cardholder_id  uuid NOT NULL,
    approval_id    uuid NOT NULL,
    erased_at      timestamptz NOT NULL,
    CONSTRAINT erased_cardholders_pkey PRIMARY KEY (cardholder_id)
);
SELECT cardea_distribute('erased_cardholders', 'cardholder_id', 'cardholders');

-- Keyed digests of the identity numbers of those who were erased: whoever comes back is known for that, and for nothing else.
CREATE TABLE erased_marks (
    mark       bytea NOT NULL,
    erased_on  date NOT NULL,
    CONSTRAINT erased_marks_pkey PRIMARY KEY (mark)
);
SELECT cardea_distribute('erased_marks', 'mark', 'none');
