//! Numbers that look right and belong to nobody, each given once.
//!
//! * Resident ids: valid checksum, region code `99xxxx`, which no province has.
//! * Mobile numbers: prefix 154, which no operator has been given. Landlines: subscriber numbers that begin with 1.
//! * E-mail: the domains reserved for examples (RFC 2606).
//! * Cards: prefixes that payment providers publish for their test cards.
//! * Passports and permits: series that are not issued.

use chrono::{Datelike, NaiveDate};
use kernel::{
    CardNumber, EmailAddress, NationalId, PhoneNumber, card_number::luhn_check_digit,
    national_id::check_character,
};

use crate::places::City;
use crate::words::{Gender, IdKind, Network};

/// Sequence numbers of one region, birth date and gender.
const SEQUENCES: u64 = 500;
/// Regions `990000` to `999999`.
const REGIONS: u64 = 10_000;

/// The n-th of `size` numbers, each once, in an order that does not look like one. `size` is 2ᵃ·5ᵇ.
fn spread(n: u64, size: u64) -> u64 {
    // Near the golden section neighbours fall far apart; odd and no multiple of five, it reaches every number.
    let golden = (u128::from(size) * 618_034 / 1_000_000) as u64 | 1;
    let stride = if golden.is_multiple_of(5) { golden + 2 } else { golden };
    ((u128::from(n) * u128::from(stride) + 7_919) % u128::from(size)) as u64
}

/// A resident id that the parser takes, with a warning.
pub fn resident_id(number: u32, birth_on: NaiveDate, gender: Gender) -> Option<NationalId> {
    let at = spread(u64::from(number), REGIONS * SEQUENCES);
    let (region, sequence) = (at / SEQUENCES, at % SEQUENCES * 2 + u64::from(gender == Gender::Male));
    let digits = format!(
        "99{region:04}{:04}{:02}{:02}{sequence:03}",
        birth_on.year(),
        birth_on.month(),
        birth_on.day()
    );
    let id = format!("{digits}{}", char::from(check_character(digits.as_bytes())));
    NationalId::parse_resident(&id).ok().map(|(id, _)| id)
}

/// A document of the other kinds.
pub fn other_document(kind: IdKind, number: u32) -> Option<NationalId> {
    let text = match kind {
        IdKind::ResidentId => return None,
        IdKind::Passport => format!("ZZ{:07}", spread(u64::from(number), 10_000_000)),
        IdKind::HkMacauPermit => format!("H00{:07}", spread(u64::from(number), 10_000_000)),
        IdKind::TaiwanPermit => format!("0{:07}", spread(u64::from(number), 10_000_000)),
    };
    NationalId::parse_other(&text).ok()
}

/// The first or second mobile number of a cardholder.
pub fn mobile(number: u32, nth: u32) -> Option<PhoneNumber> {
    let at = u64::from(number) * 2 + u64::from(nth % 2);
    PhoneNumber::parse(&format!("154{:08}", spread(at, 100_000_000)))
}

/// A household's landline; its members share it.
pub fn landline(household: u64, city: &City) -> Option<PhoneNumber> {
    let area = city.area_code.trim_start_matches('0');
    PhoneNumber::parse(&format!("0{area}1{:07}", spread(household, 10_000_000)))
}

pub fn email(number: u32, pinyin: &str, is_work: bool) -> Option<EmailAddress> {
    let letters: String = pinyin.chars().filter(char::is_ascii_alphabetic).take(24).collect();
    let stem = if letters.is_empty() { "user" } else { &letters };
    let domain = if is_work {
        "work.example.org"
    } else {
        ["example.com", "example.net", "example.org"][number as usize % 3]
    };
    EmailAddress::parse(&format!("{stem}{}@{domain}", spread(u64::from(number), REGIONS * SEQUENCES)))
}

/// `C`, nine digits and a Luhn digit, as the bank's own are.
pub fn customer_no(number: u32) -> String {
    let digits = format!("{:09}", spread(u64::from(number), 1_000_000_000));
    let check = char::from(luhn_check_digit(digits.as_bytes()));
    format!("C{digits}{check}")
}

/// What a cardholder's cards and accounts are numbered by: 16 of each at most.
pub fn serial(number: u32, nth: usize) -> u64 {
    u64::from(number) * 16 + (nth % 16) as u64
}

/// A card number that passes the Luhn check: 19 digits for debit cards, 16 else.
pub fn card_number(network: Network, is_debit: bool, serial: u64) -> Option<CardNumber> {
    let bin = match network {
        Network::Unionpay => "620000",
        Network::Visa => "400000",
        Network::Mastercard => "222300",
        Network::Jcb => "353011",
    };
    let body = if is_debit {
        format!("{bin}{:012}", spread(serial, 1_000_000_000_000))
    } else {
        format!("{bin}{:09}", spread(serial, 1_000_000_000))
    };
    let check = char::from(luhn_check_digit(body.as_bytes()));
    CardNumber::parse(&format!("{body}{check}"))
}

/// A twelve-digit account number: one digit for its kind, eleven of the serial. Too short to be taken for a card's.
pub fn account_no(kind_digit: u8, serial: u64) -> String {
    format!("{kind_digit}{:011}", spread(serial, 100_000_000_000))
}

/// An account with another bank.
pub fn outside_account(word: u64) -> String {
    format!("9{:011}", word % 100_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn ids_parse_say_what_they_should_and_have_no_province(number in 0_u32..5_000_000, days in 0_u64..36_000, is_male: bool) {
            let birth_on = NaiveDate::from_ymd_opt(1920, 1, 1).unwrap() + chrono::Days::new(days);
            let gender = if is_male { Gender::Male } else { Gender::Female };
            let id = resident_id(number, birth_on, gender).unwrap();
            let (_, facts) = NationalId::parse_resident(id.expose()).unwrap();
            prop_assert!(facts.is_region_unknown);
            prop_assert_eq!((facts.birth_on, facts.is_male), (birth_on, is_male));
        }

        #[test]
        fn every_other_number_parses(number in 0_u32..5_000_000, nth in 0_usize..16) {
            prop_assert!(mobile(number, nth as u32).unwrap().masked().starts_with("154****"));
            prop_assert!(email(number, "zhang san", nth % 2 == 0).unwrap().expose().contains("example."));
            for network in [Network::Unionpay, Network::Visa, Network::Mastercard, Network::Jcb] {
        let card = card_number(network, nth % 2 == 0, serial(number, nth)).unwrap();
                prop_assert_eq!(card.expose().len(), if nth % 2 == 0 { 19 } else { 16 });
            }
            for kind in [IdKind::Passport, IdKind::HkMacauPermit, IdKind::TaiwanPermit] {
                prop_assert!(other_document(kind, number).is_some());
            }
            prop_assert_eq!(kernel::free_text::identifying_number(&account_no(1, serial(number, nth))), None);
        }
    }

    #[test]
    fn no_number_is_given_twice() {
        let numbers: Vec<u32> = (0..20_000).chain(4_980_000..5_000_000).collect();
        let birth_on = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
        let unique = |texts: Vec<String>| texts.iter().collect::<BTreeSet<_>>().len() == texts.len();
        assert!(unique(
            numbers
                .iter()
                .map(|n| resident_id(*n, birth_on, Gender::Male).unwrap().expose().to_owned())
                .collect()
        ));
        assert!(unique(
            numbers
                .iter()
                .flat_map(|n| [0, 1].map(|nth| mobile(*n, nth).unwrap().expose().to_owned()))
                .collect()
        ));
        assert!(unique(
            numbers.iter().flat_map(|n| (0..16).map(|nth| account_no(1, serial(*n, nth)))).collect()
        ));
        assert!(unique(numbers.iter().map(|n| customer_no(*n)).collect()));
        let card =
            |n: u32, nth| card_number(Network::Unionpay, false, serial(n, nth)).unwrap().expose().to_owned();
        assert!(unique(numbers.iter().flat_map(|n| (0..16).map(move |nth| card(*n, nth))).collect()));
    }

    #[test]
    fn landlines_exist_in_every_city() {
        for city in crate::places::CITIES.iter() {
            assert!(landline(77, city).is_some(), "{}", city.name);
        }
    }
}
