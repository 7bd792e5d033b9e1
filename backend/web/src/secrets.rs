//! What no bank may keep after a payment was authorised (PCI DSS 3.3): card verification values, track data, PINs. A body
//! that carries one is refused whole, before anything else is said about it, and nothing of it is repeated.

use serde_json::Value;

/// Names of such fields, in small letters without separators.
const NAMES: &[&str] = &[
    "cardsecuritycode",
    "cardverificationcode",
    "cardverificationvalue",
    "cav2",
    "cvc",
    "cvc2",
    "cvn",
    "cvn2",
    "cvv",
    "cvv2",
    "encryptedpin",
    "fulltrack",
    "magneticstripe",
    "magstripe",
    "pin",
    "pinblock",
    "pinoffset",
    "pvv",
    "track1",
    "track1data",
    "track2",
    "track2data",
    "track3",
    "trackdata",
    "trackone",
    "tracktwo",
];
/// Digits of a PAN in a track (ISO/IEC 7813).
const PAN_DIGITS: std::ops::RangeInclusive<usize> = 12..=19;
/// Digits of expiry and service code that follow it.
const AFTER_PAN_DIGITS: usize = 4;

/// Whether a body carries such a field, at any depth, or track data as a text.
pub(crate) fn carries_secret(body: &Value) -> bool {
    match body {
        Value::String(text) => is_track(text),
        Value::Array(items) => items.iter().any(carries_secret),
        Value::Object(fields) => {
            fields.iter().any(|(name, field)| is_secret_name(name) || is_track(name) || carries_secret(field))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a field of this name is for what no bank may keep.
pub fn is_secret_name(name: &str) -> bool {
    let plain: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    NAMES.binary_search(&plain.as_str()).is_ok()
}

/// Track 1 is `B`, PAN, `^`, name, `^`, expiry …; track 2 is PAN, `=` or `D`, expiry, service code …
pub fn is_track(text: &str) -> bool {
    let bytes = text.as_bytes();
    let starts = (0..bytes.len()).filter(|at| *at == 0 || !bytes[at - 1].is_ascii_digit());
    let digits_from = |at: usize| bytes.iter().skip(at).take_while(|b| b.is_ascii_digit()).count();
    starts.map(|at| (at, digits_from(at))).filter(|(_, digits)| PAN_DIGITS.contains(digits)).any(
        |(at, digits)| match bytes.get(at + digits) {
            Some(b'^') => at > 0 && bytes[at - 1].eq_ignore_ascii_case(&b'b'),
            Some(b'=' | b'D' | b'd') => digits_from(at + digits + 1) >= AFTER_PAN_DIGITS,
            _ => false,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_names_are_sorted_for_the_search() {
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn secrets_are_found_at_any_depth_and_under_any_spelling() {
        for body in [
            json!({ "cvv": "123" }),
            json!({ "name": "x", "card": { "Track-2 Data": null } }),
            json!([{ "CVN2": 1 }, 2]),
            json!({ "pin_block": "" }),
            json!({ "note": "%B4111111111111111^SHEN/JIAYI^28121010000000000000?" }),
            json!({ "note": ["read ;4111111111111111=28121011234567890? twice"] }),
            json!({ "note": "4111111111111111D2812101" }),
        ] {
            assert!(carries_secret(&body), "{body}");
        }
    }

    #[test]
    fn other_bodies_pass() {
        for body in [
            json!({ "pinyin": "shen", "name_pinyin": "x", "tracking": "1", "spin": 2, "card": "4111111111111111" }),
            json!({ "reason": "order 411111111111=28, pin board", "q": "4111111111111111" }),
            json!("4111111111111111"),
            json!("411111111111111111111111=2812101"),
            json!("客户^说"),
            json!(null),
        ] {
            assert!(!carries_secret(&body), "{body}");
        }
    }
}
