//! Files whose time is over are ended here, with an audit row; the files themselves are `platform::files`.

mod jobs;

pub use jobs::{ExpireFiles, register};
