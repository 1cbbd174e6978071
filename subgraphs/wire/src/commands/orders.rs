//! What orders can be asked. Keyed by order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::users::EraseUser;
use crate::command::command;
use crate::events::orders::CancellationReason;
use crate::id::OrderId;
use crate::open_enum::open_enum;

crate::dispatch! {
    /// What the orders domain is asked.
    pub enum OrderCommand {
        Cancel(CancelOrder),
        EraseUser(EraseUser),
    }
}

/// Call an order off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancelOrder {
    /// Which.
    pub order_id: OrderId,
    /// Why.
    pub reason: CancellationReason,
}

/// The order is called off, now or earlier; what it had is being given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancelOrderDone {}

open_enum! {
    /// Why an order stands.
    pub enum CancelOrderRefusal {
        /// There is no such order.
        UnknownOrder = "UNKNOWN_ORDER",
        /// It is on its way already, or with the customer.
        AlreadyShipped = "ALREADY_SHIPPED",
    }
}

command! {
    CancelOrder: Orders, "cancel-order", 1;
    to [Orders] under order_id;
    answers CancelOrderDone | CancelOrderRefusal;
}
