use kernel::{Fault, FieldFault, Kind};
use platform::{DbError, ids::ApprovalId, vault::VaultError};
use serde_json::{Map, Value};

use super::{executors::Refusal, model::ApprovalStatus};

#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    #[error("no such request for this caller")]
    Missing,
    #[error("the request waits for no decision any more")]
    NotPending { status: ApprovalStatus },
    #[error("a request for the same matter is under way")]
    AlreadyPending { approval_id: ApprovalId },
    #[error("fields that need an approval came together with others")]
    MixedChange { fields: Vec<String> },
    #[error("nobody decides what they asked for")]
    OwnRequest,
    #[error("nobody decides about themselves")]
    OwnCase,
    #[error("a checker decides once")]
    DecidedAlready,
    #[error("the caller may not decide this")]
    NotAChecker,
    #[error("the caller may not ask for this")]
    NotAMaker,
    #[error("a rejection needs its reason")]
    CommentMissing,
    #[error("what it was asked upon has changed")]
    StaleBase,
    #[error("the request's time is over")]
    Expired,
    #[error("what was asked for has been altered since")]
    PayloadDamaged,
    #[error("nothing here can execute this operation")]
    NoExecutor,
    /// The executing slice says why it can't be done.
    #[error("it can't be executed: {0}")]
    Refused(Refusal),
    /// Whoever decides has to prove once more who they are.
    #[error("the checker must prove to be themselves: {0}")]
    StepUp(Refusal),
    #[error("the vault: {0}")]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for ApprovalError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::OwnRequest | Self::OwnCase | Self::NotAChecker | Self::NotAMaker => Kind::Forbidden,
            Self::CommentMissing => Kind::Invalid,
            Self::NotPending { .. }
            | Self::AlreadyPending { .. }
            | Self::MixedChange { .. }
            | Self::DecidedAlready
            | Self::StaleBase
            | Self::Expired
            | Self::PayloadDamaged => Kind::Conflict,
            Self::NoExecutor | Self::Vault(_) => Kind::Internal,
            Self::Refused(refusal) | Self::StepUp(refusal) => refusal.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "approvals.missing",
            Self::NotPending { .. } => "approvals.not_pending",
            Self::AlreadyPending { .. } => "approvals.already_pending",
            Self::MixedChange { .. } => "approvals.mixed_change",
            Self::OwnRequest => "approvals.own_request",
            Self::OwnCase => "approvals.own_case",
            Self::DecidedAlready => "approvals.decided_already",
            Self::NotAChecker => "approvals.not_a_checker",
            Self::NotAMaker => "approvals.not_a_maker",
            Self::CommentMissing => "approvals.comment_missing",
            Self::StaleBase => "approvals.stale_base",
            Self::Expired => "approvals.expired",
            Self::PayloadDamaged => "approvals.payload_damaged",
            Self::NoExecutor | Self::Vault(_) => "internal",
            Self::Refused(refusal) | Self::StepUp(refusal) => refusal.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        let one = |name: &str, value: Value| Map::from_iter([(name.to_owned(), value)]);
        match self {
            Self::NotPending { status } => one("status", status.as_str().into()),
            Self::AlreadyPending { approval_id } => one("approval_id", approval_id.to_string().into()),
            Self::MixedChange { fields } => one("fields", fields.clone().into()),
            Self::Refused(refusal) | Self::StepUp(refusal) => refusal.params(),
            _ => Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::CommentMissing => vec![FieldFault::new("/comment", self.code())],
            Self::MixedChange { fields } => {
                fields.iter().map(|field| FieldFault::new(format!("/{field}"), self.code())).collect()
            }
            Self::Refused(refusal) | Self::StepUp(refusal) => refusal.fields(),
            _ => Vec::new(),
        }
    }
}
