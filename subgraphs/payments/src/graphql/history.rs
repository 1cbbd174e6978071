//! What has happened to a payment, in the clients' words.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};
use kit::{Money, Result};
use wire::events::payments::ChargebackOutcome;

use super::shown::shown;
use crate::domain::PaymentEvent;

/// Something that has happened to a payment.
#[derive(SimpleObject)]
pub struct PaymentHistoryEntry {
    /// What.
    kind: PaymentHistoryKind,
    /// When.
    at: DateTime<Utc>,
    /// How much it was about, if it names an amount.
    amount: Option<Money>,
}

/// What can happen to a payment.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
pub enum PaymentHistoryKind {
    /// It was asked for.
    Requested,
    /// The bank keeps the amount.
    Authorised,
    /// Nobody pays.
    Declined,
    /// It is to be taken.
    CaptureRequested,
    /// It was taken.
    Captured,
    /// It can't be taken.
    CaptureRefused,
    /// It is to be let go of.
    VoidRequested,
    /// It was let go of.
    Voided,
    /// Money is to be given back.
    RefundRequested,
    /// Money was given back.
    Refunded,
    /// Money can't be given back.
    RefundRefused,
    /// Money that was given back came again.
    RefundFailed,
    /// The payer's bank took money back.
    DisputeOpened,
    /// The payer's bank gave it to us again.
    DisputeWon,
    /// The payer keeps it.
    DisputeLost,
}

impl PaymentHistoryEntry {
    pub(super) fn of(event: &PaymentEvent, at: DateTime<Utc>) -> Result<Self> {
        use PaymentHistoryKind as Kind;
        let (kind, amount) = match event {
            PaymentEvent::Requested(event) => (Kind::Requested, Some(event.amount)),
            PaymentEvent::Authorised(_) => (Kind::Authorised, None),
            PaymentEvent::Declined(_) => (Kind::Declined, None),
            PaymentEvent::CaptureRequested(event) => (Kind::CaptureRequested, Some(event.amount)),
            PaymentEvent::Captured(event) => (Kind::Captured, Some(event.amount)),
            PaymentEvent::CaptureRefused(event) => (Kind::CaptureRefused, Some(event.amount)),
            PaymentEvent::VoidRequested(_) => (Kind::VoidRequested, None),
            PaymentEvent::Voided(_) => (Kind::Voided, None),
            PaymentEvent::RefundRequested(event) => (Kind::RefundRequested, Some(event.amount)),
            PaymentEvent::Refunded(event) => (Kind::Refunded, Some(event.amount)),
            PaymentEvent::RefundRefused(_) => (Kind::RefundRefused, None),
            PaymentEvent::RefundFailed(event) => (Kind::RefundFailed, Some(event.amount)),
            PaymentEvent::DisputeOpened(event) => (Kind::DisputeOpened, Some(event.amount)),
            PaymentEvent::DisputeClosed(event) => {
                let is_won = event.outcome == ChargebackOutcome::Won;
                (if is_won { Kind::DisputeWon } else { Kind::DisputeLost }, Some(event.amount))
            }
        };
        Ok(Self { kind, at, amount: amount.map(shown).transpose()? })
    }
}
