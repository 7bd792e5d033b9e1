//! Money is an integer number of minor units (fen, haléř, cent) and an ISO 4217 code. Never a float.

use serde::{Deserialize, Serialize};

/// An ISO 4217 alphabetic code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const CNY: Self = Self(*b"CNY");
    pub const CZK: Self = Self(*b"CZK");
    pub const TWD: Self = Self(*b"TWD");

    /// Accepts the codes of currencies in circulation, in capitals.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        ISO_4217.contains(&code).then_some(Self(bytes))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits after the decimal point of one major unit.
    pub fn minor_digits(self) -> u32 {
        match self.as_str() {
            "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "UGX" | "XAF" | "XOF" | "XPF" | "PYG" | "RWF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An exact amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum MoneyError {
    #[error("the text is not a decimal amount")]
    NotANumber,
    #[error("the amount has more decimal places than its currency")]
    TooFine,
    #[error("the amount is too large")]
    TooLarge,
}

impl Money {
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub fn minor(self) -> i64 {
        self.minor
    }

    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Reads a decimal text such as `-1234.5` exactly.
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number =
            !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
        if !is_number {
            return Err(MoneyError::NotANumber);
        }
        let places = currency.minor_digits() as usize;
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > places {
            return Err(MoneyError::TooFine);
        }
        let all = format!("{whole}{fraction:0<places$}");
        let minor: i64 = all.parse().map_err(|_| MoneyError::TooLarge)?;
        Ok(Self { minor: if is_negative { -minor } else { minor }, currency })
    }

    /// `None` when the currencies differ or the sum does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        (self.currency == other.currency)
            .then(|| self.minor.checked_add(other.minor))
            .flatten()
            .map(|minor| Self { minor, ..self })
    }
}

const ISO_4217: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD",
    "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY",
    "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR",
    "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
    "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY",
    "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF",
    "XPF", "YER", "ZAR", "ZMW",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimal_text_is_read_exactly() {
        let czk = |text| Money::parse_decimal(text, Currency::CZK).map(Money::minor);
        assert_eq!(czk("3372.70"), Ok(337_270));
        assert_eq!(czk("-0.5"), Ok(-50));
        assert_eq!(czk("96396"), Ok(9_639_600));
        assert_eq!(czk("1.005"), Err(MoneyError::TooFine));
        assert_eq!(czk("1e3"), Err(MoneyError::NotANumber));
        assert_eq!(czk(""), Err(MoneyError::NotANumber));
        assert_eq!(czk("99999999999999999999"), Err(MoneyError::TooLarge));
        let jpy = Currency::parse("JPY").unwrap();
        assert_eq!(Money::parse_decimal("1200", jpy).map(Money::minor), Ok(1200));
    }

    #[test]
    fn only_real_currencies_are_accepted() {
        assert!(Currency::parse("CNY").is_some());
        assert!(Currency::parse("cny").is_none());
        assert!(Currency::parse("ABC").is_none());
    }

    proptest! {
        #[test]
        fn an_amount_survives_the_way_through_text(minor in -10_i64.pow(15)..10_i64.pow(15)) {
            let sign = if minor < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:02}", minor.abs() / 100, minor.abs() % 100);
            prop_assert_eq!(Money::parse_decimal(&text, Currency::CNY).unwrap().minor(), minor);
        }
    }
}
