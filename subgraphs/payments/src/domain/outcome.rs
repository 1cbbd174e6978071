//! Which events an answer of the provider's makes: none, if it is known already or isn't to be asked for any more.
//!
//! Answers come several times and by several ways (the call, the call again, a webhook), so whoever records one asks the newest
//! state here.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use wire::events::payments::{ChargebackOutcome, DeclineReason, VoidReason};
use wire::id::{ChargebackId, RefundId};
use wire::money::Money;

use super::{CaptureState, Payment, PaymentEvent, RefundState, Stage, event};

/// Names the space of chargebacks' ids, by the provider's names of them; chosen once at random.
const CHARGEBACK_NAMESPACE: Uuid = Uuid::from_u128(0xc1f0_5b3e_8a77_4d29_b6e4_02d9_31fa_857c);

/// What the provider says.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The amount is kept.
    Authorised {
        /// The provider's name of the payment.
        reference: String,
        /// Until when, if it says.
        expires_at: Option<DateTime<Utc>>,
    },
    /// It won't be.
    Declined(DeclineReason),
    /// Money was taken.
    Captured {
        /// How much.
        amount: Money,
        /// What the provider keeps of it, if it says.
        fee: Option<Money>,
    },
    /// It can't be taken, though it may still be kept.
    CaptureRefused,
    /// Nothing is kept any more.
    Voided(VoidReason),
    /// Money was given back.
    Refunded(RefundId),
    /// It can't be.
    RefundRefused(RefundId),
    /// It was, and came again.
    RefundFailed(RefundId),
    /// The bank took money back.
    Disputed(Disputed),
}

/// A dispute as it stands at the provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Disputed {
    /// The provider's name of it.
    pub reference: String,
    /// How much.
    pub amount: Money,
    /// What the provider charges for it, if it says.
    pub fee: Option<Money>,
    /// How it ended, if it has.
    pub outcome: Option<ChargebackOutcome>,
}

/// The id of the dispute that the provider calls `reference`.
#[must_use]
pub fn chargeback_id(reference: &str) -> ChargebackId {
    Uuid::new_v5(&CHARGEBACK_NAMESPACE, reference.as_bytes()).into()
}

impl Payment {
    /// The events that `outcome`, known at `now`, makes. `new_id` gives ids of ledger transactions.
    #[must_use]
    pub fn record(&self, outcome: Outcome, now: DateTime<Utc>, mut new_id: impl FnMut() -> Uuid) -> Vec<PaymentEvent> {
        match outcome {
            Outcome::Authorised { reference, expires_at } if self.stage == Stage::Requested => {
                vec![event::Authorised { reference, expires_at }.into()]
            }
            Outcome::Declined(reason) if self.stage == Stage::Requested => vec![event::Declined { reason }.into()],
            Outcome::Captured { amount, fee } if self.can_have_been_captured(amount) => {
                vec![event::Captured { amount, fee, ledger_transaction_id: new_id() }.into()]
            }
            Outcome::CaptureRefused if self.is_authorised() => match &self.capture {
                Some(capture) if capture.state == CaptureState::Requested => self.refuse_capture(capture.amount, now),
                _ => Vec::new(),
            },
            Outcome::Voided(reason) if self.is_authorised() && self.captured_minor() == 0 => {
                vec![event::Voided { reason }.into()]
            }
            Outcome::Refunded(refund_id) => match self.refunds.get(&refund_id) {
                Some(refund) if refund.state == RefundState::Requested => {
                    let (amount, ledger_transaction_id) = (refund.amount, new_id());
                    vec![event::Refunded { refund_id, amount, ledger_transaction_id }.into()]
                }
                _ => Vec::new(),
            },
            Outcome::RefundRefused(refund_id) => match self.refunds.get(&refund_id) {
                Some(refund) if refund.state == RefundState::Requested => {
                    vec![event::RefundRefused { refund_id }.into()]
                }
                _ => Vec::new(),
            },
            Outcome::RefundFailed(refund_id) => match self.refunds.get(&refund_id) {
                Some(refund) if matches!(refund.state, RefundState::Refunded { .. }) => {
                    let (amount, ledger_transaction_id) = (refund.amount, new_id());
                    vec![event::RefundFailed { refund_id, amount, ledger_transaction_id }.into()]
                }
                _ => Vec::new(),
            },
            Outcome::Disputed(disputed) if self.can_be_disputed(disputed.amount) => {
                self.record_dispute(disputed, new_id)
            }
            _ => Vec::new(),
        }
    }

    /// There is one capture a payment: what it doesn't take nobody ever will, and mustn't be kept from the payer.
    fn refuse_capture(&self, amount: Money, now: DateTime<Utc>) -> Vec<PaymentEvent> {
        let mut events = vec![event::CaptureRefused { amount }.into()];
        if self.void_requested_at.is_none() {
            events.push(event::VoidRequested { at: now }.into());
        }
        events
    }

    fn record_dispute(&self, disputed: Disputed, mut new_id: impl FnMut() -> Uuid) -> Vec<PaymentEvent> {
        let chargeback_id = chargeback_id(&disputed.reference);
        let known = self.disputes.get(&chargeback_id);
        let Disputed { reference, fee, outcome, .. } = disputed;
        // The amount that was booked first is the one that is booked back.
        let amount = known.map_or(disputed.amount, |known| known.amount);
        let mut events = Vec::new();
        if known.is_none() {
            let ledger_transaction_id = new_id();
            let opened = event::DisputeOpened { chargeback_id, reference, amount, fee, ledger_transaction_id };
            events.push(opened.into());
        }
        if let Some(outcome) = outcome.filter(|_| known.is_none_or(|known| known.outcome.is_none())) {
            let ledger_transaction_id = new_id();
            events.push(event::DisputeClosed { chargeback_id, amount, outcome, ledger_transaction_id }.into());
        }
        events
    }

    fn is_authorised(&self) -> bool {
        matches!(self.stage, Stage::Authorised { .. })
    }

    /// Another currency than the payment's can't be booked against it; banks take back what was taken.
    fn can_be_disputed(&self, amount: Money) -> bool {
        let is_same = self.terms.as_ref().is_some_and(|terms| terms.amount.currency == amount.currency);
        self.captured_minor() > 0 && is_same && amount.amount_minor > 0
    }

    fn can_have_been_captured(&self, amount: Money) -> bool {
        let fits = |authorised: Money| {
            amount.currency == authorised.currency && (1..=authorised.amount_minor).contains(&amount.amount_minor)
        };
        self.is_authorised()
            && self.captured_minor() == 0
            && self.terms.as_ref().is_some_and(|terms| fits(terms.amount))
    }
}
