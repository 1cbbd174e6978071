//! `changePrice`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Money, MoneyInput, Result};

use super::super::errors::{InvalidProductError, ProductNotFoundError, ProductVersionConflictError};
use super::super::product::Product;
use super::desk;
use crate::ProductId;
use crate::domain::check_price;
use crate::store::Written;

/// The mutation.
#[derive(Default)]
pub struct ChangePrice;

/// The mutation.
#[Object]
impl ChangePrice {
    /// Sets the price of a product. Orders placed before keep theirs. For administrators.
    async fn change_price(&self, context: &Context<'_>, input: ChangePriceInput) -> Result<Option<ChangePricePayload>> {
        change_price(context, input).await.map(Some)
    }
}

async fn change_price(context: &Context<'_>, input: ChangePriceInput) -> Result<ChangePricePayload> {
    let (desk, actor) = desk(context)?;
    let price = Money::from(input.price);
    if let Some(invalid) = check_price(&price) {
        return Ok(ChangePricePayload::refused(InvalidProductError::from(invalid).into()));
    }
    let written = desk.change_price(actor, (input.id, input.expected_version), price).await?;
    Ok(match written {
        Written::Product(product) => ChangePricePayload { product: Some((*product).into()), errors: Vec::new() },
        Written::VersionConflict(version) => {
            ChangePricePayload::refused(ProductVersionConflictError::new(version).into())
        }
        Written::Missing => ChangePricePayload::refused(ProductNotFoundError::new().into()),
    })
}

/// A new price.
#[derive(InputObject)]
pub struct ChangePriceInput {
    /// Which product.
    id: ProductId,
    /// The version that the caller has read.
    expected_version: i32,
    /// What one piece costs from now on; not negative.
    price: MoneyInput,
}

/// What `changePrice` did.
#[derive(SimpleObject)]
pub struct ChangePricePayload {
    /// The product as it is now; null when the change was refused.
    product: Option<Product>,
    /// Why it was refused.
    errors: Vec<ChangePriceError>,
}

impl ChangePricePayload {
    fn refused(error: ChangePriceError) -> Self {
        Self { product: None, errors: vec![error] }
    }
}

/// Why a price was not changed.
#[derive(Union)]
pub enum ChangePriceError {
    /// The price breaks a rule.
    Invalid(InvalidProductError),
    /// There is no such product.
    NotFound(ProductNotFoundError),
    /// Somebody changed it in between.
    VersionConflict(ProductVersionConflictError),
}
