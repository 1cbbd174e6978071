//! Amounts as people read them.

use std::fmt::{self, Write as _};

use super::{Currency, Money};

/// Currencies whose minor unit isn't a hundredth, by the digits behind the point (ISO 4217).
const OTHER_DIGITS: [(usize, &str); 3] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

impl Currency {
    /// How many digits of an amount stand behind the point.
    #[must_use]
    pub fn digits(self) -> usize {
        let is_among = |codes: &str| codes.split(' ').any(|code| code == self.as_str());
        OTHER_DIGITS.iter().find(|(_, codes)| is_among(codes)).map_or(2, |(digits, _)| *digits)
    }
}

/// With commas between thousands: `1,234.50 EUR`, `-0.05 EUR`, `1,235 JPY`.
impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.digits();
        let text = format!("{:0>width$}", self.amount_minor.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = text.split_at(text.len().saturating_sub(digits));
        if self.amount_minor < 0 {
            formatter.write_char('-')?;
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                formatter.write_char(',')?;
            }
            formatter.write_char(digit)?;
        }
        if digits > 0 {
            write!(formatter, ".{fraction}")?;
        }
        write!(formatter, " {}", self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_digits_as_the_currency_has() {
        for (minor, currency, expected) in [
            (0, "EUR", "0.00 EUR"),
            (5, "EUR", "0.05 EUR"),
            (-5, "EUR", "-0.05 EUR"),
            (123_450, "EUR", "1,234.50 EUR"),
            (99_999, "USD", "999.99 USD"),
            (100_000_000, "USD", "1,000,000.00 USD"),
            (1_235, "JPY", "1,235 JPY"),
            (0, "XPF", "0 XPF"),
            (1_235, "KWD", "1.235 KWD"),
            (7, "UYW", "0.0007 UYW"),
            (i64::MAX, "EUR", "92,233,720,368,547,758.07 EUR"),
            (i64::MIN, "JPY", "-9,223,372,036,854,775,808 JPY"),
        ] {
            assert_eq!(Money::new(minor, currency.parse().unwrap()).to_string(), expected);
        }
    }
}
