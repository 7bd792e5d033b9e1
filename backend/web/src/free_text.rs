//! The one check of free text. Every text that somebody types freely passes it, or stands with its reason in the list of
//! the house's test.

use kernel::free_text::identifying_number;
use validator::ValidationError;

/// No card number and no resident id.
pub fn plain(text: &str) -> Result<(), ValidationError> {
    identifying_number(text).map_or(Ok(()), |found| Err(ValidationError::new(found.code())))
}

/// Plain, and not blank.
pub fn filled(text: &str) -> Result<(), ValidationError> {
    if !text.is_empty() && text.trim().is_empty() {
        return Err(ValidationError::new("text.blank"));
    }
    plain(text)
}
