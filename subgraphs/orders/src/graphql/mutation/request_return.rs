//! `requestReturn`.

use async_graphql::{Context, InputObject, Object};
use kit::Result;

use super::super::entities::find_order;
use super::change::{change, payload};
use crate::domain::RequestedLine;
use crate::domain::order::Command;
use crate::store::ChangeError;
use crate::{OrderId, ProductId, VariantId};

/// The mutation.
#[derive(Default)]
pub struct RequestReturn;

/// The mutation.
#[Object]
impl RequestReturn {
    /// Announces that pieces of a delivered order come back: of the caller's own, or of any for administrators. An order can have one
    /// return.
    async fn request_return(
        &self,
        context: &Context<'_>,
        input: RequestReturnInput,
    ) -> Result<Option<RequestReturnPayload>> {
        // Also asks whose it is.
        if find_order(context, input.id).await?.is_none() {
            return RequestReturnPayload::of(Err(ChangeError::NotFound)).map(Some);
        }
        let lines = input.lines.into_iter().map(RequestedLine::from).collect();
        let changed = change(context, input.id, input.expected_version, Command::RequestReturn(lines)).await;
        RequestReturnPayload::of(changed).map(Some)
    }
}

/// What comes back.
#[derive(InputObject)]
pub struct RequestReturnInput {
    /// Of which order.
    id: OrderId,
    /// The version that was read: a later one is not changed. May be left out.
    expected_version: Option<i32>,
    /// Which pieces: 1 to 100 lines.
    lines: Vec<ReturnLineInput>,
}

/// Pieces of a product, or of one of its variants, that come back.
#[derive(InputObject)]
pub struct ReturnLineInput {
    /// Of which product.
    product_id: ProductId,
    /// Of which of its variants, if the line is of one.
    variant_id: Option<VariantId>,
    /// How many: 1 to as many as were ordered.
    quantity: i32,
}

impl From<ReturnLineInput> for RequestedLine {
    fn from(input: ReturnLineInput) -> Self {
        Self { product_id: input.product_id, variant_id: input.variant_id, quantity: input.quantity }
    }
}

payload! {
    /// What `requestReturn` did.
    RequestReturnPayload
}
