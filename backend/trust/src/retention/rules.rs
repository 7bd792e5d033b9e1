//! The rules: one line per table. The house walks the catalogue and finds the table that has none.

use chrono::{Days, Months, NaiveDate};

use super::model::{
    KeptReason::{self, Accountability, Cardholder, Current, Ledger, Tombstone},
    RetentionGround::{self, AmlLaw, Operation, OwnTime, PrivacyLaw, PurposeEnded, Security},
};
use Age::{At, On};
use Period::{Configured, Days as D, RowsOwn, Years};

/// The column that a row's age is counted from. A row without a value there has no age yet.
#[derive(Debug, Clone, Copy)]
pub enum Age {
    /// A moment.
    At(&'static str),
    /// A day.
    On(&'static str),
}

impl Age {
    pub fn column(self) -> &'static str {
        match self {
            At(column) | On(column) => column,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Period {
    Days(u32),
    Years(u32),
    /// Each row says itself when its time is over.
    RowsOwn,
    /// Years of the trail, which the configuration has.
    Configured,
}

impl Period {
    /// The first day that is kept on `today`; what is older is due.
    pub fn kept_from(self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            D(days) => today.checked_sub_days(Days::new(days.into())),
            Years(years) => today.checked_sub_months(Months::new(years * 12)),
            RowsOwn | Configured => None,
        }
    }
}

/// How rows are found and deleted.
#[derive(Debug, Clone, Copy)]
pub struct Deletion {
    /// The primary key with its types: what batches go by.
    pub key: &'static [(&'static str, &'static str)],
    /// Which rows the rule is about, the table being `x`.
    pub only: &'static str,
    /// Whether rows of a cardholder under a legal hold stay.
    pub is_held_back: bool,
    /// Rows of another table that go with them, which the application may only add to: the table and the column that is the key.
    pub with: Option<(&'static str, &'static str)>,
}

/// What happens when the time is over.
#[derive(Debug, Clone, Copy)]
pub enum End {
    Delete(Deletion),
    /// Something else does it by itself: this.
    Owner(&'static str),
    /// The law asks for at least that long; nothing deletes it yet.
    Keep,
}

#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub table: &'static str,
    pub age: Age,
    pub period: Period,
    pub ground: RetentionGround,
    pub end: End,
}

impl Rule {
    /// How rows of this table are deleted, and from which day on they are kept; of those that are deleted by a walk.
    pub fn deletion(&self, today: NaiveDate) -> Option<(&Deletion, NaiveDate)> {
        match &self.end {
            End::Delete(deletion) => Some((deletion, self.period.kept_from(today)?)),
            End::Owner(_) | End::Keep => None,
        }
    }
}

type Key = &'static [(&'static str, &'static str)];

const EVERY: &str = "TRUE";
/// Views of those who don't work here any more; the others tend theirs.
const OWNER_LEFT: &str = "EXISTS (SELECT FROM staff s WHERE s.staff_id = x.staff_id AND NOT s.is_active)";
/// How an import or an export ended stands in its job, which therefore stays as long as they do.
const NOBODYS: &str = "NOT EXISTS (SELECT FROM imports i WHERE i.job_id = x.job_id)
    AND NOT EXISTS (SELECT FROM exports e WHERE e.job_id = x.job_id)";
/// Nothing of it is under way.
const AT_REST: &str =
    "NOT EXISTS (SELECT FROM jobs j WHERE j.job_id = x.job_id AND j.status IN ('queued', 'running'))";

const fn rule(table: &'static str, age: Age, period: Period, ground: RetentionGround, end: End) -> Rule {
    Rule { table, age, period, ground, end }
}

const fn delete(key: Key, only: &'static str) -> End {
    End::Delete(Deletion { key, only, is_held_back: false, with: None })
}

/// The same, but a legal hold wins.
const fn delete_unless_held(key: Key) -> End {
    End::Delete(Deletion { key, only: EVERY, is_held_back: true, with: None })
}

/// The same, and with each row what hangs on it elsewhere.
const fn delete_unless_held_with(key: Key, with: (&'static str, &'static str)) -> End {
    End::Delete(Deletion { key, only: EVERY, is_held_back: true, with: Some(with) })
}

/// In the order in which a walk goes: jobs before what keeps them, so that a count and the walk after it agree.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule("jobs",               At("finished_at"),   D(90),      Operation,    delete(&[("job_id", "uuid")], NOBODYS)),
    rule("idempotency_keys",   At("created_at"),    D(7),       Operation,    delete(&[("client_id", "uuid"), ("route", "text"), ("key", "text")], EVERY)),
    rule("reveal_quotas",      On("used_on"),       D(90),      Operation,    delete(&[("staff_id", "uuid"), ("used_on", "date")], EVERY)),
    rule("export_quotas",      On("used_on"),       D(90),      Operation,    delete(&[("staff_id", "uuid"), ("used_on", "date")], EVERY)),
    rule("work_items",         At("done_at"),       Years(2),   Operation,    delete_unless_held(&[("kind", "text"), ("item_id", "uuid")])),
    rule("staff_sessions",     At("expires_at"),    Years(1),   Security,     delete(&[("session_id", "uuid")], EVERY)),
    rule("staff_recovery_codes", At("used_at"),     D(90),      Security,     delete(&[("staff_id", "uuid"), ("code_hash", "bytea")], EVERY)),
    // After as many days its count is forgotten anyway.
    rule("unknown_sign_ins",   At("last_failed_at"),  D(30),      Security,     delete(&[("name_digest", "bytea")], EVERY)),
    rule("audit_lookups",      On("looked_on"),     Years(1),   Security,     delete(&[("staff_id", "uuid"), ("looked_on", "date")], EVERY)),
    rule("audit_anomalies",    At("reviewed_at"),   Years(5),   Security,     delete_unless_held(&[("anomaly_id", "uuid")])),
    rule("break_glass_grants", At("reviewed_at"),   Years(5),   Security,     delete_unless_held(&[("grant_id", "uuid")])),
    rule("imports",            At("created_at"),    Years(3),   PrivacyLaw,   delete(&[("import_id", "uuid")], AT_REST)),
    rule("exports",            At("created_at"),    Years(3),   PrivacyLaw,   delete_unless_held(&[("export_id", "uuid")])),
    rule("subject_requests",   At("closed_at"),     Years(3),   PrivacyLaw,   delete_unless_held(&[("request_id", "uuid")])),
    rule("legal_holds",        At("lifted_at"),     Years(5),   PrivacyLaw,   delete_unless_held(&[("hold_id", "uuid")])),
    // As long as what they changed is kept by the law; what still waits has not ended.
    rule("approvals",          At("ended_at"),      Years(10),  AmlLaw,       delete_unless_held_with(&[("approval_id", "uuid")], ("approval_decisions", "approval_id"))),
    rule("import_mappings",    At("updated_at"),    Years(2),   PurposeEnded, delete(&[("kind", "text"), ("header_digest", "bytea")], EVERY)),
    rule("saved_views",        At("updated_at"),    Years(1),   PurposeEnded, delete(&[("staff_id", "uuid"), ("view_id", "uuid")], OWNER_LEFT)),

    rule("audit_entries",      At("occurred_at"),   Configured, Security,     End::Owner("audit.retire")),
    rule("events",             At("created_at"),    D(1),       Operation,    End::Owner("events.forget")),
    rule("files",              At("expires_at"),    RowsOwn,    OwnTime,      End::Owner("files.expire")),
    rule("subject_packages",   At("made_at"),       RowsOwn,    OwnTime,      End::Owner("subject_requests.end_packages")),

    // Append-only for the application: a walk takes them out as the owner of the tables, with their request.
    rule("approval_decisions", At("decided_at"),    Years(10),  AmlLaw,       End::Owner("retention.apply")),

    rule("transactions",       At("occurred_at"),   Years(10),  AmlLaw,       End::Keep),
    rule("statements",         On("closed_on"),     Years(10),  AmlLaw,       End::Keep),
    rule("repayments",         On("paid_in_month"), Years(10),  AmlLaw,       End::Keep),
    rule("accounts",           On("closed_on"),     Years(10),  AmlLaw,       End::Keep),
    rule("cards",              On("expires_on"),    Years(10),  AmlLaw,       End::Keep),
    rule("loans",              On("granted_on"),    Years(10),  AmlLaw,       End::Keep),
    rule("cardholder_changes", At("changed_at"),    Years(10),  AmlLaw,       End::Keep),
    rule("consents",           At("recorded_at"),   Years(3),   PrivacyLaw,   End::Keep),
];

/// Tables whose rows get no older: why.
#[rustfmt::skip]
pub const KEPT: &[(&str, KeptReason)] = &[
    ("branches", Current),
    ("business_days", Current),
    ("event_heads", Current),
    ("approval_policies", Current),
    ("staff_second_factors", Current),
    ("products", Current),
    ("merchant_categories", Current),
    ("districts", Current),
    ("statistic_cells", Current),
    ("statistic_refreshes", Current),
    // They go with their file.
    ("file_chunks", Current),

    ("cardholders", Cardholder),
    ("cardholder_keys", Cardholder),
    ("cardholder_phones", Cardholder),
    ("cardholder_emails", Cardholder),
    ("cardholder_addresses", Cardholder),
    ("contact_preferences", Cardholder),
    ("national_id_index", Cardholder),
    ("phone_index", Cardholder),
    ("phone_tail_index", Cardholder),
    ("email_index", Cardholder),
    ("street_index", Cardholder),
    ("external_id_index", Cardholder),
    ("name_grams", Cardholder),
    ("outcome_labels", Cardholder),

    ("customer_no_index", Ledger),
    ("account_no_index", Ledger),
    ("account_parties", Ledger),
    ("usable_accounts", Ledger),
    ("card_token_index", Ledger),
    ("card_tail_index", Ledger),
    ("standing_orders", Ledger),

    ("staff", Accountability),
    ("audit_seals", Accountability),
    ("consent_texts", Accountability),
    ("cardholder_links", Accountability),
    ("retention_runs", Accountability),
    ("retention_results", Accountability),

    ("erased_cardholders", Tombstone),
    ("erased_marks", Tombstone),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_that_lies_the_period_back_is_kept_and_the_one_before_it_is_not() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(D(90).kept_from(day("2026-11-02")), Some(day("2026-08-04")));
        assert_eq!(Years(3).kept_from(day("2026-11-02")), Some(day("2023-11-02")));
        assert_eq!(Years(1).kept_from(day("2028-02-29")), Some(day("2027-02-28")));
        assert_eq!(RowsOwn.kept_from(day("2026-11-02")), None);
    }
}
