//! E-mail addresses: shape only; whether one works is known when it was verified.

use crate::free_text::unseen_in_line;

/// Bytes of an address, at most (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub const EMAIL_BYTES_MAX: usize = 254;

/// An address with its domain in lower case. Printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl std::fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmailAddress(***)")
    }
}

impl EmailAddress {
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.trim_matches(' ').rsplit_once('@')?;
        let is_local_fine = (1..=64).contains(&local.len())
            && !local.chars().any(|c| c.is_whitespace() || c == '@')
            && unseen_in_line(local).is_none();
        let is_domain_fine = domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            });
        let address = format!("{local}@{}", domain.to_ascii_lowercase());
        (is_local_fine && is_domain_fine && address.len() <= EMAIL_BYTES_MAX).then_some(Self(address))
    }

    /// The address in clear. Only the vault may be given it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What equality is judged by: the whole address in lower case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// `sh***@example.com`
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or(("", &self.0));
        let shown: String = local.chars().take(if local.chars().count() > 3 { 2 } else { 1 }).collect();
        format!("{shown}***@{domain}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_parsed_and_masked() {
        let address = EmailAddress::parse(" Shen.Jia@Example.COM ").unwrap();
        assert_eq!(address.expose(), "Shen.Jia@example.com");
        assert_eq!(address.masked(), "Sh***@example.com");
        assert_eq!(EmailAddress::parse("a@b.cn").unwrap().masked(), "a***@b.cn");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in
            ["", "a", "a@", "@b.cn", "a b@c.cn", "a@b", "a@-..cn", &format!("{}@b.cn", "x".repeat(65))]
        {
            assert!(EmailAddress::parse(text).is_none(), "{text}");
        }
    }
}
