//! What has to be asked of the provider next.

use chrono::{DateTime, Utc};
use wire::id::RefundId;
use wire::money::Money;

use super::{CaptureState, Payment, Refund, RefundState, Stage, Terms};

/// One question to the provider, about one payment.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Keep an amount.
    Authorise(Terms),
    /// Take an amount that is kept.
    Capture {
        /// The provider's name of the payment.
        reference: String,
        /// How much.
        amount: Money,
        /// When that was asked for.
        requested_at: DateTime<Utc>,
    },
    /// Let go of it.
    Void {
        /// The provider's name of the payment.
        reference: String,
    },
    /// Give money back.
    Refund {
        /// The provider's name of the payment.
        reference: String,
        /// By which refund.
        refund_id: RefundId,
        /// How much.
        amount: Money,
        /// When that was asked for.
        requested_at: DateTime<Utc>,
    },
}

impl Payment {
    /// The next question; none if nothing is unanswered.
    #[must_use]
    pub fn next_step(&self) -> Option<Step> {
        self.steps().into_iter().next()
    }

    /// All questions that can be asked now: one of them, or each refund that is unanswered.
    ///
    /// An authorisation that may be under way is always asked to its end before it is let go of, under the key under which it was
    /// asked first: whoever only looked could look before it has arrived. A capture that may be under way comes before a void
    /// likewise.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        match &self.stage {
            Stage::Requested => self.terms.clone().map(Step::Authorise).into_iter().collect(),
            Stage::Authorised { reference, .. } => self.steps_of_authorised(reference),
            Stage::Unknown | Stage::Declined | Stage::Voided => Vec::new(),
        }
    }

    fn steps_of_authorised(&self, reference: &str) -> Vec<Step> {
        let named = || reference.to_owned();
        match &self.capture {
            Some(capture) if matches!(capture.state, CaptureState::Captured(_)) => self.refund_steps(reference),
            Some(capture) if capture.state == CaptureState::Requested => {
                vec![Step::Capture { reference: named(), amount: capture.amount, requested_at: capture.requested_at }]
            }
            _ => self.void_requested_at.map(|_| Step::Void { reference: named() }).into_iter().collect(),
        }
    }

    fn refund_steps(&self, reference: &str) -> Vec<Step> {
        let unanswered = self.refunds.iter().filter(|(_, refund)| refund.state == RefundState::Requested);
        let step = |(id, refund): (&RefundId, &Refund)| Step::Refund {
            reference: reference.to_owned(),
            refund_id: *id,
            amount: refund.amount,
            requested_at: refund.requested_at,
        };
        unanswered.map(step).collect()
    }
}
