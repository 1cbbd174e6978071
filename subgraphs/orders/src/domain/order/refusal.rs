//! Why something can't be done to an order.

use thiserror::Error;

use super::{Action, OrderStatus};
use crate::domain::{Article, LINES_MAX, QUANTITY_MAX};

/// Why something can't be done to an order. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Not as it stands.
    #[error("{action:?} can't be done to an order that is {status}")]
    IllegalTransition {
        /// Where it stands.
        status: OrderStatus,
        /// What should have been done.
        action: Action,
    },
    /// A line with no pieces, or too many.
    #[error("the quantity of a product must be 1 to {QUANTITY_MAX}")]
    Quantity(Article),
    /// A cart with too many lines.
    #[error("an order has at most {LINES_MAX} lines")]
    TooManyLines,
    /// A cart that was changed too often: what happened to it is kept for ever.
    #[error("the cart was changed too often; place the order or begin a new one")]
    TooManyChanges,
    /// The article isn't in the cart, or in what comes back.
    #[error("the order has no such line")]
    NoSuchLine(Article),
    /// A return of nothing.
    #[error("name at least one line")]
    NoLines,
    /// More comes back than was ordered.
    #[error("more pieces than there are in the order")]
    TooManyPieces(Article),
    /// More money is given back than is left.
    #[error("more than was paid and not given back")]
    RefundTooLarge,
    /// The order doesn't know of the refund.
    #[error("the order has no such refund")]
    NoSuchRefund,
}
