//! The ids under which an order's pieces are kept, its money is taken and given back.
//!
//! They follow from the order's: an order has one reservation and one payment, so that whoever asks twice asks for the same.

use kit::GlobalId as _;
use uuid::Uuid;
use wire::id::{PaymentId, RefundId, ReservationId};

use crate::OrderId;

/// Names the space of refunds' ids; chosen once at random.
const REFUND_NAMESPACE: Uuid = Uuid::from_u128(0x0f3c_1c6e_52a1_4a07_8f2d_94b5_6ce0_71aa);

/// The last attempt at a refund: a day of hourly ones. Payments keeps a hundred refunds of a payment, and most are left for people.
pub(super) const REFUND_ATTEMPT_MAX: u32 = 24;

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

/// The order's refund by one of its sagas: there is one, since what is cancelled is never returned. What the provider has refused is
/// refused for ever, and what gave a part is done, so that each further attempt is a refund of its own.
#[must_use]
pub fn refund_id(order: OrderId, attempt: u32) -> RefundId {
    let order = *order.uuid().as_bytes();
    let id = match attempt {
        0 => Uuid::new_v5(&REFUND_NAMESPACE, &order),
        attempt => Uuid::new_v5(&REFUND_NAMESPACE, &[order.as_slice(), &attempt.to_be_bytes()].concat()),
    };
    id.into()
}

/// Whether a refund is one of the order's sagas.
#[must_use]
pub fn is_of_saga(order: OrderId, refund: RefundId) -> bool {
    (0..=REFUND_ATTEMPT_MAX).any(|attempt| refund_id(order, attempt) == refund)
}

/// The attempt after one that was refused or gave a part; the last one, after which it is people's turn, is asked about again and again.
#[must_use]
pub(super) fn attempt_after(attempt: u32) -> u32 {
    attempt.saturating_add(1).min(REFUND_ATTEMPT_MAX)
}
