//! Giving money back, all or a part, by as many refunds as there are parts.
//!
//! What the provider has refused once stays refused: whoever still wants the money given back asks by another refund. What the payer's bank
//! has taken back and may have to give up is no part of what can be given, and yet not lost: who wants what is left hears of it
//! when it is decided.

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
        return repeated(payment, known, command);
    }
    if payment.captured_minor() == 0 {
        return Decision::refused(Refusal::NotCaptured, "nothing was taken");
    }
    let Some(given_minor) = given_instead(payment, command) else { return Decision::later() };
    if is_given(given_minor, command) {
        return Decision::refused(Refusal::NothingLeft, "others have given it back");
    }
    let mut amount = command.amount;
    amount.amount_minor = amount.amount_minor.saturating_sub(given_minor);
    if command.or_what_is_left == Some(true) {
        if payment.unrefunded_minor() == 0 {
            return nothing_left(payment);
        }
        if is_undecided(payment, command) {
            return Decision::later();
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

/// What was given back by the refund that this one is in the place of, which was refused or gave a part, and by others since. `None` while
/// one of theirs may still be refused.
fn given_instead(payment: &Payment, command: &RefundPayment) -> Option<i64> {
    let Some(first) = command.instead_of.and_then(|id| payment.refunds.get(&id)) else { return Some(0) };
    let mut given_minor = 0_i64;
    for (id, other) in &payment.refunds {
        let is_since = *id != command.refund_id && other.requested_at >= first.requested_at;
        match other.state {
            RefundState::Requested if is_since => return None,
            RefundState::Refunded { .. } if is_since => {
                given_minor = given_minor.saturating_add(other.amount.amount_minor);
            }
            _ => {}
        }
    }
    Some(given_minor)
}

/// Whether that is all of it.
fn is_given(given_minor: i64, command: &RefundPayment) -> bool {
    given_minor > 0 && given_minor >= command.amount.amount_minor
}

/// Whether the bank has all that is left, of which something may still be ours.
fn is_undecided(payment: &Payment, command: &RefundPayment) -> bool {
    command.or_what_is_left == Some(true) && payment.refundable_minor() == 0 && payment.winnable_minor() > 0
}

/// All is given back, or about to be. What is about to be may still be refused, so that nothing is said before it is known.
fn nothing_left(payment: &Payment) -> Decision<RefundPayment> {
    if is_any_unanswered(payment) {
        return Decision::later();
    }
    Decision::refused(Refusal::NothingLeft, "all of it was given back")
}

fn is_any_unanswered(payment: &Payment) -> bool {
    payment.refunds.values().any(|refund| refund.state == RefundState::Requested)
}

fn repeated(payment: &Payment, known: &Refund, command: &RefundPayment) -> Decision<RefundPayment> {
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
            is_rest_open: is_rest_open(payment, known, command).then_some(true),
            ledger_transaction_id: ledger_transaction_id.into(),
        }),
        RefundState::Refused => refused(payment, command),
    }
}

/// Whether more can be had than this refund has given: what the bank had, or has and we may win.
fn is_rest_open(payment: &Payment, known: &Refund, command: &RefundPayment) -> bool {
    let given_minor = given_instead(payment, command).unwrap_or_default();
    let given_minor = given_minor.saturating_add(known.amount.amount_minor);
    let is_any_unlost = payment.disputes.values().any(|dispute| !dispute.is_lost());
    is_any_unlost && given_minor < command.amount.amount_minor && payment.winnable_minor() > 0
}

/// One that the provider has refused: for ever, unless nobody has to ask again, since somebody has given the money back by another
/// refund meanwhile, or the bank has taken it.
fn refused(payment: &Payment, command: &RefundPayment) -> Decision<RefundPayment> {
    match given_instead(payment, command) {
        None => return Decision::later(),
        Some(given_minor) if is_given(given_minor, command) => {
            return Decision::refused(Refusal::NothingLeft, "others have given it back");
        }
        Some(_) => {}
    }
    // Who wants this amount and no other has had his answer; who wants what is left waits for what that is.
    let is_answerable = command.or_what_is_left == Some(true) || !is_any_unanswered(payment);
    match (payment.unrefunded_minor(), payment.refundable_minor()) {
        (0, _) if is_answerable => nothing_left(payment),
        // Another refund waits for the end of the dispute.
        (1.., 0) if !is_undecided(payment, command) => {
            Decision::refused(Refusal::ChargedBack, "the payer's bank has taken it back")
        }
        _ => Decision::refused(Refusal::Declined, "the provider refused the refund"),
    }
}
