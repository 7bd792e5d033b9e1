//! The workbench: what needs the caller today. Figures and short lists by role, within the caller's reach; codes and parameters
//! only, the sentences are the client's.

mod birthdays;
mod http;
mod model;
mod plan;
mod repo;

pub use http::routes;
pub use model::{Figure, Listing, Workbench};
pub use plan::{Asked, figures_of, listings_of};
pub use repo::{figure_query, listing_query};
