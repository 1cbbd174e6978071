//! Amounts as people read them.

/// Currencies whose smallest unit isn't a hundredth, with the digits behind the point (ISO 4217).
const DIGITS: [(&str, usize); 24] = [
    ("BHD", 3),
    ("BIF", 0),
    ("CLF", 4),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
];

/// An amount of a currency's smallest units, in the currency and with commas between thousands: `1,234.50 EUR`, `1,235 JPY`.
#[must_use]
pub fn shown(minor: i64, currency: &str) -> String {
    let digits = DIGITS.iter().find(|(code, _)| *code == currency).map_or(2, |(_, digits)| *digits);
    let text = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len().saturating_sub(digits));
    let mut out = String::new();
    if minor < 0 {
        out.push('-');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if digits > 0 {
        out.push('.');
        out.push_str(fraction);
    }
    format!("{out} {currency}")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn as_many_digits_as_the_currency_has() {
        for (minor, currency, expected) in [
            (0, "EUR", "0.00 EUR"),
            (5, "EUR", "0.05 EUR"),
            (123_450, "EUR", "1,234.50 EUR"),
            (99_999, "USD", "999.99 USD"),
            (100_000_000, "USD", "1,000,000.00 USD"),
            (1_235, "JPY", "1,235 JPY"),
            (0, "JPY", "0 JPY"),
            (1_235, "KWD", "1.235 KWD"),
            (-1_999, "EUR", "-19.99 EUR"),
            (i64::MAX, "EUR", "92,233,720,368,547,758.07 EUR"),
            (i64::MIN, "JPY", "-9,223,372,036,854,775,808 JPY"),
        ] {
            assert_eq!(shown(minor, currency), expected);
        }
    }
}
