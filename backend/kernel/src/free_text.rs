//! Free text (reasons, notes, names of views) must not carry a card number or a resident id: they would escape every mask.

use std::borrow::Cow;

use crate::{CardNumber, NationalId};

/// The shape of a row's id: eight digits before its first dash.
const ROW_ID_CHARS: usize = 36;
const DIGITS_BEFORE_DASH: usize = 8;

/// Characters of a PAN: the groups in which people write one.
const PAN_GROUPS: &[&[usize]] = &[
    &[4, 4, 4, 4],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 1],
    &[4, 6, 4],
    &[4, 6, 5],
    &[6, 13],
];
/// The groups in which people write a resident id: region, birth date, the rest.
const ID_GROUPS: &[&[usize]] = &[&[6, 8, 4], &[6, 4, 4, 4], &[6, 12], &[14, 4], &[3, 3, 4, 4, 4]];

/// A number that identifies somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifying {
    CardNumber,
    ResidentId,
}

impl Identifying {
    /// The code of the problem.
    pub fn code(self) -> &'static str {
        match self {
            Self::CardNumber => "text.contains_pan",
            Self::ResidentId => "text.contains_national_id",
        }
    }
}

/// The first number in `text` that identifies somebody: a PAN or a resident id, written together or in its usual groups.
pub fn identifying_number(text: &str) -> Option<Identifying> {
    runs(&without_row_ids(text)).iter().find_map(|run| in_run(run))
}

/// The text without the ids of rows that somebody pasted: one in ten of those that are all digits looks like a card.
fn without_row_ids(text: &str) -> Cow<'_, str> {
    let dashes = text.match_indices('-').filter_map(|(at, _)| at.checked_sub(DIGITS_BEFORE_DASH));
    let found = dashes.filter_map(|at| text.get(at..at + ROW_ID_CHARS));
    let ids: Vec<&str> = found.filter(|part| uuid::Uuid::try_parse(part).is_ok()).collect();
    ids.into_iter().fold(Cow::Borrowed(text), |text, id| Cow::Owned(text.replace(id, "\n")))
}

/// Digits that only separators part, as the groups between the separators.
type Run = Vec<String>;

fn runs(text: &str) -> Vec<Run> {
    let (mut runs, mut run, mut group) = (Vec::new(), Run::new(), String::new());
    let mut separators = 0;
    for c in text.chars().chain(std::iter::once('\n')) {
        if let Some(digit) = digit_of(c) {
            group.push(digit);
            separators = 0;
        } else if matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ') && !group.is_empty() {
            group.push('X');
        } else {
            if !group.is_empty() {
                run.push(std::mem::take(&mut group));
            }
            separators += 1;
            if !is_separator(c) || separators > 1 {
                runs.push(std::mem::take(&mut run));
            }
        }
    }
    runs
}

fn digit_of(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '_' | '/' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{3000}' | '－')
}

fn in_run(run: &[String]) -> Option<Identifying> {
    let alone = run.iter().find_map(|group| identified(group));
    let grouped = || {
        (0..run.len()).find_map(|from| {
            PAN_GROUPS.iter().chain(ID_GROUPS).find_map(|shape| {
                let groups = run.get(from..from + shape.len())?;
                let fits = groups.iter().map(String::len).eq(shape.iter().copied());
                if fits { identified(&groups.concat()) } else { None }
            })
        })
    };
    // Digit by digit, or in pairs: nobody writes dates and times that long.
    let is_spelled = run.iter().all(|group| group.len() <= 2);
    alone.or_else(grouped).or_else(|| identified(&run.concat()).filter(|_| is_spelled))
}

fn identified(digits: &str) -> Option<Identifying> {
    // Cards begin with 2 to 6, old Chinese ones with 9; what begins otherwise is a moment or a ticket.
    let may_be_card = digits.starts_with(['2', '3', '4', '5', '6', '9']);
    if NationalId::parse_resident(digits).is_ok() {
        Some(Identifying::ResidentId)
    } else if may_be_card && CardNumber::parse(digits).is_some() {
        Some(Identifying::CardNumber)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn card_numbers_are_found_however_they_are_written() {
        for text in [
            "卡号 4111 1111 1111 1111，请处理",
            "４１１１１１１１１１１１１１１１",
            "2026-11-22 4111-1111-1111-1111",
            "4111.1111.1111.1111",
            "on 22.11. the card 3782 822463 10005 was lost",
            "pan=4111111111111111;",
            "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        ] {
            assert_eq!(identifying_number(text), Some(Identifying::CardNumber), "{text}");
        }
    }

    #[test]
    fn resident_ids_are_found_however_they_are_written() {
        for text in [
            "id: 11010519491231002x.",
            "证件110105 19491231 002X",
            "11010519491231 002X 14:00",
            "11010519491231002Ｘ",
        ] {
            assert_eq!(identifying_number(text), Some(Identifying::ResidentId), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "called 2026-11-22 at 14:00, ticket 4711",
            "订单 4111111111111112",
            "0000000000000000",
            "1763800000000",
            "C1002834107",
            "13800005678 或 0571-88881234",
            "019a4000-0000-7000-8000-000000000000",
            "xxx X 1x",
        ] {
            assert_eq!(identifying_number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_planted_card_number_is_always_found(body in "[3-6][0-9]{14}", before in "[a-z，。 ]{0,6}", after in "[a-w，。]{0,6}") {
            let number = format!("{body}{}", char::from(crate::card_number::luhn_check_digit(body.as_bytes())));
            let text = format!("{before}{number}{after}");
            prop_assert!(identifying_number(&text).is_some(), "{}", text);
        }

        #[test]
        fn arbitrary_text_never_panics(text in "\\PC*") {
            let _ = identifying_number(&text);
        }
    }
}
