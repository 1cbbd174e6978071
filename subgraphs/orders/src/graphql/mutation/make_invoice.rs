//! `makeInvoice`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Result, request_data};

use super::super::entities::find_order;
use super::super::errors::{OrderCustomerErasedError, OrderNotFoundError, OrderNotPaidError};
use super::super::order::Order;
use crate::OrderId;
use crate::store::{NoInvoice, OrderStore};

/// The mutation.
#[derive(Default)]
pub struct MakeInvoice;

/// The mutation.
#[Object]
impl MakeInvoice {
    /// Has the invoice of a paid order made, if it isn't yet: some seconds later it is there. For its customer and administrators.
    async fn make_invoice(&self, context: &Context<'_>, input: MakeInvoiceInput) -> Result<Option<MakeInvoicePayload>> {
        let refused = |error| Ok(Some(MakeInvoicePayload { order: None, errors: vec![error] }));
        let not_found = || MakeInvoiceError::NotFound(OrderNotFoundError::new());
        let Some(order) = find_order(context, input.order_id).await? else { return refused(not_found()) };
        match request_data::<OrderStore>(context)?.invoice_want(input.order_id).await? {
            Ok(()) => Ok(Some(MakeInvoicePayload { order: Some(order), errors: Vec::new() })),
            Err(NoInvoice::NotFound) => refused(not_found()),
            Err(NoInvoice::NotPaid) => refused(MakeInvoiceError::NotPaid(OrderNotPaidError::new())),
            Err(NoInvoice::CustomerErased) => {
                refused(MakeInvoiceError::CustomerErased(OrderCustomerErasedError::new()))
            }
        }
    }
}

/// An order that is to have its invoice.
#[derive(InputObject)]
pub struct MakeInvoiceInput {
    /// Its id.
    order_id: OrderId,
}

/// What `makeInvoice` did.
#[derive(SimpleObject)]
pub struct MakeInvoicePayload {
    /// The order, whose invoice is made; null when it was refused.
    order: Option<Order>,
    /// Why it was refused.
    errors: Vec<MakeInvoiceError>,
}

/// Why an order has no invoice.
#[derive(Union)]
pub enum MakeInvoiceError {
    /// There is no such order.
    NotFound(OrderNotFoundError),
    /// It isn't paid.
    NotPaid(OrderNotPaidError),
    /// Nothing personal of its customer's is kept any more.
    CustomerErased(OrderCustomerErasedError),
}
