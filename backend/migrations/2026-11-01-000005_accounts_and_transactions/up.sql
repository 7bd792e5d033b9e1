SET LOCAL citus.enable_local_reference_table_foreign_keys TO off;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

CREATE TABLE products (
    product_code  text COLLATE "C" NOT NULL,
    kind          text NOT NULL,
    name_zh       text NOT NULL,
    name_en       text NOT NULL,
    network       text,
    is_offered    boolean NOT NULL,
    CONSTRAINT products_pkey PRIMARY KEY (product_code),
    CONSTRAINT products_kind_check CHECK (kind IN ('current', 'savings', 'credit_card', 'loan', 'deposit', 'debit_card'))
);
SELECT cardea_distribute('products', NULL);

CREATE TABLE merchant_categories (
    mcc        text COLLATE "C" NOT NULL,
    mcc_group  text NOT NULL,
    name_zh    text NOT NULL,
    name_en    text NOT NULL,
    CONSTRAINT merchant_categories_pkey PRIMARY KEY (mcc)
);
SELECT cardea_distribute('merchant_categories', NULL);

CREATE TABLE accounts (
    cardholder_id        uuid NOT NULL,
    account_id           uuid NOT NULL,
    account_no           text COLLATE "C" NOT NULL,
    kind                 text NOT NULL,
    product_code         text COLLATE "C" NOT NULL,
    currency             text COLLATE "C" NOT NULL,
    status               text NOT NULL,
    opened_on            date NOT NULL,
    closed_on            date,
    balance_minor        bigint NOT NULL,
    credit_limit_minor   bigint,
    available_minor      bigint NOT NULL,
    statement_frequency  text,
    cycle_day            smallint,
    branch_id            uuid NOT NULL,
    source               text NOT NULL,
    source_ref           text,
    version              bigint NOT NULL,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (cardholder_id, account_id),
    CONSTRAINT accounts_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE,
    CONSTRAINT accounts_product_code_fkey FOREIGN KEY (product_code) REFERENCES products (product_code),
    CONSTRAINT accounts_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES branches (branch_id),
    CONSTRAINT accounts_kind_check CHECK (kind IN ('current', 'savings', 'credit_card', 'loan', 'deposit')),
    CONSTRAINT accounts_status_check CHECK (status IN ('active', 'dormant', 'frozen', 'closed')),
    CONSTRAINT accounts_statement_frequency_check CHECK (statement_frequency IN ('monthly', 'weekly', 'per_transaction')),
    CONSTRAINT accounts_cycle_day_check CHECK (cycle_day BETWEEN 1 AND 28)
);
CREATE INDEX accounts_kind_idx ON accounts (kind, cardholder_id);
SELECT cardea_distribute('accounts', 'cardholder_id', 'cardholders');

CREATE TABLE account_no_index (
    account_no     text COLLATE "C" NOT NULL,
    cardholder_id  uuid NOT NULL,
    account_id     uuid NOT NULL,
    CONSTRAINT account_no_index_pkey PRIMARY KEY (account_no)
);
SELECT cardea_distribute('account_no_index', 'account_no', 'none');

-- Who may use an account besides its owner, kept under the owner …
CREATE TABLE account_parties (
    cardholder_id        uuid NOT NULL,
    account_id           uuid NOT NULL,
    party_cardholder_id  uuid NOT NULL,
    role                 text NOT NULL,
    since_on             date NOT NULL,
    until_on             date,
    CONSTRAINT account_parties_pkey PRIMARY KEY (cardholder_id, account_id, party_cardholder_id),
    CONSTRAINT account_parties_account_id_fkey FOREIGN KEY (cardholder_id, account_id) REFERENCES accounts (cardholder_id, account_id) ON DELETE CASCADE,
    CONSTRAINT account_parties_role_check CHECK (role IN ('owner', 'joint', 'authorised_user'))
);
SELECT cardea_distribute('account_parties', 'cardholder_id', 'cardholders');

-- … and the same fact kept under the user, so that each side is one shard.
CREATE TABLE usable_accounts (
    cardholder_id        uuid NOT NULL,
    owner_cardholder_id  uuid NOT NULL,
    account_id           uuid NOT NULL,
    role                 text NOT NULL,
    since_on             date NOT NULL,
    until_on             date,
    CONSTRAINT usable_accounts_pkey PRIMARY KEY (cardholder_id, account_id),
    CONSTRAINT usable_accounts_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE,
    CONSTRAINT usable_accounts_role_check CHECK (role IN ('joint', 'authorised_user'))
);
SELECT cardea_distribute('usable_accounts', 'cardholder_id', 'cardholders');

-- A PAN is never stored: token, BIN and last four only.
CREATE TABLE cards (
    cardholder_id         uuid NOT NULL,
    card_id               uuid NOT NULL,
    account_id            uuid NOT NULL,
    holder_cardholder_id  uuid NOT NULL,
    product_code          text COLLATE "C" NOT NULL,
    network               text,
    bin                   text,
    last_four             text COLLATE "C",
    token                 text NOT NULL,
    status                text NOT NULL,
    status_reason         text,
    issued_on             date NOT NULL,
    expires_on            date,
    source                text NOT NULL,
    source_ref            text,
    version               bigint NOT NULL,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,
    CONSTRAINT cards_pkey PRIMARY KEY (cardholder_id, card_id),
    CONSTRAINT cards_account_id_fkey FOREIGN KEY (cardholder_id, account_id) REFERENCES accounts (cardholder_id, account_id) ON DELETE CASCADE,
    CONSTRAINT cards_product_code_fkey FOREIGN KEY (product_code) REFERENCES products (product_code),
    CONSTRAINT cards_network_check CHECK (network IN ('unionpay', 'visa', 'mastercard', 'jcb', 'amex')),
    CONSTRAINT cards_status_check CHECK (status IN ('active', 'frozen', 'expired', 'cancelled')),
    CONSTRAINT cards_bin_check CHECK (bin ~ '^[0-9]{6,8}$'),
    CONSTRAINT cards_last_four_check CHECK (last_four ~ '^[0-9]{4}$')
);
CREATE INDEX cards_account_id_idx ON cards (cardholder_id, account_id);
CREATE INDEX cards_frozen_idx ON cards (updated_at DESC, cardholder_id, card_id) WHERE status = 'frozen';
SELECT cardea_distribute('cards', 'cardholder_id', 'cardholders');

CREATE TABLE card_token_index (
    token          text COLLATE "C" NOT NULL,
    cardholder_id  uuid NOT NULL,
    card_id        uuid NOT NULL,
    CONSTRAINT card_token_index_pkey PRIMARY KEY (token)
);
SELECT cardea_distribute('card_token_index', 'token', 'none');

CREATE TABLE card_tail_index (
    last_four      text COLLATE "C" NOT NULL,
    cardholder_id  uuid NOT NULL,
    card_id        uuid NOT NULL,
    CONSTRAINT card_tail_index_pkey PRIMARY KEY (last_four, cardholder_id, card_id)
);
SELECT cardea_distribute('card_tail_index', 'last_four', 'none');

CREATE TABLE transactions (
    cardholder_id         uuid NOT NULL,
    occurred_at           timestamptz NOT NULL,
    transaction_id        uuid NOT NULL,
    account_id            uuid NOT NULL,
    card_id               uuid,
    posted_at             timestamptz,
    kind                  text NOT NULL,
    direction             text NOT NULL,
    amount_minor          bigint NOT NULL,
    currency              text COLLATE "C" NOT NULL,
    balance_after_minor   bigint,
    status                text NOT NULL,
    purpose               text,
    merchant_name         text,
    mcc                   text COLLATE "C",
    mcc_group             text,
    channel               text,
    country               text COLLATE "C",
    city                  text,
    latitude              double precision,
    longitude             double precision,
    counterparty_name     text,
    counterparty_bank     text,
    counterparty_account  text,
    reversal_of_at        timestamptz,
    reversal_of_id        uuid,
    is_rounded            boolean NOT NULL,
    source                text NOT NULL,
    source_ref            text,
    CONSTRAINT transactions_pkey PRIMARY KEY (cardholder_id, occurred_at, transaction_id),
    CONSTRAINT transactions_account_id_fkey FOREIGN KEY (cardholder_id, account_id) REFERENCES accounts (cardholder_id, account_id) ON DELETE CASCADE,
    CONSTRAINT transactions_kind_check CHECK (kind IN ('purchase', 'cash_withdrawal', 'cash_deposit', 'transfer_in', 'transfer_out', 'salary',
        'interest', 'penalty_interest', 'fee', 'repayment', 'loan_payment', 'pension', 'refund', 'reversal', 'other')),
    CONSTRAINT transactions_direction_check CHECK (direction IN ('credit', 'debit')),
    CONSTRAINT transactions_amount_check CHECK (amount_minor >= 0),
    CONSTRAINT transactions_status_check CHECK (status IN ('posted', 'pending', 'declined', 'reversed')),
    CONSTRAINT transactions_channel_check CHECK (channel IN ('pos', 'online', 'mobile', 'atm', 'branch', 'transfer', 'direct_debit', 'system')),
    CONSTRAINT transactions_mcc_group_check CHECK (mcc_group IN ('groceries', 'dining', 'travel', 'transport', 'shopping', 'housing', 'utilities',
        'health', 'education', 'entertainment', 'financial', 'services', 'cash', 'other')),
    CONSTRAINT transactions_reversal_check CHECK ((reversal_of_at IS NULL) = (reversal_of_id IS NULL))
) PARTITION BY RANGE (occurred_at);
-- Walked backwards the primary key is the cardholder's list, newest first; a transaction's id carries the millisecond of
-- occurred_at, so a look-up by id constrains occurred_at too. Neither needs an index of its own.
CREATE INDEX transactions_account_idx ON transactions (cardholder_id, account_id, occurred_at DESC, transaction_id DESC);
CREATE INDEX transactions_occurred_at_idx ON transactions USING brin (occurred_at);
SELECT cardea_distribute('transactions', 'cardholder_id', 'cardholders');

CREATE TABLE loans (
    cardholder_id    uuid NOT NULL,
    loan_id          uuid NOT NULL,
    account_id       uuid NOT NULL,
    granted_on       date NOT NULL,
    amount_minor     bigint NOT NULL,
    currency         text COLLATE "C" NOT NULL,
    duration_months  smallint NOT NULL,
    payment_minor    bigint NOT NULL,
    status           text NOT NULL,
    source           text NOT NULL,
    source_ref       text,
    CONSTRAINT loans_pkey PRIMARY KEY (cardholder_id, loan_id),
    CONSTRAINT loans_account_id_fkey FOREIGN KEY (cardholder_id, account_id) REFERENCES accounts (cardholder_id, account_id) ON DELETE CASCADE,
    CONSTRAINT loans_status_check CHECK (status IN ('finished_paid', 'finished_unpaid', 'running_in_order', 'running_in_debt'))
);
SELECT cardea_distribute('loans', 'cardholder_id', 'cardholders');

CREATE TABLE standing_orders (
    cardholder_id         uuid NOT NULL,
    standing_order_id     uuid NOT NULL,
    account_id            uuid NOT NULL,
    counterparty_bank     text NOT NULL,
    counterparty_account  text NOT NULL,
    amount_minor          bigint NOT NULL,
    currency              text COLLATE "C" NOT NULL,
    purpose               text,
    source                text NOT NULL,
    source_ref            text,
    CONSTRAINT standing_orders_pkey PRIMARY KEY (cardholder_id, standing_order_id),
    CONSTRAINT standing_orders_account_id_fkey FOREIGN KEY (cardholder_id, account_id) REFERENCES accounts (cardholder_id, account_id) ON DELETE CASCADE,
    CONSTRAINT standing_orders_purpose_check CHECK (purpose IN ('insurance', 'household', 'leasing', 'loan_payment', 'savings', 'other'))
);
SELECT cardea_distribute('standing_orders', 'cardholder_id', 'cardholders');

CREATE TABLE statements (
    cardholder_id      uuid NOT NULL,
    statement_id       uuid NOT NULL,
    account_id         uuid NOT NULL,
    closed_on          date NOT NULL,
    due_on             date,
    currency           text COLLATE "C" NOT NULL,
    billed_minor       bigint NOT NULL,
    minimum_due_minor  bigint,
    paid_minor         bigint NOT NULL,
    days_past_due      smallint,
    repayment_status   smallint,
    source             text NOT NULL,
    source_ref         text,
    CONSTRAINT statements_pkey PRIMARY KEY (cardholder_id, statement_id),
    CONSTRAINT statements_closed_on_key UNIQUE (cardholder_id, account_id, closed_on),
    CONSTRAINT statements_account_id_fkey FOREIGN KEY (cardholder_id, account_id) REFERENCES accounts (cardholder_id, account_id) ON DELETE CASCADE
);
CREATE INDEX statements_past_due_idx ON statements (closed_on DESC, cardholder_id) WHERE days_past_due > 0;
SELECT cardea_distribute('statements', 'cardholder_id', 'cardholders');

CREATE TABLE repayments (
    cardholder_id  uuid NOT NULL,
    repayment_id   uuid NOT NULL,
    account_id     uuid NOT NULL,
    statement_id   uuid,
    paid_in_month  date NOT NULL,
    paid_on        date,
    amount_minor   bigint NOT NULL,
    currency       text COLLATE "C" NOT NULL,
    source         text NOT NULL,
    source_ref     text,
    CONSTRAINT repayments_pkey PRIMARY KEY (cardholder_id, repayment_id),
    CONSTRAINT repayments_account_id_fkey FOREIGN KEY (cardholder_id, account_id) REFERENCES accounts (cardholder_id, account_id) ON DELETE CASCADE
);
SELECT cardea_distribute('repayments', 'cardholder_id', 'cardholders');

-- What later turned out to be true of a cardholder in a labelled source (never a prediction).
CREATE TABLE outcome_labels (
    cardholder_id  uuid NOT NULL,
    label          text NOT NULL,
    observed_on    date NOT NULL,
    is_positive    boolean NOT NULL,
    source         text NOT NULL,
    CONSTRAINT outcome_labels_pkey PRIMARY KEY (cardholder_id, label, observed_on),
    CONSTRAINT outcome_labels_cardholder_id_fkey FOREIGN KEY (cardholder_id) REFERENCES cardholders (cardholder_id) ON DELETE CASCADE
);
SELECT cardea_distribute('outcome_labels', 'cardholder_id', 'cardholders');

-- Facts of a district as the source published them (Berka's A1 … A16), for later models.
CREATE TABLE districts (
    source       text COLLATE "C" NOT NULL,
    source_ref   text COLLATE "C" NOT NULL,
    name         text NOT NULL,
    region       text NOT NULL,
    facts        jsonb NOT NULL,
    CONSTRAINT districts_pkey PRIMARY KEY (source, source_ref)
);
SELECT cardea_distribute('districts', NULL);
