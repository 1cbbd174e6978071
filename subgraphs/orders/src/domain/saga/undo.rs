//! Undoing a purchase that came to nothing: the money goes back, the pieces can be sold again. What is under way is asked about until it
//! is answered: where the payer's bank has the money, when it is decided whose it is.

use wire::command::Reply;
use wire::commands::payments::{
    RefundPayment, RefundPaymentDone, RefundPaymentRefusal, VoidPayment, VoidPaymentRefusal,
};
use wire::commands::stock::{ReleaseStock, ReleaseStockRefusal};
use wire::events::orders::CancellationReason;

use super::place::{Done, Payment, PlaceOrder, Progress};
use super::{Ask, Effect, Input, Step, ask_again_after, attempt_after, payment_id, refund_id, reservation_id};

impl PlaceOrder {
    /// Cancels the order, and undoes what was done.
    pub(super) fn give_up(mut self, reason: CancellationReason, payment: Payment, is_releasing: bool) -> Done {
        self.asked_again = 0;
        self.method_token = String::new();
        self.ask_undoing(payment, is_releasing).effect(Effect::Cancel(reason))
    }

    /// Hears what became of it.
    pub(super) fn undoing(mut self, payment: Payment, is_releasing: bool, input: Input) -> Done {
        match (payment, input) {
            (Payment::Voiding, Input::Void(Reply::Done(_))) => self.undone(Payment::Free, is_releasing),
            // The money was on its way to us: so it has to go back.
            (Payment::Voiding, Input::Void(Reply::Refused { code: VoidPaymentRefusal::AlreadyCaptured, .. })) => {
                let refund = self.ask_about(Payment::Refunding);
                let step = self.undone(Payment::Refunding, is_releasing);
                refund.into_iter().fold(step, Step::ask)
            }
            (Payment::Refunding, Input::Refund(Reply::Done(done))) => {
                let (attempt, amount_minor) = (self.refund_attempt, given_back(&done, self.amount_minor));
                let Some(next) = attempt_at_rest(&done, attempt) else {
                    return self.undone(Payment::Free, is_releasing).effect(Effect::Refunded { attempt, amount_minor });
                };
                self.refund_attempt = next;
                let refund = self.ask_about(Payment::Refunding);
                let step = self.undone(Payment::Refunding, is_releasing);
                let step = refund.into_iter().fold(step, Step::ask);
                step.effect(Effect::RefundedInPart { attempt, amount_minor })
            }
            (Payment::Refunding, Input::Refund(Reply::Refused { code, .. })) if is_settled(&code) => {
                self.undone(Payment::Free, is_releasing)
            }
            // The next time, another refund is asked for.
            (Payment::Refunding, Input::Refund(Reply::Refused { code: RefundPaymentRefusal::Declined, .. })) => {
                self.refund_attempt = attempt_after(self.refund_attempt);
                self.undone(payment, is_releasing)
            }
            (_, Input::Release(Reply::Done(_))) if is_releasing => self.undone(payment, false),
            (_, Input::Release(Reply::Refused { code: ReleaseStockRefusal::AlreadyCommitted, .. })) if is_releasing => {
                self.undone(payment, false).effect(Effect::RestockDue)
            }
            // Too late: what was believed to be undone is undone again.
            (Payment::Free, Input::Capture(Reply::Done(_))) => self.ask_undoing(Payment::Refunding, is_releasing),
            (Payment::Free, Input::Authorise(Reply::Done(_))) => self.ask_undoing(Payment::Voiding, is_releasing),
            (_, Input::Reserve(Reply::Done(_))) if !is_releasing => self.ask_undoing(payment, true),
            (_, Input::Deadline) => {
                self.asked_again = self.asked_again.saturating_add(1);
                self.ask_undoing(payment, is_releasing)
            }
            // Answers to what is being undone, refusals that only people can do something about.
            _ => self.undone(payment, is_releasing),
        }
    }

    fn ask_undoing(self, payment: Payment, is_releasing: bool) -> Done {
        let release = is_releasing.then(|| {
            Ask::Release(ReleaseStock { reservation_id: reservation_id(self.order_id), order_id: self.wire_order() })
        });
        let asks: Vec<Ask> = self.ask_about(payment).into_iter().chain(release).collect();
        asks.into_iter().fold(self.undone(payment, is_releasing), Step::ask)
    }

    /// So much is still to be undone; when nothing is, that was all.
    fn undone(mut self, payment: Payment, is_releasing: bool) -> Done {
        self.progress = Progress::Undoing { payment, is_releasing };
        let wait = ask_again_after(self.asked_again);
        match payment == Payment::Free && !is_releasing {
            true => Step::wait(self).over(),
            false => Step::wait(self).within(wait),
        }
    }

    fn ask_about(&self, payment: Payment) -> Option<Ask> {
        let payment_id = payment_id(self.order_id);
        match payment {
            Payment::Free => None,
            Payment::Voiding => Some(Ask::Void(VoidPayment { payment_id })),
            Payment::Refunding => {
                let (refund_id, amount) = (refund_id(self.order_id, self.refund_attempt), self.amount());
                // All of it: what others give back, or an earlier attempt has, is never given twice.
                let (or_what_is_left, instead_of) = (Some(true), None);
                let refund = RefundPayment { payment_id, refund_id, amount, or_what_is_left, instead_of, reason: None };
                Some(Ask::Refund(refund))
            }
        }
    }
}

/// Whether there is nothing left to give back, although we didn't.
pub(super) fn is_settled(code: &RefundPaymentRefusal) -> bool {
    use RefundPaymentRefusal as Code;
    matches!(code, Code::ChargedBack | Code::NothingLeft | Code::NotCaptured | Code::UnknownPayment)
}

/// The attempt by which the rest is asked for, where it may still be had; none after the last one, when it is people's turn.
pub(super) fn attempt_at_rest(done: &RefundPaymentDone, attempt: u32) -> Option<u32> {
    let next = attempt_after(attempt);
    (done.is_rest_open == Some(true) && next != attempt).then_some(next)
}

/// How much was given back, where so much was asked for: less, where somebody had given back a part already.
pub(super) fn given_back(done: &RefundPaymentDone, asked_minor: i64) -> i64 {
    done.amount.map_or(asked_minor, |amount| amount.amount_minor.clamp(0, asked_minor))
}
