//! Taking what is kept. Once a payment: what a capture leaves of the amount is let go of by the provider.

use chrono::{DateTime, Utc};
use wire::commands::payments::{CapturePayment, CapturePaymentDone, CapturePaymentRefusal as Refusal};

use super::Decision;
use crate::domain::{Capture, CaptureState, Payment, Stage, Terms, amount::is_within, event::CaptureRequested};

/// What becomes of a capture.
#[must_use]
pub fn capture(payment: &Payment, command: &CapturePayment, now: DateTime<Utc>) -> Decision<CapturePayment> {
    let Some(terms) = &payment.terms else {
        return Decision::refused(Refusal::UnknownPayment, "there is no such payment");
    };
    match (&payment.capture, &payment.stage) {
        (Some(known), Stage::Authorised { .. }) => repeated(known, command),
        (None, Stage::Authorised { .. }) if payment.void_requested_at.is_none() => begin(terms, command, now),
        _ => Decision::refused(Refusal::NotAuthorised, "nothing is kept"),
    }
}

fn begin(terms: &Terms, command: &CapturePayment, now: DateTime<Utc>) -> Decision<CapturePayment> {
    let amount = command.amount;
    if amount.currency != terms.amount.currency || !is_within(amount, terms.amount.amount_minor) {
        return Decision::refused(Refusal::InvalidAmount, "so much isn't kept");
    }
    Decision::begin(CaptureRequested { amount, at: now })
}

fn repeated(known: &Capture, command: &CapturePayment) -> Decision<CapturePayment> {
    if known.amount != command.amount {
        return Decision::refused(Refusal::InvalidAmount, "another amount was taken, and the rest is kept no longer");
    }
    match known.state {
        CaptureState::Requested => Decision::later(),
        CaptureState::Captured(transaction) => Decision::done(CapturePaymentDone {
            amount_captured: known.amount,
            ledger_transaction_id: transaction.into(),
        }),
        CaptureState::Refused => Decision::refused(Refusal::Declined, "the provider refused the capture"),
    }
}
