-- Figures of the whole bank, added up ahead by a job so that a page of them answers at once (local tables). One cell per measure,
-- home branch, product (empty: whatever the product), month and currency (XXX: none). Over branches cells add up, people too,
-- because everybody has one home branch.
CREATE TABLE statistic_cells (
    measure            text COLLATE "C" NOT NULL,
    product_code       text COLLATE "C" NOT NULL,
    branch_id          uuid NOT NULL,
    month_on           date NOT NULL,
    currency           text COLLATE "C" NOT NULL,
    cardholder_count   bigint NOT NULL,
    row_count          bigint NOT NULL,
    amount_minor       bigint NOT NULL,
    CONSTRAINT statistic_cells_pkey PRIMARY KEY (measure, product_code, branch_id, month_on, currency),
    CONSTRAINT statistic_cells_measure_check CHECK (measure IN ('cardholders', 'balances', 'spend', 'activity')),
    CONSTRAINT statistic_cells_cardholder_count_check CHECK (cardholder_count > 0)
);

-- When that was done last; a single row.
CREATE TABLE statistic_refreshes (
    is_current    boolean NOT NULL,
    refreshed_at  timestamptz NOT NULL,
    cell_count    bigint NOT NULL,
    CONSTRAINT statistic_refreshes_pkey PRIMARY KEY (is_current),
    CONSTRAINT statistic_refreshes_single_check CHECK (is_current)
);

-- Lists that somebody asked to have as a file: what, why, how far it is. The file itself is kept encrypted, apart from this, and
-- goes at expires_at. `query` is the list's own filter, as the screen had it.
CREATE TABLE exports (
    export_id       uuid NOT NULL,
    staff_id        uuid NOT NULL,
    staff_no        text COLLATE "C" NOT NULL,
    branch_id       uuid NOT NULL,
    list            text COLLATE "C" NOT NULL,
    cardholder_id   uuid,
    query           jsonb NOT NULL,
    format          text COLLATE "C" NOT NULL,
    purpose         text COLLATE "C" NOT NULL,
    note            text,
    status          text COLLATE "C" NOT NULL,
    rows_expected   bigint NOT NULL,
    approval_id     uuid,
    job_id          uuid,
    file_id         uuid,
    file_name       text,
    row_count       bigint,
    byte_count      bigint,
    sha256          bytea,
    error_code      text,
    download_count  integer NOT NULL,
    version         bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    finished_at     timestamptz,
    expires_at      timestamptz,
    CONSTRAINT exports_pkey PRIMARY KEY (export_id),
    CONSTRAINT exports_list_check CHECK (list IN ('cardholders', 'transactions', 'audit_entries', 'statistics')),
    CONSTRAINT exports_format_check CHECK (format IN ('csv', 'xlsx', 'ndjson')),
    CONSTRAINT exports_purpose_check CHECK (purpose IN ('service', 'risk_review', 'reconciliation', 'regulator', 'audit', 'reporting')),
    CONSTRAINT exports_status_check CHECK (status IN ('waiting', 'queued', 'ready', 'failed', 'cancelled')),
    CONSTRAINT exports_ready_check CHECK ((status = 'ready') = (file_id IS NOT NULL)),
    CONSTRAINT exports_waiting_check CHECK (status <> 'waiting' OR approval_id IS NOT NULL)
);
CREATE INDEX exports_staff_id_idx ON exports (staff_id, export_id DESC);

-- How many files a member of staff asked for on a day of the bank (local table).
CREATE TABLE export_quotas (
    staff_id    uuid NOT NULL,
    used_on     date NOT NULL,
    used_count  integer NOT NULL,
    CONSTRAINT export_quotas_pkey PRIMARY KEY (staff_id, used_on),
    CONSTRAINT export_quotas_used_count_check CHECK (used_count > 0)
);
