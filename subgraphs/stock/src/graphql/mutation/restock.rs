//! `restock`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::Result;
use uuid::Uuid;

use super::super::errors::{
    DeliveryConflictError, InvalidProductError, ProductNotFoundError, StockItemWithdrawnError,
    StockVariantRequiredError,
};
use super::super::product::Product;
use super::super::written;
use super::store_to_write;
use crate::domain::{InvalidField, ItemKey, STOCK_MAX, check_key, check_quantity};
use crate::store::{Delivery, Received};
use crate::{ProductId, VariantId};

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
    let (store, cause) = store_to_write(context)?;
    let invalid = [check_quantity(input.quantity), input.idempotency_key.as_deref().and_then(check_key)];
    let invalid: Vec<RestockError> =
        invalid.into_iter().flatten().map(|invalid| InvalidProductError::from(invalid).into()).collect();
    if !invalid.is_empty() {
        return Ok(RestockPayload { product: None, errors: invalid });
    }
    let key = input.idempotency_key.unwrap_or_else(|| Uuid::now_v7().to_string());
    let item = ItemKey { product_id: input.id, variant_id: input.variant_id };
    let delivery = Delivery { item, quantity: input.quantity, cause: format!("delivery:{key}") };
    Ok(match store.receive(&cause, &delivery).await? {
        Received::Booked(item) => {
            written(context, &item).await?;
            RestockPayload { product: Some(Product(item.key.product_id)), errors: Vec::new() }
        }
        Received::Missing => RestockPayload::refused(ProductNotFoundError::new().into()),
        Received::Withdrawn => RestockPayload::refused(StockItemWithdrawnError::new().into()),
        Received::VariantRequired => RestockPayload::refused(StockVariantRequiredError::new().into()),
        Received::TooMany => {
            let message = format!("would make the stock exceed {STOCK_MAX}");
            let invalid = InvalidField { field: "quantity", message };
            RestockPayload::refused(InvalidProductError::from(invalid).into())
        }
        Received::OtherQuantity(quantity) => RestockPayload::refused(DeliveryConflictError::new(quantity).into()),
    })
}

/// A delivery.
#[derive(InputObject)]
pub struct RestockInput {
    /// Which product.
    id: ProductId,
    /// Which of its variants, if it has any.
    variant_id: Option<VariantId>,
    /// How many pieces came in, at least 1.
    quantity: i32,
    /// Tells this delivery of the product from others, so that it is booked once however often it is sent: a delivery note's
    /// number, at most 64 characters.
    idempotency_key: Option<String>,
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
    /// The key belongs to another delivery.
    Conflict(DeliveryConflictError),
    /// It is sold no more.
    Withdrawn(StockItemWithdrawnError),
    /// It is sold by its variants, and none is named.
    VariantRequired(StockVariantRequiredError),
}
