//! Sessions: signing in, staying signed in, signing out, changing one's password. An access token lives for minutes; the refresh
//! token rotates at every use, and one that is seen twice ends the session.

mod change_password;
mod door;
mod http;
mod model;
mod refresh;
mod repo;
mod sign_in;

pub(super) use http::routes;
pub(super) use repo::end_all_of;
