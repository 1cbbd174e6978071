//! From a checked request and the catalogue's quotes to a priced order.

use kit::{CurrencyCode, Money};
use thiserror::Error;
use wire::commands::payments::{AMOUNT_MINOR_MAX, CURRENCIES};

use super::{Article, RequestedLine};
use crate::{ProductId, VariantId};

/// What one piece of something costs now, by the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// Of what.
    pub article: Article,
    /// What one piece costs.
    pub price: Money,
    /// What it is called.
    pub name: String,
    /// Its SKU.
    pub sku: String,
    /// Whether it is a product that is sold by its variants alone.
    pub needs_variant: bool,
}

/// A line with its price.
#[derive(Clone, Debug, PartialEq)]
pub struct PricedLine {
    /// What.
    pub article: Article,
    /// How many pieces, 1 to 1,000.
    pub quantity: i32,
    /// What one piece costs.
    pub unit_price: Money,
    /// What it is called.
    pub name: String,
    /// Its SKU.
    pub sku: String,
}

/// An order that is ready to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct PricedOrder {
    /// 1 to 100 lines, all in one currency.
    pub lines: Vec<PricedLine>,
    /// Their sum.
    pub total: Money,
}

impl PricedOrder {
    /// The currency of the total and of every line, as messages have it.
    #[must_use]
    pub fn currency(&self) -> wire::money::Currency {
        // Both are three upper-case letters, so this never falls back.
        self.total.currency.as_str().parse().unwrap_or(wire::money::Currency::EUR)
    }
}

/// Why a line names nothing that is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotSold {
    /// The catalogue has no such product, or sells it no more.
    #[error("there is no such product")]
    UnknownProduct(ProductId),
    /// The product has no such variant, or it is sold no more.
    #[error("the product has no such variant")]
    UnknownVariant(ProductId, VariantId),
    /// The product is sold by its variants alone.
    #[error("the product comes in variants; name one of them")]
    VariantRequired(ProductId),
}

/// Why a request can't be priced.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PricingError {
    /// It names something that isn't sold.
    #[error(transparent)]
    NotSold(#[from] NotSold),
    /// The products are priced in more than one currency.
    #[error("all products of an order must have prices in one currency")]
    MixedCurrencies,
    /// The total is beyond what can be paid at once.
    #[error("the total is too large")]
    TotalTooLarge,
    /// Nobody can pay in it.
    #[error("nothing can be paid in {0}")]
    CurrencyNotTaken(CurrencyCode),
}

/// What one piece of a line's article costs, by `quotes`; those of others are ignored.
///
/// # Errors
/// [`NotSold`] if none is sold.
pub fn quote_of<'a>(line: &RequestedLine, quotes: &'a [Quote]) -> Result<&'a Quote, NotSold> {
    let RequestedLine { product_id, variant_id, .. } = *line;
    match (quotes.iter().find(|quote| quote.article == line.article()), variant_id) {
        (Some(quote), _) if quote.needs_variant => Err(NotSold::VariantRequired(product_id)),
        (Some(quote), _) => Ok(quote),
        (None, Some(variant_id)) => Err(NotSold::UnknownVariant(product_id, variant_id)),
        (None, None) => Err(NotSold::UnknownProduct(product_id)),
    }
}

/// Prices lines, each of another article, by `quotes`.
///
/// # Errors
/// Everything at once that isn't sold; else mixed currencies, or a total that payments would never take: whoever orders must hear it
/// before anything is kept.
pub fn price_order(requested: &[RequestedLine], quotes: &[Quote]) -> Result<PricedOrder, Vec<PricingError>> {
    let mut lines = Vec::with_capacity(requested.len());
    let mut not_sold = Vec::new();
    for line in requested {
        match quote_of(line, quotes) {
            Ok(quote) => lines.push(PricedLine {
                article: quote.article,
                quantity: line.quantity,
                unit_price: quote.price,
                name: quote.name.clone(),
                sku: quote.sku.clone(),
            }),
            Err(error) => not_sold.push(error.into()),
        }
    }
    if !not_sold.is_empty() {
        return Err(not_sold);
    }
    let total = sum(&lines).and_then(payable).map_err(|error| vec![error])?;
    Ok(PricedOrder { lines, total })
}

/// The total, if it can be paid. What costs nothing needs no payment.
fn payable(total: Money) -> Result<Money, PricingError> {
    match total.amount_minor.0 {
        0 => Ok(total),
        _ if !CURRENCIES.contains(&total.currency.as_str()) => Err(PricingError::CurrencyNotTaken(total.currency)),
        minor if minor > AMOUNT_MINOR_MAX => Err(PricingError::TotalTooLarge),
        _ => Ok(total),
    }
}

fn sum(lines: &[PricedLine]) -> Result<Money, PricingError> {
    let mut total: Option<Money> = None;
    for line in lines {
        let amount = line.unit_price.checked_mul(i64::from(line.quantity)).map_err(|_| PricingError::TotalTooLarge)?;
        total = Some(match total {
            None => amount,
            Some(total) if total.currency != amount.currency => {
                return Err(PricingError::MixedCurrencies);
            }
            Some(total) => total.checked_add(amount).map_err(|_| PricingError::TotalTooLarge)?,
        });
    }
    // There is at least one line, so this never falls back.
    total.ok_or(PricingError::TotalTooLarge)
}

#[cfg(test)]
mod tests {
    use kit::GlobalId;
    use kit::Money;
    use uuid::Uuid;

    use super::{NotSold, PricingError, Quote, price_order};
    use crate::domain::{Article, RequestedLine};
    use crate::{ProductId, VariantId};

    fn product(number: u128) -> ProductId {
        ProductId::from_uuid(Uuid::from_u128(number))
    }

    fn variant(number: u128) -> VariantId {
        VariantId::from_uuid(Uuid::from_u128(number))
    }

    fn quote(number: u128, minor: i64, currency: &str) -> Quote {
        let price = Money::new(minor, currency.parse().unwrap());
        let article = Article { product_id: product(number), variant_id: None };
        let (name, sku) = (format!("Product {number}"), format!("P-{number}"));
        Quote { article, price, name, sku, needs_variant: false }
    }

    fn quote_of_variant(number: u128, of: u128, minor: i64) -> Quote {
        let quote = quote(number, minor, "EUR");
        Quote { article: Article { variant_id: Some(variant(of)), ..quote.article }, ..quote }
    }

    fn requested(lines: &[(u128, i32)]) -> Vec<RequestedLine> {
        let line = |&(number, quantity): &(u128, i32)| RequestedLine {
            product_id: product(number),
            variant_id: None,
            quantity,
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn sums_lines() {
        let order = price_order(
            &requested(&[(1, 3), (2, 1)]),
            &[quote(2, 50, "EUR"), quote(1, 199, "EUR"), quote(9, 1, "USD")],
        )
        .unwrap();
        assert_eq!(order.total.amount_minor.0, 3 * 199 + 50);
        assert_eq!(order.lines.len(), 2);
    }

    #[test]
    fn names_every_unknown_product() {
        let found = price_order(&requested(&[(1, 1), (2, 1), (3, 1)]), &[quote(2, 1, "EUR")]);
        assert_eq!(
            found.unwrap_err(),
            [1, 3].map(|number| PricingError::NotSold(NotSold::UnknownProduct(product(number))))
        );
    }

    #[test]
    fn a_variant_costs_what_it_costs_and_is_its_products() {
        let of = |number: u128, of: Option<u128>| RequestedLine {
            product_id: product(number),
            variant_id: of.map(variant),
            quantity: 2,
        };
        let bare = Quote { needs_variant: true, ..quote(1, 199, "EUR") };
        let quotes = [bare, quote_of_variant(1, 7, 250), quote_of_variant(1, 8, 300), quote(2, 50, "EUR")];
        let order = price_order(&[of(1, Some(8)), of(1, Some(7)), of(2, None)], &quotes).unwrap();
        assert_eq!(order.total.amount_minor.0, 2 * (300 + 250 + 50));
        for (line, error) in [
            (of(1, None), NotSold::VariantRequired(product(1))),
            (of(1, Some(9)), NotSold::UnknownVariant(product(1), variant(9))),
            (of(2, Some(7)), NotSold::UnknownVariant(product(2), variant(7))),
            (of(3, None), NotSold::UnknownProduct(product(3))),
        ] {
            assert_eq!(price_order(&[of(2, None), line], &quotes), Err(vec![PricingError::NotSold(error)]));
        }
    }

    #[test]
    fn refuses_what_payments_never_takes() {
        let of = |quantity, minor, currency| price_order(&requested(&[(1, quantity)]), &[quote(1, minor, currency)]);
        assert!(of(1, 99_999_999, "EUR").is_ok() && of(3, 33_333_333, "USD").is_ok());
        for (quantity, minor) in [(1, 100_000_000), (1_000, 100_000), (4, 25_000_000)] {
            assert_eq!(of(quantity, minor, "EUR").unwrap_err(), [PricingError::TotalTooLarge]);
        }
        let unknown = "XTS".parse().unwrap();
        assert_eq!(of(1, 1, "XTS").unwrap_err(), [PricingError::CurrencyNotTaken(unknown)]);
        assert!(of(1, 0, "XTS").is_ok(), "nobody pays for it");
    }

    #[test]
    fn refuses_mixed_currencies_and_overflow() {
        let mixed = price_order(&requested(&[(1, 1), (2, 1)]), &[quote(1, 1, "EUR"), quote(2, 1, "USD")]);
        assert_eq!(mixed.unwrap_err(), [PricingError::MixedCurrencies]);
        let product = price_order(&requested(&[(1, 1_000)]), &[quote(1, i64::MAX / 2, "EUR")]);
        assert_eq!(product.unwrap_err(), [PricingError::TotalTooLarge]);
        let sum = price_order(&requested(&[(1, 1), (2, 1)]), &[quote(1, i64::MAX, "EUR"), quote(2, 1, "EUR")]);
        assert_eq!(sum.unwrap_err(), [PricingError::TotalTooLarge]);
    }
}
