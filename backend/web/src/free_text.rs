//! The one check of free text. Every text that somebody types freely passes it, or stands with its reason in the list of
//! the house's test.

use kernel::{
    PersonName,
    free_text::{Unseen, identifying_number, unseen_in_line, unseen_in_lines},
    person_name::NAME_CHARS_MAX,
};
use validator::ValidationError;

/// A text of one line: not blank, nothing in it unseen, no card number and no resident id.
pub fn line(text: &str) -> Result<(), ValidationError> {
    check(text, unseen_in_line)
}

/// The same of a text that may have several lines.
pub fn note(text: &str) -> Result<(), ValidationError> {
    check(text, unseen_in_lines)
}

/// The same of a name, which is measured as it is kept.
pub fn name(name: &PersonName) -> Result<(), ValidationError> {
    let chars = name.as_str().chars().count();
    if chars > NAME_CHARS_MAX {
        let mut fault = ValidationError::new("text.length");
        fault.add_param("min".into(), &1);
        fault.add_param("max".into(), &NAME_CHARS_MAX);
        return Err(fault);
    }
    if chars == 0 {
        return Err(ValidationError::new("text.blank"));
    }
    line(name.as_str())
}

fn check(text: &str, unseen: fn(&str) -> Option<Unseen>) -> Result<(), ValidationError> {
    let refused = |code| Err(ValidationError::new(code));
    if let Some(unseen) = unseen(text) {
        return refused(unseen.code());
    }
    // Where nothing at all is no answer either, the field's length says so.
    if !text.is_empty() && text.trim().is_empty() {
        return refused("text.blank");
    }
    identifying_number(text).map_or(Ok(()), |found| refused(found.code()))
}
