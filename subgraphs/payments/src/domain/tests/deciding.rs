//! Commands one by one.

use wire::command::Command;
use wire::commands::payments::{
    AuthorisePaymentRefusal as NotAuthorised, CapturePaymentRefusal as NotCaptured,
    RefundPaymentRefusal as NotRefunded, VoidPaymentRefusal as NotVoided,
};
use wire::events::payments::{ChargebackOutcome, DeclineReason, VoidReason};

use super::*;

/// The refusal's code.
pub(super) fn refusal<C: Command>(decision: Decision<C>) -> C::Refusal {
    assert_eq!(decision.events, [], "a refusal changes nothing");
    match decision.answer {
        Some(Answer::Refused(code, _)) => code,
        other => panic!("not refused: {other:?}"),
    }
}

fn is_done<C: Command>(decision: &Decision<C>) -> bool {
    decision.events.is_empty() && matches!(decision.answer, Some(Answer::Done(_)))
}

pub(super) fn is_later<C: Command>(decision: &Decision<C>) -> bool {
    decision.answer.is_none()
}

#[test]
fn the_same_payment_is_asked_for_once_and_answered_alike() {
    let mut story = Story::default();
    assert!(is_later(&story.authorise(500, "tok")) && story.events.len() == 1);
    assert!(is_later(&story.authorise(500, "tok")) && story.events.len() == 1);
    assert!(matches!(story.payment.next_step(), Some(Step::Authorise(_))));
    assert_eq!(story.record(authorised_as("pi")), 1);
    assert_eq!(story.record(authorised_as("pi")), 0);
    assert_eq!(story.record(Outcome::Declined(DeclineReason::Unspecified)), 0, "it came too late");
    assert!(is_done(&story.authorise(500, "tok")));
    assert_eq!(refusal(story.authorise(501, "tok")), NotAuthorised::PaymentConflict);
    assert_eq!(refusal(story.authorise(500, "other")), NotAuthorised::PaymentConflict);
    assert_eq!(story.payment.next_step(), None);
}

#[test]
fn what_cant_be_paid_is_refused_at_once() {
    for minor in [i64::MIN, -1, 0, 100_000_000, i64::MAX] {
        assert_eq!(refusal(Story::default().authorise(minor, "tok")), NotAuthorised::InvalidAmount);
    }
    for token in ["", "a b", "ä", &"t".repeat(256)] {
        assert_eq!(refusal(Story::default().authorise(1, token)), NotAuthorised::Declined);
    }
    let mut declined = Story::default();
    declined.authorise(500, "tok");
    declined.record(Outcome::Declined(DeclineReason::InsufficientFunds));
    assert_eq!(refusal(declined.authorise(500, "tok")), NotAuthorised::Declined);
    assert_eq!(refusal(declined.capture(500)), NotCaptured::NotAuthorised);
    assert_eq!(declined.payment.status(), Some(PaymentStatus::Declined));
    assert!(is_done(&declined.void()));
}

#[test]
fn there_is_one_capture_of_at_most_what_is_kept() {
    assert_eq!(refusal(Story::default().capture(1)), NotCaptured::UnknownPayment);
    let mut story = Story::default();
    story.authorise(500, "tok");
    assert_eq!(refusal(story.capture(500)), NotCaptured::NotAuthorised);
    story.record(authorised_as("pi"));
    for minor in [i64::MIN, 0, 501, i64::MAX] {
        assert_eq!(refusal(story.capture(minor)), NotCaptured::InvalidAmount);
    }
    assert!(is_later(&story.capture(300)));
    assert!(is_later(&story.capture(300)));
    assert_eq!(story.record(Outcome::Captured { amount: euro(300), fee: None }), 1);
    assert_eq!(story.record(Outcome::Captured { amount: euro(300), fee: None }), 0);
    assert!(is_done(&story.capture(300)));
    assert_eq!(refusal(story.capture(200)), NotCaptured::InvalidAmount, "the rest was let go of");
    assert_eq!(refusal(story.void()), NotVoided::AlreadyCaptured);
    assert_eq!(story.payment.status(), Some(PaymentStatus::Captured));
}

#[test]
fn a_void_that_overtakes_closes_the_payment() {
    let mut story = Story::default();
    let closed = story.void();
    assert!(matches!(closed.answer, Some(Answer::Done(_))) && closed.events.len() == 1);
    assert!(is_done(&story.void()));
    assert_eq!(refusal(story.authorise(500, "tok")), NotAuthorised::PaymentClosed);
    assert_eq!(story.payment.status(), None);
}

#[test]
fn a_void_waits_for_an_authorisation_under_way_and_ends_it() {
    let mut story = Story::default();
    story.authorise(500, "tok");
    assert!(is_later(&story.void()) && is_later(&story.void()));
    assert!(matches!(story.payment.next_step(), Some(Step::Authorise(_))), "it may have arrived");
    story.record(authorised_as("pi"));
    assert_eq!(refusal(story.authorise(500, "tok")), NotAuthorised::PaymentClosed);
    assert_eq!(refusal(story.capture(500)), NotCaptured::NotAuthorised);
    assert_eq!(story.payment.next_step(), Some(Step::Void { reference: "pi".to_owned() }));
    assert_eq!(story.record(Outcome::Voided(VoidReason::Cancelled)), 1);
    assert!(is_done(&story.void()) && !story.payment.is_under_way());
}

#[test]
fn a_void_that_overtakes_a_capture_at_once_prevents_it() {
    let mut story = Story::default();
    let begun = authorise(&story.payment, Request { captures_at_once: true, ..request(&asked(500, "tok")) });
    story.take(begun.events);
    story.void();
    story.record(authorised_as("pi"));
    assert!(matches!(story.payment.next_step(), Some(Step::Void { .. })));
}

#[test]
fn who_wants_what_is_left_gets_that() {
    let mut story = Story::captured(500, 400);
    story.refund(1, 100);
    story.record(Outcome::Refunded(refund_id(1)));
    assert_eq!(refusal(story.refund(2, 400)), NotRefunded::InvalidAmount);
    assert!(is_later(&story.refund_as(2, 400, Some(true))));
    assert!(is_later(&story.refund_as(2, 400, Some(true))), "the same again");
    assert_eq!(refusal(story.refund_as(2, 299, Some(true))), NotRefunded::RefundConflict);
    story.record(Outcome::Refunded(refund_id(2)));
    let Some(Answer::Done(done)) = story.refund_as(2, 400, Some(true)).answer else { panic!("not done") };
    assert_eq!((done.amount, done.amount_refunded), (Some(euro(300)), euro(400)));
    assert_eq!(refusal(story.refund_as(3, 400, Some(true))), NotRefunded::NothingLeft);
    assert_eq!(refusal(story.refund(3, 400)), NotRefunded::InvalidAmount);
}

#[test]
fn refunds_never_exceed_what_was_taken() {
    assert_eq!(refusal(Story::default().refund(1, 1)), NotRefunded::UnknownPayment);
    let mut kept = Story::default();
    kept.authorise(500, "tok");
    assert_eq!(refusal(kept.refund(1, 1)), NotRefunded::NotCaptured);
    let mut story = Story::captured(500, 400);
    for minor in [i64::MIN, 0, 401, i64::MAX] {
        assert_eq!(refusal(story.refund(1, minor)), NotRefunded::InvalidAmount);
    }
    assert!(is_later(&story.refund(1, 300)) && is_later(&story.refund(1, 300)));
    assert_eq!(refusal(story.refund(2, 101)), NotRefunded::InvalidAmount, "what is under way counts");
    assert_eq!(refusal(story.refund(1, 299)), NotRefunded::RefundConflict);
    assert_eq!(story.record(Outcome::Refunded(refund_id(1))), 1);
    assert_eq!(story.record(Outcome::Refunded(refund_id(1))), 0);
    assert_eq!(story.payment.status(), Some(PaymentStatus::PartiallyRefunded));
    story.refund(2, 100);
    story.record(Outcome::RefundRefused(refund_id(2)));
    assert_eq!(refusal(story.refund(2, 100)), NotRefunded::Declined);
    story.refund(3, 100);
    story.record(Outcome::Refunded(refund_id(3)));
    assert_eq!(story.payment.status(), Some(PaymentStatus::Refunded));
    let Some(Answer::Done(first)) = story.refund(1, 300).answer else { panic!("not done") };
    assert_eq!(first.amount_refunded, euro(300), "the answer is the one of then");
}

#[test]
fn what_the_bank_took_back_isnt_given_back() {
    let mut story = Story::captured(500, 500);
    assert_eq!(story.record(Outcome::Disputed(disputed("dp", 500))), 1);
    assert_eq!(story.record(Outcome::Disputed(disputed("dp", 500))), 0);
    assert_eq!(refusal(story.refund(1, 500)), NotRefunded::ChargedBack);
    assert!(story.payment.is_under_way());
    let won = Disputed { outcome: Some(ChargebackOutcome::Won), ..disputed("dp", 500) };
    assert_eq!(story.record(Outcome::Disputed(won.clone())), 1);
    assert_eq!(story.record(Outcome::Disputed(won)), 0);
    assert!(is_later(&story.refund(1, 500)));
}

/// The end is told before the beginning.
#[test]
fn a_dispute_is_opened_and_closed_whatever_comes_first() {
    let mut story = Story::captured(500, 500);
    let lost = Disputed { outcome: Some(ChargebackOutcome::Lost), ..disputed("dp", 500) };
    assert_eq!(story.record(Outcome::Disputed(lost)), 2);
    assert_eq!(story.record(Outcome::Disputed(disputed("dp", 500))), 0);
    assert_eq!(story.payment.disputes[&chargeback_id("dp")].outcome, Some(ChargebackOutcome::Lost));
    assert_eq!(story.payment.status(), Some(PaymentStatus::Disputed));
    assert!(!story.payment.is_under_way());
}
