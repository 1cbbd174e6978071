//! `placeOrder`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, CountryCode, Error, Result, request_data};

use super::super::errors::{
    IdempotencyConflictError, InvalidOrderError, MixedCurrenciesError, OrderCurrencyNotTakenError, OrderTooLargeError,
    OrderVersionConflictError, UnknownProductError, UnknownVariantError, VariantRequiredError,
};
use super::super::order::Order;
use super::super::written;
use crate::domain::{Address, NotSold, PlacementRequest, PricingError, RequestedLine};
use crate::placing::{OrderDesk, PlacingError};
use crate::{ProductId, UserId, VariantId};

/// The mutation.
#[derive(Default)]
pub struct PlaceOrder;

/// The mutation.
#[Object]
impl PlaceOrder {
    /// Places an order for the caller at today's prices, of these lines or of the cart. It is then kept in stock and paid; its
    /// status tells how far that is. The same key with the same input gives the same order again.
    async fn place_order(&self, context: &Context<'_>, input: PlaceOrderInput) -> Result<Option<PlaceOrderPayload>> {
        place_order(context, input).await.map(Some)
    }
}

async fn place_order(context: &Context<'_>, input: PlaceOrderInput) -> Result<PlaceOrderPayload> {
    let customer: UserId = Caller::from_context(context)?.require_user()?;
    let desk = request_data::<OrderDesk>(context)?;
    match desk.place(customer, input.into()).await {
        Ok(order) => {
            written(context, Some(&order)).await?;
            Ok(PlaceOrderPayload { order: Some(order.into()), errors: Vec::new() })
        }
        Err(error) => Ok(PlaceOrderPayload { order: None, errors: refusals(error)? }),
    }
}

/// An order to be placed.
#[derive(InputObject)]
pub struct PlaceOrderInput {
    /// Chosen by the caller, 1 to 128 printable ASCII characters, new for each order: a request
    /// that is sent again under its key places nothing twice.
    idempotency_key: String,
    /// What to order: 1 to 100 lines. When left out, what is in the cart.
    lines: Option<Vec<PlaceOrderLineInput>>,
    /// Paid by what: the payment provider's token of a card or an account, never its number. The test provider takes
    /// `pm_card_visa`.
    payment_method: String,
    /// Where to send it; when left out it is collected.
    shipping_address: Option<ShippingAddressInput>,
}

impl From<PlaceOrderInput> for PlacementRequest {
    fn from(input: PlaceOrderInput) -> Self {
        Self {
            idempotency_key: input.idempotency_key,
            lines: input.lines.map(|lines| lines.into_iter().map(RequestedLine::from).collect()),
            method_token: input.payment_method,
            address: input.shipping_address.map(Address::from),
        }
    }
}

/// Where to send an order. Each line has 1 to 100 characters.
#[derive(InputObject)]
pub struct ShippingAddressInput {
    /// Who gets it.
    recipient: String,
    /// Street and number.
    street: String,
    /// The town.
    city: String,
    /// Its code there.
    postal_code: String,
    /// Where.
    country: CountryCode,
}

impl From<ShippingAddressInput> for Address {
    fn from(input: ShippingAddressInput) -> Self {
        let ShippingAddressInput { recipient, street, city, postal_code, country } = input;
        Self { recipient, street, city, postal_code, country }
    }
}

/// A line of an order to be placed. Lines of one product, or of one of its variants, are joined.
#[derive(InputObject)]
pub struct PlaceOrderLineInput {
    /// Which product.
    product_id: ProductId,
    /// Which of its variants, if it has any.
    variant_id: Option<VariantId>,
    /// How many pieces, 1 to 1,000.
    quantity: i32,
}

impl From<PlaceOrderLineInput> for RequestedLine {
    fn from(input: PlaceOrderLineInput) -> Self {
        Self { product_id: input.product_id, variant_id: input.variant_id, quantity: input.quantity }
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
    /// The product has no such variant.
    UnknownVariant(UnknownVariantError),
    /// The product comes in variants.
    VariantRequired(VariantRequiredError),
    /// The prices are in several currencies.
    MixedCurrencies(MixedCurrenciesError),
    /// The total is too large.
    TooLarge(OrderTooLargeError),
    /// Nothing can be paid in the currency of the prices.
    CurrencyNotTaken(OrderCurrencyNotTakenError),
    /// The key belongs to another order.
    IdempotencyConflict(IdempotencyConflictError),
    /// The cart was changed while its prices were looked up.
    VersionConflict(OrderVersionConflictError),
}

impl From<NotSold> for PlaceOrderError {
    fn from(error: NotSold) -> Self {
        match error {
            NotSold::UnknownProduct(id) => Self::UnknownProduct(UnknownProductError::new(id)),
            NotSold::UnknownVariant(product, id) => Self::UnknownVariant(UnknownVariantError::new(product, id)),
            NotSold::VariantRequired(id) => Self::VariantRequired(VariantRequiredError::new(id)),
        }
    }
}

impl From<PricingError> for PlaceOrderError {
    fn from(error: PricingError) -> Self {
        match error {
            PricingError::NotSold(error) => error.into(),
            PricingError::MixedCurrencies => Self::MixedCurrencies(MixedCurrenciesError::new()),
            PricingError::TotalTooLarge => Self::TooLarge(OrderTooLargeError::new()),
            PricingError::CurrencyNotTaken(currency) => {
                Self::CurrencyNotTaken(OrderCurrencyNotTakenError::new(currency))
            }
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
        PlacingError::CartChanged => {
            vec![PlaceOrderError::VersionConflict(OrderVersionConflictError::new(None))]
        }
        PlacingError::CustomerClosed => return Err(Error::Forbidden),
        error @ (PlacingError::Catalogue(_) | PlacingError::Store(_)) => {
            return Err(Error::internal(error));
        }
    })
}
