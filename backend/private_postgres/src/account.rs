//! Which operating-system account runs the server, and what that account can reach.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::{Gid, Uid, User, geteuid};

use crate::error::StartError;

/// Tried in this order where the caller is root and nothing else decides.
const USUAL_ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// The account that privileges are dropped to. There is none when the caller is an ordinary user, who
/// runs the server himself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    uid: Uid,
    gid: Gid,
}

pub(crate) fn caller_is_root() -> bool {
    geteuid().is_root()
}

/// The names that may connect to a kept server over its socket: whoever calls, whoever runs it, and root.
pub(crate) fn system_users(account: Option<&Account>) -> Vec<String> {
    let caller = User::from_uid(geteuid()).ok().flatten().map(|user| user.name);
    let mut names: Vec<String> = caller.into_iter().collect();
    names.extend(account.map(|account| account.name.clone()));
    names.push("root".to_owned());
    names.sort_unstable();
    names.dedup();
    names
}

impl Account {
    /// Whom to drop to for a cluster at this path, `None` when nothing needs to be dropped.
    ///
    /// An existing cluster keeps its owner: one that an ordinary user made stays usable for that user after
    /// root has run it once.
    pub(crate) fn for_cluster(cluster: &Path, wanted: Option<&str>) -> Result<Option<Self>, StartError> {
        if !caller_is_root() {
            return Ok(None);
        }
        if let Some(owner) = owner_of(cluster).filter(|owner| !owner.is_root()) {
            return Self::of(User::from_uid(owner), &owner.to_string()).map(Some);
        }
        if let Some(name) = wanted {
            return Self::of(User::from_name(name), name).map(Some);
        }
        let usual = USUAL_ACCOUNTS.iter().find_map(|name| User::from_name(name).ok().flatten());
        Self::of(Ok(usual), &USUAL_ACCOUNTS.join(" or ")).map(Some)
    }

    fn of(user: nix::Result<Option<User>>, wanted: &str) -> Result<Self, StartError> {
        match user {
            Ok(Some(user)) if !user.uid.is_root() => {
                Ok(Self { name: user.name, uid: user.uid, gid: user.gid })
            }
            _ => Err(StartError::NoAccount { wanted: wanted.to_owned() }),
        }
    }

    /// The standard library also empties the list of supplementary groups when it changes the user.
    pub(crate) fn run_as(&self, command: &mut Command) {
        command.uid(self.uid.as_raw()).gid(self.gid.as_raw());
    }

    pub(crate) fn own(&self, path: &Path) -> Result<(), StartError> {
        chown(path, Some(self.uid.as_raw()), Some(self.gid.as_raw()))
            .map_err(StartError::io("give away", path))
    }

    pub(crate) fn uid(&self) -> u32 {
        self.uid.as_raw()
    }

    /// The topmost existing folder on the way to `path` that this account may not pass through.
    pub(crate) fn closed_folder(&self, path: &Path) -> Option<PathBuf> {
        let existing = path.ancestors().find(|folder| folder.exists())?;
        let real = existing.canonicalize().ok()?;
        let mut folders: Vec<&Path> = real.ancestors().collect();
        folders.reverse();
        folders.into_iter().find(|folder| !self.may_pass(folder)).map(Path::to_owned)
    }

    /// Only the account's own group counts: the supplementary ones are dropped with the privileges.
    fn may_pass(&self, folder: &Path) -> bool {
        let Ok(metadata) = fs::metadata(folder) else { return false };
        // The system looks at the first class that fits and at no other.
        let bit = if metadata.uid() == self.uid.as_raw() {
            0o100
        } else if metadata.gid() == self.gid.as_raw() {
            0o010
        } else {
            0o001
        };
        metadata.mode() & bit != 0
    }
}

pub(crate) fn owner_of(path: &Path) -> Option<Uid> {
    fs::metadata(path).ok().map(|metadata| Uid::from_raw(metadata.uid()))
}
