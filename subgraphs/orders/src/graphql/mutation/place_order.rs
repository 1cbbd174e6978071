//! `placeOrder`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, Error, Result, request_data};

use super::super::errors::{
    IdempotencyConflictError, InvalidOrderError, MixedCurrenciesError, OrderTooLargeError, UnknownProductError,
};
use super::super::order::Order;
use crate::domain::{PricingError, RequestedLine};
use crate::placing::{OrderDesk, PlacingError};
use crate::{ProductId, UserId};

/// The mutation.
#[derive(Default)]
pub struct PlaceOrder;

/// The mutation.
#[Object]
impl PlaceOrder {
    /// Places an order for the caller at today's prices. The same key with the same lines gives
    /// the same order again.
    async fn place_order(&self, context: &Context<'_>, input: PlaceOrderInput) -> Result<Option<PlaceOrderPayload>> {
        place_order(context, input).await.map(Some)
    }
}

async fn place_order(context: &Context<'_>, input: PlaceOrderInput) -> Result<PlaceOrderPayload> {
    let customer: UserId = Caller::from_context(context)?.require_user()?;
    let desk = request_data::<OrderDesk>(context)?;
    let requested: Vec<RequestedLine> = input.lines.into_iter().map(RequestedLine::from).collect();
    match desk.place(customer, input.idempotency_key, &requested).await {
        Ok(order) => Ok(PlaceOrderPayload { order: Some(order.into()), errors: Vec::new() }),
        Err(error) => Ok(PlaceOrderPayload { order: None, errors: refusals(error)? }),
    }
}

/// An order to be placed.
#[derive(InputObject)]
pub struct PlaceOrderInput {
    /// Chosen by the caller, 1 to 128 printable ASCII characters, new for each order: a request
    /// that is sent again under its key places nothing twice.
    idempotency_key: String,
    /// What to order: 1 to 100 lines.
    lines: Vec<PlaceOrderLineInput>,
}

/// A line of an order to be placed. Lines of one product are joined.
#[derive(InputObject)]
pub struct PlaceOrderLineInput {
    /// Which product.
    product_id: ProductId,
    /// How many pieces, 1 to 1,000.
    quantity: i32,
}

impl From<PlaceOrderLineInput> for RequestedLine {
    fn from(input: PlaceOrderLineInput) -> Self {
        Self { product_id: input.product_id, quantity: input.quantity }
    }
}

/// What `placeOrder` did.
#[derive(SimpleObject)]
pub struct PlaceOrderPayload {
    /// The order; null when the request was refused.
    order: Option<Order>,
    /// Why it was refused.
    errors: Vec<PlaceOrderError>,
}

/// Why an order was not placed.
#[derive(Union)]
pub enum PlaceOrderError {
    /// The request breaks a rule.
    Invalid(InvalidOrderError),
    /// There is no such product.
    UnknownProduct(UnknownProductError),
    /// The prices are in several currencies.
    MixedCurrencies(MixedCurrenciesError),
    /// The total is too large.
    TooLarge(OrderTooLargeError),
    /// The key belongs to another order.
    IdempotencyConflict(IdempotencyConflictError),
}

impl From<PricingError> for PlaceOrderError {
    fn from(error: PricingError) -> Self {
        match error {
            PricingError::UnknownProduct(id) => Self::UnknownProduct(UnknownProductError::new(id)),
            PricingError::MixedCurrencies => Self::MixedCurrencies(MixedCurrenciesError::new()),
            PricingError::TotalTooLarge => Self::TooLarge(OrderTooLargeError::new()),
        }
    }
}

/// The domain's refusals; anything else is our fault, not the customer's.
fn refusals(error: PlacingError) -> Result<Vec<PlaceOrderError>> {
    Ok(match error {
        PlacingError::Invalid(found) => {
            found.into_iter().map(|invalid| PlaceOrderError::Invalid(invalid.into())).collect()
        }
        PlacingError::Unpriced(found) => found.into_iter().map(PlaceOrderError::from).collect(),
        PlacingError::IdempotencyConflict => {
            vec![PlaceOrderError::IdempotencyConflict(IdempotencyConflictError::new())]
        }
        error @ (PlacingError::Catalogue(_) | PlacingError::Store(_)) => {
            return Err(Error::internal(error));
        }
    })
}
