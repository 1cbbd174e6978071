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
    if payment.captured_minor() == 0 {
        return Decision::refused(Refusal::NotCaptured, "nothing was taken");
    }
    let mut amount = command.amount;
    if command.or_what_is_left == Some(true) {
        if payment.unrefunded_minor() == 0 {
            return Decision::refused(Refusal::NothingLeft, "all of it was given back");
        }
        // What the payer's bank has taken as well; where that was all, it is refused below.
        let left = if payment.refundable_minor() > 0 { payment.refundable_minor() } else { payment.unrefunded_minor() };
        amount.amount_minor = amount.amount_minor.min(left);
    }
    let is_unrefunded = is_within(amount, payment.unrefunded_minor());
    if amount.currency != terms.amount.currency || !is_unrefunded || payment.refunds.len() >= REFUNDS_MAX {
        return Decision::refused(Refusal::InvalidAmount, "so much isn't left");
    }
    if !is_within(amount, payment.refundable_minor()) {
        return Decision::refused(Refusal::ChargedBack, "the payer's bank has taken it back");
    }
    let reason = command.reason.clone();
    Decision::begin(RefundRequested { refund_id: command.refund_id, amount, reason, at: now })
}

fn repeated(known: &Refund, command: &RefundPayment) -> Decision<RefundPayment> {
    let is_less = command.or_what_is_left == Some(true)
        && known.amount.currency == command.amount.currency
        && known.amount.amount_minor < command.amount.amount_minor;
    if known.amount != command.amount && !is_less {
        return Decision::refused(Refusal::RefundConflict, "the refund is of another amount");
    }
    match known.state {
        RefundState::Requested => Decision::later(),
        RefundState::Refunded { ledger_transaction_id, total_minor } => Decision::done(RefundPaymentDone {
            amount_refunded: Money::new(total_minor, known.amount.currency),
            amount: Some(known.amount),
            ledger_transaction_id: ledger_transaction_id.into(),
        }),
        RefundState::Refused => Decision::refused(Refusal::Declined, "the provider refused the refund"),
    }
}
