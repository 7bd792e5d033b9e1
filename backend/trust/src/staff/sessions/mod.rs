//! Sessions: signing in, staying signed in, signing out, changing one's password. An access token lives for minutes; the refresh
//! token rotates at every use, and one that is seen twice ends the session.

mod change_password;
mod door;
mod http;
mod lock;
mod model;
mod refresh;
mod repo;
mod sign_in;
mod step_up;

pub(super) use http::routes;
pub use model::StepUpError;
pub(super) use repo::end_all_of;
pub use step_up::require_step_up;
