SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- What somebody is asked to agree to, word for word. A text is never edited: the next version of its purpose takes its place, and
-- each consent keeps naming the version that was read.
CREATE TABLE consent_texts (
    text_id       uuid NOT NULL,
    purpose       text COLLATE "C" NOT NULL,
    version       integer NOT NULL,
    body_zh       text NOT NULL,
    body_en       text NOT NULL,
    published_by  uuid,
    published_at  timestamptz NOT NULL,
    CONSTRAINT consent_texts_pkey PRIMARY KEY (text_id),
    CONSTRAINT consent_texts_version_key UNIQUE (purpose, version),
    CONSTRAINT consent_texts_purpose_check CHECK (purpose IN ('marketing', 'personalised_offers', 'research', 'data_sharing')),
    CONSTRAINT consent_texts_version_check CHECK (version > 0)
);
SELECT cardea_distribute('consent_texts', NULL);

-- Each yes and each taking back, per purpose and channel, with what proves it. The latest one stands; rows are only added.
CREATE TABLE consents (
    cardholder_id  uuid NOT NULL,
    consent_id     uuid NOT NULL,
    purpose        text COLLATE "C" NOT NULL,
    channel        text COLLATE "C" NOT NULL,
    decision       text NOT NULL,
    text_id        uuid,
    evidence       text NOT NULL,
    evidence_note  text,
    staff_id       uuid,
    recorded_at    timestamptz NOT NULL,
    CONSTRAINT consents_pkey PRIMARY KEY (cardholder_id, consent_id),
    CONSTRAINT consents_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE,
    CONSTRAINT consents_text_id_fkey FOREIGN KEY (text_id) REFERENCES consent_texts (text_id),
    CONSTRAINT consents_purpose_check CHECK (purpose IN ('marketing', 'personalised_offers', 'research', 'data_sharing')),
    CONSTRAINT consents_channel_check CHECK (channel IN ('phone', 'sms', 'email', 'app', 'post', 'partner')),
    CONSTRAINT consents_decision_check CHECK (decision IN ('granted', 'withdrawn')),
    CONSTRAINT consents_evidence_check CHECK (evidence IN ('signed_form', 'at_the_counter', 'recorded_call', 'online_form', 'letter')),
    CONSTRAINT consents_partner_check CHECK ((purpose = 'data_sharing') = (channel = 'partner')),
    CONSTRAINT consents_text_check CHECK (decision = 'withdrawn' OR text_id IS NOT NULL)
);
CREATE INDEX consents_purpose_idx ON consents (cardholder_id, purpose, channel, consent_id DESC);
SELECT cardea_distribute('consents', 'cardholder_id', 'cardholders');

-- What somebody wishes whatever they agreed to: not to be contacted at all, no automated personalisation, when to be left alone.
CREATE TABLE contact_preferences (
    cardholder_id               uuid NOT NULL,
    is_do_not_contact           boolean NOT NULL,
    is_personalisation_refused  boolean NOT NULL,
    quiet_from_minute           smallint,
    quiet_to_minute             smallint,
    utc_offset_minutes          smallint,
    version                     bigint NOT NULL,
    changed_by                  uuid,
    changed_at                  timestamptz NOT NULL,
    CONSTRAINT contact_preferences_pkey PRIMARY KEY (cardholder_id),
    CONSTRAINT contact_preferences_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE,
    CONSTRAINT contact_preferences_quiet_check CHECK ((quiet_from_minute IS NULL) = (quiet_to_minute IS NULL)),
    CONSTRAINT contact_preferences_quiet_from_minute_check CHECK (quiet_from_minute BETWEEN 0 AND 1439),
    CONSTRAINT contact_preferences_quiet_to_minute_check CHECK (quiet_to_minute BETWEEN 0 AND 1439),
    CONSTRAINT contact_preferences_utc_offset_check CHECK (utc_offset_minutes BETWEEN -720 AND 840)
);
SELECT cardea_distribute('contact_preferences', 'cardholder_id', 'cardholders');
