-- When somebody must have a second factor, if ever, and since when they have one.
ALTER TABLE staff ADD COLUMN second_factor_due_at timestamptz;
ALTER TABLE staff ADD COLUMN second_factor_enrolled_at timestamptz;

-- One secret per member of staff, sealed with the named master key (local table). Without confirmed_at it is still being set up.
-- last_used_step: the half-minute whose code was accepted last; a code is good once.
CREATE TABLE staff_second_factors (
    staff_id        uuid NOT NULL,
    sealed_secret   bytea NOT NULL,
    master_key_id   text NOT NULL,
    last_used_step  bigint,
    confirmed_at    timestamptz,
    created_at      timestamptz NOT NULL,
    CONSTRAINT staff_second_factors_pkey PRIMARY KEY (staff_id)
);

-- Ten codes on paper for whoever has lost the device; each is good once (local table).
CREATE TABLE staff_recovery_codes (
    staff_id    uuid NOT NULL,
    code_hash   bytea NOT NULL,
    used_at     timestamptz,
    created_at  timestamptz NOT NULL,
    CONSTRAINT staff_recovery_codes_pkey PRIMARY KEY (staff_id, code_hash)
);

-- last_used_at follows whoever works; a lost answer may be asked for again for a minute after this.
ALTER TABLE staff_sessions ADD COLUMN refreshed_at timestamptz;
ALTER TABLE staff_sessions DROP CONSTRAINT staff_sessions_end_reason_check;
ALTER TABLE staff_sessions ADD CONSTRAINT staff_sessions_end_reason_check CHECK (end_reason IN ('signed_out', 'refresh_reused',
    'password_changed', 'second_factor_changed', 'disabled', 'expired', 'idle', 'ended_by_owner', 'ended_by_admin'));
