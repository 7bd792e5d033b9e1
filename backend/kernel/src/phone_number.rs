//! Telephone numbers in E.164 form. A number without a country prefix is Chinese.

/// A telephone number, `+` and 7 to 15 digits. Printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhoneNumber(***)")
    }
}

impl PhoneNumber {
    /// Accepts `13800005678`, `+86 138-0000-5678`, `(0571) 8888 1234`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = String::with_capacity(16);
        let trimmed = text.trim_matches(' ');
        let is_international = trimmed.starts_with('+') || trimmed.starts_with("00");
        for (at, c) in trimmed.char_indices() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if at == 0 => {}
                ' ' | '-' | '(' | ')' => {}
                _ => return None,
            }
        }
        let e164 = if is_international {
            digits.trim_start_matches("00").to_owned()
        } else {
            format!("86{}", digits.strip_prefix('0').unwrap_or(&digits))
        };
        ((7..=15).contains(&e164.len()) && !e164.starts_with('0') && is_chinese_when_86(&e164))
            .then(|| Self(format!("+{e164}")))
    }

    /// The number in clear (`+8613800005678`). Only the vault may be given it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four digits, which staff may search by.
    pub fn tail(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }

    /// `138****5678`; foreign numbers keep their country prefix's first three characters.
    pub fn masked(&self) -> String {
        match self.0.strip_prefix("+86") {
            Some(national) if national.len() >= 7 => format!("{}****{}", &national[..3], self.tail()),
            _ => format!("{}****{}", &self.0[..3], self.tail()),
        }
    }
}

fn is_chinese_when_86(e164: &str) -> bool {
    match e164.strip_prefix("86") {
        None => true,
        Some(mobile) if mobile.starts_with('1') => {
            mobile.len() == 11 || mobile.starts_with("10") && (9..=11).contains(&mobile.len())
        }
        Some(landline) => (8..=11).contains(&landline.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_number_are_one_number() {
        let all = ["13800005678", "+86 138-0000-5678", "0086 13800005678", "138 0000 5678"];
        assert!(all.iter().all(|text| PhoneNumber::parse(text).unwrap().expose() == "+8613800005678"));
        assert_eq!(PhoneNumber::parse("(0571) 8888 1234").unwrap().expose(), "+8657188881234");
        assert_eq!(PhoneNumber::parse("+420 601 123 456").unwrap().masked(), "+42****3456");
        assert_eq!(PhoneNumber::parse("13800005678").unwrap().masked(), "138****5678");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "123",
            "1380000567",
            "138000056789",
            "phone",
            "+1234567890123456",
            "138000０5678",
            "5+5555555",
        ] {
            assert!(PhoneNumber::parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics_and_masks_the_middle(text in "[+0-9 ()-]{0,24}") {
            if let Some(number) = PhoneNumber::parse(&text) {
                prop_assert!(number.masked().contains("****"));
                prop_assert!(number.expose().len() <= 16);
            }
        }
    }
}
