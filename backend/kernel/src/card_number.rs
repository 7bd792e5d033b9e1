//! Primary account numbers (PAN). Parsed only to be reduced: BIN, last four and a keyed token; never kept.

/// A PAN that passes the Luhn check (ISO/IEC 7812-1). Printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct CardNumber(String);

impl std::fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardNumber(***)")
    }
}

impl CardNumber {
    /// 13 to 19 digits, spaces and hyphens ignored, with a valid check digit.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let fits = (13..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        (fits && is_luhn_valid(digits.as_bytes())).then_some(Self(digits))
    }

    /// The number in clear. Only the token function may be given it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The issuer's first six digits.
    pub fn bin(&self) -> &str {
        &self.0[..6]
    }

    pub fn last_four(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }
}

/// The Luhn check of ASCII digits (ISO/IEC 7812-1, annex B).
pub fn is_luhn_valid(digits: &[u8]) -> bool {
    luhn_sum(digits, false).is_multiple_of(10)
}

/// The digit that makes `digits` Luhn-valid when appended.
pub fn luhn_check_digit(digits: &[u8]) -> u8 {
    b'0' + ((10 - luhn_sum(digits, true) % 10) % 10) as u8
}

fn luhn_sum(digits: &[u8], is_last_doubled: bool) -> u32 {
    digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let d = u32::from(digit - b'0');
            if (at % 2 == 1) == is_last_doubled {
                d
            } else if d > 4 {
                2 * d - 9
            } else {
                2 * d
            }
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_known_number_passes_and_its_neighbour_does_not() {
        let card = CardNumber::parse("4111 1111-1111 1111").unwrap();
        assert_eq!((card.bin(), card.last_four()), ("411111", "1111"));
        assert!(CardNumber::parse("4111111111111112").is_none());
        assert!(CardNumber::parse("411111111111").is_none());
    }

    proptest! {
        #[test]
        fn an_appended_check_digit_is_valid_and_no_other_is(body in "[0-9]{12,18}", other in 1_u8..10) {
            let check = luhn_check_digit(body.as_bytes());
            let right = format!("{body}{}", char::from(check));
            let wrong = format!("{body}{}", char::from(b'0' + (check - b'0' + other) % 10));
            prop_assert!(is_luhn_valid(right.as_bytes()));
            prop_assert!(!is_luhn_valid(wrong.as_bytes()));
        }
    }
}
