//! Free text (reasons, notes) must not carry a card number or a resident id: they would escape every mask.

use crate::{CardNumber, NationalId};

/// The code of the problem.
pub const CONTAINS_PAN: &str = "text.contains_pan";

/// Whether some run of digits (spaces and hyphens allowed between them) is a PAN or a resident id.
pub fn contains_pan_or_id(text: &str) -> bool {
    let mut run = String::new();
    let mut runs = Vec::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        match c {
            '0'..='9' => run.push(c),
            '０'..='９' => run.extend(char::from_digit(c as u32 - '０' as u32, 10)),
            ' ' | '-' if !run.is_empty() => {}
            'x' | 'X' if run.len() == 17 => run.push('X'),
            _ => runs.push(std::mem::take(&mut run)),
        }
    }
    runs.iter().any(|digits| is_pan(digits) || NationalId::parse_resident(digits).is_ok())
}

fn is_pan(digits: &str) -> bool {
    CardNumber::parse(digits).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_identify_are_found_and_others_are_not() {
        assert!(contains_pan_or_id("卡号 4111 1111 1111 1111，请处理"));
        assert!(contains_pan_or_id("id: 11010519491231002x."));
        assert!(contains_pan_or_id("４１１１１１１１１１１１１１１１"));
        assert!(!contains_pan_or_id("called 2026-11-22 at 14:00, ticket 4711"));
        assert!(!contains_pan_or_id("订单 4111111111111112"));
    }
}
