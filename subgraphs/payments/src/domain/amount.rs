//! Which amounts can be paid, and arithmetic that can't go wrong unnoticed.

pub use wire::commands::payments::AMOUNT_MINOR_MAX;
use wire::commands::payments::CURRENCIES;
use wire::money::{Currency, Money};

/// Whether an amount can be asked of anybody: above zero, not too large, of a currency that is taken.
#[must_use]
pub fn is_payable(amount: Money) -> bool {
    is_within(amount, AMOUNT_MINOR_MAX) && is_taken(amount.currency)
}

/// Whether an amount is above zero and at most `amount_minor_max`.
#[must_use]
pub fn is_within(amount: Money, amount_minor_max: i64) -> bool {
    (1..=amount_minor_max).contains(&amount.amount_minor)
}

fn is_taken(currency: Currency) -> bool {
    CURRENCIES.contains(&currency.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_above_zero_bounded_and_of_a_currency_that_is_taken() {
        let euro = |minor| Money::new(minor, Currency::EUR);
        for minor in [i64::MIN, -1, 0, AMOUNT_MINOR_MAX + 1, i64::MAX] {
            assert!(!is_payable(euro(minor)), "{minor}");
        }
        assert!(is_payable(euro(1)) && is_payable(euro(AMOUNT_MINOR_MAX)));
        assert!(!is_payable(Money::new(1, "XTS".parse().unwrap())));
        assert!(is_payable(Money::new(1, "USD".parse().unwrap())));
    }
}
