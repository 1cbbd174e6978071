//! `changePrice`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{MoneyInput, Result};

use super::super::errors::{
    InvalidProductError, ProductError, ProductNotFoundError, ProductVersionConflictError, ProductWithdrawnError,
};
use super::super::product::Product;
use super::desk;
use crate::ProductId;
use crate::desk::Written;

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
    let read = (input.id, input.expected_version);
    Ok(match desk(context)?.change_price(read, input.price.into()).await? {
        Written::Product(product) => ChangePricePayload { product: Some((*product).into()), errors: Vec::new() },
        refused => {
            let errors = ProductError::of(refused).into_iter().filter_map(ChangePriceError::of).collect();
            ChangePricePayload { product: None, errors }
        }
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

/// Why a price was not changed.
#[derive(Union)]
pub enum ChangePriceError {
    /// The price breaks a rule.
    Invalid(InvalidProductError),
    /// There is no such product.
    NotFound(ProductNotFoundError),
    /// Somebody changed it in between.
    VersionConflict(ProductVersionConflictError),
    /// It is sold no more.
    Withdrawn(ProductWithdrawnError),
}

impl ChangePriceError {
    /// `None` of what setting a price never is.
    fn of(error: ProductError) -> Option<Self> {
        match error {
            ProductError::Invalid(error) => Some(Self::Invalid(error)),
            ProductError::NotFound(error) => Some(Self::NotFound(error)),
            ProductError::VersionConflict(error) => Some(Self::VersionConflict(error)),
            ProductError::Withdrawn(error) => Some(Self::Withdrawn(error)),
            ProductError::SkuTaken(_) | ProductError::VariantNotFound(_) => None,
        }
    }
}
