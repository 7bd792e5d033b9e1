//! The key file: made at the first start with mode 0600, refused when others can read it.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

const KEY_BYTES: usize = 32;

/// Every key of the house.
pub struct Keyring {
    master_key_id: String,
    master_keys: BTreeMap<String, Zeroizing<Vec<u8>>>,
    blind_key: hmac::Key,
    card_token_key: hmac::Key,
    token_key_id: String,
    token_key: Zeroizing<Vec<u8>>,
}

#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("the key file {0} can be read by others: its mode must be 0600")]
    Readable(PathBuf),
    #[error("the key file {0} can't be read or written")]
    Io(PathBuf, #[source] std::io::Error),
    #[error("the key file {0} is not a key file")]
    Shape(PathBuf),
    #[error("no randomness could be had")]
    Random,
}

/// The file as written: 256-bit keys in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    master_key_id: String,
    master_keys: BTreeMap<String, String>,
    blind_key: String,
    card_token_key: String,
    token_key_id: String,
    token_key: String,
}

impl Keyring {
    /// Reads the key file, or makes one where there is none.
    pub fn open_or_create(path: &Path) -> Result<Self, KeyFileError> {
        let io = |error| KeyFileError::Io(path.to_owned(), error);
        match fs::metadata(path) {
            Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
                Err(KeyFileError::Readable(path.to_owned()))
            }
            Ok(_) => {
                let text = Zeroizing::new(fs::read(path).map_err(io)?);
                let file: KeyFile =
                    serde_json::from_slice(&text).map_err(|_| KeyFileError::Shape(path.to_owned()))?;
                Self::from_file(&file).ok_or_else(|| KeyFileError::Shape(path.to_owned()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::create(path),
            Err(error) => Err(io(error)),
        }
    }

    /// Keys for a process that keeps nothing.
    pub fn random() -> Result<Self, KeyFileError> {
        let file = KeyFile::random()?;
        Self::from_file(&file).ok_or(KeyFileError::Random)
    }

    fn create(path: &Path) -> Result<Self, KeyFileError> {
        let io = |error| KeyFileError::Io(path.to_owned(), error);
        let file = KeyFile::random()?;
        let text = Zeroizing::new(
            serde_json::to_vec_pretty(&file).map_err(|_| KeyFileError::Shape(path.to_owned()))?,
        );
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(io)?;
        }
        // Written whole under another name first: a crash never leaves half a key file, and two first starts never mix.
        let draft = path.with_extension(format!("draft-{}", std::process::id()));
        let mut out = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)
            .map_err(io)?;
        out.write_all(&text).and_then(|()| out.sync_all()).map_err(io)?;
        let linked = fs::hard_link(&draft, path);
        let _ = fs::remove_file(&draft);
        match linked {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Self::open_or_create(path),
            Err(error) => Err(io(error)),
            Ok(()) => Self::from_file(&file).ok_or_else(|| KeyFileError::Shape(path.to_owned())),
        }
    }

    fn from_file(file: &KeyFile) -> Option<Self> {
        let master_keys: BTreeMap<_, _> = file
            .master_keys
            .iter()
            .map(|(id, text)| Some((id.clone(), key_of(text)?)))
            .collect::<Option<_>>()?;
        master_keys.get(&file.master_key_id)?;
        Some(Self {
            master_key_id: file.master_key_id.clone(),
            master_keys,
            blind_key: hmac::Key::new(hmac::HMAC_SHA256, &key_of(&file.blind_key)?),
            card_token_key: hmac::Key::new(hmac::HMAC_SHA256, &key_of(&file.card_token_key)?),
            token_key_id: file.token_key_id.clone(),
            token_key: key_of(&file.token_key)?,
        })
    }

    pub fn token_key(&self) -> (&str, &[u8]) {
        (&self.token_key_id, &self.token_key)
    }

    pub(super) fn master_key_id(&self) -> &str {
        &self.master_key_id
    }

    pub(super) fn master_key(&self) -> &[u8] {
        self.master_keys.get(&self.master_key_id).map_or(&[], |key| key.as_slice())
    }

    pub(super) fn master_key_named(&self, id: &str) -> Option<&[u8]> {
        self.master_keys.get(id).map(|key| key.as_slice())
    }

    pub(super) fn blind_key(&self) -> &hmac::Key {
        &self.blind_key
    }

    pub(super) fn card_token_key(&self) -> &hmac::Key {
        &self.card_token_key
    }
}

impl KeyFile {
    fn random() -> Result<Self, KeyFileError> {
        Ok(Self {
            master_key_id: "m1".to_owned(),
            master_keys: BTreeMap::from([("m1".to_owned(), random_key()?)]),
            blind_key: random_key()?,
            card_token_key: random_key()?,
            token_key_id: "t1".to_owned(),
            token_key: random_key()?,
        })
    }
}

fn random_key() -> Result<String, KeyFileError> {
    let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
    aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| KeyFileError::Random)?;
    Ok(STANDARD.encode(bytes.as_ref()))
}

fn key_of(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    (bytes.len() == KEY_BYTES).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("cardea-keyring-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn the_first_start_makes_a_private_file_and_the_next_reads_it() {
        let path = folder("first").join("keys.json");
        let made = Keyring::open_or_create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = Keyring::open_or_create(&path).unwrap();
        assert_eq!(made.token_key(), read.token_key());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let path = folder("open").join("keys.json");
        Keyring::open_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Keyring::open_or_create(&path), Err(KeyFileError::Readable(_))));
    }

    #[test]
    fn a_damaged_file_is_refused_and_kept() {
        let path = folder("damaged").join("keys.json");
        Keyring::open_or_create(&path).unwrap();
        fs::write(&path, b"{}").unwrap();
        assert!(matches!(Keyring::open_or_create(&path), Err(KeyFileError::Shape(_))));
        assert_eq!(fs::read(&path).unwrap(), b"{}");
    }
}
