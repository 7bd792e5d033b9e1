//! Customer numbers: `C`, nine digits taken from the cardholder's id, and a Luhn digit against slips of the pen.

use platform::ids::CardholderId;

/// Another number for each `attempt`, should the first be taken.
pub(super) fn customer_no(cardholder_id: CardholderId, attempt: u32) -> String {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let tail = (cardholder_id.0.as_u128() & u128::from(u64::MAX)) as u64;
    let mixed = tail.wrapping_add(u64::from(attempt)).wrapping_mul(PRIME);
    let digits = format!("{:09}", (mixed >> 20) % 1_000_000_000);
    let check = kernel::card_number::luhn_check_digit(digits.as_bytes());
    format!("C{digits}{}", char::from(check))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use uuid::Uuid;

    #[test]
    fn numbers_are_well_formed_and_spread() {
        let numbers: HashSet<String> =
            (0..20_000).map(|n| customer_no(CardholderId(Uuid::from_u128(n)), 0)).collect();
        assert!(numbers.len() > 19_990, "{} of 20000 differ", numbers.len());
        for number in numbers {
            assert!(
                number.len() == 11
                    && number.starts_with('C')
                    && kernel::card_number::is_luhn_valid(&number.as_bytes()[1..])
            );
        }
    }
}
