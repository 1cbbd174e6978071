//! Letting go of what is kept, or never letting it be kept.

use chrono::{DateTime, Utc};
use wire::commands::payments::{VoidPayment, VoidPaymentDone, VoidPaymentRefusal as Refusal};
use wire::events::payments::VoidReason;

use super::{Answer, Decision};
use crate::domain::{CaptureState, Payment, Stage, event};

/// What becomes of a void. One that comes before the payment was asked for closes it: messages can overtake each other.
#[must_use]
pub fn void(payment: &Payment, now: DateTime<Utc>) -> Decision<VoidPayment> {
    match &payment.stage {
        Stage::Unknown => Decision {
            events: vec![event::Voided { reason: VoidReason::Cancelled }.into()],
            answer: Some(Answer::Done(VoidPaymentDone {})),
        },
        Stage::Voided | Stage::Declined => Decision::done(VoidPaymentDone {}),
        Stage::Requested | Stage::Authorised { .. } if is_captured(payment) => {
            Decision::refused(Refusal::AlreadyCaptured, "the money was taken already")
        }
        Stage::Requested | Stage::Authorised { .. } if payment.void_requested_at.is_some() => Decision::later(),
        Stage::Requested | Stage::Authorised { .. } => Decision::begin(event::VoidRequested { at: now }),
    }
}

fn is_captured(payment: &Payment) -> bool {
    payment.capture.as_ref().is_some_and(|capture| matches!(capture.state, CaptureState::Captured(_)))
}
