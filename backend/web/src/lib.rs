//! What every handler shares: the caller and what they may see, parsed bodies and queries, problem documents, ETags.

pub mod access;
mod activity;
mod caller;
mod directory;
mod etag;
pub mod free_text;
mod language;
mod problem;
mod request;
mod responses;
mod secrets;
mod shape;
mod sight;
mod words;

pub use access::{FieldClass, Permission, Reach, Span};
pub use activity::{Activity, worked_at};
pub use caller::{AnySignedIn, AnyStaff, Caller, Known, Remarked, Remarks, Requires, Stranger, stranger_of};
pub use directory::{BranchEntry, Directory, Opened, Snapshot, StaffEntry};
pub use etag::{Change, IfMatch, Precondition, Tagged};
pub use problem::{ApiError, ApiResult, FieldProblem, Problem};
pub use request::{
    IdPath, Query, RequestFault, Valid, configure_extractors, first_fault, flatten_validation, parse_after,
    parse_part,
};
pub use responses::{
    CreateProblems, LimitedProblems, ReadProblems, RecordProblems, SignInProblems, WriteProblems,
    problem_schemas,
};
pub use secrets::{is_secret_name, is_track};
pub use shape::{NotFound, not_found, shape};
pub use sight::{Sight, Veil};
