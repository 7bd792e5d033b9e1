use chrono::NaiveDate;
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Jsonb, Nullable, Text, Uuid},
};
use platform::ids::CardholderId;
use serde::Serialize;
use utoipa::ToSchema;

platform::vocabulary! {
    /// A number that says how things stand.
    pub enum Figure {
        /// Managed by the caller.
        MyCardholders = "my_cardholders",
        /// Within the caller's reach.
        BranchCardholders = "branch_cardholders",
        OpenedThisMonth = "opened_this_month",
        Prospects = "prospects",
        Dormant = "dormant",
        FrozenCards = "frozen_cards",
        /// Accounts whose newest statement is overdue.
        PastDueStatements = "past_due_statements",
        /// What those statements lack, in the currency of most of them.
        PastDueMinor = "past_due_minor",
        StaffActive = "staff_active",
        StaffLocked = "staff_locked",
        BranchesOpen = "branches_open",
        JobsRunning = "jobs_running",
        /// Of the last thirty days.
        JobsFailed = "jobs_failed",
        SignInsRefused = "sign_ins_refused",
        AuditEntriesToday = "audit_entries_today",
        /// Requests that the caller may decide.
        ApprovalsWaiting = "approvals_waiting",
    }
}

platform::vocabulary! {
    /// A short list of cardholders to look at.
    pub enum Listing {
        RecentlyOpened = "recently_opened",
        FrozenCards = "frozen_cards",
        PastDue = "past_due",
        /// Of the caller's own cardholders.
        BirthdaysThisWeek = "birthdays_this_week",
        Dormant = "dormant",
        NoManager = "no_manager",
    }
}

platform::vocabulary! {
    /// What a figure counts.
    pub enum Unit { Count = "count", Minor = "minor" }
}

/// What needs somebody today: figures and short lists, by role.
#[derive(Debug, Serialize, ToSchema)]
pub struct Workbench {
    /// The bank's present day.
    pub business_on: NaiveDate,
    pub cards: Vec<WorkbenchCard>,
    pub lists: Vec<WorkbenchList>,
}

/// One figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkbenchCard {
    pub code: Figure,
    /// Counts stop at 10001: "more than 10,000".
    pub value: i64,
    pub unit: Unit,
    /// Of an amount.
    pub currency: Option<String>,
    /// The list that holds these rows, below `/api/v1`, where there is one.
    #[schema(example = "/cardholders?lifecycle=dormant")]
    pub link: Option<String>,
}

/// A few cardholders to look at, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkbenchList {
    pub code: Listing,
    /// At most eight.
    pub items: Vec<WorkbenchItem>,
}

/// One cardholder of such a list.
#[derive(Debug, QueryableByName, Serialize, ToSchema)]
pub struct WorkbenchItem {
    #[diesel(sql_type = Uuid)]
    pub cardholder_id: CardholderId,
    #[diesel(sql_type = Text)]
    #[schema(example = "C10028341")]
    pub customer_no: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub name: Option<String>,
    /// Why it stands in this list: `opened_on`, `birth_on`, `last_four`, `frozen_at`, `days_past_due`, …
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Object)]
    pub params: serde_json::Value,
}

/// One figure as the database answers it.
#[derive(Debug, QueryableByName)]
pub struct Counted {
    #[diesel(sql_type = BigInt)]
    pub value: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub currency: Option<String>,
}
