//! Access tokens (JWT, HS256, one allowed algorithm) and opaque refresh tokens.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    actor::Role,
    ids::{SessionId, StaffId},
    vault::Keyring,
};

const ISSUER: &str = "cardea";
const AUDIENCE: &str = "cardea-staff";
const TYPE: &str = "at+jwt";
/// Of whoever has shown the right password and owes the second factor.
const CHALLENGE_AUDIENCE: &str = "cardea-second-factor";
const CHALLENGE_TYPE: &str = "second-factor+jwt";
const CHALLENGE_LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// What a following refresh token is made for; no blind index is over this domain.
const SUCCESSOR: &[u8] = b"cardea:refresh-successor:";
/// What a refresh token is marked for; nor is one over this.
const FAMILY: &[u8] = b"cardea:refresh-family:";
/// Tokens that are remembered as verified; beyond it the memory begins anew.
const VERIFIED_MAX: usize = 8_192;
/// Bytes of a refresh token: whose it is, what nobody can guess, and our mark under both.
const FAMILY_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// What an access token says.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: StaffId,
    pub sid: SessionId,
    pub role: Role,
    pub iat: i64,
    pub exp: i64,
}

/// What a challenge says: who owes the second factor, and for which attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Challenge {
    pub iss: String,
    pub aud: String,
    pub sub: StaffId,
    /// A digest of what must not have changed in between.
    pub attempt: String,
    pub exp: i64,
}

/// One key that signs access tokens, or did until a moment ago.
pub(crate) struct TokenKey {
    key_id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    until: Option<DateTime<Utc>>,
}

impl TokenKey {
    pub(crate) fn new(key_id: &str, secret: &[u8], until: Option<DateTime<Utc>>) -> Self {
        let (encoding, decoding) = (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        Self { key_id: key_id.to_owned(), encoding, decoding, until }
    }

    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    pub(crate) fn until(&self) -> Option<DateTime<Utc>> {
        self.until
    }

    pub(crate) fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// Signs and checks access tokens.
pub struct Tokens {
    keyring: Keyring,
    validation: Validation,
    challenge_validation: Validation,
    lifetime: TimeDelta,
    verified: Verified,
}

/// Claims and key id by the digest of their token.
type ByDigest = HashMap<[u8; 32], Arc<(Claims, String)>>;

/// Tokens whose signature was found good, by their digest: a page asks ten times with the same one. What changes with time,
/// whether token and key have run out, is judged at every use.
#[derive(Default)]
struct Verified(RwLock<ByDigest>);

impl Verified {
    fn find(&self, digest: &[u8; 32]) -> Option<Arc<(Claims, String)>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    fn keep(&self, digest: [u8; 32], found: Arc<(Claims, String)>) {
        let mut tokens = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= VERIFIED_MAX {
            tokens.clear();
        }
        tokens.insert(digest, found);
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the token is not valid")]
pub struct TokenError;

impl Tokens {
    pub fn new(keyring: Keyring, lifetime: TimeDelta) -> Self {
        Self {
            keyring,
            validation: validation_for(AUDIENCE),
            challenge_validation: validation_for(CHALLENGE_AUDIENCE),
            lifetime,
            verified: Verified::default(),
        }
    }

    pub fn lifetime(&self) -> TimeDelta {
        self.lifetime
    }

    pub fn sign(
        &self,
        staff_id: StaffId,
        session_id: SessionId,
        role: Role,
        now: DateTime<Utc>,
    ) -> Result<String, TokenError> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: staff_id,
            sid: session_id,
            role,
            iat: now.timestamp(),
            exp: (now + self.lifetime).timestamp(),
        };
        self.encode(TYPE, &claims)
    }

    /// Proof for five minutes that somebody has shown the right password in this attempt. It opens nothing by itself.
    pub fn challenge(
        &self,
        staff_id: StaffId,
        attempt: &str,
        now: DateTime<Utc>,
    ) -> Result<String, TokenError> {
        let claims = Challenge {
            iss: ISSUER.to_owned(),
            aud: CHALLENGE_AUDIENCE.to_owned(),
            sub: staff_id,
            attempt: attempt.to_owned(),
            exp: (now + CHALLENGE_LIFETIME).timestamp(),
        };
        self.encode(CHALLENGE_TYPE, &claims)
    }

    fn encode(&self, typ: &str, claims: &impl Serialize) -> Result<String, TokenError> {
        let keys = self.keyring.fresh();
        let key = keys.token_key().ok_or(TokenError)?;
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(key.key_id.clone());
        header.typ = Some(typ.to_owned());
        jsonwebtoken::encode(&header, claims, &key.encoding).map_err(|_| TokenError)
    }

    /// The claims of a token that we signed for this purpose and that has not run out at `now`.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        let digest = digest_of(token);
        let found = match self.verified.find(&digest) {
            Some(found) => found,
            None => {
                let found = Arc::new(self.check_signature(token, TYPE, &self.validation)?);
                self.verified.keep(digest, found.clone());
                found
            }
        };
        let (claims, key_id) = &*found;
        if self.is_key_good(key_id, now) && claims.exp > now.timestamp() {
            Ok(claims.clone())
        } else {
            Err(TokenError)
        }
    }

    /// What a challenge says that we gave and that has not run out at `now`.
    pub fn verify_challenge(&self, token: &str, now: DateTime<Utc>) -> Result<Challenge, TokenError> {
        let (claims, key_id): (Challenge, String) =
            self.check_signature(token, CHALLENGE_TYPE, &self.challenge_validation)?;
        let is_good = self.is_key_good(&key_id, now) && claims.exp > now.timestamp();
        if is_good { Ok(claims) } else { Err(TokenError) }
    }

    fn is_key_good(&self, key_id: &str, now: DateTime<Utc>) -> bool {
        self.keyring.keys().token_key_named(key_id).is_some_and(|key| key.is_good(now))
    }

    /// The claims and the key of a token of ours, whenever it runs out.
    fn check_signature<C: DeserializeOwned + Clone>(
        &self,
        token: &str,
        typ: &str,
        validation: &Validation,
    ) -> Result<(C, String), TokenError> {
        let key_id =
            jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid).ok_or(TokenError)?;
        let mut keys = self.keyring.keys();
        if keys.token_key_named(&key_id).is_none() {
            // Another process may have replaced the key since.
            keys = self.keyring.fresh();
        }
        let key = keys.token_key_named(&key_id).ok_or(TokenError)?;
        let data = jsonwebtoken::decode::<C>(token, &key.decoding, validation).map_err(|_| TokenError)?;
        if data.header.typ.as_deref() == Some(typ) { Ok((data.claims, key_id)) } else { Err(TokenError) }
    }

    /// The first refresh token of a session, and the hash under which it is kept.
    pub fn first_refresh(&self, family: SessionId) -> Result<(String, Vec<u8>), TokenError> {
        let mut secret = [0_u8; SECRET_BYTES];
        aws_lc_rs::rand::fill(&mut secret).map_err(|_| TokenError)?;
        Ok(self.refresh_of(family, &secret))
    }

    /// The refresh token that follows `token` in the named attempt, and its hash. The same two always have the same
    /// successor, so that a lost answer can be given again without ever keeping a token.
    pub fn successor(&self, family: SessionId, token: &str, attempt: &str) -> (String, Vec<u8>) {
        let secret = self.mark(&[SUCCESSOR, token.as_bytes(), b":", attempt.as_bytes()]);
        self.refresh_of(family, secret.as_ref())
    }

    /// The session for which we once issued this refresh token, whether as the first or as any later one. A token says so
    /// itself: none that was used up needs to be kept to be known again.
    pub fn family_of(&self, token: &str) -> Option<SessionId> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (named, mark) = bytes.split_at_checked(FAMILY_BYTES + SECRET_BYTES)?;
        let text = [FAMILY, named].concat();
        hmac::verify(self.keyring.keys().blind_key(), &text, mark).ok()?;
        uuid::Uuid::from_slice(named.get(..FAMILY_BYTES)?).ok().map(SessionId)
    }

    fn refresh_of(&self, family: SessionId, secret: &[u8]) -> (String, Vec<u8>) {
        let named = [family.0.as_bytes(), secret].concat();
        let mark = self.mark(&[FAMILY, &named]);
        let token = URL_SAFE_NO_PAD.encode([&named, mark.as_ref()].concat());
        let hash = refresh_hash(&token);
        (token, hash)
    }

    /// Not by the key that signs: that one may be replaced while an answer is under way.
    fn mark(&self, parts: &[&[u8]]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(self.keyring.keys().blind_key());
        for part in parts {
            context.update(part);
        }
        context.sign()
    }
}

fn validation_for(audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[audience]);
    // Expiry is judged by the house's clock instead of the machine's.
    validation.validate_exp = false;
    validation
}

/// The hash of a refresh token. It has 256 random bits, so a plain digest is enough.
pub fn refresh_hash(token: &str) -> Vec<u8> {
    digest_of(token).to_vec()
}

fn digest_of(token: &str) -> [u8; 32] {
    let mut digest = [0; 32];
    digest.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes()).as_ref());
    digest
}

/// A readable random password: five groups of four letters and digits without look-alikes.
pub fn new_initial_password() -> Result<String, TokenError> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
    let mut bytes = [0_u8; 20];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| TokenError)?;
    let letters: Vec<char> = bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::uuid_v7;

    fn now() -> DateTime<Utc> {
        "2026-11-02T01:00:00Z".parse().unwrap()
    }

    fn tokens() -> Tokens {
        Tokens::new(Keyring::random().unwrap(), TimeDelta::minutes(10))
    }

    fn sign(tokens: &Tokens) -> String {
        let (staff, session) = (StaffId(uuid_v7(now(), 1)), SessionId(uuid_v7(now(), 2)));
        tokens.sign(staff, session, Role::Teller, now()).unwrap()
    }

    #[test]
    fn a_token_is_good_until_it_runs_out_and_only_under_its_key() {
        let tokens = tokens();
        let token = sign(&tokens);
        let claims = tokens.verify(&token, now() + TimeDelta::minutes(9)).unwrap();
        assert_eq!((claims.sub.0, claims.role), (uuid_v7(now(), 1), Role::Teller));
        assert!(tokens.verify(&token, now() + TimeDelta::minutes(10)).is_err());
        assert!(self::tokens().verify(&token, now()).is_err());
        assert!(tokens.verify("eyJhbGciOiJub25lIn0.e30.", now()).is_err());
    }

    #[test]
    fn a_challenge_lives_for_five_minutes_and_is_no_access_token() {
        let tokens = tokens();
        let staff = StaffId(uuid_v7(now(), 1));
        let challenge = tokens.challenge(staff, "attempt", now()).unwrap();
        let read = tokens.verify_challenge(&challenge, now() + TimeDelta::seconds(299)).unwrap();
        assert_eq!((read.sub, read.attempt.as_str()), (staff, "attempt"));
        assert!(tokens.verify_challenge(&challenge, now() + TimeDelta::minutes(5)).is_err());
        assert!(tokens.verify(&challenge, now()).is_err());
        assert!(tokens.verify_challenge(&sign(&tokens), now()).is_err());
    }

    #[test]
    fn a_token_outlives_the_key_that_signed_it_by_the_overlap() {
        let tokens = tokens();
        let before = sign(&tokens);
        tokens.keyring.replace_token_key(now(), TimeDelta::minutes(5)).unwrap();
        let after = sign(&tokens);
        assert!(tokens.verify(&before, now() + TimeDelta::minutes(4)).is_ok());
        assert!(tokens.verify(&before, now() + TimeDelta::minutes(5)).is_err());
        assert!(tokens.verify(&after, now() + TimeDelta::minutes(9)).is_ok());
        tokens.keyring.replace_token_key(now(), TimeDelta::minutes(5)).unwrap();
        assert!(tokens.verify(&before, now()).is_err(), "two keys back");
        assert!(tokens.verify(&after, now()).is_ok());
    }

    fn session(n: u64) -> SessionId {
        SessionId(uuid_v7(now(), n.into()))
    }

    #[test]
    fn a_successor_depends_on_the_token_the_attempt_and_the_key() {
        let tokens = tokens();
        let (successor, hash) = tokens.successor(session(1), "first", "attempt");
        tokens.keyring.replace_token_key(now(), TimeDelta::minutes(5)).unwrap();
        assert_eq!(tokens.successor(session(1), "first", "attempt"), (successor.clone(), hash.clone()));
        assert_eq!(refresh_hash(&successor), hash);
        for different in [
            tokens.successor(session(1), "second", "attempt"),
            tokens.successor(session(1), "first", "other"),
            tokens.successor(session(2), "first", "attempt"),
            self::tokens().successor(session(1), "first", "attempt"),
        ] {
            assert_ne!(different.0, successor);
        }
    }

    #[test]
    fn refresh_tokens_differ_and_are_kept_as_hashes() {
        let tokens = tokens();
        let (one, hash) = tokens.first_refresh(session(1)).unwrap();
        let (two, _) = tokens.first_refresh(session(1)).unwrap();
        assert_ne!(one, two);
        assert_eq!(refresh_hash(&one), hash);
    }

    #[test]
    fn every_token_of_a_family_tells_of_it_and_none_that_is_not_ours() {
        let tokens = tokens();
        let (mut token, _) = tokens.first_refresh(session(1)).unwrap();
        for attempt in ["one", "two", "three"] {
            assert_eq!(tokens.family_of(&token), Some(session(1)));
            token = tokens.successor(session(1), &token, attempt).0;
        }
        assert_eq!(self::tokens().family_of(&token), None);
        let mut bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            assert_eq!(tokens.family_of(&URL_SAFE_NO_PAD.encode(&bytes)), None, "byte {at}");
            bytes[at] ^= 1;
        }
        for odd in ["", "A", "====", &token[..token.len() - 4], &format!("{token}AAAA"), "证"] {
            assert_eq!(tokens.family_of(odd), None, "{odd}");
        }
    }
}
