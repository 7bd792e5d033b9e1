SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Which transaction of the database wrote a row: every row below the oldest one still running is there to stay, so that it can
-- be sealed without anybody waiting. Rows from before have none and are sealed first.
ALTER TABLE audit_entries ADD COLUMN written_in bigint NOT NULL DEFAULT 0;
ALTER TABLE audit_entries ALTER COLUMN written_in DROP DEFAULT;
CREATE INDEX audit_entries_written_in_idx ON audit_entries (written_in);
CREATE INDEX audit_entries_object_id_idx ON audit_entries (object_id, occurred_at DESC, audit_id DESC) WHERE object_id IS NOT NULL;
CREATE INDEX audit_entries_trace_id_idx ON audit_entries (trace_id, occurred_at DESC, audit_id DESC);
CREATE INDEX audit_entries_outcome_idx ON audit_entries (outcome, occurred_at DESC, audit_id DESC) WHERE outcome <> 'done';

-- The chain of seals over the audit trail. `rows` seals the rows that transactions from_written up to (not with) to_written
-- wrote; `entries` holds 56 bytes for each: id, time, digest. `tombstone` stands for all rows before dropped_until, which retention has taken
-- away. Append-only: the application role may INSERT and SELECT, nothing else.
CREATE TABLE audit_seals (
    batch_no       bigint NOT NULL,
    kind           text NOT NULL,
    sealed_at      timestamptz NOT NULL,
    from_written   bigint NOT NULL,
    to_written     bigint NOT NULL,
    first_at       timestamptz,
    last_at        timestamptz,
    row_count      bigint NOT NULL,
    dropped_until  timestamptz,
    entries        bytea NOT NULL,
    root           bytea NOT NULL,
    previous       bytea NOT NULL,
    seal           bytea NOT NULL,
    CONSTRAINT audit_seals_pkey PRIMARY KEY (batch_no),
    CONSTRAINT audit_seals_kind_check CHECK (kind IN ('rows', 'tombstone')),
    CONSTRAINT audit_seals_dropped_check CHECK ((kind = 'tombstone') = (dropped_until IS NOT NULL))
);
CREATE INDEX audit_seals_sealed_at_idx ON audit_seals (sealed_at, batch_no);

-- How many cardholders each member of staff looked up on each day of the bank: what a person's own habit is measured by.
CREATE TABLE audit_lookups (
    staff_id           uuid NOT NULL,
    looked_on          date NOT NULL,
    cardholders        integer NOT NULL,
    busiest_hour       integer NOT NULL,
    CONSTRAINT audit_lookups_pkey PRIMARY KEY (staff_id, looked_on)
);

-- Behaviour in the trail that an auditor should look at, and what they found.
CREATE TABLE audit_anomalies (
    anomaly_id     uuid NOT NULL,
    kind           text COLLATE "C" NOT NULL,
    staff_id       uuid NOT NULL,
    branch_id      uuid NOT NULL,
    cardholder_id  uuid,
    happened_on    date NOT NULL,
    first_at       timestamptz NOT NULL,
    last_at        timestamptz NOT NULL,
    params         jsonb NOT NULL,
    found_at       timestamptz NOT NULL,
    verdict        text,
    reviewed_by    uuid,
    reviewed_at    timestamptz,
    review_note    text,
    CONSTRAINT audit_anomalies_pkey PRIMARY KEY (anomaly_id),
    CONSTRAINT audit_anomalies_kind_check CHECK (kind IN ('busy_hour', 'busy_day', 'night', 'other_branch', 'possible_colleague', 'refusals', 'reveal_quota')),
    CONSTRAINT audit_anomalies_verdict_check CHECK (verdict IN ('harmless', 'suspicious')),
    CONSTRAINT audit_anomalies_reviewed_check CHECK ((verdict IS NULL) = (reviewed_by IS NULL) AND (verdict IS NULL) = (reviewed_at IS NULL)),
    CONSTRAINT audit_anomalies_reviewer_check CHECK (reviewed_by <> staff_id)
);
CREATE UNIQUE INDEX audit_anomalies_once_key ON audit_anomalies (staff_id, happened_on, kind, cardholder_id) NULLS NOT DISTINCT;
CREATE INDEX audit_anomalies_happened_on_idx ON audit_anomalies (happened_on DESC, anomaly_id DESC);
