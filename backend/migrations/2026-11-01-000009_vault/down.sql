DROP TABLE reveal_quotas;
ALTER TABLE staff_sessions DROP COLUMN stepped_up_until;
