//! The arguments of product lists, and their reading into domain types.

use async_graphql::{Enum, InputObject};
use kit::{BigInt, CurrencyCode, Error, Result};

use crate::domain;

/// The longest text of a filter in characters: what a name can be.
const FILTER_TEXT_LENGTH_MAX: usize = domain::NAME_LENGTH_MAX;

/// Which products a list holds: all that meet every condition given.
#[derive(Default, InputObject)]
pub struct ProductFilter {
    /// Exactly this category.
    category: Option<String>,
    /// Prices within a range.
    price: Option<PriceRange>,
    /// `true`: on stock; `false`: sold out.
    in_stock: Option<bool>,
    /// The name starts with this text, whatever its case.
    name_starts_with: Option<String>,
}

/// A range of prices in one currency; both ends belong to it.
#[derive(InputObject)]
pub struct PriceRange {
    /// The currency of both ends; products priced in others don't match.
    currency: CurrencyCode,
    /// The least price in minor units.
    min_minor: Option<BigInt>,
    /// The highest price in minor units.
    max_minor: Option<BigInt>,
}

/// The orders that a list of products can have.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
#[graphql(remote = "domain::ProductOrder")]
pub enum ProductOrder {
    /// By name, from A to Z.
    Name,
    /// By currency, then from cheap to dear.
    PriceAscending,
    /// The reverse of `PRICE_ASCENDING`.
    PriceDescending,
    /// The newest first.
    Newest,
}

impl ProductFilter {
    /// The domain's filter.
    ///
    /// # Errors
    /// A text that no product can have.
    pub fn into_domain(self) -> Result<domain::ProductFilter> {
        let texts = [self.category.as_deref(), self.name_starts_with.as_deref()];
        for text in texts.into_iter().flatten() {
            if text.contains('\0') {
                return Err(Error::BadUserInput("A filter's text has no NUL character".to_owned()));
            }
            if text.chars().count() > FILTER_TEXT_LENGTH_MAX {
                let message = format!("A filter's text has at most {FILTER_TEXT_LENGTH_MAX} characters");
                return Err(Error::BadUserInput(message));
            }
        }
        let price = self.price;
        Ok(domain::ProductFilter {
            category: self.category,
            currency: price.as_ref().map(|range| range.currency),
            price_minor_min: price.as_ref().and_then(|range| Some(range.min_minor?.0)),
            price_minor_max: price.as_ref().and_then(|range| Some(range.max_minor?.0)),
            in_stock: self.in_stock,
            name_prefix: self.name_starts_with,
        })
    }
}
