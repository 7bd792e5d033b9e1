-- A refresh token says itself of which session it is: none is looked for by its hash any more.
DROP INDEX staff_sessions_previous_refresh_hash_idx;
