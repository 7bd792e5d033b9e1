//! Whether the first line of a file has names: of one without, it is somebody's data, and names are kept.

use kernel::{EmailAddress, free_text::identifying_number};

/// So many digits in a row are a number of somebody or something.
const DIGITS_MAX: usize = 6;
/// What follows the digits of a house's number.
const OF_A_HOUSE: [char; 7] = ['号', '室', '弄', '幢', '栋', '楼', '单'];

/// Whether a name of a column looks like what stands below names.
pub(super) fn looks_like_data(name: &str) -> bool {
    // The place of a column that has no name.
    let is_place = name.strip_prefix('#').is_some_and(|place| place.len() < DIGITS_MAX);
    let has_digit = name.chars().any(char::is_numeric);
    let is_number = has_digit && !name.chars().any(char::is_alphabetic) && !is_place;
    is_number
        || digits_in_a_row(name) > DIGITS_MAX
        || is_house(name)
        || EmailAddress::parse(name).is_some()
        || identifying_number(name).is_some()
}

fn digits_in_a_row(name: &str) -> usize {
    let (mut most, mut count) = (0, 0);
    for c in name.chars().filter(|c| !matches!(c, ' ' | '-')) {
        count = if c.is_numeric() { count + 1 } else { 0 };
        most = most.max(count);
    }
    most
}

fn is_house(name: &str) -> bool {
    let mut chars = name.chars().filter(|c| !c.is_whitespace()).peekable();
    while let Some(c) = chars.next() {
        if c.is_numeric() && chars.peek().is_some_and(|next| OF_A_HOUSE.contains(next)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_data() {
        for data in [
            "13800005678",
            "138 0000 5678",
            "+86-138-0000-5678",
            "0571-88881234",
            "11010519491231002X",
            "E12345678",
            "4111111111111111",
            "shen@example.com",
            "1988-03-14",
            "1988/3/14",
            "2026",
            "-12.50",
            "¥100",
            "解放东路 18 号",
            "钱江路1号2单元",
            "19880314",
            "１３８００００５６７８",
            "#13800005678",
        ] {
            assert!(looks_like_data(data), "{data}");
        }
        for name in [
            "姓名",
            "手机号",
            "手机号2",
            "name",
            "address line 1",
            "X1",
            "pay_0",
            "2026年金额",
            "_line",
            "#1",
            "#12",
            "e-mail",
            "debit/credit",
            "账号",
            "",
            "202611余额",
            "Q3 2026 total",
        ] {
            assert!(!looks_like_data(name), "{name}");
        }
    }
}
