//! One-time codes of a second factor (RFC 6238): six digits of HMAC-SHA-1 over half-minutes, which every authenticator knows.

use aws_lc_rs::{constant_time, hmac};
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

/// Seconds for which a code is shown.
const STEP_SECONDS: i64 = 30;
/// Clocks may differ by this many steps.
const STEPS_AROUND: i64 = 1;
/// 160 bits, as the RFC recommends.
const SECRET_BYTES: usize = 20;
pub const CODE_DIGITS: usize = 6;
const CODES: u32 = 1_000_000;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

#[derive(Debug, thiserror::Error)]
#[error("no randomness could be had")]
pub struct NoRandomness;

/// A new secret in base32, as authenticators take it.
pub fn new_secret() -> Result<Zeroizing<String>, NoRandomness> {
    let mut bytes = Zeroizing::new([0_u8; SECRET_BYTES]);
    aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| NoRandomness)?;
    Ok(Zeroizing::new(base32(bytes.as_ref())))
}

/// Random characters of 80 bits in four groups, to be written down.
pub fn new_recovery_code() -> Result<String, NoRandomness> {
    let mut bytes = [0_u8; 10];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    let letters: Vec<char> = base32(&bytes).to_lowercase().chars().collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// The digest under which a recovery code is kept, however it is typed. Eighty random bits need no slow hash.
pub fn recovery_hash(code: &str) -> Vec<u8> {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let text = format!("cardea:recovery:{}", plain.to_lowercase());
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref().to_vec()
}

/// The address that an authenticator reads from a QR code. `account` is letters and digits.
pub fn otpauth_uri(issuer: &str, account: &str, secret: &str) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={CODE_DIGITS}&period={STEP_SECONDS}"
    ))
}

/// The step whose code this is, if it is near `now` and after the step that was used last: a code is good once.
pub fn accepted_step(secret: &str, code: &str, now: DateTime<Utc>, last_used: Option<i64>) -> Option<i64> {
    let key = Zeroizing::new(unbase32(secret)?);
    let present = now.timestamp().div_euclid(STEP_SECONDS);
    let mut accepted = None;
    // Every step is compared, so that the time tells nothing.
    for step in present - STEPS_AROUND..=present + STEPS_AROUND {
        let is_it = constant_time::verify_slices_are_equal(code_of(&key, step).as_bytes(), code.as_bytes());
        if is_it.is_ok() && last_used.is_none_or(|last| step > last) {
            accepted = Some(step);
        }
    }
    accepted
}

/// What an authenticator with this secret shows at `now`.
pub fn code_at(secret: &str, now: DateTime<Utc>) -> Option<String> {
    let key = Zeroizing::new(unbase32(secret)?);
    Some(code_of(&key, now.timestamp().div_euclid(STEP_SECONDS)))
}

fn code_of(key: &[u8], step: i64) -> String {
    format!("{:0width$}", truncated(key, step) % CODES, width = CODE_DIGITS)
}

/// The dynamic truncation of RFC 4226: 31 bits from where the last four say.
fn truncated(key: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag.last().copied().unwrap_or(0) & 0x0f);
    let word = tag.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes);
    word & 0x7fff_ffff
}

fn base32(bytes: &[u8]) -> String {
    let digits = bytes.chunks(5).flat_map(|chunk| {
        let word = chunk.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        let bits = chunk.len() * 8;
        let count = bits.div_ceil(5);
        let word = word << (count * 5 - bits);
        (0..count).rev().map(move |at| BASE32[usize::try_from(word >> (at * 5) & 31).unwrap_or(0)])
    });
    digits.map(char::from).collect()
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut word, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let digit = BASE32.iter().position(|known| *known == letter)?;
        word = word << 5 | u32::try_from(digit).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 0xff).ok()?);
        }
        word &= (1 << bits) - 1;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ASCII digits 1 to 0, twice: the secret of the RFC's appendices.
    const RFC_SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238_come_out() {
        let vectors = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        let key = unbase32(RFC_SECRET).unwrap();
        for (second, eight_digits) in vectors {
            assert_eq!(truncated(&key, second / STEP_SECONDS) % 100_000_000, eight_digits, "{second}");
            let six = format!("{:06}", eight_digits % CODES);
            assert_eq!(code_at(RFC_SECRET, at(second)).unwrap(), six);
        }
    }

    #[test]
    fn the_vectors_of_rfc_4226_come_out() {
        let vectors =
            [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
        let key = unbase32(RFC_SECRET).unwrap();
        for (counter, expected) in (0..).zip(vectors) {
            assert_eq!(code_of(&key, counter), format!("{expected:06}"));
        }
    }

    #[test]
    fn the_vectors_of_rfc_4648_come_out() {
        let vectors =
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB")];
        for (plain, text) in vectors {
            assert_eq!(base32(plain.as_bytes()), text);
            assert_eq!(unbase32(text).unwrap(), plain.as_bytes());
        }
        assert_eq!(unbase32("MZ1"), None);
    }

    #[test]
    fn a_code_is_good_for_a_step_around_and_once() {
        let now = at(1_800_000_010);
        let code = code_at(RFC_SECRET, now).unwrap();
        for (second, is_good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let found = accepted_step(RFC_SECRET, &code, now + chrono::TimeDelta::seconds(second), None);
            assert_eq!(found.is_some(), is_good, "{second}");
        }
        let step = accepted_step(RFC_SECRET, &code, now, None).unwrap();
        assert_eq!(accepted_step(RFC_SECRET, &code, now, Some(step)), None);
        assert_eq!(accepted_step(RFC_SECRET, &code, now, Some(step - 1)), Some(step));
        assert_eq!(accepted_step(RFC_SECRET, "12345", now, None), None);
    }

    #[test]
    fn recovery_codes_differ_and_are_known_however_they_are_typed() {
        let (one, two) = (new_recovery_code().unwrap(), new_recovery_code().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 19, "{one}");
        assert_eq!(
            recovery_hash(&one),
            recovery_hash(&format!(" {} ", one.to_uppercase().replace('-', " ")))
        );
        assert_ne!(recovery_hash(&one), recovery_hash(&two));
    }
}
