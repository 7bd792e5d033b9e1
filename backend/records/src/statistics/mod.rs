//! Statistics: how many, how much and how busy, by branch, product and month. Added up ahead by a job over the whole bank; a
//! portfolio of one's own is added up when it is asked for. Whoever can't see the rows behind a figure is shown none that
//! stands for fewer than five people, nor one from which, with the other tables of the same figures, such a figure follows.

mod cells;
mod export;
mod http;
mod jobs;
mod model;
mod repo;
mod span;
mod suppress;
mod tally;

pub use export::StatisticsExport;
pub use http::routes;
pub use jobs::{RefreshStatistics, register};
pub use model::{Dimension, Measure, Statistics, StatisticsFilter, StatisticsGroup};
pub use tally::{Asking, figures};
