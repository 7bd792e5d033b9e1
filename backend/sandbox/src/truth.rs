//! What the bank can't know, in a schema that the application can't read: detection and estimation are judged against it.

use crate::copy::Table;

/// The schema and its tables. Whoever makes them owns them, and nobody else may look.
///
/// `fills` holds the plan of the one fill there is, `fill_chunks` what of it is done: both are written in the transactions
/// that do it. A simulator that plays the bank forward makes the same people again from the plan.
pub const DDL: &str = "
CREATE SCHEMA IF NOT EXISTS truth;
REVOKE ALL ON SCHEMA truth FROM PUBLIC;

CREATE TABLE IF NOT EXISTS truth.fills (
    is_only        boolean NOT NULL DEFAULT true,
    seed           bigint NOT NULL,
    cardholders    integer NOT NULL,
    months         integer NOT NULL,
    tx_per_month   integer NOT NULL,
    today          date NOT NULL,
    chunks         integer NOT NULL,
    started_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    transactions   bigint,
    CONSTRAINT fills_pkey PRIMARY KEY (is_only),
    CONSTRAINT fills_only_check CHECK (is_only)
);
CREATE TABLE IF NOT EXISTS truth.fill_chunks (
    chunk          integer NOT NULL,
    cardholders    integer NOT NULL,
    transactions   bigint NOT NULL,
    CONSTRAINT fill_chunks_pkey PRIMARY KEY (chunk)
);
CREATE TABLE IF NOT EXISTS truth.employers (
    employer_id    uuid NOT NULL,
    name           text NOT NULL,
    industry       text NOT NULL,
    city           text NOT NULL,
    pay_day        smallint NOT NULL,
    account_no     text NOT NULL,
    is_shaky       boolean NOT NULL,
    CONSTRAINT employers_pkey PRIMARY KEY (employer_id)
);
CREATE TABLE IF NOT EXISTS truth.employments (
    cardholder_id  uuid NOT NULL,
    employer_id    uuid NOT NULL,
    CONSTRAINT employments_pkey PRIMARY KEY (cardholder_id, employer_id)
);
CREATE TABLE IF NOT EXISTS truth.households (
    cardholder_id  uuid NOT NULL,
    household_id   uuid NOT NULL,
    kin            text NOT NULL,
    CONSTRAINT households_pkey PRIMARY KEY (cardholder_id)
);
CREATE INDEX IF NOT EXISTS households_household_id_idx ON truth.households (household_id);
CREATE TABLE IF NOT EXISTS truth.guarantees (
    borrower_cardholder_id   uuid NOT NULL,
    guarantor_cardholder_id  uuid NOT NULL,
    loan_id                  uuid NOT NULL,
    amount_minor             bigint NOT NULL,
    since_on                 date NOT NULL,
    circle                   bigint,
    CONSTRAINT guarantees_pkey PRIMARY KEY (loan_id, guarantor_cardholder_id)
);
CREATE TABLE IF NOT EXISTS truth.life_events (
    cardholder_id  uuid NOT NULL,
    kind           text NOT NULL,
    happened_on    date NOT NULL,
    until_on       date,
    CONSTRAINT life_events_pkey PRIMARY KEY (cardholder_id, kind, happened_on)
);
CREATE TABLE IF NOT EXISTS truth.defaults (
    cardholder_id  uuid NOT NULL,
    onset_on       date NOT NULL,
    defaults_on    date NOT NULL,
    cured_on       date,
    cause          text NOT NULL,
    CONSTRAINT defaults_pkey PRIMARY KEY (cardholder_id)
);
CREATE TABLE IF NOT EXISTS truth.fraud_transactions (
    cardholder_id   uuid NOT NULL,
    occurred_at     timestamptz NOT NULL,
    transaction_id  uuid NOT NULL,
    burst_id        uuid NOT NULL,
    kind            text NOT NULL,
    is_first_party  boolean NOT NULL,
    reported_on     date,
    CONSTRAINT fraud_transactions_pkey PRIMARY KEY (cardholder_id, occurred_at, transaction_id)
);
CREATE TABLE IF NOT EXISTS truth.offer_response (
    cardholder_id  uuid NOT NULL,
    product_code   text NOT NULL,
    kind           text NOT NULL,
    untreated_bp   smallint NOT NULL,
    treated_bp     smallint NOT NULL,
    CONSTRAINT offer_response_pkey PRIMARY KEY (cardholder_id, product_code),
    CONSTRAINT offer_response_kind_check CHECK (kind IN ('persuadable', 'sure_thing', 'lost_cause', 'sleeping_dog'))
);";

macro_rules! tables {
    ($($name:ident = $table:literal [$($column:literal)+]),+ $(,)?) => {
        $(pub const $name: Table = Table { name: $table, columns: &[$($column),+] };)+
    };
}

tables! {
    EMPLOYERS = "truth.employers" ["employer_id" "name" "industry" "city" "pay_day" "account_no" "is_shaky"],
    EMPLOYMENTS = "truth.employments" ["cardholder_id" "employer_id"],
    HOUSEHOLDS = "truth.households" ["cardholder_id" "household_id" "kin"],
    GUARANTEES = "truth.guarantees" ["borrower_cardholder_id" "guarantor_cardholder_id" "loan_id" "amount_minor" "since_on" "circle"],
    LIFE_EVENTS = "truth.life_events" ["cardholder_id" "kind" "happened_on" "until_on"],
    DEFAULTS = "truth.defaults" ["cardholder_id" "onset_on" "defaults_on" "cured_on" "cause"],
    FRAUD_TRANSACTIONS = "truth.fraud_transactions" [
        "cardholder_id" "occurred_at" "transaction_id" "burst_id" "kind" "is_first_party" "reported_on"],
    OFFER_RESPONSE = "truth.offer_response" ["cardholder_id" "product_code" "kind" "untreated_bp" "treated_bp"],
}
