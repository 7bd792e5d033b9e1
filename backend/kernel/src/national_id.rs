//! Identity document numbers. A Chinese resident id is checked as GB 11643-1999 says: region (6), birth date (8),
//! sequence whose last digit gives the gender (3), check character (ISO 7064, MOD 11-2).

use chrono::NaiveDate;

use crate::years;

/// Characters of a document number other than a resident id.
pub const DOCUMENT_NO_CHARS: std::ops::RangeInclusive<usize> = 4..=32;

/// A document number in capitals, without spaces and hyphens. Printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct NationalId(String);

impl std::fmt::Debug for NationalId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NationalId(***)")
    }
}

/// What a resident id says about its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResidentFacts {
    pub birth_on: NaiveDate,
    pub is_male: bool,
    /// The region code belongs to no province in use: accepted with a warning, because codes come and go.
    pub is_region_unknown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NationalIdError {
    #[error("a resident id has 17 digits and a digit or X")]
    Shape,
    #[error("the birth date inside the id is none that somebody alive can have")]
    BirthDate,
    #[error("the check character does not fit")]
    Checksum,
    #[error("a document number has letters and digits")]
    Document,
}

impl NationalIdError {
    pub fn code(self) -> &'static str {
        match self {
            Self::Shape => "national_id.shape",
            Self::BirthDate => "national_id.birth_date",
            Self::Checksum => "national_id.checksum",
            Self::Document => "national_id.document_shape",
        }
    }
}

impl NationalId {
    /// A Chinese resident id and what it says.
    pub fn parse_resident(text: &str) -> Result<(Self, ResidentFacts), NationalIdError> {
        let id = clean(text);
        let bytes = id.as_bytes();
        let (digits, check) = match bytes {
            [digits @ .., check] if bytes.len() == 18 => (digits, *check),
            _ => return Err(NationalIdError::Shape),
        };
        if !digits.iter().all(u8::is_ascii_digit) || !(check.is_ascii_digit() || check == b'X') {
            return Err(NationalIdError::Shape);
        }
        let number =
            |range: std::ops::Range<usize>| id[range].parse::<u32>().map_err(|_| NationalIdError::Shape);
        let birth_on =
            NaiveDate::from_ymd_opt(number(6..10)?.cast_signed(), number(10..12)?, number(12..14)?)
                .filter(|on| years::may_be_birth(*on))
                .ok_or(NationalIdError::BirthDate)?;
        if check_character(digits) != check {
            return Err(NationalIdError::Checksum);
        }
        let province = number(0..2)?;
        let facts = ResidentFacts {
            birth_on,
            is_male: digits.last().is_some_and(|d| (d - b'0') % 2 == 1),
            is_region_unknown: !PROVINCES.contains(&province),
        };
        Ok((Self(id), facts))
    }

    /// Any other document: letters and at least one digit. What is printed `E-12345678` or `E 12345678` is one number.
    pub fn parse_other(text: &str) -> Result<Self, NationalIdError> {
        let mut id = clean(text);
        id.retain(|c| !is_hyphen(c));
        let fits = DOCUMENT_NO_CHARS.contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric())
            && id.bytes().any(|b| b.is_ascii_digit());
        if fits { Ok(Self(id)) } else { Err(NationalIdError::Document) }
    }

    /// The number in clear. Only the vault may be given it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// First three and last four (`110***********1234`); of a short number only the last two.
    pub fn masked(&self) -> String {
        let n = self.0.len();
        if n < 10 {
            format!("{}{}", "*".repeat(n - 2), &self.0[n - 2..])
        } else {
            format!("{}{}{}", &self.0[..3], "*".repeat(n - 7), &self.0[n - 4..])
        }
    }
}

/// The check character of 17 digits (ISO 7064, MOD 11-2).
pub fn check_character(digits: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    CHECKS[(sum % 11) as usize]
}

/// Line breaks and tabs stay, and make it no number.
fn clean(text: &str) -> String {
    let is_space = |c: &char| c.is_whitespace() && !c.is_control();
    text.chars().filter(|c| !is_space(c)).map(|c| c.to_ascii_uppercase()).collect()
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '－')
}

/// The two-digit province codes of GB/T 2260.
const PROVINCES: [u32; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82,
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with_check(first_17: &str) -> String {
        format!("{first_17}{}", char::from(check_character(first_17.as_bytes())))
    }

    #[test]
    fn a_resident_id_tells_birth_date_and_gender() {
        let (id, facts) = NationalId::parse_resident(&with_check("99010119900307001")).unwrap();
        assert_eq!(facts.birth_on, NaiveDate::from_ymd_opt(1990, 3, 7).unwrap());
        assert!(facts.is_male && facts.is_region_unknown);
        assert_eq!(id.masked().len(), 18);
        assert!(id.masked().starts_with("990***********"));
    }

    #[test]
    fn the_example_of_the_standard_checks() {
        // GB 11643-1999's own worked example: 11010519491231002 → X.
        assert_eq!(check_character(b"11010519491231002"), b'X');
        assert!(NationalId::parse_resident("11010519491231002x").is_ok());
    }

    #[test]
    fn impossible_ids_are_refused_by_reason() {
        let reason = |text: &str| NationalId::parse_resident(text).unwrap_err();
        assert_eq!(reason("123"), NationalIdError::Shape);
        assert_eq!(reason(&with_check("99010119900230001")), NationalIdError::BirthDate);
        assert_eq!(reason("110105194912310021"), NationalIdError::Checksum);
        assert_eq!(reason("１1010519491231002X"), NationalIdError::Shape);
    }

    #[test]
    fn nobody_alive_was_born_in_another_age() {
        for first_17 in ["99010600010312119", "99010610000312119", "99010618991231119"] {
            let refused = NationalId::parse_resident(&with_check(first_17));
            assert_eq!(refused.unwrap_err(), NationalIdError::BirthDate, "{first_17}");
        }
        assert!(NationalId::parse_resident(&with_check("99010619000101119")).is_ok());
    }

    #[test]
    fn spellings_of_one_document_number_are_one_number() {
        for text in ["E12345678", "e-12345678", " E 1234 5678 ", "E–1234－5678"] {
            assert_eq!(NationalId::parse_other(text).unwrap().expose(), "E12345678", "{text}");
        }
    }

    #[test]
    fn what_is_no_document_number_is_refused() {
        let too_long = "E1".repeat(17);
        for text in
            ["----", "A-B-C-D", "PASSPORT", "E12", "E_12345678", "E1234\n5678", "Е12345678", "", &too_long]
        {
            assert_eq!(NationalId::parse_other(text).unwrap_err(), NationalIdError::Document, "{text}");
        }
    }

    #[test]
    fn printing_an_id_shows_nothing() {
        let (id, _) = NationalId::parse_resident("11010519491231002X").unwrap();
        assert_eq!(format!("{id:?}"), "NationalId(***)");
    }

    proptest! {
        #[test]
        fn one_wrong_digit_never_passes(sequence in 0_u32..999, at in 0_usize..17, by in 1_u8..9) {
            let good = with_check(&format!("990101199003{:02}{sequence:03}", 1 + sequence % 28));
            let mut bad = good.clone().into_bytes();
            bad[at] = b'0' + (bad[at] - b'0' + by) % 10;
            let bad = String::from_utf8(bad).unwrap();
            prop_assert!(NationalId::parse_resident(&good).is_ok());
            prop_assert!(NationalId::parse_resident(&bad).is_err());
        }

        #[test]
        fn arbitrary_text_never_panics(text in "\\PC*") {
            let _ = NationalId::parse_resident(&text);
            let _ = NationalId::parse_other(&text);
        }
    }
}
