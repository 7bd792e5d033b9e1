//! The permissions, each with the marker type that a handler names in `Caller<…>`.

macro_rules! permissions {
    ($($name:ident = $word:literal),+ $(,)?) => {
        platform::vocabulary! {
            /// What an operation asks of its caller: `slice:verb`.
            pub enum Permission { $($name = $word),+ }
        }

        /// One type per permission, for handler signatures.
        pub mod markers {
            $(pub struct $name;
            impl crate::Requires for $name {
                const PERMISSION: Option<super::Permission> = Some(super::Permission::$name);
            })+
        }
    };
}

permissions! {
    CardholdersRead = "cardholders:read",
    CardholdersWrite = "cardholders:write",
    CardholdersLifecycle = "cardholders:lifecycle",
    CardholdersReveal = "cardholders:reveal",
    AccountsRead = "accounts:read",
    CardsFreeze = "cards:freeze",
    TransactionsRead = "transactions:read",
    StaffRead = "staff:read",
    StaffWrite = "staff:write",
    BranchesRead = "branches:read",
    BranchesWrite = "branches:write",
    AuditRead = "audit:read",
    AnomaliesRead = "anomalies:read",
    AnomaliesReview = "anomalies:review",
    AccessLogRead = "access_log:read",
    JobsRead = "jobs:read",
    JobsWrite = "jobs:write",
    KeysRead = "keys:read",
    KeysRotate = "keys:rotate",
    ViewsWrite = "views:write",
    WorkItemsWrite = "work_items:write",
    BreakGlassRead = "break_glass:read",
    BreakGlassUse = "break_glass:use",
    BreakGlassReview = "break_glass:review",
    ImportsWrite = "imports:write",
    ApprovalsRead = "approvals:read",
    ApprovalsDecide = "approvals:decide",
    CardholdersApprove = "cardholders:approve",
    StaffApprove = "staff:approve",
    ExportsApprove = "exports:approve",
    ConsentsRead = "consents:read",
    ConsentsWrite = "consents:write",
    ConsentTextsWrite = "consent_texts:write",
    SubjectRequestsRead = "subject_requests:read",
    SubjectRequestsWrite = "subject_requests:write",
    SubjectRequestsHandle = "subject_requests:handle",
    SubjectPackagesOpen = "subject_packages:open",
    LegalHoldsWrite = "legal_holds:write",
    ExportsRun = "exports:run",
    StatisticsRead = "statistics:read",
    RetentionRead = "retention:read",
    RetentionRun = "retention:run",
}
