use std::{collections::BTreeMap, sync::LazyLock};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind};
use platform::{
    DbError,
    files::FileError,
    ids::{FileId, ImportId, JobId, StaffId},
    jobs::JobState,
    schema::imports,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trust::imports::{Encoding, FileFormat, Format, ImportField, ImportReport, RowFault};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{cardholders, transactions};

/// Rows that may be refused at most; no file has more.
const ROWS_MAX: u64 = 20_000_000;

platform::vocabulary! {
    /// What a file is about.
    pub enum ImportKind { Cardholders = "cardholders", Transactions = "transactions" }
}

platform::vocabulary! {
    /// What became of a run: everything was imported, everything would be, or too many rows were refused and nothing changed.
    pub enum ImportOutcome { Imported = "imported", Checked = "checked", Refused = "refused" }
}

impl ImportKind {
    /// What such a file may tell of each row.
    pub fn fields(self) -> &'static [ImportField] {
        match self {
            Self::Cardholders => cardholders::bulk::FIELDS,
            Self::Transactions => transactions::bulk::FIELDS,
        }
    }

    /// The names of those fields, in the same order.
    pub(super) fn field_names(self) -> &'static [&'static str] {
        static CARDHOLDERS: LazyLock<Vec<&str>> = LazyLock::new(|| names(cardholders::bulk::FIELDS));
        static TRANSACTIONS: LazyLock<Vec<&str>> = LazyLock::new(|| names(transactions::bulk::FIELDS));
        match self {
            Self::Cardholders => &CARDHOLDERS,
            Self::Transactions => &TRANSACTIONS,
        }
    }
}

fn names(fields: &'static [ImportField]) -> Vec<&'static str> {
    fields.iter().map(|field| field.name).collect()
}

/// Which column is which field, by the field's name.
pub(super) type Mapping = BTreeMap<String, String>;

/// The row.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = imports)]
pub(super) struct ImportRow {
    pub import_id: ImportId,
    pub kind: ImportKind,
    pub file_id: FileId,
    pub file_name: String,
    pub byte_count: i64,
    pub format: Value,
    pub column_names: Value,
    pub mapping: Option<Value>,
    pub is_dry_run: Option<bool>,
    pub errors_max: Option<i64>,
    pub job_id: Option<JobId>,
    pub errors_file_id: Option<FileId>,
    pub created_by: StaffId,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
}

impl ImportRow {
    pub(super) fn columns(&self) -> Vec<String> {
        serde_json::from_value(self.column_names.clone()).unwrap_or_default()
    }

    pub(super) fn mapping(&self) -> Mapping {
        self.mapping.clone().and_then(|mapping| serde_json::from_value(mapping).ok()).unwrap_or_default()
    }

    pub(super) fn format(&self) -> Option<Format> {
        serde_json::from_value(self.format.clone()).ok()
    }
}

/// Something that a file may tell of each row.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportFieldView {
    #[schema(example = "national_id")]
    pub name: &'static str,
    /// Whether a column must be named for it.
    pub is_required: bool,
}

/// The run of an import that was started last.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRun {
    pub job_id: JobId,
    /// Tried only: nothing is changed.
    pub is_dry_run: bool,
    /// Rows that may be refused before nothing is imported.
    pub errors_max: i64,
    pub status: JobState,
    pub progress_done: i64,
    pub progress_total: Option<i64>,
    /// Why it came to no end.
    pub error_code: Option<String>,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub outcome: Option<ImportOutcome>,
    /// What it did or would have done; its list of refused rows only where one import is asked for.
    pub report: Option<ImportReport>,
    /// Whether the refused rows can be had as a file.
    pub has_errors_file: bool,
}

/// An uploaded file and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Import {
    pub import_id: ImportId,
    pub kind: ImportKind,
    #[schema(example = "customers.csv")]
    pub file_name: String,
    pub byte_count: i64,
    pub format: FileFormat,
    pub encoding: Encoding,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// What it may tell.
    pub fields: Vec<ImportFieldView>,
    /// Which column is which field: as it was run, or as it may be meant.
    pub mapping: BTreeMap<String, String>,
    pub created_at: DateTime<Utc>,
    pub run: Option<ImportRun>,
}

/// The first rows of a file, as they stand in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportBeginning {
    pub columns: Vec<String>,
    pub rows: Vec<ImportBeginningRow>,
}

/// One of those rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportBeginningRow {
    pub line: u64,
    pub cells: Vec<String>,
}

/// What is uploaded. Its name goes in the header `X-File-Name`, percent-encoded.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    #[param(inline)]
    pub kind: ImportKind,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportFilter {
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// How an uploaded file is to be imported.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportWish {
    /// The file's column for each field, by the field's name.
    #[schema(example = json!({ "name": "姓名", "phone": "手机号", "branch": "网点" }))]
    pub mapping: BTreeMap<String, String>,
    /// Reads, checks and compares; changes nothing.
    #[serde(default)]
    pub is_dry_run: bool,
    /// Rows that may be refused before nothing is imported at all.
    #[serde(default)]
    #[validate(range(max = ROWS_MAX, code = "number.range"))]
    #[schema(maximum = 20_000_000)]
    pub errors_max: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportsError {
    #[error("no such import")]
    Missing,
    #[error("the import is running")]
    Running,
    #[error("the import is not running")]
    NotRunning,
    #[error("nothing was refused, or the list has expired")]
    NoErrors,
    /// What was uploaded is none of the formats, or can't be read.
    #[error("the file can't be read")]
    Unreadable(&'static str),
    #[error("the file has a column that no bank may keep")]
    Secret,
    #[error("fields are not acceptable")]
    Invalid(Vec<FieldFault>),
    #[error("the upload did not arrive whole")]
    Incomplete,
    #[error("the work was interrupted")]
    Interrupted,
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<RowFault> for ImportsError {
    fn from(fault: RowFault) -> Self {
        Self::Unreadable(fault.code)
    }
}

impl Fault for ImportsError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing | Self::NoErrors => Kind::Missing,
            Self::Running | Self::NotRunning => Kind::Conflict,
            Self::Unreadable(_) | Self::Invalid(_) => Kind::Invalid,
            Self::Secret | Self::Incomplete => Kind::Malformed,
            Self::Interrupted => Kind::Internal,
            Self::File(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "imports.missing",
            Self::Running => "imports.running",
            Self::NotRunning => "imports.not_running",
            Self::NoErrors => "imports.no_errors",
            Self::Unreadable(code) => code,
            Self::Secret => "card.secret_refused",
            Self::Invalid(_) => "request.invalid_fields",
            Self::Incomplete => "request.incomplete",
            Self::Interrupted => "internal",
            Self::File(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::File(error) => error.params(),
            _ => Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Invalid(faults) => faults.clone(),
            _ => Vec::new(),
        }
    }
}
