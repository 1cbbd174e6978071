//! Money: an integer of a currency's minor unit, never a float.
//!
//! Arithmetic is checked: an overflow or a mix of currencies is an error, not
//! a number.

use async_graphql::{InputObject, SimpleObject};
use serde::{Deserialize, Serialize};

use crate::scalar::{BigInt, CurrencyCode};

/// An amount of money.
#[derive(SimpleObject, Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[graphql(shareable)]
pub struct Money {
    /// The amount in the currency's minor unit: 1999 is 19.99 EUR.
    pub amount_minor: BigInt,
    /// The currency.
    pub currency: CurrencyCode,
}

/// An amount of money, given.
#[derive(InputObject, Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoneyInput {
    /// The amount in the currency's minor unit: 1999 is 19.99 EUR.
    pub amount_minor: BigInt,
    /// The currency.
    pub currency: CurrencyCode,
}

/// Why two amounts make no third.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result doesn't fit 64 bits.
    #[error("the amount is too large")]
    Overflow,
    /// The two amounts have different currencies.
    #[error("amounts in {0} and {1} don't add up")]
    CurrencyMix(CurrencyCode, CurrencyCode),
}

impl Money {
    /// `amount_minor` minor units of `currency`.
    #[must_use]
    pub fn new(amount_minor: i64, currency: CurrencyCode) -> Self {
        Self { amount_minor: BigInt(amount_minor), currency }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError`] on overflow or another currency.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMix(self.currency, other.currency));
        }
        self.with(self.amount_minor.0.checked_add(other.amount_minor.0))
    }

    /// The amount `factor` times.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn checked_mul(self, factor: i64) -> Result<Self, MoneyError> {
        self.with(self.amount_minor.0.checked_mul(factor))
    }

    fn with(self, amount_minor: Option<i64>) -> Result<Self, MoneyError> {
        amount_minor.map(|amount| Self::new(amount, self.currency)).ok_or(MoneyError::Overflow)
    }
}

impl From<MoneyInput> for Money {
    fn from(input: MoneyInput) -> Self {
        Self { amount_minor: input.amount_minor, currency: input.currency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_refuses_overflow_and_mixed_currencies() {
        let usd: CurrencyCode = "USD".parse().unwrap();
        let euro = Money::new(250, CurrencyCode::EUR);
        assert_eq!(euro.checked_mul(3).unwrap().amount_minor, BigInt(750));
        assert_eq!(euro.checked_add(euro).unwrap().amount_minor, BigInt(500));
        assert_eq!(euro.checked_mul(i64::MAX), Err(MoneyError::Overflow));
        assert_eq!(euro.checked_add(Money::new(1, usd)), Err(MoneyError::CurrencyMix(CurrencyCode::EUR, usd)));
        let most = Money::new(i64::MAX, CurrencyCode::EUR);
        assert_eq!(most.checked_add(euro), Err(MoneyError::Overflow));
    }

    #[test]
    fn currency_codes_are_three_upper_case_letters() {
        for text in ["", "EU", "eur", "EURO", "EÜ", "€", "E1R"] {
            assert!(text.parse::<CurrencyCode>().is_err(), "{text}");
        }
    }
}
