//! Money that is to be given back while the payer's bank has it: nobody says that it is lost before it is decided, and what we win is given.

use wire::commands::payments::{RefundPaymentDone, RefundPaymentRefusal as NotRefunded};
use wire::events::payments::ChargebackOutcome::{self, Lost, Won};

use super::deciding::{is_later, refusal};
use super::*;

impl Story {
    /// The bank takes so much back.
    fn dispute(&mut self, name: &str, minor: i64) {
        assert_eq!(self.record(Outcome::Disputed(disputed(name, minor))), 1);
    }

    /// It is decided whose it is.
    fn close(&mut self, name: &str, outcome: ChargebackOutcome) {
        assert_eq!(self.record(Outcome::Disputed(Disputed { outcome: Some(outcome), ..disputed(name, 1) })), 1);
    }

    /// Somebody wants all of it.
    fn refund_all(&mut self, number: u128) -> Decision<RefundPayment> {
        self.refund_as(number, 500, Some(true))
    }

    /// And has it: how much, and whether the rest is open.
    fn given(&mut self, number: u128) -> (i64, bool) {
        assert_eq!(self.record(Outcome::Refunded(refund_id(number))), 1);
        answered(self.refund_all(number))
    }
}

fn answered(decision: Decision<RefundPayment>) -> (i64, bool) {
    let Some(Answer::Done(RefundPaymentDone { amount: Some(amount), is_rest_open, .. })) = decision.answer else {
        panic!("not done");
    };
    (amount.amount_minor, is_rest_open == Some(true))
}

#[test]
fn who_wants_what_is_left_waits_until_it_is_decided() {
    let open = || {
        let mut story = Story::captured(500, 500);
        story.dispute("dp", 500);
        assert!(is_later(&story.refund_all(1)) && is_later(&story.refund_all(1)));
        assert!(story.payment.refunds.is_empty());
        assert_eq!(refusal(story.refund(2, 500)), NotRefunded::ChargedBack, "who wants just this is told at once");
        story
    };
    let mut won = open();
    won.close("dp", Won);
    assert!(is_later(&won.refund_all(1)));
    assert_eq!(won.given(1), (500, false));
    let mut lost = open();
    lost.close("dp", Lost);
    assert_eq!(refusal(lost.refund_all(1)), NotRefunded::ChargedBack);
}

#[test]
fn the_last_of_several_disputes_decides() {
    let mut story = Story::captured(500, 500);
    story.dispute("a", 300);
    story.dispute("b", 200);
    assert!(is_later(&story.refund_all(1)));
    story.close("a", Lost);
    assert!(is_later(&story.refund_all(1)) && story.payment.refunds.is_empty(), "200 may be won");
    story.close("b", Won);
    assert!(is_later(&story.refund_all(1)));
    assert_eq!(story.given(1), (200, false));

    let mut story = Story::captured(500, 500);
    for name in ["a", "b", "c"] {
        story.dispute(name, 500);
        assert!(is_later(&story.refund_all(1)) && story.payment.refunds.is_empty(), "{name}");
        story.close(name, Won);
    }
    assert!(is_later(&story.refund_all(1)));
    assert_eq!(story.given(1), (500, false));
}

#[test]
fn a_part_that_the_bank_has_is_given_by_another_refund() {
    let open = || {
        let mut story = Story::captured(500, 500);
        story.dispute("dp", 200);
        assert!(is_later(&story.refund_all(1)));
        story
    };
    let mut won = open();
    assert_eq!(won.given(1), (300, true));
    assert!(is_later(&won.refund_all(2)) && won.payment.refunds.len() == 1);
    won.close("dp", Won);
    assert!(is_later(&won.refund_all(2)));
    assert_eq!(won.given(2), (200, false));
    assert_eq!(won.payment.status(), Some(PaymentStatus::Refunded));

    let mut lost = open();
    assert_eq!(lost.given(1), (300, true));
    lost.close("dp", Lost);
    assert_eq!(refusal(lost.refund_all(2)), NotRefunded::ChargedBack);
    assert_eq!(answered(lost.refund_all(1)), (300, false));

    // Before the provider has answered.
    let mut won = open();
    won.close("dp", Won);
    assert_eq!(won.given(1), (300, true));
    assert!(is_later(&won.refund_all(2)));
    assert_eq!(won.given(2), (200, false));
}

/// Of what came back: no more than was asked for, however much is left.
#[test]
fn both_refunds_give_no_more_than_was_asked_for() {
    let part = RefundPayment { or_what_is_left: Some(true), ..refunding(1, 400) };
    let rest = RefundPayment { refund_id: refund_id(2), instead_of: Some(refund_id(1)), ..part.clone() };
    let mut story = Story::captured(500, 500);
    story.dispute("dp", 300);
    assert!(is_later(&story.refund_by(&part)));
    story.record(Outcome::Refunded(refund_id(1)));
    assert_eq!(answered(story.refund_by(&part)), (200, true));
    assert!(is_later(&story.refund_by(&rest)) && story.payment.refunds.len() == 1);
    story.close("dp", Won);
    assert!(is_later(&story.refund_by(&rest)));
    story.record(Outcome::Refunded(refund_id(2)));
    assert_eq!(answered(story.refund_by(&rest)), (200, false));
    assert_eq!((story.payment.refunded_minor(), story.payment.refundable_minor()), (400, 100));
}

/// A provider gives nothing back of what a bank has: another refund waits.
#[test]
fn what_is_refused_for_a_dispute_is_given_by_another_refund() {
    let refused = || {
        let mut story = Story::captured(500, 500);
        story.refund_all(1);
        story.record(Outcome::RefundRefused(refund_id(1)));
        story.dispute("dp", 500);
        assert_eq!(refusal(story.refund_all(1)), NotRefunded::Declined);
        assert!(is_later(&story.refund_all(2)) && story.payment.refunds.len() == 1);
        story
    };
    let mut won = refused();
    won.close("dp", Won);
    assert!(is_later(&won.refund_all(2)));
    assert_eq!(won.given(2), (500, false));
    let mut lost = refused();
    lost.close("dp", Lost);
    for number in [1, 2] {
        assert_eq!(refusal(lost.refund_all(number)), NotRefunded::ChargedBack, "{number}");
    }
}

#[test]
fn what_was_given_before_a_dispute_stays_given() {
    let mut story = Story::captured(500, 500);
    story.refund_all(1);
    assert_eq!(story.given(1), (500, false));
    story.dispute("dp", 500);
    for outcome in [None, Some(Won)] {
        outcome.into_iter().for_each(|outcome| story.close("dp", outcome));
        assert_eq!(answered(story.refund_all(1)), (500, false));
        assert_eq!(refusal(story.refund_all(2)), NotRefunded::NothingLeft);
    }
}
