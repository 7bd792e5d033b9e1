//! The server's settings, written anew at every start: memory, durability and who may connect.

use std::fs;
use std::path::Path;

use crate::SUPERUSER;
use crate::account::system_users;
use crate::cluster::accepts;
use crate::error::StartError;
use crate::home::Home;
use crate::memory::{machine_bytes, sized_settings};
use crate::programs::Programs;
use crate::settings::{Durability, Settings};

/// Included from the cluster's own `postgresql.conf`, which stays the operator's to edit.
pub(crate) const INCLUDED_FILE: &str = "cardea.conf";

pub(crate) fn write(settings: &Settings, home: &Home, programs: &Programs) -> Result<(), StartError> {
    let cluster = home.cluster();
    let is_lz4 = settings.is_kept() && accepts(programs, home, "wal_compression", "lz4");
    put(&cluster.join(INCLUDED_FILE), &server_settings(settings, home.socket_dir(), is_lz4))?;
    let (hba, ident) = access_rules(&settings.durability, &system_users(home.account.as_ref()));
    put(&cluster.join("pg_hba.conf"), &hba)?;
    put(&cluster.join("pg_ident.conf"), &ident)
}

/// Over what is there: initdb made the files, and so they keep belonging to the server's account.
fn put(path: &Path, text: &str) -> Result<(), StartError> {
    fs::write(path, text).map_err(StartError::io("write", path))
}

/// The log of changes holds whole pages after each checkpoint. `lz4` costs a fraction of what PostgreSQL's own compression does,
/// and not every build has it.
fn server_settings(settings: &Settings, socket_dir: &Path, is_lz4: bool) -> String {
    let mut lines: Vec<(&str, String)> = vec![
        ("listen_addresses", String::new()),
        ("port", "5432".to_owned()),
        ("unix_socket_directories", socket_dir.display().to_string()),
        ("unix_socket_permissions", "0700".to_owned()),
        ("max_connections", settings.max_connections.to_string()),
        ("timezone", "UTC".to_owned()),
        ("log_timezone", "UTC".to_owned()),
        ("lc_messages", "C.UTF-8".to_owned()),
        ("jit", "off".to_owned()),
        ("random_page_cost", "1.1".to_owned()),
        ("log_line_prefix", "%m [%p] ".to_owned()),
        // Values of customers appear in failing statements and in the details of constraint errors.
        ("log_min_error_statement", "panic".to_owned()),
        ("log_error_verbosity", "terse".to_owned()),
    ];
    if settings.is_kept() {
        lines.extend(sized_settings(settings.memory_bytes.unwrap_or_else(machine_bytes)));
        lines.push(("checkpoint_timeout", "15min".to_owned()));
        lines.push(("wal_compression", if is_lz4 { "lz4" } else { "on" }.to_owned()));
    } else {
        // Small buffers: creating and dropping a database per test walks through all of them.
        lines.push(("shared_buffers", "128MB".to_owned()));
        lines.push(("max_wal_size", "1GB".to_owned()));
        for name in ["fsync", "synchronous_commit", "full_page_writes", "autovacuum"] {
            lines.push((name, "off".to_owned()));
        }
        lines.push(("wal_level", "minimal".to_owned()));
        lines.push(("max_wal_senders", "0".to_owned()));
    }
    // The last line of a name wins.
    lines.extend(settings.extra.iter().map(|(name, value)| (name.as_str(), value.clone())));
    let text: String =
        lines.iter().map(|(name, value)| format!("{name} = '{}'\n", value.replace('\'', "''"))).collect();
    format!("# Written at every start; change postgresql.conf after its include line instead.\n{text}")
}

/// `pg_hba.conf` and `pg_ident.conf`. A kept server asks the system who is at the other end of the socket,
/// so that an opened folder alone lets nobody in.
fn access_rules(durability: &Durability, system_users: &[String]) -> (String, String) {
    match durability {
        Durability::Lost | Durability::ThrownAway => ("local all all trust\n".to_owned(), String::new()),
        Durability::Kept { database_users } => {
            let mut ident = String::new();
            for system_user in system_users {
                for database_user in [SUPERUSER].into_iter().chain(database_users.iter().map(String::as_str))
                {
                    ident += &format!("cardea {} {}\n", quoted(system_user), quoted(database_user));
                }
            }
            ("local all all peer map=cardea\n".to_owned(), ident)
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_server_is_durable_and_asks_who_connects() {
        let settings = Settings::kept("/srv/data", ["bank_app"]);
        let text = server_settings(&settings, Path::new("/srv/data/socket"), true);
        assert!(!text.contains("fsync"), "{text}");
        assert!(text.contains("listen_addresses = ''\n"), "{text}");
        assert!(text.contains("wal_compression = 'lz4'\n"), "{text}");
        let older = server_settings(&settings, Path::new("/srv/data/socket"), false);
        assert!(older.contains("wal_compression = 'on'\n"), "{older}");
        let (hba, ident) = access_rules(&settings.durability, &["root".into(), "wang".into()]);
        assert_eq!(hba, "local all all peer map=cardea\n");
        assert_eq!(
            ident,
            "cardea \"root\" \"cardea_admin\"\ncardea \"root\" \"bank_app\"\n\
             cardea \"wang\" \"cardea_admin\"\ncardea \"wang\" \"bank_app\"\n"
        );
    }

    #[test]
    fn a_caller_s_own_setting_comes_last_and_is_quoted() {
        let mut settings = Settings::lost("/srv/data");
        settings.extra.push(("shared_buffers".into(), "it's 2GB".into()));
        let text = server_settings(&settings, Path::new("/srv/data/socket"), true);
        assert!(text.contains("fsync = 'off'\n"), "{text}");
        assert!(text.ends_with("shared_buffers = 'it''s 2GB'\n"), "{text}");
    }
}
