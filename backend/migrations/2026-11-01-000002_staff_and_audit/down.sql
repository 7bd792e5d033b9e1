DROP TABLE idempotency_keys;
DROP TABLE saved_views;
DROP TABLE business_days;
DROP TABLE audit_entries;
DROP TABLE staff_sessions;
DROP TABLE staff;
DROP TABLE branches;
