SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Streets are found as phones and e-mails are: by a keyed digest of what is sealed. Rows of before get theirs from a job.
ALTER TABLE cardholder_addresses ADD COLUMN street_blind bytea;
ALTER TABLE cardholder_addresses
    ADD CONSTRAINT cardholder_addresses_street_blind_check CHECK (street_blind IS NULL OR street_sealed IS NOT NULL);
CREATE INDEX cardholder_addresses_unindexed_idx ON cardholder_addresses (cardholder_id, address_id)
    WHERE street_sealed IS NOT NULL AND street_blind IS NULL;

CREATE TABLE street_index (
    street_blind   bytea NOT NULL,
    cardholder_id  uuid NOT NULL,
    CONSTRAINT street_index_pkey PRIMARY KEY (street_blind, cardholder_id)
);
SELECT cardea_distribute('street_index', 'street_blind', 'none');
