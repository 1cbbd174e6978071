//! Giving money back for what was returned: one question, asked until it is done, or there is nothing left to do. While the payer's bank has
//! the money there is no answer; what of it we win is given back then.

use serde::{Deserialize, Serialize};
use wire::command::Reply;
use wire::commands::payments::{RefundPayment, RefundPaymentRefusal};
use wire::money::{Currency, Money};

use super::undo::{attempt_at_rest, given_back, is_settled};
use super::{Ask, Effect, Input, Step, ask_again_after, attempt_after, payment_id, refund_id};
use crate::OrderId;

/// What is to be given back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefundReturn {
    /// For which order.
    pub order_id: OrderId,
    /// How much: above zero.
    pub amount_minor: i64,
    /// In which currency.
    pub currency: Currency,
    /// How often payments was asked again.
    pub asked_again: u32,
    /// How often it has refused, or has given back a part.
    #[serde(default)]
    pub refund_attempt: u32,
}

impl RefundReturn {
    /// Asks payments to give it back.
    #[must_use]
    pub fn begin(self) -> Step<Self> {
        let refund = RefundPayment {
            payment_id: payment_id(self.order_id),
            refund_id: refund_id(self.order_id, self.refund_attempt),
            amount: Money::new(self.amount_minor, self.currency),
            or_what_is_left: Some(true),
            // Somebody may have given it back by hand since it was refused; or the first one gave a part.
            instead_of: (self.refund_attempt > 0).then(|| refund_id(self.order_id, 0)),
            reason: None,
        };
        let wait = ask_again_after(self.asked_again);
        Step::wait(self).ask(Ask::Refund(refund)).within(wait)
    }

    /// What follows from what was learnt.
    #[must_use]
    pub fn on(mut self, input: Input) -> Step<Self> {
        let attempt = self.refund_attempt;
        match input {
            Input::Refund(Reply::Done(done)) => {
                let amount_minor = given_back(&done, self.amount_minor);
                let Some(next) = attempt_at_rest(&done, attempt) else {
                    return Step::wait(self).effect(Effect::Refunded { attempt, amount_minor }).over();
                };
                self.refund_attempt = next;
                self.begin().effect(Effect::RefundedInPart { attempt, amount_minor })
            }
            // Nothing was given back by us, and there is nothing left to give.
            Input::Refund(Reply::Refused { code, .. }) if is_settled(&code) => {
                Step::wait(self).effect(Effect::Refunded { attempt, amount_minor: 0 }).over()
            }
            // The next time, another refund is asked for.
            Input::Refund(Reply::Refused { code: RefundPaymentRefusal::Declined, .. }) => {
                self.refund_attempt = attempt_after(attempt);
                let wait = ask_again_after(self.asked_again);
                Step::wait(self).within(wait)
            }
            Input::Deadline => {
                self.asked_again = self.asked_again.saturating_add(1);
                self.begin()
            }
            _ => {
                let wait = ask_again_after(self.asked_again);
                Step::wait(self).within(wait)
            }
        }
    }
}
