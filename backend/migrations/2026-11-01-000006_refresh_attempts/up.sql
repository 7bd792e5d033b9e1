-- Which attempt rotated the refresh token last: an answer that was lost on the way may be asked for once more.
ALTER TABLE staff_sessions ADD COLUMN refresh_attempt_hash bytea;
