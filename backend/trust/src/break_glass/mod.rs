//! Break-glass: in an emergency a member of staff opens the record of a cardholder out of their reach, for a while, with a
//! reason. It may be read, never changed. The home branch's manager gets a note and judges it afterwards; the auditor sees all.

mod grant;
mod http;
mod model;
mod repo;

pub use http::routes;
pub use model::{BreakGlassError, BreakGlassGrant};
