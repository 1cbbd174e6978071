//! What a saga learns.

use wire::command::Reply;
use wire::commands::payments::{AuthorisePayment, CapturePayment, RefundPayment, VoidPayment};
use wire::commands::stock::{CommitStock, ReleaseStock, ReserveStock};
use wire::events::orders::CancellationReason;

/// What a saga learns, in any order: answers may be late, and an order may be cancelled at any time until it is shipped.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Stock answers whether the pieces are kept.
    Reserve(Reply<ReserveStock>),
    /// Stock answers whether they are let go of.
    Release(Reply<ReleaseStock>),
    /// Stock answers whether they are sold.
    Commit(Reply<CommitStock>),
    /// Payments answers whether the amount is kept.
    Authorise(Reply<AuthorisePayment>),
    /// Payments answers whether it was taken.
    Capture(Reply<CapturePayment>),
    /// Payments answers whether it was let go of.
    Void(Reply<VoidPayment>),
    /// Payments answers whether it was given back.
    Refund(Reply<RefundPayment>),
    /// The order is to be cancelled, and can be: by its customer, an administrator, or another domain.
    Cancel(CancellationReason),
    /// The order is on its way, and can't be cancelled any more.
    OrderShipped,
    /// Nothing that was waited for came in time.
    Deadline,
}
