//! The vault: sealed columns, their blind indexes, and the keys of both.
//!
//! Every cardholder has a data key of their own, wrapped by the rotating master key. A sealed value carries the fingerprint
//! of its data key and is bound to its table, column and row, so it can't be moved. Exact search goes through keyed digests
//! (blind indexes). Reading a masked list never comes here. Files have a key each, wrapped likewise.

mod file_key;
mod key_file;
mod keyring;
mod seal;

pub use file_key::FileKey;
pub use key_file::KeyFileError;
pub use keyring::{KeyFacts, Keyring};
pub use seal::{DataKey, Place, Sealed, VaultError, WrappedKey};

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use seal::KeyOwner;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Bytes of a blind index entry: half of HMAC-SHA-256, far beyond any bank's number of values.
const BLIND_BYTES: usize = 16;
/// What sealed cursors are bound to.
const CURSOR: &[u8] = b"cursors\0";

/// What a blind index is over. Two domains never match each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blind {
    NationalId,
    PhoneNumber,
    PhoneTail,
    EmailAddress,
    Street,
}

impl Blind {
    fn domain(self) -> &'static [u8] {
        match self {
            Self::NationalId => b"national_id\0",
            Self::PhoneNumber => b"phone_number\0",
            Self::PhoneTail => b"phone_tail\0",
            Self::EmailAddress => b"email_address\0",
            Self::Street => b"street\0",
        }
    }
}

/// Seals, finds and tokenises; the keys never leave it.
#[derive(Clone)]
pub struct Vault(Keyring);

impl Vault {
    pub fn new(keyring: Keyring) -> Self {
        Self(keyring)
    }

    /// The keys themselves, for who tends them.
    pub fn keyring(&self) -> &Keyring {
        &self.0
    }

    /// A new data key for one cardholder, and its wrapped form to be stored in `cardholder_keys`.
    pub fn new_data_key(&self, cardholder_id: Uuid) -> Result<(DataKey, WrappedKey), VaultError> {
        let keys = self.0.fresh();
        let key = DataKey::random()?;
        let wrapped =
            key.wrap(keys.master_key_id(), keys.master_key(), KeyOwner::cardholder(cardholder_id))?;
        Ok((key, wrapped))
    }

    /// The data key inside a wrapped key, under whichever master key wrapped it.
    pub fn unwrap(&self, wrapped: &WrappedKey, cardholder_id: Uuid) -> Result<DataKey, VaultError> {
        self.unwrap_of(wrapped, KeyOwner::cardholder(cardholder_id))
    }

    fn unwrap_of(&self, wrapped: &WrappedKey, owner: KeyOwner) -> Result<DataKey, VaultError> {
        let read = self.0.keys();
        if let Some(master) = read.master_key_named(&wrapped.master_key_id) {
            return DataKey::unwrap(wrapped, master, owner);
        }
        // Another process may have added the key since.
        let fresh = self.0.fresh();
        let master = fresh.master_key_named(&wrapped.master_key_id).ok_or(VaultError::KeyMissing)?;
        DataKey::unwrap(wrapped, master, owner)
    }

    /// The same data key under the current master key.
    pub fn rewrap(&self, wrapped: &WrappedKey, cardholder_id: Uuid) -> Result<WrappedKey, VaultError> {
        let key = self.unwrap(wrapped, cardholder_id)?;
        let keys = self.0.fresh();
        key.wrap(keys.master_key_id(), keys.master_key(), KeyOwner::cardholder(cardholder_id))
    }

    /// A new key for one file, and its wrapped form to be stored with it.
    pub fn new_file_key(&self, file_id: Uuid) -> Result<(FileKey, WrappedKey), VaultError> {
        let keys = self.0.fresh();
        let key = FileKey::new(DataKey::random()?, file_id);
        let wrapped = key.wrap(keys.master_key_id(), keys.master_key())?;
        Ok((key, wrapped))
    }

    pub fn unwrap_file_key(&self, wrapped: &WrappedKey, file_id: Uuid) -> Result<FileKey, VaultError> {
        Ok(FileKey::new(self.unwrap_of(wrapped, FileKey::owner(file_id))?, file_id))
    }

    /// The same file's key under the current master key.
    pub fn rewrap_file_key(&self, wrapped: &WrappedKey, file_id: Uuid) -> Result<WrappedKey, VaultError> {
        let key = self.unwrap_file_key(wrapped, file_id)?;
        let keys = self.0.fresh();
        key.wrap(keys.master_key_id(), keys.master_key())
    }

    /// Seals what belongs to no cardholder under the current master key itself, and says which that is.
    pub fn seal_under_master(&self, place: Place, plain: &str) -> Result<(String, Sealed), VaultError> {
        let keys = self.0.fresh();
        let sealed = DataKey::from_slice(keys.master_key())?.seal(place, plain)?;
        Ok((keys.master_key_id().to_owned(), sealed))
    }

    /// What [`Vault::seal_under_master`] sealed under the master key of this name.
    pub fn open_under_master(
        &self,
        master_key_id: &str,
        place: Place,
        sealed: &Sealed,
    ) -> Result<Zeroizing<String>, VaultError> {
        let mut keys = self.0.keys();
        if keys.master_key_named(master_key_id).is_none() {
            // Another process may have added the key since.
            keys = self.0.fresh();
        }
        let master = keys.master_key_named(master_key_id).ok_or(VaultError::KeyMissing)?;
        DataKey::from_slice(master)?.open(place, sealed)
    }

    /// Seals where a list goes on, for whoever asked for it: a position may hold what somebody is called, and travels in URLs.
    pub fn seal_cursor(&self, cursor: &str) -> Result<String, VaultError> {
        let sealed = self.cursor_key()?.seal_bytes(CURSOR, cursor.as_bytes())?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The cursor that we sealed so.
    pub fn open_cursor(&self, sealed: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        String::from_utf8(self.cursor_key().ok()?.open_bytes(CURSOR, &sealed).ok()?).ok()
    }

    /// Not the master key, which may be replaced between two pages.
    fn cursor_key(&self) -> Result<DataKey, VaultError> {
        DataKey::from_slice(&self.mark("list cursors", &[]))
    }

    /// The keyed digest by which an exact value is found.
    pub fn blind(&self, over: Blind, value: &str) -> Vec<u8> {
        let mut context = hmac::Context::with_key(self.0.keys().blind_key());
        context.update(over.domain());
        context.update(value.as_bytes());
        context.sign().as_ref()[..BLIND_BYTES].to_vec()
    }

    /// The house's own mark under a text that the database keeps: whoever can change rows can't make it.
    pub fn attest(&self, text: &[u8]) -> Vec<u8> {
        self.mark("attested", &[text])
    }

    /// A keyed digest by which the house knows its own writing again: whoever alters the text without the key can't renew it.
    /// Two domains never match each other.
    pub fn mark(&self, domain: &'static str, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(self.0.keys().blind_key());
        context.update(domain.as_bytes());
        for part in parts {
            // The length keeps what ends one part from beginning the next.
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign().as_ref().to_vec()
    }

    /// The token that stands for a PAN: the same number gives the same token, the token gives no number.
    pub fn card_token(&self, number: &kernel::CardNumber) -> String {
        let mut context = hmac::Context::with_key(self.0.keys().card_token_key());
        context.update(number.expose().as_bytes());
        format!("tok_{}", hex::encode(&context.sign().as_ref()[..BLIND_BYTES]))
    }
}
