//! Money as people read it.

use wire::money::Money;

/// Currencies whose amounts haven't two decimals (ISO 4217).
const OTHER_EXPONENTS: [(u32, &str); 3] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// `19.99 EUR`, `-0.05 EUR`, `500 JPY`.
#[must_use]
pub fn shown(money: Money) -> String {
    let exponent = exponent(money.currency.as_str());
    let (sign, amount) = (if money.amount_minor < 0 { "-" } else { "" }, money.amount_minor.unsigned_abs());
    let unit = 10_u64.pow(exponent);
    let (major, minor) = (amount / unit, amount % unit);
    match exponent {
        0 => format!("{sign}{major} {}", money.currency),
        _ => format!("{sign}{major}.{minor:0width$} {}", money.currency, width = exponent as usize),
    }
}

fn exponent(currency: &str) -> u32 {
    let of = |codes: &str| codes.split(' ').any(|code| code == currency);
    OTHER_EXPONENTS.iter().find(|(_, codes)| of(codes)).map_or(2, |(exponent, _)| *exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_their_currencys_decimals() {
        for (amount, currency, expected) in [
            (1_999, "EUR", "19.99 EUR"),
            (5, "EUR", "0.05 EUR"),
            (-5, "EUR", "-0.05 EUR"),
            (500, "JPY", "500 JPY"),
            (1_234, "KWD", "1.234 KWD"),
            (i64::MIN, "EUR", "-92233720368547758.08 EUR"),
        ] {
            assert_eq!(shown(Money::new(amount, currency.parse().unwrap())), expected);
        }
    }
}
