DROP TABLE audit_anomalies;
DROP TABLE audit_lookups;
DROP TABLE audit_seals;
DROP INDEX audit_entries_outcome_idx;
DROP INDEX audit_entries_trace_id_idx;
DROP INDEX audit_entries_object_id_idx;
DROP INDEX audit_entries_written_in_idx;
ALTER TABLE audit_entries DROP COLUMN written_in;
