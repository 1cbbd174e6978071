//! The order, from cart to refund: what it is, what can be done to it when, and what has happened to it.
//!
//! [`machine`] says when, [`decide`](Order::decide) what, and [`Order`] is what its events make it. No I/O, no clock, no chance.

mod decide;
mod events;
mod machine;
mod plain_id;
mod refusal;
mod returns;
mod state;
mod status;
#[cfg(test)]
mod tests;

pub use decide::{CART_CHANGES_MAX, Command};
pub use events::{
    Cancelled, CartOpened, Delivered, LineRemoved, LineSet, OrderEvent, Packed, Paid, Placed, PlacedLine, RefundFailed,
    RefundNoted, Refunded, Reserved, RestockDue, ReturnLine, ReturnOwed, ReturnRequested, ReturnSettled, Returned,
    Shipped,
};
pub use machine::{Action, next};
pub use refusal::Refusal;
pub use state::{Order, Terms};
pub use status::OrderStatus;
