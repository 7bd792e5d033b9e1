use kernel::{Fault, FieldFault, Kind};
use platform::{DbError, files::FileError};
use serde_json::{Map, Value};
use web::RequestFault;

use crate::{
    approvals::{ApprovalError, Refusal},
    staff::StepUpError,
};

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("no such export of this caller")]
    Missing,
    #[error("this role can't read that list")]
    ListForbidden,
    #[error("a list of one cardholder needs to be told whose")]
    CardholderNeeded,
    #[error("this list is of no single cardholder")]
    CardholderRefused,
    #[error("today's quota is used up")]
    QuotaExceeded { daily_max: i32, retry_after_seconds: i64 },
    #[error("more rows than a file may have")]
    TooManyRows { rows_max: i64 },
    #[error("more rows than a sheet holds")]
    TooManyForSheet { rows_max: i64 },
    #[error("a text is longer than a cell of a sheet holds")]
    CellTooLong,
    #[error("the list has grown beyond what needs no approval")]
    Grown,
    #[error("the list has grown beyond what was approved")]
    Outgrown,
    #[error("somebody was erased while it was written")]
    ErasedMeanwhile,
    #[error("the caller may no longer have all that the file holds")]
    Narrowed,
    #[error("there is no file, not yet or not any more")]
    NotReady,
    #[error("the export has ended")]
    Ended,
    /// The list says why it can't be read.
    #[error("the list can't be read: {0}")]
    List(Refusal),
    #[error(transparent)]
    StepUp(#[from] StepUpError),
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    #[error(transparent)]
    Request(#[from] RequestFault),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for ExportError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::ListForbidden | Self::Narrowed => Kind::Forbidden,
            Self::CardholderNeeded | Self::CardholderRefused => Kind::Invalid,
            Self::QuotaExceeded { .. } => Kind::TooMany,
            Self::TooManyRows { .. }
            | Self::TooManyForSheet { .. }
            | Self::CellTooLong
            | Self::Grown
            | Self::Outgrown
            | Self::ErasedMeanwhile
            | Self::NotReady
            | Self::Ended => Kind::Conflict,
            Self::List(refusal) => refusal.kind(),
            Self::StepUp(error) => error.kind(),
            Self::Approval(error) => error.kind(),
            Self::Request(fault) => fault.kind(),
            Self::File(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "exports.missing",
            Self::ListForbidden => "exports.list_forbidden",
            Self::CardholderNeeded | Self::CardholderRefused => "request.invalid_fields",
            Self::QuotaExceeded { .. } => "exports.quota_exceeded",
            Self::TooManyRows { .. } => "exports.too_many_rows",
            Self::TooManyForSheet { .. } => "exports.too_many_for_sheet",
            Self::CellTooLong => "exports.cell_too_long",
            Self::Grown => "exports.grown",
            Self::Outgrown => "exports.outgrown",
            Self::ErasedMeanwhile => "exports.erased_meanwhile",
            Self::Narrowed => "exports.narrowed",
            Self::NotReady => "exports.not_ready",
            Self::Ended => "exports.ended",
            Self::List(refusal) => refusal.code(),
            Self::StepUp(error) => error.code(),
            Self::Approval(error) => error.code(),
            Self::Request(fault) => fault.code(),
            Self::File(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        let one = |name: &str, value: Value| Map::from_iter([(name.to_owned(), value)]);
        match self {
            Self::QuotaExceeded { daily_max, retry_after_seconds } => Map::from_iter([
                ("daily_max".to_owned(), (*daily_max).into()),
                ("retry_after_seconds".to_owned(), (*retry_after_seconds).into()),
            ]),
            Self::TooManyRows { rows_max } | Self::TooManyForSheet { rows_max } => {
                one("rows_max", (*rows_max).into())
            }
            Self::List(refusal) => refusal.params(),
            Self::StepUp(error) => error.params(),
            Self::Approval(error) => error.params(),
            Self::Request(fault) => fault.params(),
            Self::File(error) => error.params(),
            _ => Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::CardholderNeeded => vec![FieldFault::new("/cardholder_id", "field.missing")],
            Self::CardholderRefused => vec![FieldFault::new("/cardholder_id", "field.unknown")],
            Self::List(refusal) => refusal.fields(),
            Self::Approval(error) => error.fields(),
            Self::Request(fault) => fault.fields(),
            _ => Vec::new(),
        }
    }
}
