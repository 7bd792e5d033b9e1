//! Sealed values: AES-256-GCM, key fingerprint in front, place as associated data.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest,
};
use uuid::Uuid;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const KEY_BYTES: usize = 32;
const FINGERPRINT_BYTES: usize = 8;
const HEADER_BYTES: usize = 1 + FINGERPRINT_BYTES + NONCE_LEN;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("the master key that wrapped this data key is not here")]
    KeyMissing,
    #[error("the sealed value was made with a data key that is gone")]
    KeyDestroyed,
    #[error("the sealed value was altered or moved")]
    Broken,
    #[error("no randomness could be had")]
    Random,
}

/// Where a sealed value belongs. A ciphertext copied elsewhere does not open.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    pub row: Uuid,
}

impl Place {
    fn associated_data(&self) -> Vec<u8> {
        [self.table.as_bytes(), b"\0", self.column.as_bytes(), b"\0", self.row.as_bytes()].concat()
    }
}

/// A ciphertext column. It can't be printed, serialised or compared with plain text.
#[derive(Clone, PartialEq, Eq, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Binary)]
pub struct Sealed(Vec<u8>);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(***)")
    }
}

impl Sealed {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl diesel::serialize::ToSql<diesel::sql_types::Binary, diesel::pg::Pg> for Sealed {
    fn to_sql<'b>(
        &'b self,
        out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
    ) -> diesel::serialize::Result {
        <Vec<u8> as diesel::serialize::ToSql<diesel::sql_types::Binary, diesel::pg::Pg>>::to_sql(&self.0, out)
    }
}

impl diesel::deserialize::FromSql<diesel::sql_types::Binary, diesel::pg::Pg> for Sealed {
    fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
        Ok(Self(bytes.as_bytes().to_vec()))
    }
}

/// A data key as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey {
    pub master_key_id: String,
    pub bytes: Vec<u8>,
}

/// Whose key a wrapped key is: it does not open as anybody else's.
#[derive(Clone, Copy)]
pub(super) struct KeyOwner {
    pub domain: &'static [u8],
    pub id: Uuid,
}

impl KeyOwner {
    pub(super) fn cardholder(id: Uuid) -> Self {
        Self { domain: b"cardholder_keys\0", id }
    }

    fn associated_data(&self, master_key_id: &str) -> Vec<u8> {
        [self.domain, master_key_id.as_bytes(), b"\0", self.id.as_bytes()].concat()
    }
}

/// One cardholder's or one file's key, in memory only.
pub struct DataKey {
    bytes: Zeroizing<[u8; KEY_BYTES]>,
    fingerprint: [u8; FINGERPRINT_BYTES],
    cipher: LessSafeKey,
}

impl DataKey {
    pub(super) fn random() -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| VaultError::Random)?;
        Self::from_bytes(bytes)
    }

    fn from_bytes(bytes: Zeroizing<[u8; KEY_BYTES]>) -> Result<Self, VaultError> {
        let digest = digest::digest(&digest::SHA256, bytes.as_ref());
        let fingerprint = digest.as_ref()[..FINGERPRINT_BYTES].try_into().map_err(|_| VaultError::Broken)?;
        let cipher = cipher_of(bytes.as_ref())?;
        Ok(Self { bytes, fingerprint, cipher })
    }

    /// The key of these bytes; a master key seals in its own name what belongs to no cardholder.
    pub(super) fn from_slice(bytes: &[u8]) -> Result<Self, VaultError> {
        let bytes: [u8; KEY_BYTES] = bytes.try_into().map_err(|_| VaultError::Broken)?;
        Self::from_bytes(Zeroizing::new(bytes))
    }

    pub(super) fn wrap(
        &self,
        master_key_id: &str,
        master_key: &[u8],
        owner: KeyOwner,
    ) -> Result<WrappedKey, VaultError> {
        let aad = owner.associated_data(master_key_id);
        let bytes = encrypt(&cipher_of(master_key)?, &[VERSION], &aad, self.bytes.as_ref())?;
        Ok(WrappedKey { master_key_id: master_key_id.to_owned(), bytes })
    }

    pub(super) fn unwrap(
        wrapped: &WrappedKey,
        master_key: &[u8],
        owner: KeyOwner,
    ) -> Result<Self, VaultError> {
        let aad = owner.associated_data(&wrapped.master_key_id);
        let body = wrapped.bytes.strip_prefix(&[VERSION]).ok_or(VaultError::Broken)?;
        let plain = Zeroizing::new(decrypt(&cipher_of(master_key)?, &aad, body)?);
        let bytes: [u8; KEY_BYTES] = plain.as_slice().try_into().map_err(|_| VaultError::Broken)?;
        Self::from_bytes(Zeroizing::new(bytes))
    }

    /// Bytes that are no column's value, bound to what `place` says.
    pub(super) fn seal_bytes(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        encrypt(&self.cipher, &[VERSION], place, plain)
    }

    pub(super) fn open_bytes(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        decrypt(&self.cipher, place, sealed.strip_prefix(&[VERSION]).ok_or(VaultError::Broken)?)
    }

    pub fn seal(&self, place: Place, plain: &str) -> Result<Sealed, VaultError> {
        let mut header = Vec::with_capacity(HEADER_BYTES + plain.len() + AES_256_GCM.tag_len());
        header.push(VERSION);
        header.extend_from_slice(&self.fingerprint);
        encrypt(&self.cipher, &header, &place.associated_data(), plain.as_bytes()).map(Sealed)
    }

    /// The plain text. Call sites are an allow-list in the architecture test: each needs a purpose and an audit row.
    pub fn open(&self, place: Place, sealed: &Sealed) -> Result<Zeroizing<String>, VaultError> {
        let marked = sealed.0.strip_prefix(&[VERSION]).ok_or(VaultError::Broken)?;
        let body = marked.strip_prefix(&self.fingerprint).ok_or(VaultError::KeyDestroyed)?;
        let plain = decrypt(&self.cipher, &place.associated_data(), body)?;
        String::from_utf8(plain).map(Zeroizing::new).map_err(|_| VaultError::Broken)
    }
}

fn cipher_of(key: &[u8]) -> Result<LessSafeKey, VaultError> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| VaultError::Broken)
}

fn encrypt(cipher: &LessSafeKey, header: &[u8], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0_u8; NONCE_LEN];
    aws_lc_rs::rand::fill(&mut nonce).map_err(|_| VaultError::Random)?;
    let mut text = plain.to_vec();
    cipher
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut text)
        .map_err(|_| VaultError::Broken)?;
    Ok([header, &nonce, &text].concat())
}

fn decrypt(cipher: &LessSafeKey, aad: &[u8], body: &[u8]) -> Result<Vec<u8>, VaultError> {
    let (nonce, text) = body.split_at_checked(NONCE_LEN).ok_or(VaultError::Broken)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Broken)?;
    let mut text = text.to_vec();
    let length =
        cipher.open_in_place(nonce, Aad::from(aad), &mut text).map_err(|_| VaultError::Broken)?.len();
    text.truncate(length);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{super::*, *};

    fn vault() -> Vault {
        Vault::new(Keyring::random().unwrap())
    }

    fn place(row: u128) -> Place {
        Place { table: "cardholder_phones", column: "number_sealed", row: Uuid::from_u128(row) }
    }

    #[test]
    fn a_sealed_value_opens_in_its_place_only() {
        let vault = vault();
        let (key, wrapped) = vault.new_data_key(Uuid::from_u128(7)).unwrap();
        let sealed = key.seal(place(1), "+8613800005678").unwrap();
        let again = vault.unwrap(&wrapped, Uuid::from_u128(7)).unwrap();
        assert_eq!(again.open(place(1), &sealed).unwrap().as_str(), "+8613800005678");
        assert_eq!(again.open(place(2), &sealed).unwrap_err(), VaultError::Broken);
        let other_column = Place { column: "tail_sealed", ..place(1) };
        assert_eq!(again.open(other_column, &sealed).unwrap_err(), VaultError::Broken);
        assert!(vault.unwrap(&wrapped, Uuid::from_u128(8)).is_err());
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let (key, _) = vault().new_data_key(Uuid::from_u128(7)).unwrap();
        let sealed = key.seal(place(1), "somebody").unwrap();
        for at in 0..sealed.0.len() * 8 {
            let mut bytes = sealed.0.clone();
            bytes[at / 8] ^= 1 << (at % 8);
            assert!(key.open(place(1), &Sealed(bytes)).is_err(), "bit {at}");
        }
    }

    #[test]
    fn sealing_twice_gives_different_ciphertexts_and_one_blind_index() {
        let vault = vault();
        let (key, _) = vault.new_data_key(Uuid::from_u128(7)).unwrap();
        assert_ne!(key.seal(place(1), "x").unwrap(), key.seal(place(1), "x").unwrap());
        assert_eq!(vault.blind(Blind::PhoneTail, "5678"), vault.blind(Blind::PhoneTail, "5678"));
        assert_ne!(vault.blind(Blind::PhoneTail, "5678"), vault.blind(Blind::PhoneNumber, "5678"));
    }

    #[test]
    fn what_another_data_key_sealed_is_known_as_such() {
        let vault = vault();
        let (key, _) = vault.new_data_key(Uuid::from_u128(7)).unwrap();
        let (other, _) = vault.new_data_key(Uuid::from_u128(7)).unwrap();
        let sealed = key.seal(place(1), "x").unwrap();
        assert_eq!(other.open(place(1), &sealed).unwrap_err(), VaultError::KeyDestroyed);
    }

    #[test]
    fn a_rewrapped_data_key_opens_what_it_sealed() {
        let vault = vault();
        let id = Uuid::from_u128(7);
        let (key, wrapped) = vault.new_data_key(id).unwrap();
        let sealed = key.seal(place(1), "x").unwrap();
        vault.keyring().add_master_key("2026-11-02T01:00:00Z".parse().unwrap()).unwrap();
        let again = vault.rewrap(&wrapped, id).unwrap();
        assert_eq!((wrapped.master_key_id.as_str(), again.master_key_id.as_str()), ("m1", "m2"));
        for wrapped in [wrapped, again] {
            assert_eq!(vault.unwrap(&wrapped, id).unwrap().open(place(1), &sealed).unwrap().as_str(), "x");
        }
        assert!(vault.rewrap(&vault.new_data_key(id).unwrap().1, Uuid::from_u128(8)).is_err());
    }

    #[test]
    fn what_a_master_key_seals_itself_stays_readable_after_another_was_added() {
        let vault = vault();
        let (key_id, sealed) = vault.seal_under_master(place(1), "secret").unwrap();
        vault.keyring().add_master_key("2026-11-02T01:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(vault.open_under_master(&key_id, place(1), &sealed).unwrap().as_str(), "secret");
        assert_eq!(vault.seal_under_master(place(1), "secret").unwrap().0, "m2");
        assert!(vault.open_under_master(&key_id, place(2), &sealed).is_err());
        assert!(vault.open_under_master("m2", place(1), &sealed).is_err());
        assert_eq!(vault.open_under_master("m9", place(1), &sealed).unwrap_err(), VaultError::KeyMissing);
    }

    #[test]
    fn without_its_master_key_a_data_key_is_lost() {
        let (_, wrapped) = vault().new_data_key(Uuid::from_u128(7)).unwrap();
        assert!(vault().unwrap(&wrapped, Uuid::from_u128(7)).is_err());
    }
}
