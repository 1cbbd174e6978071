//! `restock`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::Result;

use super::super::errors::{InvalidProductError, ProductNotFoundError};
use super::super::product::Product;
use super::store_to_write;
use crate::ProductId;
use crate::domain::{InvalidField, STOCK_MAX, check_restock};
use crate::store::Restocked;

/// The mutation.
#[derive(Default)]
pub struct Restock;

/// The mutation.
#[Object]
impl Restock {
    /// Adds a delivery to the stock of a product. For administrators.
    async fn restock(&self, context: &Context<'_>, input: RestockInput) -> Result<Option<RestockPayload>> {
        restock(context, input).await.map(Some)
    }
}

async fn restock(context: &Context<'_>, input: RestockInput) -> Result<RestockPayload> {
    let store = store_to_write(context)?;
    if let Some(invalid) = check_restock(input.quantity) {
        return Ok(RestockPayload::refused(InvalidProductError::from(invalid).into()));
    }
    let restocked = store.stock_add(input.id, input.quantity).await?;
    Ok(match restocked {
        Restocked::Product(product) => RestockPayload { product: Some((*product).into()), errors: Vec::new() },
        Restocked::StockTooLarge => {
            let message = format!("would make the stock exceed {STOCK_MAX}");
            let invalid = InvalidField { field: "quantity", message };
            RestockPayload::refused(InvalidProductError::from(invalid).into())
        }
        Restocked::Missing => RestockPayload::refused(ProductNotFoundError::new().into()),
    })
}

/// A delivery.
#[derive(InputObject)]
pub struct RestockInput {
    /// Which product.
    id: ProductId,
    /// How many pieces came in, at least 1.
    quantity: i32,
}

/// What `restock` did.
#[derive(SimpleObject)]
pub struct RestockPayload {
    /// The product as it is now; null when the delivery was refused.
    product: Option<Product>,
    /// Why it was refused.
    errors: Vec<RestockError>,
}

impl RestockPayload {
    fn refused(error: RestockError) -> Self {
        Self { product: None, errors: vec![error] }
    }
}

/// Why a delivery was not added.
#[derive(Union)]
pub enum RestockError {
    /// The quantity breaks a rule.
    Invalid(InvalidProductError),
    /// There is no such product.
    NotFound(ProductNotFoundError),
}
