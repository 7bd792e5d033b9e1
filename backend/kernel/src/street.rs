//! Streets: the part of an address that leads to a door.

/// A street with its number, as it was written. Printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Street(String);

impl std::fmt::Debug for Street {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Street(***)")
    }
}

/// What may stand between the numbers of building, staircase and door.
const DASHES: [char; 6] = ['-', '‐', '–', '—', '－', '/'];

impl Street {
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Whether the text names a door: letters and a number, as no name has it.
    pub fn is_likely(text: &str) -> bool {
        text.chars().any(|c| narrow(c).is_ascii_digit() || c == '号')
            && text.chars().any(|c| c.is_alphabetic())
            && text.chars().count() >= 4
    }

    /// The street in clear. Only the vault may be given it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What equality is judged by: without gaps and punctuation, in narrow and small letters. What is nothing else stays.
    pub fn folded(&self) -> String {
        let folded = self.0.chars().filter_map(|c| match narrow(c) {
            '#' => Some('号'),
            c if DASHES.contains(&c) => Some('-'),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        });
        let folded: String = folded.flat_map(char::to_lowercase).collect();
        if folded.is_empty() { self.0.clone() } else { folded }
    }

    /// The first two characters; the rest is nobody's business.
    pub fn masked(&self) -> String {
        let shown: String = self.0.chars().take(2).collect();
        format!("{shown}{}", "*".repeat(6))
    }
}

/// The ASCII character of the same meaning, where this is its wide form.
fn narrow(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Street::new(text).folded()
    }

    #[test]
    fn spellings_of_one_door_are_one() {
        assert_eq!(folded("澄岳路12号3-2-501"), folded(" 澄岳路 １２号，3－2－501 "));
        assert_eq!(folded("澄岳路12#"), folded("澄岳路12号"));
        assert_eq!(folded("12 Baker St."), folded("12 baker st"));
    }

    #[test]
    fn other_doors_are_others() {
        assert_ne!(folded("澄岳路12号3-2"), folded("澄岳路12号32"));
        assert_ne!(folded("澄岳路12号"), folded("澄岳路121号"));
    }

    #[test]
    fn what_is_only_punctuation_is_itself() {
        assert_eq!(folded("……"), "……");
        assert_ne!(folded("……"), folded("。。"));
    }

    #[test]
    fn only_a_door_is_likely_a_street() {
        assert!(Street::is_likely("澄岳路１２号"));
        assert!(Street::is_likely("澄岳路九号"));
        for text in ["张三", "zhangsan", "13800000000", "6217 1234", "路1"] {
            assert!(!Street::is_likely(text), "{text}");
        }
    }

    #[test]
    fn two_characters_are_shown() {
        let street = Street::new("澄岳路12号");
        assert_eq!(street.masked(), "澄岳******");
        assert_eq!(format!("{street:?}"), "Street(***)");
    }
}
