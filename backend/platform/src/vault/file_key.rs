//! One file's key: its chunks open in their place, in full number, and nowhere else.

use uuid::Uuid;

use super::{
    VaultError, WrappedKey,
    seal::{DataKey, KeyOwner},
};

/// One file's key, in memory only.
pub struct FileKey {
    key: DataKey,
    file_id: Uuid,
}

impl FileKey {
    pub(super) fn new(key: DataKey, file_id: Uuid) -> Self {
        Self { key, file_id }
    }

    pub(super) fn owner(file_id: Uuid) -> KeyOwner {
        KeyOwner { domain: b"files\0", id: file_id }
    }

    pub(super) fn wrap(&self, master_key_id: &str, master_key: &[u8]) -> Result<WrappedKey, VaultError> {
        self.key.wrap(master_key_id, master_key, Self::owner(self.file_id))
    }

    /// Seals a chunk. The last one is marked as such, so that a file that lost its end does not read as a shorter one.
    pub fn seal_chunk(&self, chunk_no: i32, is_last: bool, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.key.seal_bytes(&self.place(chunk_no, is_last), plain)
    }

    pub fn open_chunk(&self, chunk_no: i32, is_last: bool, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.key.open_bytes(&self.place(chunk_no, is_last), sealed)
    }

    fn place(&self, chunk_no: i32, is_last: bool) -> Vec<u8> {
        [b"file_chunks\0".as_slice(), self.file_id.as_bytes(), &chunk_no.to_be_bytes(), &[u8::from(is_last)]]
            .concat()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Keyring, Vault};
    use super::*;

    #[test]
    fn a_chunk_opens_in_its_place_only() {
        let vault = Vault::new(Keyring::random().unwrap());
        let (key, wrapped) = vault.new_file_key(Uuid::from_u128(1)).unwrap();
        let sealed = key.seal_chunk(3, false, b"some rows").unwrap();
        let again = vault.unwrap_file_key(&wrapped, Uuid::from_u128(1)).unwrap();
        assert_eq!(again.open_chunk(3, false, &sealed).unwrap(), b"some rows");
        assert!(again.open_chunk(4, false, &sealed).is_err());
        assert!(again.open_chunk(3, true, &sealed).is_err());
        assert!(vault.unwrap_file_key(&wrapped, Uuid::from_u128(2)).is_err());
        // A file's key is no cardholder's.
        assert!(vault.unwrap(&wrapped, Uuid::from_u128(1)).is_err());
    }

    #[test]
    fn a_rewrapped_key_opens_the_same_chunks() {
        let vault = Vault::new(Keyring::random().unwrap());
        let id = Uuid::from_u128(1);
        let (key, wrapped) = vault.new_file_key(id).unwrap();
        let sealed = key.seal_chunk(0, true, b"").unwrap();
        vault.keyring().add_master_key("2026-11-02T01:00:00Z".parse().unwrap()).unwrap();
        let after = vault.rewrap_file_key(&wrapped, id).unwrap();
        assert_eq!(after.master_key_id, "m2");
        assert_eq!(vault.unwrap_file_key(&after, id).unwrap().open_chunk(0, true, &sealed).unwrap(), b"");
    }
}
