//! Who has a say in whether somebody may be contacted: every slice's rules, together.

use records::consents::ContactRules;

/// Consent, wishes and quiet hours; slices above the records add theirs here.
pub(crate) fn contact_rules() -> ContactRules {
    ContactRules::default()
}
