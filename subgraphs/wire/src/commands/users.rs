//! What is asked about users: to forget one, of all who know any; to block one. Keyed by user.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::command::command;
use crate::events::users::BlockReason;
use crate::id::{OrderId, PaymentId, UserId};
use crate::open_enum::open_enum;

crate::dispatch! {
    /// What the users domain is asked.
    pub enum UserCommand {
        Erase(EraseUser),
        Block(BlockUser),
    }
}

/// Forget who a user is. What must be kept by law is kept without a name to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EraseUser {
    /// Who.
    pub user_id: UserId,
}

/// The domain knows nothing of the user any more, or never did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EraseUserDone {}

open_enum! {
    /// Why a domain can't forget a user yet.
    pub enum EraseUserRefusal {
        /// There are orders under way.
        OpenOrders = "OPEN_ORDERS",
        /// There are payments under way, or in dispute.
        OpenPayments = "OPEN_PAYMENTS",
    }
}

/// Let a user order no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlockUser {
    /// Who.
    pub user_id: UserId,
    /// Why.
    pub reason: BlockReason,
    /// The payment that was taken back, if that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<PaymentId>,
    /// Its order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
}

/// The user is blocked, now or earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlockUserDone {}

open_enum! {
    /// Why a user isn't blocked.
    pub enum BlockUserRefusal {
        /// There is no such user, or no longer.
        UnknownUser = "UNKNOWN_USER",
    }
}

command! {
    EraseUser: Users, "erase-user", 1;
    to [Users, Orders, Payments, Notifications] under user_id;
    answers EraseUserDone | EraseUserRefusal;
}

command! {
    BlockUser: Users, "block-user", 1;
    to [Users] under user_id;
    answers BlockUserDone | BlockUserRefusal;
}
