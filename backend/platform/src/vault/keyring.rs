//! Every key of the house, and where it comes from: the key file, the environment, or memory alone.

use aws_lc_rs::hmac;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};
use zeroize::Zeroizing;

use super::key_file::{self, KeyFile, KeyFileError, Stamp, key_of};
use crate::tokens::TokenKey;

/// The keys, shared by everybody who holds a clone. Those of a file are read anew once the file has changed, so that a
/// rotation by one process reaches the others.
#[derive(Clone)]
pub struct Keyring(Arc<Inner>);

struct Inner {
    source: Source,
    held: RwLock<Held>,
}

enum Source {
    File(PathBuf),
    Environment,
    Memory,
}

#[derive(Clone)]
struct Held {
    keys: Arc<Keys>,
    stamp: Option<Stamp>,
}

/// The keys as of one moment.
pub(crate) struct Keys {
    file: KeyFile,
    master_keys: BTreeMap<String, Zeroizing<Vec<u8>>>,
    blind_key: hmac::Key,
    card_token_key: hmac::Key,
    /// The one that signs, then the one that was before it.
    token_keys: Vec<TokenKey>,
}

/// What may be told about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    pub key_id: String,
    /// `None`: it was made before such moments were noted.
    pub created_at: Option<DateTime<Utc>>,
    pub is_current: bool,
    /// Accepted until then, where that has an end.
    pub until: Option<DateTime<Utc>>,
}

impl Keyring {
    /// Reads the key file, or makes one where there is none.
    pub fn open_or_create(path: &Path, now: DateTime<Utc>) -> Result<Self, KeyFileError> {
        let (file, stamp) = key_file::open_or_create(path, now)?;
        let keys = Keys::of(file).ok_or_else(|| KeyFileError::Shape(path.to_owned()))?;
        Ok(Self::holding(Source::File(path.to_owned()), keys, Some(stamp)))
    }

    /// The keys in a text of the environment: what a key file holds.
    pub fn from_environment(text: &SecretString) -> Result<Self, KeyFileError> {
        let file = serde_json::from_str(text.expose_secret()).map_err(|_| KeyFileError::Environment)?;
        let keys = Keys::of(file).ok_or(KeyFileError::Environment)?;
        Ok(Self::holding(Source::Environment, keys, None))
    }

    /// Keys for a process that keeps nothing.
    pub fn random() -> Result<Self, KeyFileError> {
        let keys = Keys::of(KeyFile::random(None)?).ok_or(KeyFileError::Random)?;
        Ok(Self::holding(Source::Memory, keys, None))
    }

    fn holding(source: Source, keys: Keys, stamp: Option<Stamp>) -> Self {
        Self(Arc::new(Inner { source, held: RwLock::new(Held { keys: Arc::new(keys), stamp }) }))
    }

    /// Whether keys can be added here. Those of the environment are changed by whoever starts the process.
    pub fn is_rotatable(&self) -> bool {
        !matches!(self.0.source, Source::Environment)
    }

    /// Every master key, the current one first.
    pub fn master_keys(&self) -> Vec<KeyFacts> {
        let keys = self.fresh();
        let facts = |key_id: &String| KeyFacts {
            created_at: keys.file.created_at.get(key_id).copied(),
            is_current: *key_id == keys.file.master_key_id,
            key_id: key_id.clone(),
            until: None,
        };
        let mut found: Vec<KeyFacts> = keys.master_keys.keys().map(facts).collect();
        found.sort_by_key(|key| !key.is_current);
        found
    }

    /// The key that signs access tokens, and the one before it while its tokens live.
    pub fn token_keys(&self, now: DateTime<Utc>) -> Vec<KeyFacts> {
        let keys = self.fresh();
        let good = keys.token_keys.iter().filter(|key| key.is_good(now));
        good.map(|key| KeyFacts {
            key_id: key.key_id().to_owned(),
            created_at: keys.file.created_at.get(key.key_id()).copied(),
            is_current: key.until().is_none(),
            until: key.until(),
        })
        .collect()
    }

    /// Adds a master key and makes it the current one; says its id. What older ones wrapped stays readable.
    pub fn add_master_key(&self, now: DateTime<Utc>) -> Result<String, KeyFileError> {
        self.change(|file| file.add_master_key(now))
    }

    /// Replaces the key that signs access tokens; those of the one before are accepted for `overlap` longer.
    pub fn replace_token_key(&self, now: DateTime<Utc>, overlap: TimeDelta) -> Result<String, KeyFileError> {
        self.change(|file| file.replace_token_key(now, overlap))
    }

    fn change(
        &self,
        change: impl FnOnce(&mut KeyFile) -> Result<String, KeyFileError>,
    ) -> Result<String, KeyFileError> {
        match &self.0.source {
            Source::Environment => Err(KeyFileError::Environment),
            Source::File(path) => {
                let key_id = key_file::change(path, change)?;
                self.read_again(path)?;
                Ok(key_id)
            }
            Source::Memory => {
                let mut file = self.keys().file.clone();
                let key_id = change(&mut file)?;
                self.hold(Keys::of(file).ok_or(KeyFileError::Random)?, None);
                Ok(key_id)
            }
        }
    }

    fn hold(&self, keys: Keys, stamp: Option<Stamp>) {
        *self.0.held.write().unwrap_or_else(PoisonError::into_inner) = Held { keys: Arc::new(keys), stamp };
    }

    fn read_again(&self, path: &Path) -> Result<(), KeyFileError> {
        let (file, stamp) = key_file::read(path)?;
        self.hold(Keys::of(file).ok_or_else(|| KeyFileError::Shape(path.to_owned()))?, Some(stamp));
        Ok(())
    }

    /// The keys as they were read last.
    pub(crate) fn keys(&self) -> Arc<Keys> {
        self.held().keys
    }

    fn held(&self) -> Held {
        self.0.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys as they are now. A file that can't be read any more leaves those that were read from it.
    pub(crate) fn fresh(&self) -> Arc<Keys> {
        let held = self.held();
        if let Source::File(path) = &self.0.source
            && Stamp::of(path) != held.stamp
        {
            if let Err(error) = self.read_again(path) {
                tracing::error!(error = %error, "the key file has changed and can't be read; the keys before it are used");
            }
            return self.keys();
        }
        held.keys
    }
}

impl Keys {
    fn of(file: KeyFile) -> Option<Self> {
        let master_keys: BTreeMap<_, _> = file
            .master_keys
            .iter()
            .map(|(id, text)| Some((id.clone(), key_of(text)?)))
            .collect::<Option<_>>()?;
        master_keys.get(&file.master_key_id)?;
        let mut token_keys = vec![TokenKey::new(&file.token_key_id, &key_of(&file.token_key)?, None)];
        if let Some(before) = &file.previous_token_key {
            token_keys.push(TokenKey::new(&before.key_id, &key_of(&before.key)?, Some(before.until)));
        }
        Some(Self {
            master_keys,
            blind_key: hmac::Key::new(hmac::HMAC_SHA256, &key_of(&file.blind_key)?),
            card_token_key: hmac::Key::new(hmac::HMAC_SHA256, &key_of(&file.card_token_key)?),
            token_keys,
            file,
        })
    }

    pub(super) fn master_key_id(&self) -> &str {
        &self.file.master_key_id
    }

    pub(super) fn master_key(&self) -> &[u8] {
        self.master_keys.get(self.master_key_id()).map_or(&[], |key| key.as_slice())
    }

    pub(super) fn master_key_named(&self, id: &str) -> Option<&[u8]> {
        self.master_keys.get(id).map(|key| key.as_slice())
    }

    pub(crate) fn blind_key(&self) -> &hmac::Key {
        &self.blind_key
    }

    pub(super) fn card_token_key(&self) -> &hmac::Key {
        &self.card_token_key
    }

    /// The key that signs.
    pub(crate) fn token_key(&self) -> Option<&TokenKey> {
        self.token_keys.first()
    }

    pub(crate) fn token_key_named(&self, key_id: &str) -> Option<&TokenKey> {
        self.token_keys.iter().find(|key| key.key_id() == key_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-02T01:00:00Z".parse().unwrap()
    }

    fn path(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("cardea-keyring-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder.join("keys.json")
    }

    #[test]
    fn a_key_added_by_one_process_reaches_another() {
        let path = path("added");
        let (one, other) =
            (Keyring::open_or_create(&path, now()).unwrap(), Keyring::open_or_create(&path, now()).unwrap());
        assert_eq!(one.add_master_key(now()).unwrap(), "m2");
        assert_eq!(other.keys().master_key_id(), "m1");
        assert_eq!(other.fresh().master_key_id(), "m2");
        assert_eq!(other.add_master_key(now()).unwrap(), "m3");
        let ids: Vec<String> = one.master_keys().into_iter().map(|key| key.key_id).collect();
        assert_eq!(ids, ["m3", "m1", "m2"]);
        assert!(one.master_keys().iter().all(|key| key.created_at == Some(now())));
    }

    #[test]
    fn the_token_key_before_stays_good_for_the_overlap() {
        let keyring = Keyring::random().unwrap();
        assert_eq!(keyring.replace_token_key(now(), TimeDelta::minutes(10)).unwrap(), "t2");
        let ids = |at| keyring.token_keys(at).into_iter().map(|key| key.key_id).collect::<Vec<_>>();
        assert_eq!(ids(now() + TimeDelta::minutes(9)), ["t2", "t1"]);
        assert_eq!(ids(now() + TimeDelta::minutes(10)), ["t2"]);
    }

    #[test]
    fn keys_of_the_environment_are_read_and_never_added_to() {
        let file = KeyFile::random(None).unwrap();
        let text = SecretString::from(serde_json::to_string(&file).unwrap());
        let keyring = Keyring::from_environment(&text).unwrap();
        assert_eq!(keyring.keys().master_key_id(), "m1");
        assert!(!keyring.is_rotatable());
        assert!(matches!(keyring.add_master_key(now()), Err(KeyFileError::Environment)));
        let shorter = SecretString::from("{\"master_key_id\":\"m1\"}".to_owned());
        assert!(matches!(Keyring::from_environment(&shorter), Err(KeyFileError::Environment)));
    }

    #[test]
    fn a_file_that_breaks_while_it_is_in_use_leaves_the_keys_that_were_read() {
        let path = path("breaks");
        let keyring = Keyring::open_or_create(&path, now()).unwrap();
        std::fs::write(&path, b"{}").unwrap();
        assert_eq!(keyring.fresh().master_key_id(), "m1");
    }
}
