//! Sessions: signing in, staying signed in, signing out, changing one's password. An access token lives for minutes; the refresh
//! token rotates at every use, and one that is seen twice ends the session.

mod activity;
mod change_password;
mod door;
mod faults;
mod http;
mod lock;
mod model;
mod refresh;
mod repo;
mod sign_in;
mod step_up;
mod tend;

pub use activity::keep_activity;
pub(super) use door::Door;
pub(super) use faults::SessionError;
pub use faults::StepUpError;
pub(super) use http::routes;
pub(super) use model::{EndReason, OpenSessions};
pub(super) use repo::end_all_of;
pub use step_up::require_step_up;
pub(super) use tend::{end_one, list_open};
