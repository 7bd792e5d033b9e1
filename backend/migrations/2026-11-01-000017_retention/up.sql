-- Walks over the rules of retention (local tables): a dry one counts whose time is over, a real one deletes it. Kept for good:
-- they prove what was deleted, when, and on whose word. Without created_by it was the nightly count.
CREATE TABLE retention_runs (
    run_id       uuid NOT NULL,
    is_dry_run   boolean NOT NULL,
    run_on       date NOT NULL,
    job_id       uuid NOT NULL,
    created_by   uuid,
    created_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    CONSTRAINT retention_runs_pkey PRIMARY KEY (run_id),
    CONSTRAINT retention_runs_job_id_key UNIQUE (job_id),
    CONSTRAINT retention_runs_nightly_check CHECK (is_dry_run OR created_by IS NOT NULL)
);
CREATE INDEX retention_runs_run_on_idx ON retention_runs (run_on) WHERE is_dry_run;

-- What a walk found in one table, and how much of it it has deleted so far.
CREATE TABLE retention_results (
    run_id         uuid NOT NULL,
    table_name     text COLLATE "C" NOT NULL,
    due_count      bigint NOT NULL,
    held_count     bigint NOT NULL,
    deleted_count  bigint NOT NULL,
    oldest_on      date,
    CONSTRAINT retention_results_pkey PRIMARY KEY (run_id, table_name),
    CONSTRAINT retention_results_run_id_fkey FOREIGN KEY (run_id) REFERENCES retention_runs (run_id),
    CONSTRAINT retention_results_held_count_check CHECK (held_count BETWEEN 0 AND due_count),
    CONSTRAINT retention_results_deleted_count_check CHECK (deleted_count >= 0)
);
