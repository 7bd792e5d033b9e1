SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

CREATE TABLE cardholders (
    cardholder_id           uuid NOT NULL,
    customer_no             text COLLATE "C" NOT NULL,
    name                    text,
    name_pinyin             text COLLATE "C",
    name_initials           text COLLATE "C",
    gender                  text,
    birth_on                date,
    stated_age_years        smallint,
    stated_age_on           date,
    id_kind                 text,
    national_id_sealed      bytea,
    national_id_blind       bytea,
    national_id_masked      text,
    nationality             text COLLATE "C",
    occupation              text,
    employer                text,
    education               text,
    marital_status          text,
    yearly_income_minor     bigint,
    yearly_income_currency  text COLLATE "C",
    branch_id               uuid NOT NULL,
    manager_id              uuid,
    lifecycle               text NOT NULL,
    lifecycle_reason        text,
    opened_on               date NOT NULL,
    source                  text NOT NULL,
    source_ref              text,
    version                 bigint NOT NULL,
    created_at              timestamptz NOT NULL,
    updated_at              timestamptz NOT NULL,
    CONSTRAINT cardholders_pkey PRIMARY KEY (cardholder_id),
    CONSTRAINT cardholders_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES branches (branch_id),
    CONSTRAINT cardholders_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES staff (staff_id),
    CONSTRAINT cardholders_gender_check CHECK (gender IN ('male', 'female')),
    CONSTRAINT cardholders_id_kind_check CHECK (id_kind IN ('resident_id', 'passport', 'hk_macau_permit', 'taiwan_permit', 'foreign_permanent_id', 'other')),
    CONSTRAINT cardholders_education_check CHECK (education IN ('primary', 'middle_school', 'high_school', 'junior_college', 'university', 'graduate_school', 'other')),
    CONSTRAINT cardholders_marital_status_check CHECK (marital_status IN ('single', 'married', 'divorced', 'widowed', 'other')),
    CONSTRAINT cardholders_lifecycle_check CHECK (lifecycle IN ('prospect', 'active', 'dormant', 'closed', 'deceased')),
    CONSTRAINT cardholders_income_check CHECK ((yearly_income_minor IS NULL) = (yearly_income_currency IS NULL)),
    CONSTRAINT cardholders_stated_age_check CHECK ((stated_age_years IS NULL) = (stated_age_on IS NULL)),
    CONSTRAINT cardholders_national_id_check CHECK (
        (national_id_sealed IS NULL) = (national_id_blind IS NULL) AND (national_id_sealed IS NULL) = (national_id_masked IS NULL))
);
-- Every offered sort, bank-wide, per branch and per relationship manager.
CREATE INDEX cardholders_opened_on_idx ON cardholders (opened_on DESC, cardholder_id DESC);
CREATE INDEX cardholders_branch_opened_on_idx ON cardholders (branch_id, opened_on DESC, cardholder_id DESC);
CREATE INDEX cardholders_manager_opened_on_idx ON cardholders (manager_id, opened_on DESC, cardholder_id DESC) WHERE manager_id IS NOT NULL;
CREATE INDEX cardholders_customer_no_idx ON cardholders (customer_no, cardholder_id);
CREATE INDEX cardholders_branch_customer_no_idx ON cardholders (branch_id, customer_no, cardholder_id);
CREATE INDEX cardholders_name_pinyin_idx ON cardholders ((coalesce(name_pinyin, '~')), cardholder_id);
CREATE INDEX cardholders_branch_name_pinyin_idx ON cardholders (branch_id, (coalesce(name_pinyin, '~')), cardholder_id);
-- Filters that are rarer than one in fifty.
CREATE INDEX cardholders_lifecycle_idx ON cardholders (lifecycle, opened_on DESC, cardholder_id DESC) WHERE lifecycle <> 'active';
CREATE INDEX cardholders_birth_on_idx ON cardholders (birth_on) WHERE birth_on IS NOT NULL;
CREATE INDEX cardholders_occupation_idx ON cardholders (occupation, opened_on DESC, cardholder_id DESC) WHERE occupation IS NOT NULL;
CREATE INDEX cardholders_name_birth_on_idx ON cardholders (name, birth_on) WHERE name IS NOT NULL AND birth_on IS NOT NULL;
SELECT cardea_distribute('cardholders', 'cardholder_id');

-- One data key per cardholder, wrapped by the master key: destroying it erases one person, rotation re-wraps keys only.
CREATE TABLE cardholder_keys (
    cardholder_id   uuid NOT NULL,
    wrapped_key     bytea NOT NULL,
    master_key_id   text NOT NULL,
    created_at      timestamptz NOT NULL,
    rotated_at      timestamptz,
    CONSTRAINT cardholder_keys_pkey PRIMARY KEY (cardholder_id)
);
CREATE INDEX cardholder_keys_master_key_id_idx ON cardholder_keys (master_key_id, cardholder_id);
SELECT cardea_distribute('cardholder_keys', 'cardholder_id', 'cardholders');

CREATE TABLE cardholder_phones (
    cardholder_id  uuid NOT NULL,
    phone_id       uuid NOT NULL,
    kind           text NOT NULL,
    is_primary     boolean NOT NULL,
    number_sealed  bytea NOT NULL,
    number_blind   bytea NOT NULL,
    tail_blind     bytea NOT NULL,
    number_masked  text NOT NULL,
    verified_at    timestamptz,
    created_at     timestamptz NOT NULL,
    CONSTRAINT cardholder_phones_pkey PRIMARY KEY (cardholder_id, phone_id),
    CONSTRAINT cardholder_phones_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE,
    CONSTRAINT cardholder_phones_number_key UNIQUE (cardholder_id, number_blind),
    CONSTRAINT cardholder_phones_kind_check CHECK (kind IN ('mobile', 'home', 'work', 'other'))
);
CREATE UNIQUE INDEX cardholder_phones_primary_key ON cardholder_phones (cardholder_id) WHERE is_primary;
SELECT cardea_distribute('cardholder_phones', 'cardholder_id', 'cardholders');

CREATE TABLE cardholder_emails (
    cardholder_id   uuid NOT NULL,
    email_id        uuid NOT NULL,
    kind            text NOT NULL,
    is_primary      boolean NOT NULL,
    address_sealed  bytea NOT NULL,
    address_blind   bytea NOT NULL,
    address_masked  text NOT NULL,
    verified_at     timestamptz,
    created_at      timestamptz NOT NULL,
    CONSTRAINT cardholder_emails_pkey PRIMARY KEY (cardholder_id, email_id),
    CONSTRAINT cardholder_emails_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE,
    CONSTRAINT cardholder_emails_address_key UNIQUE (cardholder_id, address_blind),
    CONSTRAINT cardholder_emails_kind_check CHECK (kind IN ('personal', 'work', 'other'))
);
CREATE UNIQUE INDEX cardholder_emails_primary_key ON cardholder_emails (cardholder_id) WHERE is_primary;
SELECT cardea_distribute('cardholder_emails', 'cardholder_id', 'cardholders');

CREATE TABLE cardholder_addresses (
    cardholder_id  uuid NOT NULL,
    address_id     uuid NOT NULL,
    kind           text NOT NULL,
    is_primary     boolean NOT NULL,
    country        text COLLATE "C" NOT NULL,
    province       text,
    city           text,
    district       text,
    street_sealed  bytea,
    street_masked  text,
    postcode       text,
    verified_at    timestamptz,
    created_at     timestamptz NOT NULL,
    CONSTRAINT cardholder_addresses_pkey PRIMARY KEY (cardholder_id, address_id),
    CONSTRAINT cardholder_addresses_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE,
    CONSTRAINT cardholder_addresses_kind_check CHECK (kind IN ('home', 'work', 'mailing', 'registered', 'other')),
    CONSTRAINT cardholder_addresses_street_check CHECK ((street_sealed IS NULL) = (street_masked IS NULL))
);
CREATE UNIQUE INDEX cardholder_addresses_primary_key ON cardholder_addresses (cardholder_id) WHERE is_primary;
SELECT cardea_distribute('cardholder_addresses', 'cardholder_id', 'cardholders');

-- Every change of every field: who, when, before, after (sealed fields masked). Append-only.
CREATE TABLE cardholder_changes (
    cardholder_id  uuid NOT NULL,
    changed_at     timestamptz NOT NULL,
    change_id      uuid NOT NULL,
    field          text NOT NULL,
    before_value   text,
    after_value    text,
    reason         text,
    staff_id       uuid,
    staff_name     text,
    CONSTRAINT cardholder_changes_pkey PRIMARY KEY (cardholder_id, changed_at, change_id),
    CONSTRAINT cardholder_changes_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE
);
SELECT cardea_distribute('cardholder_changes', 'cardholder_id', 'cardholders');

-- Look-up tables, distributed by their own key and written in the same transaction.
CREATE TABLE national_id_index (
    national_id_blind  bytea NOT NULL,
    cardholder_id      uuid NOT NULL,
    CONSTRAINT national_id_index_pkey PRIMARY KEY (national_id_blind, cardholder_id)
);
SELECT cardea_distribute('national_id_index', 'national_id_blind', 'none');

CREATE TABLE phone_index (
    number_blind   bytea NOT NULL,
    cardholder_id  uuid NOT NULL,
    CONSTRAINT phone_index_pkey PRIMARY KEY (number_blind, cardholder_id)
);
SELECT cardea_distribute('phone_index', 'number_blind', 'none');

CREATE TABLE phone_tail_index (
    tail_blind     bytea NOT NULL,
    cardholder_id  uuid NOT NULL,
    CONSTRAINT phone_tail_index_pkey PRIMARY KEY (tail_blind, cardholder_id)
);
SELECT cardea_distribute('phone_tail_index', 'tail_blind', 'none');

CREATE TABLE email_index (
    address_blind  bytea NOT NULL,
    cardholder_id  uuid NOT NULL,
    CONSTRAINT email_index_pkey PRIMARY KEY (address_blind, cardholder_id)
);
SELECT cardea_distribute('email_index', 'address_blind', 'none');

CREATE TABLE customer_no_index (
    customer_no    text COLLATE "C" NOT NULL,
    cardholder_id  uuid NOT NULL,
    CONSTRAINT customer_no_index_pkey PRIMARY KEY (customer_no)
);
SELECT cardea_distribute('customer_no_index', 'customer_no', 'none');

CREATE TABLE external_id_index (
    source         text COLLATE "C" NOT NULL,
    source_ref     text COLLATE "C" NOT NULL,
    cardholder_id  uuid NOT NULL,
    CONSTRAINT external_id_index_pkey PRIMARY KEY (source, source_ref)
);
SELECT cardea_distribute('external_id_index', 'source_ref', 'none');

-- One and two characters of the name, prefixes of its pinyin and of its initials: one B-tree answers every name search.
CREATE TABLE name_grams (
    gram           text COLLATE "C" NOT NULL,
    sort_key       text COLLATE "C" NOT NULL,
    cardholder_id  uuid NOT NULL,
    branch_id      uuid NOT NULL,
    CONSTRAINT name_grams_pkey PRIMARY KEY (gram, sort_key, cardholder_id) INCLUDE (branch_id)
);
SELECT cardea_distribute('name_grams', 'gram', 'none');
