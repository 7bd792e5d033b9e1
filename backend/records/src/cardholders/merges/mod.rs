//! Merging records of one person, and taking that back. Neither moves a row: a link says who stands for whom, what was there stays
//! where it is and is read together, and what is new belongs to the survivor.

mod ask;
mod execute;
mod http;
mod model;
mod plan;
mod preview;
mod repo;
mod undo;

pub(super) use execute::register_executor;
pub use http::routes;
pub use model::{Merge, MergeError, MergePreview, Merges, NewMerge, Unmerge};
