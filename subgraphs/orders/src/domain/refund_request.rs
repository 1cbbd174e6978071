//! What an administrator asks for who gives money back, and the proof that it keeps the rules.

use kit::text::is_line;
use kit::{CurrencyCode, GlobalId as _, Money};
use thiserror::Error;
use uuid::Uuid;

use super::placement::{IDEMPOTENCY_KEY_LENGTH_MAX, is_token};
use crate::OrderId;

/// The longest reason, in characters: what payments keeps.
pub const REFUND_REASON_LENGTH_MAX: usize = 200;

/// Names the space of the ids of refunds that somebody asks for; chosen once at random.
const REFUND_NAMESPACE: Uuid = Uuid::from_u128(0x7be0_61d5_94c3_4f18_a2d7_c58e_1b06_33f9);

/// A request to give back some of what was paid for an order.
#[derive(Clone, Debug, PartialEq)]
pub struct RefundRequest {
    /// Of which order.
    pub order_id: OrderId,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Chosen by who asks, new for each refund of the order.
    pub idempotency_key: String,
}

/// A request that keeps the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Refund {
    /// By which refund, also for payments: the same one again is the same.
    pub id: Uuid,
    /// Of which order.
    pub order_id: OrderId,
    /// How much: above zero.
    pub amount: Money,
    /// Why.
    pub reason: String,
}

/// Why a request is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidRefund {
    /// Nothing, or less.
    #[error("the amount must be above zero")]
    Amount,
    /// Not the order's.
    #[error("the currency must be the order's")]
    Currency,
    /// Empty, too long, or not to be printed.
    #[error("the reason must have 1 to {REFUND_REASON_LENGTH_MAX} printable characters")]
    Reason,
    /// The key is empty, too long, or not printable ASCII.
    #[error("the idempotency key must have 1 to {IDEMPOTENCY_KEY_LENGTH_MAX} printable ASCII characters")]
    IdempotencyKey,
}

impl RefundRequest {
    /// The refund, of an order in `currency`: the same key makes the same one.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn checked(self, currency: CurrencyCode) -> Result<Refund, InvalidRefund> {
        let Self { order_id, amount, reason, idempotency_key } = self;
        if amount.amount_minor.0 <= 0 {
            return Err(InvalidRefund::Amount);
        }
        if amount.currency != currency {
            return Err(InvalidRefund::Currency);
        }
        if !is_line(&reason) || reason.chars().count() > REFUND_REASON_LENGTH_MAX {
            return Err(InvalidRefund::Reason);
        }
        if !is_token(&idempotency_key, IDEMPOTENCY_KEY_LENGTH_MAX) {
            return Err(InvalidRefund::IdempotencyKey);
        }
        let name = [order_id.uuid().as_bytes(), idempotency_key.as_bytes()].concat();
        Ok(Refund { id: Uuid::new_v5(&REFUND_NAMESPACE, &name), order_id, amount, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> RefundRequest {
        RefundRequest {
            order_id: OrderId::from_uuid(Uuid::from_u128(1)),
            amount: Money::new(500, "EUR".parse().unwrap()),
            reason: "One of them was broken".to_owned(),
            idempotency_key: "key".to_owned(),
        }
    }

    fn checked(request: RefundRequest) -> Result<Refund, InvalidRefund> {
        request.checked("EUR".parse().unwrap())
    }

    #[test]
    fn a_key_of_an_order_is_one_refund() {
        let first = checked(request()).unwrap();
        assert_eq!(checked(request()).unwrap().id, first.id);
        assert_ne!(checked(RefundRequest { idempotency_key: "other".into(), ..request() }).unwrap().id, first.id);
        let other = RefundRequest { order_id: OrderId::from_uuid(Uuid::from_u128(2)), ..request() };
        assert_ne!(checked(other).unwrap().id, first.id);
    }

    #[test]
    fn what_breaks_a_rule_is_refused() {
        let euro = |minor| Money::new(minor, "EUR".parse().unwrap());
        for minor in [i64::MIN, -1, 0] {
            assert_eq!(checked(RefundRequest { amount: euro(minor), ..request() }), Err(InvalidRefund::Amount));
        }
        let dollars = Money::new(1, "USD".parse().unwrap());
        assert_eq!(checked(RefundRequest { amount: dollars, ..request() }), Err(InvalidRefund::Currency));
        for reason in ["", "  ", "a\0b", "two\nlines", "\u{200b}", "a\u{202e}b", &"ä".repeat(201)] {
            assert_eq!(checked(RefundRequest { reason: reason.into(), ..request() }), Err(InvalidRefund::Reason));
        }
        assert!(checked(RefundRequest { reason: "ä".repeat(200), ..request() }).is_ok());
        for key in ["", "ä", "\0", &"k".repeat(129)] {
            let request = RefundRequest { idempotency_key: key.into(), ..request() };
            assert_eq!(checked(request), Err(InvalidRefund::IdempotencyKey));
        }
    }
}
