//! What happens to orders, from the moment they are placed: carts are their owners' alone. Keyed by order.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::event;
use crate::id::{OrderId, PaymentId, ProductId, RefundId, ReservationId, UserId, VariantId};
use crate::money::Money;
use crate::open_enum::open_enum;

crate::dispatch! {
    /// What the orders domain tells.
    pub enum OrderEvent {
        Placed(OrderPlaced),
        Reserved(OrderReserved),
        Paid(OrderPaid),
        Packed(OrderPacked),
        Shipped(OrderShipped),
        Delivered(OrderDelivered),
        Cancelled(OrderCancelled),
        ReturnRequested(OrderReturnRequested),
        Returned(OrderReturned),
        Refunded(OrderRefunded),
        RefundFailed(OrderRefundFailed),
        RestockDue(OrderRestockDue),
    }
}

/// A customer ordered; nothing is kept or paid yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderPlaced {
    /// Which order.
    pub order_id: OrderId,
    /// Its number, in the form in which people read it: `SG-00000042`.
    pub number: String,
    /// Whose it is.
    pub customer_id: UserId,
    /// What was ordered; each product and variant once.
    pub lines: Vec<OrderLine>,
    /// What it costs altogether, in the currency of all its lines.
    pub total: Money,
}

/// All that was ordered is kept for the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderReserved {
    /// Which order.
    pub order_id: OrderId,
    /// Whose it is.
    pub customer_id: UserId,
    /// By which reservation.
    pub reservation_id: ReservationId,
}

/// An order is paid, and will be packed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderPaid {
    /// Which order.
    pub order_id: OrderId,
    /// Whose it is.
    pub customer_id: UserId,
    /// By which payment.
    pub payment_id: PaymentId,
    /// How much.
    pub total: Money,
}

/// An order is packed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderPacked {
    /// Which order.
    pub order_id: OrderId,
    /// Whose it is.
    pub customer_id: UserId,
}

/// An order is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderShipped {
    /// Which order.
    pub order_id: OrderId,
    /// Whose it is.
    pub customer_id: UserId,
    /// Who carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// How its carrier calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
}

/// An order has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderDelivered {
    /// Which order.
    pub order_id: OrderId,
    /// Whose it is.
    pub customer_id: UserId,
}

/// An order came to nothing, before it was shipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderCancelled {
    /// Which order.
    pub order_id: OrderId,
    /// Whose it was.
    pub customer_id: UserId,
    /// Why.
    pub reason: CancellationReason,
}

/// A customer wants to send something back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderReturnRequested {
    /// Of which order.
    pub order_id: OrderId,
    /// Whose it is.
    pub customer_id: UserId,
    /// What.
    pub lines: Vec<ReturnedLine>,
}

/// What a customer sent back has come, and will be refunded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderReturned {
    /// Of which order.
    pub order_id: OrderId,
    /// Whose it is.
    pub customer_id: UserId,
    /// What came.
    pub lines: Vec<ReturnedLine>,
}

/// A customer got money back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderRefunded {
    /// Of which order.
    pub order_id: OrderId,
    /// Whose it is.
    pub customer_id: UserId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// By which refund.
    pub refund_id: RefundId,
    /// How much.
    pub amount: Money,
}

/// What a customer got back came again: the bank couldn't take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderRefundFailed {
    /// Of which order.
    pub order_id: OrderId,
    /// Whose it is.
    pub customer_id: UserId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// By which refund.
    pub refund_id: RefundId,
    /// How much of the order's price.
    pub amount: Money,
}

/// An order came to nothing after its pieces had been sold to it: they lie on our shelf, and are to be booked in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderRestockDue {
    /// Which order.
    pub order_id: OrderId,
    /// Whose it was.
    pub customer_id: UserId,
    /// By which reservation its pieces were sold.
    pub reservation_id: ReservationId,
}

/// One line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderLine {
    /// Which product.
    pub product_id: ProductId,
    /// Which of its variants, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// How many pieces.
    pub quantity: NonZeroU32,
    /// What one piece cost when the order was placed.
    pub unit_price: Money,
    /// What the line costs altogether.
    pub total: Money,
}

/// Pieces of an order's line that come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnedLine {
    /// Which product.
    pub product_id: ProductId,
    /// Which of its variants, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// How many pieces.
    pub quantity: NonZeroU32,
}

open_enum! {
    /// Why an order came to nothing.
    pub enum CancellationReason {
        /// The customer doesn't want it any more.
        Customer = "CUSTOMER",
        /// An administrator said so.
        Administrator = "ADMINISTRATOR",
        /// There isn't enough of something.
        OutOfStock = "OUT_OF_STOCK",
        /// It wasn't paid.
        PaymentDeclined = "PAYMENT_DECLINED",
        /// Somebody did not answer in time.
        TimedOut = "TIMED_OUT",
        /// The customer is blocked.
        UserBlocked = "USER_BLOCKED",
        /// The customer is to be forgotten.
        UserErased = "USER_ERASED",
        /// Payments takes no such amount, or no such currency.
        AmountNotTaken = "AMOUNT_NOT_TAKEN",
    }
}

event!(OrderPlaced, Orders, "placed", 1, order_id);
event!(OrderReserved, Orders, "reserved", 1, order_id);
event!(OrderPaid, Orders, "paid", 1, order_id);
event!(OrderPacked, Orders, "packed", 1, order_id);
event!(OrderShipped, Orders, "shipped", 1, order_id);
event!(OrderDelivered, Orders, "delivered", 1, order_id);
event!(OrderCancelled, Orders, "cancelled", 1, order_id);
event!(OrderReturnRequested, Orders, "return-requested", 1, order_id);
event!(OrderReturned, Orders, "returned", 1, order_id);
event!(OrderRefunded, Orders, "refunded", 1, order_id);
event!(OrderRefundFailed, Orders, "refund-failed", 1, order_id);
event!(OrderRestockDue, Orders, "restock-due", 1, order_id);
