CREATE INDEX staff_sessions_previous_refresh_hash_idx ON staff_sessions (previous_refresh_hash) WHERE previous_refresh_hash IS NOT NULL;
