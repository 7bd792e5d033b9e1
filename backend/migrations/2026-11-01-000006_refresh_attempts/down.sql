ALTER TABLE staff_sessions DROP COLUMN refresh_attempt_hash;
