-- What has happened that open pages should know of (local tables): ids and codes, never anything about a person. An event gets its
-- number once it is committed, one numberer at a time, so that whoever has read up to a number has missed nothing before it.
CREATE TABLE events (
    event_id    uuid NOT NULL,
    event_no    bigint,
    kind        text COLLATE "C" NOT NULL,
    staff_id    uuid,
    permission  text,
    branch_id   uuid,
    params      jsonb NOT NULL,
    created_at  timestamptz NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (event_id),
    CONSTRAINT events_kind_check CHECK (kind IN ('job', 'work_items'))
);
CREATE UNIQUE INDEX events_event_no_key ON events (event_no) WHERE event_no IS NOT NULL;
CREATE INDEX events_unnumbered_idx ON events (created_at, event_id) WHERE event_no IS NULL;
CREATE INDEX events_created_at_idx ON events (created_at);

-- The last number given. One row; whoever holds it numbers.
CREATE TABLE event_heads (
    is_single  boolean NOT NULL,
    head       bigint NOT NULL,
    CONSTRAINT event_heads_pkey PRIMARY KEY (is_single),
    CONSTRAINT event_heads_single_check CHECK (is_single)
);
