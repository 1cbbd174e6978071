//! The port by which payments is asked at once: how an order's payment stands, and to give some of it back. The payments service answers.
//!
//! Purchases and returns don't come this way: they ask by command, and are told. This is for people who wait; an outage here costs
//! them an answer and stops no order. Nothing of an answer is kept: what is given back is told by an event.

mod service;

use futures::future::BoxFuture;
use kit::Money;
use thiserror::Error;

pub use service::PaymentsService;

use crate::OrderId;
use crate::domain::Refund;

/// Orders whose payments are asked for at once: what payments lists.
pub const ORDERS_MAX: usize = 100;

/// Knows how orders are paid.
pub trait Payments: Send + Sync {
    /// How the payments of those of `orders` stand that have one. At most [`ORDERS_MAX`].
    ///
    /// # Errors
    /// [`PaymentsError`].
    fn states<'a>(&'a self, orders: &'a [OrderId]) -> BoxFuture<'a, Result<PaymentStates, PaymentsError>>;

    /// Has some of an order's payment given back. The same refund again gives nothing back twice.
    ///
    /// # Errors
    /// [`RefundError`].
    fn refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Result<RefundState, RefundError>>;
}

/// How the payments of several orders stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PaymentStates {
    /// Of which that is known.
    pub known: Vec<PaymentState>,
    /// Of which payments can't say it, since it can't read what it has of theirs.
    pub unreadable: Vec<OrderId>,
}

/// How the payment of an order stands.
#[derive(Clone, Debug, PartialEq)]
pub struct PaymentState {
    /// Of which order.
    pub order_id: OrderId,
    /// In the words of payments.
    pub status: String,
    /// What was taken.
    pub captured: Money,
    /// What was given back.
    pub refunded: Money,
    /// What can still be given back.
    pub refundable: Money,
}

/// How far a refund has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// It is taken, and the provider will be asked.
    Requested,
    /// The money was given back.
    Refunded,
}

/// Why it can't be said how payments stand.
#[derive(Debug, Error)]
pub enum PaymentsError {
    /// Payments can't be asked now; later it can.
    #[error("payments can't be asked")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The call or its answer isn't what it has to be. Internal.
    #[error("payments isn't understood")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why nothing is given back.
#[derive(Debug, Error)]
pub enum RefundError {
    /// By the rules of payments: a code of theirs, and in words.
    #[error("payments refuses: {code}: {text}")]
    Refused {
        /// `NOT_PAID`, or as in [`wire::commands::payments::RefundPaymentRefusal`].
        code: String,
        /// Why.
        text: String,
    },
    /// The refund was asked for before, with something else in it.
    #[error("the refund was asked for with something else in it")]
    Conflict,
    /// No answer. With one that can't be had now nothing is known of what was done.
    #[error(transparent)]
    NoAnswer(#[from] PaymentsError),
}
