-- Files that somebody has uploaded to be imported (local tables): what they hold, which column is which field, and the job that
-- ran last. How that job ended stands in its own row.
CREATE TABLE imports (
    import_id       uuid NOT NULL,
    kind            text COLLATE "C" NOT NULL,
    file_id         uuid NOT NULL,
    file_name       text NOT NULL,
    byte_count      bigint NOT NULL,
    format          jsonb NOT NULL,
    column_names    jsonb NOT NULL,
    mapping         jsonb,
    is_dry_run      boolean,
    errors_max      bigint,
    job_id          uuid,
    errors_file_id  uuid,
    created_by      uuid NOT NULL,
    created_at      timestamptz NOT NULL,
    started_at      timestamptz,
    CONSTRAINT imports_pkey PRIMARY KEY (import_id),
    CONSTRAINT imports_kind_check CHECK (kind IN ('cardholders', 'transactions')),
    CONSTRAINT imports_started_check CHECK ((job_id IS NULL) = (started_at IS NULL) AND (job_id IS NULL) = (mapping IS NULL))
);
CREATE INDEX imports_created_by_idx ON imports (created_by, created_at DESC, import_id DESC);

-- Which column was which field when a file with the same names in its header was imported last.
CREATE TABLE import_mappings (
    kind           text COLLATE "C" NOT NULL,
    header_digest  bytea NOT NULL,
    mapping        jsonb NOT NULL,
    updated_by     uuid NOT NULL,
    updated_at     timestamptz NOT NULL,
    CONSTRAINT import_mappings_pkey PRIMARY KEY (kind, header_digest),
    CONSTRAINT import_mappings_kind_check CHECK (kind IN ('cardholders', 'transactions'))
);
