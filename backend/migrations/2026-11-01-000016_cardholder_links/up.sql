SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Records that are of one person. survivor_id stands for absorbed_id from from_at until until_at; no row of either moves, whoever
-- reads the survivor reads the absorbed too. There are no chains: a survivor is nobody's absorbed, so that one look-up finds all.
-- One merge (merge_id, at merged_at) may link several: who is absorbed brings along those they had absorbed, and previous_link_id
-- says which link comes back when that merge is undone.
CREATE TABLE cardholder_links (
    link_id           uuid NOT NULL,
    merge_id          uuid NOT NULL,
    survivor_id       uuid NOT NULL,
    absorbed_id       uuid NOT NULL,
    merged_at         timestamptz NOT NULL,
    from_at           timestamptz NOT NULL,
    until_at          timestamptz,
    previous_link_id  uuid,
    CONSTRAINT cardholder_links_pkey PRIMARY KEY (link_id),
    CONSTRAINT cardholder_links_itself_check CHECK (survivor_id <> absorbed_id),
    CONSTRAINT cardholder_links_until_at_check CHECK (until_at >= from_at)
);
CREATE UNIQUE INDEX cardholder_links_absorbed_id_key ON cardholder_links (absorbed_id) INCLUDE (survivor_id) WHERE until_at IS NULL;
CREATE INDEX cardholder_links_survivor_id_idx ON cardholder_links (survivor_id) INCLUDE (absorbed_id) WHERE until_at IS NULL;
CREATE INDEX cardholder_links_merge_id_idx ON cardholder_links (merge_id);
SELECT cardea_distribute('cardholder_links', NULL);
