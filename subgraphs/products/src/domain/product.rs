//! The product as the catalogue holds it, and the ways in which a list of products can be asked for.

use chrono::{DateTime, Utc};
use kit::{CurrencyCode, Money, paging::SortTime};
use serde::{Deserialize, Serialize};

use super::content::Block;
use super::rules::{InvalidField, check_price};
use super::variant::Variant;
use crate::ProductId;

/// One product of the catalogue.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Product {
    /// Its id; never changes.
    pub id: ProductId,
    /// The stock keeping unit: unique, upper case; never changes.
    pub sku: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// A text of at most 5,000 characters.
    pub description: String,
    /// What one piece costs now.
    pub price: Money,
    /// The shelf it stands on, e.g. `Kitchen`.
    pub category: String,
    /// Free-form properties in the order in which they were given.
    pub attributes: Vec<Attribute>,
    /// Weight of one piece in grams.
    pub weight_grams: i32,
    /// The forms in which it is sold; none if it is sold as it is.
    pub variants: Vec<Variant>,
    /// What is told about it beside its description.
    pub blocks: Vec<Block>,
    /// Since when it is sold no more.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Counts the writes, from 1; for optimistic locking.
    pub version: i32,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
}

impl Product {
    /// What of a new price breaks a rule, or doesn't go with the variants' own.
    #[must_use]
    pub fn check_price(&self, price: &Money) -> Vec<InvalidField> {
        let mut found = Vec::new();
        check_price(price, &mut found);
        let is_mixed = |variant: &Variant| variant.price.is_some_and(|own| own.currency != price.currency);
        if self.variants.iter().any(is_mixed) {
            found.push(InvalidField::new("price", "must be in the currency of its variants' own prices"));
        }
        found
    }
}

/// A free-form property of a product.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Attribute {
    /// What is described, e.g. `Colour`.
    pub name: String,
    /// Its value, e.g. `blue`.
    pub value: String,
}

/// Which products a list holds: all that meet every condition given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProductFilter {
    /// Exactly this category.
    pub category: Option<String>,
    /// Prices in this currency only. Required for a price range, since amounts of two currencies don't compare.
    pub currency: Option<CurrencyCode>,
    /// At least this price, in minor units of `currency`.
    pub price_minor_min: Option<i64>,
    /// At most this price, in minor units of `currency`.
    pub price_minor_max: Option<i64>,
    /// `true`: on stock; `false`: sold out.
    pub in_stock: Option<bool>,
    /// The name starts with this text, whatever its case.
    pub name_prefix: Option<String>,
}

/// The orders that a list of products can have. Ties are broken by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProductOrder {
    /// By name, from A to Z, whatever the case.
    Name,
    /// By currency, then from cheap to dear.
    PriceAscending,
    /// The exact reverse of [`ProductOrder::PriceAscending`].
    PriceDescending,
    /// The newest first.
    Newest,
}

/// Where a product stands in one of the orders: what a cursor carries.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum ProductPosition {
    /// Under [`ProductOrder::Name`]: folded name and id.
    Name(String, ProductId),
    /// Under both price orders: currency, minor units and id.
    Price(String, i64, ProductId),
    /// Under [`ProductOrder::Newest`]: time of creation and id.
    Age(SortTime, ProductId),
}

impl ProductPosition {
    /// The position of `product` under `order`.
    #[must_use]
    pub fn of(product: &Product, order: ProductOrder) -> Self {
        match order {
            ProductOrder::Name => Self::Name(super::fold_name(&product.name), product.id),
            ProductOrder::PriceAscending | ProductOrder::PriceDescending => {
                Self::Price(product.price.currency.as_str().to_owned(), product.price.amount_minor.0, product.id)
            }
            ProductOrder::Newest => Self::Age(SortTime(product.created_at), product.id),
        }
    }

    /// Whether this is a position under `order` that a product can have: a forged cursor may hold
    /// one of another order, or a text that no product has.
    #[must_use]
    pub fn fits(&self, order: ProductOrder) -> bool {
        match (self, order) {
            (Self::Name(name, _), ProductOrder::Name) => !name.contains('\0'),
            (Self::Price(currency, ..), ProductOrder::PriceAscending | ProductOrder::PriceDescending) => {
                currency.parse::<CurrencyCode>().is_ok()
            }
            (Self::Age(..), ProductOrder::Newest) => true,
            _ => false,
        }
    }
}
