//! Passwords: argon2id, with the same work done for names that do not exist.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use std::sync::LazyLock;

/// Characters a password has at least and at most.
pub const PASSWORD_CHARS_MIN: usize = 10;
pub const PASSWORD_CHARS_MAX: usize = 128;

/// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// A hash in PHC form, with its own random salt.
pub fn hash(password: &str) -> Result<String, HashError> {
    hasher()
        .ok_or(HashError)?
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| HashError)
}

/// Whether the password fits. With no hash (an unknown name) the same work is done and the answer is no.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let parsed = argon2::password_hash::phc::PasswordHash::new(hash.unwrap_or(&NOBODY));
    let is_right = match (parsed, hasher()) {
        (Ok(parsed), Some(hasher)) => hasher.verify_password(password.as_bytes(), &parsed).is_ok(),
        _ => false,
    };
    is_right && hash.is_some()
}

/// The same off the threads that answer requests: argon2 takes tens of milliseconds of one core.
pub async fn is_right(password: String, hash: Option<String>) -> bool {
    tokio::task::spawn_blocking(move || verify(&password, hash.as_deref())).await.unwrap_or(false)
}

static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password").unwrap_or_default());

fn hasher() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Why a new password is not good enough; `None` when it is.
pub fn weakness(password: &str, staff_no: &str, name: &str) -> Option<&'static str> {
    let chars = password.chars().count();
    let lower = password.to_lowercase();
    if chars < PASSWORD_CHARS_MIN {
        Some("too_short")
    } else if chars > PASSWORD_CHARS_MAX {
        Some("too_long")
    } else if (!staff_no.is_empty() && lower.contains(&staff_no.to_lowercase()))
        || (name.chars().count() > 1 && lower.contains(&name.to_lowercase()))
    {
        Some("contains_name")
    } else if is_monotonous(&lower) {
        Some("too_simple")
    } else if is_breached(&lower) {
        Some("breached")
    } else {
        None
    }
}

/// Passwords that everybody who guesses tries first: lower case, sorted. See `backend/docs/third-party-notices.md`.
static BREACHED: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("../data/breached_passwords.txt").lines().collect());

/// Whether it is on the list, as it is or once the digits and signs around the word are gone: `Password-2026!` is tried as
/// early as `password`.
fn is_breached(lower: &str) -> bool {
    let is_listed = |text: &str| BREACHED.binary_search(&text).is_ok();
    is_listed(lower) || is_listed(lower.trim_matches(|letter: char| !letter.is_alphabetic()))
}

/// Fewer than five different characters.
fn is_monotonous(password: &str) -> bool {
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    different.len() < 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let kept = hash("correct horse").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse", Some(&kept)));
        assert!(!verify("wrong horse", Some(&kept)));
        assert!(!verify("nobody has this password", None));
    }

    #[test]
    fn weak_passwords_say_why() {
        assert_eq!(weakness("short", "T0001", "Li"), Some("too_short"));
        assert_eq!(weakness("xxT0001xxyy", "T0001", "李"), Some("contains_name"));
        assert_eq!(weakness("aaaaaaaaabbb", "T0001", "李"), Some("too_simple"));
        for breached in ["qwertyuiop", "1Q2w3e4r5t6y", "Password-2026!", "77-Basketball", "4815162342"] {
            assert_eq!(weakness(breached, "T0001", "李"), Some("breached"), "{breached}");
        }
        for good in ["Cardea-2026", "A better one 7", "password of a bank", "2026-11-02 09:00"] {
            assert_eq!(weakness(good, "T0001", "李"), None, "{good}");
        }
    }

    #[test]
    fn the_list_is_sorted_in_lower_case_and_of_some_size() {
        assert!(BREACHED.is_sorted() && BREACHED.len() > 40_000, "{}", BREACHED.len());
        assert!(BREACHED.iter().all(|text| text.to_lowercase() == **text));
    }
}
