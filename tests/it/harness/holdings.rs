//! Rows of a bank's records for a story, written as the database's owner. Each is complete by itself; a story names only what
//! it is about.

use chrono::{DateTime, Utc};
use diesel::sql_types::Jsonb;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use platform::clock::uuid_v7;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{App, Place};

/// Writes rows into one test's bank.
pub struct Holdings<'a> {
    app: &'a App,
    conn: AsyncPgConnection,
}

impl App {
    /// A pen for cardholders, accounts, cards and transactions. A few products and categories are there from the start.
    pub async fn holdings(&self) -> Holdings<'_> {
        let holdings = Holdings { app: self, conn: self.owner().await };
        for (code, kind, zh, en) in [
            ("DDA", "current", "活期账户", "Current account"),
            ("SAV", "savings", "储蓄账户", "Savings account"),
            ("CC-GOLD", "credit_card", "金卡信用卡", "Gold credit card"),
            ("DEBIT", "debit_card", "借记卡", "Debit card"),
        ] {
            let product = json!({ "product_code": code, "kind": kind, "name_zh": zh, "name_en": en, "network": null, "is_offered": true });
            holdings.write("products", &product, "ON CONFLICT DO NOTHING").await;
        }
        for (mcc, group, zh, en) in
            [("5411", "groceries", "超市", "Grocery stores"), ("5812", "dining", "餐馆", "Restaurants")]
        {
            let category = json!({ "mcc": mcc, "mcc_group": group, "name_zh": zh, "name_en": en });
            holdings.write("merchant_categories", &category, "ON CONFLICT DO NOTHING").await;
        }
        holdings
    }
}

impl Holdings<'_> {
    /// One row of any table: `row` with `changes` laid over it. Answers what was written.
    pub async fn put(&self, table: &str, mut row: Value, changes: Value) -> Value {
        let columns = row.as_object_mut().expect("a row");
        columns.extend(changes.as_object().cloned().unwrap_or_default());
        self.write(table, &row, "").await;
        row
    }

    async fn write(&self, table: &str, row: &Value, on_conflict: &str) {
        let sql = format!(
            "INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, $1) {on_conflict}"
        );
        diesel::sql_query(&sql)
            .bind::<Jsonb, _>(row)
            .execute(&mut &self.conn)
            .await
            .map_err(|error| format!("{table} {row}: {error}"))
            .expect("a row that the table takes");
    }

    fn id(&self) -> Uuid {
        self.app.clock.new_id()
    }

    /// Somebody whose home is `place`.
    pub async fn cardholder(&self, place: Place, changes: Value) -> Uuid {
        let (id, now) = (self.id(), self.app.clock.now());
        let row = json!({
            "cardholder_id": id, "customer_no": format!("C{}", &id.simple().to_string()[24..]), "name": "沈嘉怡",
            "branch_id": place.id(), "lifecycle": "active", "opened_on": "2020-05-04", "source": "staff",
            "version": 1, "created_at": now, "updated_at": now,
        });
        self.put("cardholders", row, changes).await;
        id
    }

    /// A savings account, unless the changes say otherwise.
    pub async fn account(&self, owner: Uuid, changes: Value) -> Uuid {
        let (id, now) = (self.id(), self.app.clock.now());
        let row = json!({
            "cardholder_id": owner, "account_id": id, "account_no": format!("9550{}", &id.simple().to_string()[24..]),
            "kind": "savings", "product_code": "SAV", "currency": "CNY", "status": "active", "opened_on": "2021-03-01",
            "balance_minor": 1_250_000, "available_minor": 1_200_000, "branch_id": Place::Qianjiang.id(), "source": "staff",
            "version": 1, "created_at": now, "updated_at": now,
        });
        self.put("accounts", row, changes).await;
        id
    }

    /// Lets somebody use somebody else's account; the fact is kept on both sides.
    pub async fn authorise(&self, owner: Uuid, account: Uuid, user: Uuid, changes: Value) {
        let right = json!({ "account_id": account, "role": "authorised_user", "since_on": "2022-01-01" });
        let mut party = right.clone();
        party["cardholder_id"] = json!(owner);
        party["party_cardholder_id"] = json!(user);
        self.put("account_parties", party, changes.clone()).await;
        let mut usable = right;
        usable["cardholder_id"] = json!(user);
        usable["owner_cardholder_id"] = json!(owner);
        self.put("usable_accounts", usable, changes).await;
    }

    /// An active debit card in the owner's hands, unless the changes say otherwise.
    pub async fn card(&self, owner: Uuid, account: Uuid, changes: Value) -> Uuid {
        let (id, now) = (self.id(), self.app.clock.now());
        let row = json!({
            "cardholder_id": owner, "card_id": id, "account_id": account, "holder_cardholder_id": owner,
            "product_code": "DEBIT", "network": "unionpay", "bin": "622202", "last_four": "4471", "token": format!("tok-{id}"),
            "status": "active", "issued_on": "2023-06-01", "expires_on": "2028-06-30", "source": "staff",
            "version": 1, "created_at": now, "updated_at": now,
        });
        self.put("cards", row, changes).await;
        id
    }

    /// A purchase of 128.60 in a supermarket, unless the changes say otherwise. Its id carries its moment, as everywhere.
    pub async fn transaction(&self, owner: Uuid, account: Uuid, at: &str, changes: Value) -> Uuid {
        let occurred_at: DateTime<Utc> = at.parse().expect("a moment");
        let id = uuid_v7(occurred_at, self.id().as_u128());
        let row = json!({
            "cardholder_id": owner, "occurred_at": occurred_at, "transaction_id": id, "account_id": account,
            "posted_at": occurred_at, "kind": "purchase", "direction": "debit", "amount_minor": 12_860, "currency": "CNY",
            "balance_after_minor": 1_000_000, "status": "posted", "merchant_name": "物美超市", "mcc": "5411",
            "mcc_group": "groceries", "channel": "pos", "country": "CN", "city": "杭州", "is_rounded": false, "source": "staff",
        });
        self.put("transactions", row, changes).await;
        id
    }

    /// A statement of 4,286.00 that was paid, unless the changes say otherwise.
    pub async fn statement(&self, owner: Uuid, account: Uuid, closed_on: &str, changes: Value) -> Uuid {
        let id = self.id();
        let row = json!({
            "cardholder_id": owner, "statement_id": id, "account_id": account, "closed_on": closed_on, "currency": "CNY",
            "billed_minor": 428_600, "minimum_due_minor": 42_860, "paid_minor": 428_600, "days_past_due": 0, "source": "staff",
        });
        self.put("statements", row, changes).await;
        id
    }

    pub async fn repayment(&self, owner: Uuid, account: Uuid, month: &str, changes: Value) -> Uuid {
        let id = self.id();
        let row = json!({
            "cardholder_id": owner, "repayment_id": id, "account_id": account, "paid_in_month": month,
            "amount_minor": 428_600, "currency": "CNY", "source": "staff",
        });
        self.put("repayments", row, changes).await;
        id
    }

    pub async fn loan(&self, owner: Uuid, account: Uuid, changes: Value) -> Uuid {
        let id = self.id();
        let row = json!({
            "cardholder_id": owner, "loan_id": id, "account_id": account, "granted_on": "2025-04-01", "amount_minor": 12_000_000,
            "currency": "CNY", "duration_months": 24, "payment_minor": 540_000, "status": "running_in_debt", "source": "staff",
        });
        self.put("loans", row, changes).await;
        id
    }

    pub async fn standing_order(&self, owner: Uuid, account: Uuid, changes: Value) -> Uuid {
        let id = self.id();
        let row = json!({
            "cardholder_id": owner, "standing_order_id": id, "account_id": account, "counterparty_bank": "CZ",
            "counterparty_account": "87144583", "amount_minor": 245_200, "currency": "CNY", "purpose": "household", "source": "staff",
        });
        self.put("standing_orders", row, changes).await;
        id
    }
}
