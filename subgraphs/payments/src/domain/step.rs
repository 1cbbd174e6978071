//! What has to be asked of the provider next.

use chrono::{DateTime, Utc};
use wire::id::RefundId;
use wire::money::Money;

use super::{CaptureState, Payment, RefundState, Stage, Terms};

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
    ///
    /// An authorisation that may be under way is always asked to its end before it is let go of, under the key under which it was
    /// asked first: whoever only looked could look before it has arrived. A capture that may be under way comes before a void
    /// likewise.
    #[must_use]
    pub fn next_step(&self) -> Option<Step> {
        match &self.stage {
            Stage::Requested => self.terms.clone().map(Step::Authorise),
            Stage::Authorised { reference, .. } => self.next_of_authorised(reference),
            Stage::Unknown | Stage::Declined | Stage::Voided => None,
        }
    }

    fn next_of_authorised(&self, reference: &str) -> Option<Step> {
        let reference = reference.to_owned();
        match &self.capture {
            Some(capture) if matches!(capture.state, CaptureState::Captured(_)) => self.next_refund(reference),
            Some(capture) if capture.state == CaptureState::Requested => {
                Some(Step::Capture { reference, amount: capture.amount, requested_at: capture.requested_at })
            }
            _ => self.void_requested_at.map(|_| Step::Void { reference }),
        }
    }

    fn next_refund(&self, reference: String) -> Option<Step> {
        let (id, refund) = self.refunds.iter().find(|(_, refund)| refund.state == RefundState::Requested)?;
        let (refund_id, amount, requested_at) = (*id, refund.amount, refund.requested_at);
        Some(Step::Refund { reference, refund_id, amount, requested_at })
    }
}
