-- The durable queue (local table). A job is enqueued in the transaction that makes it necessary.
CREATE TABLE jobs (
    job_id          uuid NOT NULL,
    kind            text NOT NULL,
    payload         jsonb NOT NULL,
    status          text NOT NULL,
    priority        smallint NOT NULL,
    unique_key      text,
    run_at          timestamptz NOT NULL,
    attempts        integer NOT NULL,
    attempts_max    integer NOT NULL,
    progress_done   bigint NOT NULL,
    progress_total  bigint,
    checkpoint      jsonb,
    result          jsonb,
    error_code      text,
    is_cancel_requested boolean NOT NULL,
    locked_by       text,
    locked_until    timestamptz,
    created_by      uuid,
    created_at      timestamptz NOT NULL,
    started_at      timestamptz,
    finished_at     timestamptz,
    CONSTRAINT jobs_pkey PRIMARY KEY (job_id),
    CONSTRAINT jobs_status_check CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'))
);
CREATE INDEX jobs_queue_idx ON jobs (priority, run_at, job_id) WHERE status = 'queued';
CREATE INDEX jobs_running_idx ON jobs (locked_until) WHERE status = 'running';
CREATE UNIQUE INDEX jobs_unique_key_key ON jobs (kind, unique_key) WHERE unique_key IS NOT NULL AND status IN ('queued', 'running');
CREATE INDEX jobs_created_at_idx ON jobs (created_at DESC, job_id DESC);
