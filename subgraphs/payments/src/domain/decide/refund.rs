//! Giving money back, all or a part, by as many refunds as there are parts.

use chrono::{DateTime, Utc};
use wire::commands::payments::{RefundPayment, RefundPaymentDone, RefundPaymentRefusal as Refusal};
use wire::money::Money;

use super::Decision;
use crate::domain::{Payment, Refund, RefundState, amount::is_within, event::RefundRequested};

/// Refunds of one payment: each is an event or two that every reader of the payment reads.
pub const REFUNDS_MAX: usize = 100;

/// What becomes of a refund.
#[must_use]
pub fn refund(payment: &Payment, command: &RefundPayment, now: DateTime<Utc>) -> Decision<RefundPayment> {
    let Some(terms) = &payment.terms else {
        return Decision::refused(Refusal::UnknownPayment, "there is no such payment");
    };
    if let Some(known) = payment.refunds.get(&command.refund_id) {
        return repeated(known, command);
    }
    let amount = command.amount;
    if payment.captured_minor() == 0 {
        return Decision::refused(Refusal::NotCaptured, "nothing was taken");
    }
    let is_unrefunded = is_within(amount, payment.unrefunded_minor());
    if amount.currency != terms.amount.currency || !is_unrefunded || payment.refunds.len() >= REFUNDS_MAX {
        return Decision::refused(Refusal::InvalidAmount, "so much isn't left");
    }
    if !is_within(amount, payment.refundable_minor()) {
        return Decision::refused(Refusal::ChargedBack, "the payer's bank has taken it back");
    }
    Decision::begin(RefundRequested { refund_id: command.refund_id, amount, at: now })
}

fn repeated(known: &Refund, command: &RefundPayment) -> Decision<RefundPayment> {
    if known.amount != command.amount {
        return Decision::refused(Refusal::RefundConflict, "the refund is of another amount");
    }
    match known.state {
        RefundState::Requested => Decision::later(),
        RefundState::Refunded { ledger_transaction_id, total_minor } => Decision::done(RefundPaymentDone {
            amount_refunded: Money::new(total_minor, known.amount.currency),
            ledger_transaction_id: ledger_transaction_id.into(),
        }),
        RefundState::Refused => Decision::refused(Refusal::Declined, "the provider refused the refund"),
    }
}
