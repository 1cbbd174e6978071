//! `addToCart`, `changeCartLine` and `removeFromCart`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, Error, Result, request_data};

use super::super::cart::Cart;
use super::super::errors::{
    InvalidOrderLineError, OrderVersionConflictError, UnknownProductError, UnknownVariantError, VariantRequiredError,
};
use super::super::written;
use super::change::version;
use crate::domain::{Article, NotSold, RequestedLine};
use crate::placing::{CartError, OrderDesk};
use crate::store::{CartChange, ChangeError};
use crate::{ProductId, VariantId};

/// The mutations.
#[derive(Default)]
pub struct ChangeCart;

/// The mutations.
#[Object]
impl ChangeCart {
    /// Adds pieces of a product, or of one of its variants, to the caller's cart, or begins one.
    async fn add_to_cart(&self, context: &Context<'_>, input: AddToCartInput) -> Result<Option<ChangeCartPayload>> {
        let line =
            RequestedLine { product_id: input.product_id, variant_id: input.variant_id, quantity: input.quantity };
        change_cart(context, input.expected_version, CartChange::Add(line)).await.map(Some)
    }

    /// Sets how many pieces of a product, or of one of its variants, are in the caller's cart.
    async fn change_cart_line(
        &self,
        context: &Context<'_>,
        input: ChangeCartLineInput,
    ) -> Result<Option<ChangeCartPayload>> {
        let line =
            RequestedLine { product_id: input.product_id, variant_id: input.variant_id, quantity: input.quantity };
        change_cart(context, input.expected_version, CartChange::Set(line)).await.map(Some)
    }

    /// Takes a product, or one of its variants, out of the caller's cart.
    async fn remove_from_cart(
        &self,
        context: &Context<'_>,
        input: RemoveFromCartInput,
    ) -> Result<Option<ChangeCartPayload>> {
        let article = Article { product_id: input.product_id, variant_id: input.variant_id };
        change_cart(context, input.expected_version, CartChange::Remove(article)).await.map(Some)
    }
}

async fn change_cart(
    context: &Context<'_>,
    expected_version: Option<i32>,
    change: CartChange,
) -> Result<ChangeCartPayload> {
    let customer = Caller::from_context(context)?.require_user()?;
    let desk = request_data::<OrderDesk>(context)?;
    let error = match desk.change_cart(customer, expected_version.map(version), change).await {
        Ok(cart) => {
            written(context, None).await?;
            return Ok(ChangeCartPayload { cart: Some(Cart(cart)), errors: Vec::new() });
        }
        Err(CartError::NotSold(error)) => ChangeCartError::from(error),
        Err(CartError::Change(ChangeError::Stale(now))) => {
            ChangeCartError::VersionConflict(OrderVersionConflictError::new(Some(now)))
        }
        Err(CartError::Change(ChangeError::Refused { refusal, .. })) => {
            ChangeCartError::InvalidLine(InvalidOrderLineError::new(&refusal))
        }
        // Nothing is taken from this customer any more.
        Err(CartError::Change(ChangeError::NotFound)) => return Err(Error::Forbidden),
        Err(error @ (CartError::Change(ChangeError::Store(_)) | CartError::Catalogue(_))) => {
            return Err(Error::internal(error));
        }
    };
    Ok(ChangeCartPayload { cart: None, errors: vec![error] })
}

/// Pieces to be added.
#[derive(InputObject)]
pub struct AddToCartInput {
    /// Of which product.
    product_id: ProductId,
    /// Of which of its variants, if it has any.
    variant_id: Option<VariantId>,
    /// How many more: with those that are there at most 1,000.
    #[graphql(default = 1)]
    quantity: i32,
    /// The cart's version that was read, 0 for none: a later one is not changed. May be left out.
    expected_version: Option<i32>,
}

/// A line as it is to be.
#[derive(InputObject)]
pub struct ChangeCartLineInput {
    /// Of which product.
    product_id: ProductId,
    /// Of which of its variants, if it has any.
    variant_id: Option<VariantId>,
    /// How many pieces, 1 to 1,000.
    quantity: i32,
    /// The cart's version that was read, 0 for none: a later one is not changed. May be left out.
    expected_version: Option<i32>,
}

/// A line to be taken out.
#[derive(InputObject)]
pub struct RemoveFromCartInput {
    /// Of which product.
    product_id: ProductId,
    /// Of which of its variants, if the line is of one.
    variant_id: Option<VariantId>,
    /// The cart's version that was read, 0 for none: a later one is not changed. May be left out.
    expected_version: Option<i32>,
}

/// What became of the cart.
#[derive(SimpleObject)]
pub struct ChangeCartPayload {
    /// The cart as it is now; null when the change was refused.
    cart: Option<Cart>,
    /// Why it was refused.
    errors: Vec<ChangeCartError>,
}

/// Why a cart was not changed.
#[derive(Union)]
pub enum ChangeCartError {
    /// There is no such product.
    UnknownProduct(UnknownProductError),
    /// The product has no such variant.
    UnknownVariant(UnknownVariantError),
    /// The product comes in variants.
    VariantRequired(VariantRequiredError),
    /// The line, or the cart, would break a rule.
    InvalidLine(InvalidOrderLineError),
    /// Somebody was faster.
    VersionConflict(OrderVersionConflictError),
}

impl From<NotSold> for ChangeCartError {
    fn from(error: NotSold) -> Self {
        match error {
            NotSold::UnknownProduct(id) => Self::UnknownProduct(UnknownProductError::new(id)),
            NotSold::UnknownVariant(product, id) => Self::UnknownVariant(UnknownVariantError::new(product, id)),
            NotSold::VariantRequired(id) => Self::VariantRequired(VariantRequiredError::new(id)),
        }
    }
}
