//! A private server that another process of ours runs: where it listens.

use std::path::Path;

use platform::database::{APP_ROLE, OWNER_ROLE, TRUTH_ROLE};

use crate::bootstrap::Urls;

/// The line of PostgreSQL's own `postmaster.pid` that names the folder of its socket.
const SOCKET_LINE: usize = 4;
/// The line that says how far the server is.
const STATUS_LINE: usize = 7;

/// The ways into `database` on the server whose data lies in `data_dir`; `None` while it is not ready.
pub(crate) fn urls_in(data_dir: &Path, database: &str) -> Option<Urls> {
    let text = std::fs::read_to_string(data_dir.join("cluster/postmaster.pid")).ok()?;
    urls_of(&text, database)
}

fn urls_of(postmaster: &str, database: &str) -> Option<Urls> {
    let line = |at| postmaster.lines().nth(at).map(str::trim);
    line(STATUS_LINE).filter(|status| *status == "ready")?;
    let host = percent_encoded(line(SOCKET_LINE).filter(|folder| !folder.is_empty())?);
    let url = |role: &str| format!("postgres://{role}@{host}:5432/{database}");
    Some(Urls { app: url(APP_ROLE), owner: url(OWNER_ROLE), truth: Some(url(TRUTH_ROLE)) })
}

fn percent_encoded(folder: &str) -> String {
    folder.bytes().fold(String::new(), |encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded + &char::from(byte).to_string()
        } else {
            encoded + &format!("%{byte:02X}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::urls_of;

    #[test]
    fn the_socket_is_read_from_the_servers_own_file() {
        let file = |status: &str| {
            format!(
                "4711\n/srv/bank/data/postgres/cluster\n1762000000\n5432\n/srv/bank/data/postgres/socket\n\n  12  34\n{status}\n"
            )
        };
        let urls = urls_of(&file("ready   "), "cardea").unwrap();
        assert_eq!(urls.app, "postgres://cardea_app@%2Fsrv%2Fbank%2Fdata%2Fpostgres%2Fsocket:5432/cardea");
        assert!(urls_of(&file("starting"), "cardea").is_none());
        assert!(urls_of("4711\n", "cardea").is_none());
    }
}
