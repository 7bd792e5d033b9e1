//! The folder of one private server: what lies where, and who owns it.

use std::env;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf, absolute};

use nix::unistd::geteuid;

use crate::account::{Account, caller_is_root};
use crate::error::StartError;
use crate::settings::{Durability, Settings};
use crate::temporary_folder::TemporaryFolder;

/// The system's own limit for the path of a socket is 108 bytes on Linux and 104 elsewhere.
const SOCKET_PATH_LIMIT_BYTES: usize = 100;
const SOCKET_FILE: &str = ".s.PGSQL.5432";

/// Where the data goes when root's chosen place is closed to the account that runs the server.
const SYSTEM_FOLDER: &str = "/var/lib/cardea";

#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) data_dir: PathBuf,
    pub(crate) account: Option<Account>,
    socket_dir: PathBuf,
    /// What the data folder lies in if it is to go with the server.
    temporary: Option<TemporaryFolder>,
}

impl Home {
    /// Decides place and account together: the account must be able to reach the place.
    pub(crate) fn choose(settings: &Settings) -> Result<Self, StartError> {
        let wanted = settings.server_account.as_deref();
        if settings.durability == Durability::ThrownAway {
            let account = Account::for_cluster(Path::new("/"), wanted)?;
            let temporary = TemporaryFolder::passable_for(account.as_ref())?;
            let home = Self::open(temporary.path().join("data"), account)?;
            return Ok(Self { temporary: Some(temporary), ..home });
        }
        let asked = absolute(&settings.data_dir).map_err(StartError::io("find", &settings.data_dir))?;
        let account = Account::for_cluster(&asked.join("cluster"), wanted)?;
        let Some(account) = account else { return Self::open(asked, None) };
        let instead = Path::new(SYSTEM_FOLDER).join(format!("{:016x}", fnv1a(&asked)));
        let was_moved = !asked.join("cluster").exists() && instead.join("cluster").exists();
        let closed = account.closed_folder(asked.parent().unwrap_or(&asked));
        let Some(closed) = closed.or(was_moved.then(|| asked.clone())) else {
            return Self::open(asked, Some(account));
        };
        let account = Account::for_cluster(&instead.join("cluster"), wanted)?.unwrap_or(account);
        if account.closed_folder(&instead).is_some() {
            return Err(StartError::Unreachable { account: account.name, closed });
        }
        Self::open(instead, Some(account))
    }

    fn open(data_dir: PathBuf, account: Option<Account>) -> Result<Self, StartError> {
        create(&data_dir)?;
        if let Some(account) = &account {
            let_pass(&data_dir, account)?;
        }
        let own = data_dir.join("socket");
        let socket_dir = if fits(&own) {
            own
        } else {
            let uid = account.as_ref().map_or_else(|| geteuid().as_raw(), Account::uid);
            let name = format!("cardea-{uid}-{:016x}", fnv1a(&data_dir));
            let temporary = env::temp_dir().join(&name);
            let closed = account.as_ref().and_then(|account| account.closed_folder(&env::temp_dir()));
            if fits(&temporary) && closed.is_none() { temporary } else { Path::new("/tmp").join(name) }
        };
        Ok(Self { data_dir, account, socket_dir, temporary: None })
    }

    pub(crate) fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }

    pub(crate) fn cluster(&self) -> PathBuf {
        self.data_dir.join("cluster")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.data_dir.join("server.log")
    }

    pub(crate) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// Makes a folder that only the server's account (and root) can enter.
    pub(crate) fn private_folder(&self, path: &Path) -> Result<(), StartError> {
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(StartError::io("create", path)(error));
            }
            _ => {}
        }
        let metadata = fs::symlink_metadata(path).map_err(StartError::io("read", path))?;
        let owners = [geteuid().as_raw(), self.account.as_ref().map_or(geteuid().as_raw(), Account::uid)];
        // In a shared temporary folder the name could have been taken by somebody else.
        if !metadata.is_dir() || !owners.contains(&metadata.uid()) {
            return Err(StartError::NotOurs { path: path.to_owned(), owner: metadata.uid() });
        }
        fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(StartError::io("protect", path))?;
        self.give_to_account(path)
    }

    /// What root made, so that the account's owner can also start the server himself.
    pub(crate) fn give_to_account(&self, path: &Path) -> Result<(), StartError> {
        self.account.as_ref().map_or(Ok(()), |account| account.own(path))
    }

    /// The socket's folder when it lies outside of the data folder and so outlives it.
    pub(crate) fn remove_outside_socket_dir(&self) {
        if !self.socket_dir.starts_with(&self.data_dir) {
            // It holds nothing once the server has ended; if it does, it is not ours to remove.
            let _ = fs::remove_dir(&self.socket_dir);
        }
    }
}

/// The folder itself stays closed to others. Those on the way to it are ordinary folders, whatever the
/// caller's umask says: a server that runs as another account must be able to pass through them.
fn create(data_dir: &Path) -> Result<(), StartError> {
    let missing: Vec<&Path> = data_dir.ancestors().take_while(|folder| !folder.exists()).collect();
    for folder in missing.into_iter().rev() {
        match fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(StartError::io("create", folder)(error));
            }
            _ => {}
        }
        let mode = if folder == data_dir { 0o700 } else { 0o755 };
        fs::set_permissions(folder, Permissions::from_mode(mode)).map_err(StartError::io("open", folder))?;
    }
    Ok(())
}

/// Passing is enough: what lies inside is the account's own.
fn let_pass(data_dir: &Path, account: &Account) -> Result<(), StartError> {
    if account.closed_folder(data_dir).is_some() {
        let mode = fs::metadata(data_dir).map_err(StartError::io("read", data_dir))?.mode();
        let passable = Permissions::from_mode((mode & 0o777) | 0o011);
        fs::set_permissions(data_dir, passable).map_err(StartError::io("open", data_dir))?;
    }
    Ok(())
}

/// Neither too long for a socket, nor in need of quoting in the server's list of socket folders.
fn fits(socket_dir: &Path) -> bool {
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+@".contains(c));
    socket_dir.join(SOCKET_FILE).as_os_str().len() <= SOCKET_PATH_LIMIT_BYTES
        && socket_dir.to_str().is_some_and(is_plain)
}

/// FNV-1a: stable across builds and releases, unlike the standard library's hashes, so that the next start
/// finds the same folder.
fn fnv1a(path: &Path) -> u64 {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether root's own choice of place could not serve, so that the data lies elsewhere.
pub(crate) fn was_moved(asked: &Path, taken: &Path) -> bool {
    caller_is_root() && absolute(asked).is_ok_and(|asked| asked != taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_or_odd_socket_folder_does_not_fit() {
        assert!(fits(Path::new("/srv/bank/data/postgres/socket")));
        let exactly = format!("/{}", "a".repeat(SOCKET_PATH_LIMIT_BYTES - SOCKET_FILE.len() - 2));
        assert!(fits(Path::new(&exactly)));
        assert!(!fits(Path::new(&format!("{exactly}a"))));
        assert!(!fits(Path::new("/srv/a, b")));
        assert!(!fits(Path::new("/srv/银行")));
    }

    #[test]
    fn a_path_always_has_the_same_hash() {
        assert_eq!(fnv1a(Path::new("")), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(Path::new("a")), 0xaf63_dc4c_8601_ec8c);
    }
}
