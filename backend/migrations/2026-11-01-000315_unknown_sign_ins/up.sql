-- Names that were tried at the door and that nobody has (local table): they are counted and locked as those of staff are, so that the
-- answers do not tell who works here. name_digest: keyed, because people type their passwords there.
CREATE TABLE unknown_sign_ins (
    name_digest      bytea NOT NULL,
    failed_sign_ins  integer NOT NULL,
    locked_until     timestamptz,
    last_failed_at   timestamptz NOT NULL,
    CONSTRAINT unknown_sign_ins_pkey PRIMARY KEY (name_digest)
);
CREATE INDEX unknown_sign_ins_last_failed_at_idx ON unknown_sign_ins (last_failed_at);

-- Failures are forgotten after the same time on both sides.
ALTER TABLE staff ADD COLUMN last_failed_sign_in_at timestamptz;
