//! Amounts as clients see them.

use kit::{CurrencyCode, Error, Money, Result};
use wire::money;

/// An amount that was stored.
pub(super) fn shown(amount: money::Money) -> Result<Money> {
    with_currency(amount.amount_minor, amount.currency)
}

/// Minor units of a stored currency.
pub(super) fn with_currency(minor: i64, currency: money::Currency) -> Result<Money> {
    let currency: CurrencyCode = currency.as_str().parse().map_err(Error::internal)?;
    Ok(Money::new(minor, currency))
}

/// An amount that a client has given.
pub(super) fn given(amount: Money) -> Result<money::Money> {
    let currency = amount.currency.to_string().parse().map_err(Error::internal)?;
    Ok(money::Money::new(amount.amount_minor.0, currency))
}
