//! Texts in a spreadsheet: one that would be taken for a formula gets a quote in front, and can be had back.

use std::borrow::Cow;

/// What makes a spreadsheet calculate: also the wide forms, and what a spreadsheet drops before it looks.
const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
const QUOTE: char = '\'';

/// The text with a quote before it where a spreadsheet would take it for a formula, or where it looks like one with a quote.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches(QUOTE)) {
        Cow::Owned(format!("{QUOTE}{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text behind the quote that [`harmless`] gave it.
pub fn as_typed(text: &str) -> &str {
    match text.strip_prefix(QUOTE) {
        Some(typed) if is_formula(typed.trim_start_matches(QUOTE)) => typed,
        _ => text,
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(STARTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_be_calculated_is_quoted() {
        for text in [
            "=1+1",
            "+44",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "=HYPERLINK(\"http://x\")",
            "'=1",
            "''+1",
        ] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "沈嘉怡", "1-1", "a=b", "'", "'x", " x"] {
            assert_eq!(harmless(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_text_begins_a_formula_and_every_text_can_be_had_back(text in "'{0,3}[=+@x-]?.*") {
            let written = harmless(&text);
            prop_assert!(!written.starts_with(STARTS));
            prop_assert_eq!(as_typed(&written), text.as_str());
        }
    }
}
