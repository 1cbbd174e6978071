//! Payments by themselves: what is refused, what is said again, and what holds whatever happens.

mod deciding;
mod disputes;
mod properties;
mod refusing;

use chrono::{DateTime, Utc};
use kit::event_store::Aggregate as _;
use uuid::Uuid;
use wire::commands::payments::{AuthorisePayment, CapturePayment, RefundPayment, VoidPayment};
use wire::id::{OrderId, PaymentId, RefundId, UserId};
use wire::money::{Currency, Money};

use super::decide::{Answer, Decision, Request, authorise, capture, refund, void};
use super::outcome::{Disputed, Outcome, chargeback_id};
use super::{Payment, PaymentEvent, PaymentStatus, Step};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// A payment with all that has happened to it.
#[derive(Default)]
struct Story {
    payment: Payment,
    events: Vec<PaymentEvent>,
}

impl Story {
    fn take(&mut self, events: Vec<PaymentEvent>) -> usize {
        for event in &events {
            self.payment.apply(event);
        }
        let number = events.len();
        self.events.extend(events);
        number
    }

    fn record(&mut self, outcome: Outcome) -> usize {
        self.take(self.payment.record(outcome, NOW, Uuid::now_v7))
    }

    fn authorise(&mut self, minor: i64, token: &str) -> Decision<AuthorisePayment> {
        let decision = authorise(&self.payment, request(&asked(minor, token)));
        self.take(decision.events.clone());
        decision
    }

    fn capture(&mut self, minor: i64) -> Decision<CapturePayment> {
        let command = CapturePayment { payment_id: payment_id(), amount: euro(minor) };
        let decision = capture(&self.payment, &command, NOW);
        self.take(decision.events.clone());
        decision
    }

    fn void(&mut self) -> Decision<VoidPayment> {
        let decision = void(&self.payment, NOW);
        self.take(decision.events.clone());
        decision
    }

    fn refund(&mut self, number: u128, minor: i64) -> Decision<RefundPayment> {
        self.refund_as(number, minor, None)
    }

    /// The same; with less where less is left, if so wished.
    fn refund_as(&mut self, number: u128, minor: i64, or_what_is_left: Option<bool>) -> Decision<RefundPayment> {
        self.refund_by(&RefundPayment { or_what_is_left, ..refunding(number, minor) })
    }

    fn refund_by(&mut self, command: &RefundPayment) -> Decision<RefundPayment> {
        let decision = refund(&self.payment, command, NOW);
        self.take(decision.events.clone());
        decision
    }

    /// Authorised and captured.
    fn captured(authorised: i64, captured: i64) -> Self {
        let mut story = Self::default();
        story.authorise(authorised, "tok");
        story.record(authorised_as("pi"));
        story.capture(captured);
        assert_eq!(story.record(Outcome::Captured { amount: euro(captured), fee: None }), 1);
        story
    }
}

fn request(command: &AuthorisePayment) -> Request<'_> {
    Request { command, captures_at_once: false, now: NOW }
}

fn refunding(number: u128, minor: i64) -> RefundPayment {
    RefundPayment {
        payment_id: payment_id(),
        refund_id: refund_id(number),
        amount: euro(minor),
        or_what_is_left: None,
        instead_of: None,
        reason: None,
    }
}

fn asked(minor: i64, token: &str) -> AuthorisePayment {
    AuthorisePayment {
        payment_id: payment_id(),
        order_id: OrderId::from(Uuid::from_u128(2)),
        customer_id: UserId::from(Uuid::from_u128(3)),
        amount: euro(minor),
        method_token: token.to_owned(),
    }
}

fn authorised_as(reference: &str) -> Outcome {
    Outcome::Authorised { reference: reference.to_owned(), expires_at: None }
}

fn disputed(reference: &str, minor: i64) -> Disputed {
    Disputed { reference: reference.to_owned(), amount: euro(minor), fee: Some(euro(15_00)), outcome: None }
}

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn payment_id() -> PaymentId {
    Uuid::from_u128(1).into()
}

fn refund_id(number: u128) -> RefundId {
    Uuid::from_u128(number).into()
}
