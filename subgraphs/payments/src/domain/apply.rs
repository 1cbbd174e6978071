//! What events make of a payment.

use chrono::DateTime;
use kit::event_store::Aggregate;

use super::event::{self, PaymentEvent, Requested};
use super::{Capture, CaptureState, Dispute, Payment, Refund, RefundState, Stage, Terms};

impl Aggregate for Payment {
    type Event = PaymentEvent;
    const NAME: &'static str = "payment";
    const SNAPSHOT_VERSION: u16 = 1;

    fn apply(&mut self, event: &PaymentEvent) {
        match event {
            PaymentEvent::Requested(requested) => {
                self.terms = Some(requested.into());
                self.stage = Stage::Requested;
                if requested.captures_at_once {
                    let (amount, requested_at) = (requested.amount, requested.at);
                    self.capture = Some(Capture { amount, requested_at, state: CaptureState::Requested });
                }
            }
            PaymentEvent::Authorised(authorised) => {
                let (reference, expires_at) = (authorised.reference.clone(), authorised.expires_at);
                self.stage = Stage::Authorised { reference, expires_at };
                // Whoever would have captured it at once asks only after this, and so never has.
                if self.void_requested_at.is_some() {
                    self.capture = None;
                }
            }
            PaymentEvent::Declined(_) => self.end(Stage::Declined),
            PaymentEvent::CaptureRequested(requested) => {
                let (amount, requested_at) = (requested.amount, requested.at);
                self.capture = Some(Capture { amount, requested_at, state: CaptureState::Requested });
            }
            PaymentEvent::Captured(captured) => {
                let requested_at = self.capture.as_ref().map_or(DateTime::UNIX_EPOCH, |capture| capture.requested_at);
                let state = CaptureState::Captured(captured.ledger_transaction_id);
                self.capture = Some(Capture { amount: captured.amount, requested_at, state });
                self.void_requested_at = None;
            }
            PaymentEvent::CaptureRefused(_) => {
                if let Some(capture) = &mut self.capture {
                    capture.state = CaptureState::Refused;
                }
            }
            PaymentEvent::VoidRequested(requested) => self.void_requested_at = Some(requested.at),
            PaymentEvent::Voided(_) => self.end(Stage::Voided),
            PaymentEvent::RefundRequested(requested) => {
                let (amount, requested_at) = (requested.amount, requested.at);
                let reason = requested.reason.clone();
                let refund = Refund { amount, reason, requested_at, state: RefundState::Requested };
                self.refunds.insert(requested.refund_id, refund);
            }
            PaymentEvent::Refunded(refunded) => {
                let total_minor = self.refunded_minor().saturating_add(refunded.amount.amount_minor);
                let ledger_transaction_id = refunded.ledger_transaction_id;
                if let Some(refund) = self.refunds.get_mut(&refunded.refund_id) {
                    refund.state = RefundState::Refunded { ledger_transaction_id, total_minor };
                }
            }
            PaymentEvent::RefundRefused(event::RefundRefused { refund_id })
            | PaymentEvent::RefundFailed(event::RefundFailed { refund_id, .. }) => {
                if let Some(refund) = self.refunds.get_mut(refund_id) {
                    refund.state = RefundState::Refused;
                }
            }
            PaymentEvent::DisputeOpened(opened) => {
                let dispute = Dispute { reference: opened.reference.clone(), amount: opened.amount, outcome: None };
                self.disputes.insert(opened.chargeback_id, dispute);
            }
            PaymentEvent::DisputeClosed(closed) => {
                if let Some(dispute) = self.disputes.get_mut(&closed.chargeback_id) {
                    dispute.outcome = Some(closed.outcome.clone());
                }
            }
        }
    }
}

impl Payment {
    /// Nothing will be captured or let go of any more.
    fn end(&mut self, stage: Stage) {
        self.stage = stage;
        self.void_requested_at = None;
        if let Some(capture) = &mut self.capture {
            capture.state = CaptureState::Refused;
        }
    }
}

impl From<&Requested> for Terms {
    fn from(requested: &Requested) -> Self {
        let Requested { order_id, customer_id, amount, method, captures_at_once, at } = *requested;
        Self { order_id, customer_id, amount, method, captures_at_once, requested_at: at }
    }
}
