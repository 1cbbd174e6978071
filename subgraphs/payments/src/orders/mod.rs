//! The port by which it is asked whose an order is, before money is taken for it by hand. The orders service answers.
//!
//! What orders itself has taken comes by command, which it knows the customer of. Nothing of an answer is kept; without one nothing is
//! taken.

mod service;

use futures::future::BoxFuture;
use thiserror::Error;
use wire::id::{OrderId, UserId};

pub use service::OrdersService;

/// Knows whose orders are.
pub trait Orders: Send + Sync {
    /// Whose an order is; `None` if there is none.
    ///
    /// # Errors
    /// [`OrdersError`].
    fn customer(&self, order_id: OrderId) -> BoxFuture<'_, Result<Option<Customer>, OrdersError>>;
}

/// An order's customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Who.
    pub id: UserId,
    /// Whether nothing is taken from them any more.
    pub is_erased: bool,
}

/// Why it can't be said whose an order is.
#[derive(Debug, Error)]
pub enum OrdersError {
    /// Orders can't be asked now; later it can.
    #[error("orders can't be asked")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The call or its answer isn't what it has to be. Internal.
    #[error("orders isn't understood")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why no money is taken for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotPayable {
    /// There is none.
    #[error("There is no such order")]
    UnknownOrder,
    /// It is somebody else's.
    #[error("The order is another customer's")]
    OtherCustomer,
    /// Its customer is forgotten.
    #[error("The order's customer is erased")]
    CustomerErased,
}

impl NotPayable {
    /// For programs; never changes its meaning.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownOrder => "UNKNOWN_ORDER",
            Self::OtherCustomer => "OTHER_CUSTOMER",
            Self::CustomerErased => "CUSTOMER_ERASED",
        }
    }
}

/// Whether money may be taken of this customer for this order.
///
/// # Errors
/// [`OrdersError`]: nobody knows.
pub async fn check_payable(
    orders: &dyn Orders,
    order_id: OrderId,
    customer_id: UserId,
) -> Result<Result<(), NotPayable>, OrdersError> {
    Ok(match orders.customer(order_id).await? {
        None => Err(NotPayable::UnknownOrder),
        Some(customer) if customer.id != customer_id => Err(NotPayable::OtherCustomer),
        Some(customer) if customer.is_erased => Err(NotPayable::CustomerErased),
        Some(_) => Ok(()),
    })
}
