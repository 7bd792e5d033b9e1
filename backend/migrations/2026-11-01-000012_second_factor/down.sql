-- Sessions that ended for one of the newer reasons keep it.
ALTER TABLE staff_sessions DROP CONSTRAINT staff_sessions_end_reason_check;
ALTER TABLE staff_sessions ADD CONSTRAINT staff_sessions_end_reason_check CHECK (end_reason IN ('signed_out', 'refresh_reused', 'password_changed', 'disabled', 'expired')) NOT VALID;
ALTER TABLE staff_sessions DROP COLUMN refreshed_at;
DROP TABLE staff_recovery_codes;
DROP TABLE staff_second_factors;
ALTER TABLE staff DROP COLUMN second_factor_enrolled_at;
ALTER TABLE staff DROP COLUMN second_factor_due_at;
