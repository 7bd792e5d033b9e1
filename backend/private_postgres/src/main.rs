//! `private-postgres FOLDER`: keeps a private server running on a folder until it is told to stop, and
//! prints the superuser's address. For looking at a kept database by hand, and for the tests of the crate.

use std::env;
use std::error::Error;
use std::io::{Write, stdout};

use nix::sys::signal::{SigSet, Signal};
use private_postgres::{PrivatePostgres, SUPERUSER, Settings};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).ok_or("usage: private-postgres FOLDER")?;
    // Before the first thread, which inherits it: the signals are taken by `wait` below.
    let mut ends = SigSet::empty();
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        ends.add(signal);
    }
    ends.thread_block()?;
    let server = PrivatePostgres::start(Settings::kept(folder, [] as [&str; 0]))?;
    writeln!(stdout(), "{}", server.url("postgres", SUPERUSER))?;
    stdout().flush()?;
    ends.wait()?;
    server.stop();
    Ok(())
}
