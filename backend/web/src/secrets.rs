//! What no bank may keep after a payment was authorised (PCI DSS 3.3): card verification values, track data, PINs. A body
//! that carries one is refused whole, before anything else is said about it, and nothing of it is repeated.

use serde_json::Value;

/// Words of which one is enough to say what a field is for. `pin` is none before `yin`.
const WORDS: &[&str] = &["cav", "cid", "csc", "cvc", "cvd", "cvn", "cvv", "pin", "pvv", "track", "tracks"];
/// The same where words are not told apart: parts of a name in small letters, without separators.
const PARTS: &[&str] = &[
    "cardcid",
    "cardpin",
    "cardsecuritycode",
    "cardverification",
    "cidcode",
    "cidnumber",
    "cvc",
    "cvn",
    "cvv",
    "encryptedpin",
    "fulltrack",
    "magneticstripe",
    "magstripe",
    "pinblock",
    "pincode",
    "pinnumber",
    "pinoffset",
    "securitycode",
    "trackdata",
    "trackone",
    "trackthree",
    "tracktwo",
];
/// The same in Chinese.
const CHINESE: &[&str] = &[
    "安全码",
    "验证码",
    "卡校验码",
    "卡片校验码",
    "密码",
    "磁道",
    "磁条",
    "卡背",
    "背面三位",
    "后三位",
    "末三位",
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

/// Whether a field of this name is for what no bank may keep, in whichever way it is spelled.
pub fn is_secret_name(name: &str) -> bool {
    let name: String = name.chars().map(narrow).collect();
    let plain: String =
        name.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let words = words(&name);
    let follows = |at: usize| words.get(at + 1).map(String::as_str);
    let is_word = |(at, word): (usize, &String)| {
        WORDS.contains(&word.as_str()) && !(word == "pin" && follows(at) == Some("yin"))
    };
    words.iter().enumerate().any(is_word)
        || PARTS.iter().any(|part| plain.contains(part))
        || CHINESE.iter().any(|part| name.contains(part))
}

/// The wide form of a letter is the letter.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// Runs of letters, parted where small ones are followed by a capital, in small letters.
fn words(name: &str) -> Vec<String> {
    let (mut words, mut word, mut was_small) = (Vec::new(), String::new(), false);
    for c in name.chars().chain(std::iter::once(' ')) {
        let is_new = c.is_ascii_uppercase() && was_small;
        if (is_new || !c.is_ascii_alphabetic()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphabetic() {
            word.push(c.to_ascii_lowercase());
        }
        was_small = c.is_ascii_lowercase();
    }
    words
}

/// Track 1 is `B`, PAN, `^`, name, `^`, expiry …; track 2 is PAN, `=` or `D`, expiry, service code …
pub fn is_track(text: impl AsRef<[u8]>) -> bool {
    let bytes = text.as_ref();
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
    fn names_are_known_by_their_words_however_they_are_put_together() {
        for name in [
            "cvv",
            "CVV2",
            "Card CVV",
            "cvv_code",
            "cvvNumber",
            "cardCvv",
            "c.v.v.",
            "ＣＶＶ",
            "CVC",
            "cvc2",
            "CvcCode",
            "CVN2",
            "cvn",
            "CAV",
            "cav2",
            "card_cav",
            "CID",
            "Card CID",
            "cid_no",
            "CSC",
            "CVD",
            "pin",
            "PIN",
            "card-pin",
            "PinBlock",
            "pinblock",
            "PINcode",
            "pin_no",
            "new pin",
            "track",
            "Track 1",
            "track2",
            "TRACK2DATA",
            "track-3-data",
            "trackTwo",
            "full_track",
            "magstripe",
            "Magnetic Stripe",
            "card security code",
            "securityCode",
            "pvv",
            "安全码",
            "CVV2码",
            "卡片校验码",
            "交易密码",
            "二磁道数据",
            "磁条信息",
            "卡背面三位数",
            "卡号后三位",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn names_that_only_look_like_a_secret_s_are_none() {
        for name in [
            "pinyin",
            "name_pinyin",
            "PinYin",
            "pin yin",
            "tracking_no",
            "spin",
            "decidable",
            "decided_by",
            "incident_id",
            "accident",
            "excavation",
            "may_decide",
            "mapping",
            "卡号",
            "卡号后四位",
            "校验位",
            "姓名拼音",
            "card_no",
            "account",
            "security_deposit",
            "shopping",
            "opinion",
            "customer_no",
            "acid",
            "证件号码",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
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
