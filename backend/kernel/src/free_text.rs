//! Free text (reasons, notes, names of views) shows all that it holds, and carries no card number and no resident id: they
//! would escape every mask.

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
    pub const fn code(self) -> &'static str {
        match self {
            Self::CardNumber => "text.contains_pan",
            Self::ResidentId => "text.contains_national_id",
        }
    }
}

/// A character that a text may not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// A line break or a tab: many a text has one line.
    Break,
    Control,
    /// It shows nothing, or shows the text in another order than it has: two texts that look alike would differ.
    Hidden,
}

impl Unseen {
    /// The code of the problem.
    pub fn code(self) -> &'static str {
        match self {
            Self::Break => "text.line_break",
            Self::Control => "text.control_character",
            Self::Hidden => "text.hidden_character",
        }
    }
}

/// What is first unseen in a text of one line.
pub fn unseen_in_line(text: &str) -> Option<Unseen> {
    text.chars().find_map(unseen)
}

/// What is first unseen in a text that may have several lines.
pub fn unseen_in_lines(text: &str) -> Option<Unseen> {
    text.chars().filter_map(unseen).find(|unseen| *unseen != Unseen::Break)
}

fn unseen(c: char) -> Option<Unseen> {
    match c {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(Unseen::Break),
        _ if c.is_control() => Some(Unseen::Control),
        _ if is_hidden(c) => Some(Unseen::Hidden),
        _ => None,
    }
}

/// Unicode's formatting characters, marks of direction and fillers without a shape, and places that no character will ever
/// take. Selectors of a variant are none of them: a rare Han character or an emoji needs its own.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// The first number in `text` that identifies somebody: a PAN or a resident id, written together or in its usual groups.
pub fn identifying_number(text: &str) -> Option<Identifying> {
    let text = without_row_ids(text);
    // An X may end a resident id, and may as well stand behind or between the groups of a card.
    [true, false].into_iter().find_map(|is_x_read| runs(&text, is_x_read).iter().find_map(|run| in_run(run)))
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

/// More than these between two groups, and they are two numbers.
const SEPARATORS_MAX: usize = 3;

fn runs(text: &str, is_x_read: bool) -> Vec<Run> {
    let (mut runs, mut run, mut group) = (Vec::new(), Run::new(), String::new());
    let mut separators = 0;
    for c in text.chars().chain(std::iter::once('\n')) {
        if let Some(digit) = digit_of(c) {
            group.push(digit);
            separators = 0;
        } else if is_x(c) && is_x_read && !group.is_empty() {
            group.push('X');
        } else {
            if !group.is_empty() {
                run.push(std::mem::take(&mut group));
            }
            separators += 1;
            if !(is_separator(c) || is_x(c)) || separators > SEPARATORS_MAX {
                runs.push(std::mem::take(&mut run));
            }
        }
    }
    runs
}

fn is_x(c: char) -> bool {
    matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ')
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
    // Cards begin with 2 to 6, old Chinese ones with 9; what begins otherwise, or with a year, is a moment or a ticket.
    let may_be_card = digits.starts_with(['2', '3', '4', '5', '6', '9']) && !digits.starts_with("20");
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
            "4111111111111111x",
            "4111  1111  1111  1111",
            "4111 - 1111 - 1111 - 1111",
            "4111 1111 1111 1111X",
            "4111x1111x1111x1111",
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
            "2026110212345677",
            "C1002834107",
            "13800005678 或 0571-88881234",
            "019a4000-0000-7000-8000-000000000000",
            "xxx X 1x",
        ] {
            assert_eq!(identifying_number(text), None, "{text}");
        }
    }

    #[test]
    fn what_nobody_can_see_is_found() {
        use Unseen::{Break, Control, Hidden};
        for (c, kind) in [
            ('\n', Break),
            ('\t', Break),
            ('\r', Break),
            ('\u{85}', Break),
            ('\u{2028}', Break),
            ('\0', Control),
            ('\u{b}', Control),
            ('\u{7f}', Control),
            ('\u{9f}', Control),
            ('\u{ad}', Hidden),
            ('\u{200b}', Hidden),
            ('\u{200d}', Hidden),
            ('\u{202a}', Hidden),
            ('\u{202e}', Hidden),
            ('\u{2066}', Hidden),
            ('\u{2069}', Hidden),
            ('\u{3164}', Hidden),
            ('\u{feff}', Hidden),
            ('\u{1fffe}', Hidden),
            ('\u{e0041}', Hidden),
        ] {
            let text = format!("教{c}师");
            assert_eq!(unseen_in_line(&text), Some(kind), "{c:?}");
            assert_eq!(unseen_in_lines(&text), Some(kind).filter(|kind| *kind != Break), "{c:?}");
        }
        assert_eq!(unseen_in_lines("一\n\u{202e}二"), Some(Hidden));
    }

    #[test]
    fn what_can_be_seen_is_left_alone() {
        for text in [
            "",
            "  ",
            "教师",
            "買買提·吐爾遜",
            "𠮷",
            "葛\u{e0100}城",
            "☎\u{fe0f}",
            "Nova\u{301}",
            "\u{3000}",
            "한글",
        ] {
            assert_eq!(unseen_in_line(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_planted_card_number_is_always_found(body in "[3-6][0-9]{14}", before in "[a-z，。 ]{0,6}", after in "[a-z，。]{0,6}") {
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
