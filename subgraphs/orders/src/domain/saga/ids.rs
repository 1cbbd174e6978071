//! The ids under which an order's pieces are kept, its money is taken and given back.
//!
//! They follow from the order's: an order has one reservation and one payment, so that whoever asks twice asks for the same.

use kit::GlobalId as _;
use uuid::Uuid;
use wire::id::{PaymentId, RefundId, ReservationId};

use crate::OrderId;

/// Names the space of refunds' ids; chosen once at random.
const REFUND_NAMESPACE: Uuid = Uuid::from_u128(0x0f3c_1c6e_52a1_4a07_8f2d_94b5_6ce0_71aa);

/// The order's reservation.
#[must_use]
pub fn reservation_id(order: OrderId) -> ReservationId {
    order.uuid().into()
}

/// The order's payment.
#[must_use]
pub fn payment_id(order: OrderId) -> PaymentId {
    order.uuid().into()
}

/// The order's refund: it has one, since what is cancelled is never returned.
#[must_use]
pub fn refund_id(order: OrderId) -> RefundId {
    Uuid::new_v5(&REFUND_NAMESPACE, order.uuid().as_bytes()).into()
}
