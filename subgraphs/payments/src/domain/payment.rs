//! The state of a payment: what its events say, and nothing besides.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::events::payments::ChargebackOutcome;
use wire::id::{ChargebackId, OrderId, RefundId, UserId};
use wire::money::Money;

/// A payment, from the request for it to its end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    /// What was asked for; none for a payment that nobody asked for, or that was closed before anybody did.
    pub terms: Option<Terms>,
    /// How far its authorisation has come.
    pub stage: Stage,
    /// The one capture, if it was asked for.
    pub capture: Option<Capture>,
    /// Since when it is to be let go of.
    pub void_requested_at: Option<DateTime<Utc>>,
    /// What was, or is to be, given back.
    pub refunds: BTreeMap<RefundId, Refund>,
    /// What the bank took back.
    pub disputes: BTreeMap<ChargebackId, Dispute>,
}

/// What was asked for; never changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// How much can be captured at most.
    pub amount: Money,
    /// Tells the means of payment from others.
    pub method: Uuid,
    /// Whether it is captured as soon as it is authorised.
    pub captures_at_once: bool,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
}

/// How far an authorisation has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Stage {
    /// Nobody has asked for it.
    #[default]
    Unknown,
    /// The provider is to be asked, or has been and we don't know its answer yet.
    Requested,
    /// The bank keeps the amount, or did until it was captured.
    Authorised {
        /// The provider's name of the payment.
        reference: String,
        /// Until when, if the provider says.
        expires_at: Option<DateTime<Utc>>,
    },
    /// Nobody pays.
    Declined,
    /// Nothing is kept any more, nor will be.
    Voided,
}

/// A capture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capture {
    /// How much.
    pub amount: Money,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// How far it has come.
    pub state: CaptureState,
}

/// How far a capture has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaptureState {
    /// We don't know the provider's answer yet.
    Requested,
    /// The money is ours, as it was booked.
    Captured(Uuid),
    /// The provider won't.
    Refused,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refund {
    /// How much.
    pub amount: Money,
    /// Why, in the words of who wanted it.
    #[serde(default)]
    pub reason: Option<String>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// How far it has come.
    pub state: RefundState,
}

/// How far a refund has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefundState {
    /// We don't know the provider's answer yet.
    Requested,
    /// The money was given back.
    Refunded {
        /// How it was booked.
        ledger_transaction_id: Uuid,
        /// How much had been given back of the payment by then, in minor units.
        total_minor: i64,
    },
    /// The provider won't, or the payer's bank couldn't take it.
    Refused,
}

/// A dispute: the bank took money back, for now or for good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dispute {
    /// The provider's name of it.
    pub reference: String,
    /// How much.
    pub amount: Money,
    /// How it ended, if it has.
    pub outcome: Option<ChargebackOutcome>,
}

impl Payment {
    /// What is captured, in minor units of the payment's currency.
    #[must_use]
    pub fn captured_minor(&self) -> i64 {
        match &self.capture {
            Some(Capture { amount, state: CaptureState::Captured(_), .. }) => amount.amount_minor,
            _ => 0,
        }
    }

    /// What was given back.
    #[must_use]
    pub fn refunded_minor(&self) -> i64 {
        self.refunds_minor(|state| matches!(state, RefundState::Refunded { .. }))
    }

    /// What the bank has taken back, disputes that we won not counted.
    #[must_use]
    pub fn disputed_minor(&self) -> i64 {
        self.disputes_minor(|dispute| dispute.outcome != Some(ChargebackOutcome::Won))
    }

    /// What can still be given back: neither given back, nor about to be, nor taken by the bank.
    #[must_use]
    pub fn refundable_minor(&self) -> i64 {
        self.unrefunded_minor().saturating_sub(self.disputed_minor()).max(0)
    }

    /// The same, should we win all disputes that are open.
    #[must_use]
    pub fn winnable_minor(&self) -> i64 {
        self.unrefunded_minor().saturating_sub(self.disputes_minor(Dispute::is_lost)).max(0)
    }

    /// The same, had the bank taken nothing.
    #[must_use]
    pub fn unrefunded_minor(&self) -> i64 {
        let spoken_for = self.refunds_minor(|state| !matches!(state, RefundState::Refused));
        self.captured_minor().saturating_sub(spoken_for)
    }

    /// Whether something is left to happen: who the payer is can't be forgotten until it has.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        let is_kept = matches!(self.stage, Stage::Authorised { .. }) && self.captured_minor() == 0;
        let is_disputed = self.disputes.values().any(|dispute| dispute.outcome.is_none());
        is_kept || is_disputed || self.next_step().is_some()
    }

    fn disputes_minor(&self, counts: impl Fn(&Dispute) -> bool) -> i64 {
        let disputes = self.disputes.values().filter(|dispute| counts(dispute));
        disputes.fold(0, |sum, dispute| sum.saturating_add(dispute.amount.amount_minor))
    }

    fn refunds_minor(&self, counts: impl Fn(&RefundState) -> bool) -> i64 {
        let refunds = self.refunds.values().filter(|refund| counts(&refund.state));
        refunds.fold(0, |sum, refund| sum.saturating_add(refund.amount.amount_minor))
    }
}

impl Dispute {
    /// Whether the bank keeps the money for good.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| *outcome != ChargebackOutcome::Won)
    }
}
