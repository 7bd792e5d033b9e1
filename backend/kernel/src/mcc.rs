//! Merchant category codes (ISO 18245): four digits. Their groups live in the table `merchant_categories`.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mcc([u8; 4]);

impl Mcc {
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 4] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_digit).then_some(Self(bytes))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("0000")
    }
}
