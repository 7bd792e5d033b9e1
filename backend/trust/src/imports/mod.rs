//! The bulk path that every import shares.
//!
//! A source file is read row by row and parsed at the door ([`Row`]); what is refused is noted with file, line, column and a
//! code, never with its value. Accepted rows go into temporary staging tables as binary rows, in a session that can't change
//! anything that stays. Once every file has been read and few enough rows were refused, each step is merged by set-based
//! statements in one transaction with its audit row ([`Step`]). So an import is refused before it has changed anything, a
//! process that is killed leaves whole steps and no half ones, and a second run finds nothing left to do.

mod drive;
mod faults;
mod fields;
mod format;
mod import;
mod mapped;
mod merge;
mod report;
mod source_file;
mod table;
mod watch;
mod workbook;

pub use faults::{ImportError, RowError, RowFault};
pub use format::{FileFormat, Format, Utf8Check};
pub use import::{Import, ImportOptions, Plan};
pub use mapped::{Beginning, ImportField, Layout, beginning_of, header_digest, refused_rows};
pub use merge::{Facts, NewRows, Part, Rows, Step};
pub use report::{FileReport, ImportReport, TableReport};
pub use source_file::SourceFile;
pub use table::{Encoding, Reading, Row, Shape};
pub use watch::{Phase, Progress, Watch};
