//! The key file: made at the first start with mode 0600, refused when others can read it, changed whole or not at all.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

const KEY_BYTES: usize = 32;

#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("the key file {0} can be read by others: its mode must be 0600")]
    Readable(PathBuf),
    #[error("the key file {0} can't be read or written")]
    Io(PathBuf, #[source] std::io::Error),
    #[error("the key file {0} is not a key file")]
    Shape(PathBuf),
    #[error("the keys in CARDEA_KEYS__JSON are not what a key file holds, or were to be changed from within")]
    Environment,
    #[error("no randomness could be had")]
    Random,
}

/// The file as written: 256-bit keys in base64.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    pub master_key_id: String,
    pub master_keys: BTreeMap<String, String>,
    pub blind_key: String,
    pub card_token_key: String,
    pub token_key_id: String,
    pub token_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_token_key: Option<PreviousTokenKey>,
    /// When each master and token key was made, by its id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub created_at: BTreeMap<String, DateTime<Utc>>,
}

/// A key that signs no more, and until when its tokens are accepted.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreviousTokenKey {
    pub key_id: String,
    pub key: String,
    pub until: DateTime<Utc>,
}

impl KeyFile {
    pub(super) fn random(now: Option<DateTime<Utc>>) -> Result<Self, KeyFileError> {
        let ids = ["m1", "t1"].map(ToOwned::to_owned);
        Ok(Self {
            master_key_id: "m1".to_owned(),
            master_keys: BTreeMap::from([("m1".to_owned(), random_key()?)]),
            blind_key: random_key()?,
            card_token_key: random_key()?,
            token_key_id: "t1".to_owned(),
            token_key: random_key()?,
            previous_token_key: None,
            created_at: now.map(|now| ids.map(|id| (id, now)).into()).unwrap_or_default(),
        })
    }

    pub(super) fn add_master_key(&mut self, now: DateTime<Utc>) -> Result<String, KeyFileError> {
        let key_id = next_id('m', self.master_keys.keys());
        self.master_keys.insert(key_id.clone(), random_key()?);
        self.master_key_id.clone_from(&key_id);
        self.created_at.insert(key_id.clone(), now);
        Ok(key_id)
    }

    pub(super) fn replace_token_key(
        &mut self,
        now: DateTime<Utc>,
        overlap: TimeDelta,
    ) -> Result<String, KeyFileError> {
        if let Some(gone) = self.previous_token_key.take() {
            self.created_at.remove(&gone.key_id);
        }
        let key_id = next_id('t', std::iter::once(&self.token_key_id));
        let before = std::mem::replace(&mut self.token_key, random_key()?);
        let before_id = std::mem::replace(&mut self.token_key_id, key_id.clone());
        self.previous_token_key =
            Some(PreviousTokenKey { key_id: before_id, key: before, until: now + overlap });
        self.created_at.insert(key_id.clone(), now);
        Ok(key_id)
    }
}

/// `m7` after `m6`, whatever other names there are.
fn next_id<'a>(letter: char, ids: impl Iterator<Item = &'a String>) -> String {
    let number = |id: &String| id.strip_prefix(letter)?.parse::<u32>().ok();
    format!("{letter}{}", ids.filter_map(number).max().unwrap_or(0) + 1)
}

fn random_key() -> Result<String, KeyFileError> {
    let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
    aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| KeyFileError::Random)?;
    Ok(STANDARD.encode(bytes.as_ref()))
}

pub(super) fn key_of(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    (bytes.len() == KEY_BYTES).then_some(bytes)
}

/// By which a file that was replaced is told from the one that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

impl Stamp {
    pub(super) fn of(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|metadata| Self::from(&metadata))
    }
}

impl From<&fs::Metadata> for Stamp {
    fn from(metadata: &fs::Metadata) -> Self {
        Self {
            inode: metadata.ino(),
            bytes: metadata.len(),
            changed: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

pub(super) fn open_or_create(path: &Path, now: DateTime<Utc>) -> Result<(KeyFile, Stamp), KeyFileError> {
    match read(path) {
        Err(KeyFileError::Io(_, error)) if error.kind() == std::io::ErrorKind::NotFound => create(path, now),
        read => read,
    }
}

pub(super) fn read(path: &Path) -> Result<(KeyFile, Stamp), KeyFileError> {
    let io = |error| KeyFileError::Io(path.to_owned(), error);
    let metadata = fs::metadata(path).map_err(io)?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(KeyFileError::Readable(path.to_owned()));
    }
    let text = Zeroizing::new(fs::read(path).map_err(io)?);
    let file = serde_json::from_slice(&text).map_err(|_| KeyFileError::Shape(path.to_owned()))?;
    // Should it be replaced between the two, the older stamp makes the next look read it again.
    Ok((file, Stamp::from(&metadata)))
}

fn create(path: &Path, now: DateTime<Utc>) -> Result<(KeyFile, Stamp), KeyFileError> {
    let io = |error| KeyFileError::Io(path.to_owned(), error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io)?;
    }
    // A link and not a renaming: of two first starts the second finds the first one's keys.
    let draft = write_draft(path, &KeyFile::random(Some(now))?)?;
    let linked = fs::hard_link(&draft, path);
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(io(error)),
        _ => read(path),
    }
}

/// Changes the file as it is now: one process at a time, and whole or not at all.
pub(super) fn change(
    path: &Path,
    change: impl FnOnce(&mut KeyFile) -> Result<String, KeyFileError>,
) -> Result<String, KeyFileError> {
    let io = |error| KeyFileError::Io(path.to_owned(), error);
    let turn = private_file(&path.with_extension("lock")).map_err(io)?;
    turn.lock().map_err(io)?;
    let (mut file, _) = read(path)?;
    let told = change(&mut file)?;
    let draft = write_draft(path, &file)?;
    fs::rename(&draft, path).map_err(io)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
    Ok(told)
}

/// Writes the keys whole under another name: a crash never leaves half a key file.
fn write_draft(path: &Path, file: &KeyFile) -> Result<PathBuf, KeyFileError> {
    let io = |error| KeyFileError::Io(path.to_owned(), error);
    let text =
        Zeroizing::new(serde_json::to_vec_pretty(file).map_err(|_| KeyFileError::Shape(path.to_owned()))?);
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let mut out = private_file(&draft).map_err(io)?;
    out.set_len(0).and_then(|()| out.write_all(&text)).and_then(|()| out.sync_all()).map_err(io)?;
    Ok(draft)
}

fn private_file(path: &Path) -> std::io::Result<File> {
    fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-02T01:00:00Z".parse().unwrap()
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("cardea-key-file-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn mode_of(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_first_start_makes_a_private_file_and_the_next_reads_it() {
        let path = folder("first").join("keys.json");
        let (made, _) = open_or_create(&path, now()).unwrap();
        assert_eq!(mode_of(&path), 0o600);
        let (read, _) = open_or_create(&path, now()).unwrap();
        assert_eq!(made.token_key, read.token_key);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_others_can_read_or_write_is_refused() {
        let path = folder("open").join("keys.json");
        open_or_create(&path, now()).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o602, 0o644, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(open_or_create(&path, now()), Err(KeyFileError::Readable(_))), "{mode:o}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(open_or_create(&path, now()).is_ok());
    }

    #[test]
    fn a_damaged_file_is_refused_and_kept() {
        let path = folder("damaged").join("keys.json");
        open_or_create(&path, now()).unwrap();
        fs::write(&path, b"{}").unwrap();
        assert!(matches!(open_or_create(&path, now()), Err(KeyFileError::Shape(_))));
        assert!(matches!(change(&path, |file| file.add_master_key(now())), Err(KeyFileError::Shape(_))));
        assert_eq!(fs::read(&path).unwrap(), b"{}");
    }

    #[test]
    fn a_change_keeps_every_key_and_the_mode() {
        let path = folder("changed").join("keys.json");
        let (before, stamp) = open_or_create(&path, now()).unwrap();
        assert_eq!(change(&path, |file| file.add_master_key(now())).unwrap(), "m2");
        let (after, new_stamp) = read(&path).unwrap();
        assert_ne!(stamp, new_stamp);
        assert_eq!(after.master_keys["m1"], before.master_keys["m1"]);
        assert_ne!(after.master_keys["m2"], after.master_keys["m1"]);
        assert_eq!((after.blind_key, after.card_token_key), (before.blind_key, before.card_token_key));
        assert_eq!(mode_of(&path), 0o600);
    }

    #[test]
    fn a_refused_change_leaves_the_file_alone() {
        let path = folder("refused").join("keys.json");
        let (_, stamp) = open_or_create(&path, now()).unwrap();
        assert!(change(&path, |_| Err(KeyFileError::Random)).is_err());
        assert_eq!(Stamp::of(&path), Some(stamp));
    }

    #[test]
    fn many_who_change_at_once_take_turns() {
        let path = folder("turns").join("keys.json");
        open_or_create(&path, now()).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| change(&path, |file| file.add_master_key(now())).unwrap());
            }
        });
        assert_eq!(read(&path).unwrap().0.master_keys.len(), 9);
    }
}
