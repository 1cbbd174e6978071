//! What orders add to `type Product`: an estimate of what shipping costs.

use async_graphql::{Any, InputType, Object};
use kit::{CountryCode, Error, Money, MoneyInput, Result};

use crate::ProductId;
use crate::domain;

/// A product, known here by key, and by price and weight when the router hands them in.
pub struct Product {
    id: ProductId,
    price: Option<Money>,
    weight: Option<i32>,
}

impl Product {
    /// A reference to a product.
    pub fn by_key(id: ProductId) -> Self {
        Self { id, price: None, weight: None }
    }

    /// A product with what `@requires` brought. What doesn't read as a price or weight counts as
    /// missing, so that one bad representation leaves the others alone.
    pub fn with_required(id: ProductId, price: Option<Any>, weight: Option<Any>) -> Self {
        let price = price.and_then(|price| MoneyInput::parse(Some(price.0)).ok());
        let weight = weight.and_then(|weight| i32::parse(Some(weight.0)).ok());
        Self { id, price: price.map(Money::from), weight }
    }

    fn required_price(&self) -> Result<Money> {
        self.price.ok_or_else(|| missing("price"))
    }

    fn required_weight(&self) -> Result<i32> {
        self.weight.ok_or_else(|| missing("weight"))
    }
}

fn missing(field: &str) -> Error {
    Error::BadUserInput(format!("The product's {field} is not known"))
}

// Products describes the type and the fields that are external here.
#[Object]
impl Product {
    async fn id(&self) -> ProductId {
        self.id
    }

    #[graphql(external)]
    async fn price(&self) -> Result<Money> {
        self.required_price()
    }

    #[graphql(external)]
    async fn weight(&self) -> Result<i32> {
        self.required_weight()
    }

    /// What shipping one piece costs, in the currency of its price; null, with an error, for
    /// countries and currencies without a tariff.
    #[graphql(requires = "price { amountMinor currency } weight")]
    async fn shipping_estimate(
        &self,
        #[graphql(desc = "Where it goes.")] country: CountryCode,
    ) -> Result<Option<Money>> {
        domain::estimate(&self.required_price()?, self.required_weight()?, country)
            .map(Some)
            .map_err(|error| Error::BadUserInput(sentence(&error.to_string())))
    }
}

/// The text with its first letter in upper case.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
