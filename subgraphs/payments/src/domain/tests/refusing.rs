//! What the provider refuses: money that can't be taken is let go of, and money that can't be given back isn't lost sight of.

use wire::commands::payments::{CapturePaymentRefusal, RefundPaymentRefusal as NotRefunded};
use wire::events::payments::VoidReason;

use super::deciding::{is_later, refusal};
use super::*;

#[test]
fn what_cant_be_captured_is_let_go_of() {
    let mut story = Story::default();
    let begun = authorise(&story.payment, Request { captures_at_once: true, ..request(&asked(500, "tok")) });
    story.take(begun.events);
    story.record(authorised_as("pi"));
    assert!(matches!(story.payment.next_step(), Some(Step::Capture { .. })));
    assert_eq!(story.record(Outcome::CaptureRefused), 2);
    assert_eq!(story.record(Outcome::CaptureRefused), 0);
    assert_eq!(story.payment.next_step(), Some(Step::Void { reference: "pi".to_owned() }));
    story.record(Outcome::Voided(VoidReason::Cancelled));
    assert_eq!((story.payment.status(), story.payment.next_step()), (Some(PaymentStatus::Voided), None));
    assert!(!story.payment.is_under_way());
}

/// Whoever has asked for the capture lets go as well: once is enough.
#[test]
fn a_void_of_what_was_let_go_of_is_the_same_one() {
    let mut story = Story::default();
    story.authorise(500, "tok");
    story.record(authorised_as("pi"));
    story.capture(500);
    story.record(Outcome::CaptureRefused);
    assert_eq!(refusal(story.capture(500)), CapturePaymentRefusal::Declined);
    let events = story.events.len();
    assert!(is_later(&story.void()));
    assert_eq!(story.events.len(), events);
    story.record(Outcome::Voided(VoidReason::Cancelled));
    assert!(matches!(story.void().answer, Some(Answer::Done(_))));
}

#[test]
fn a_void_that_was_wanted_before_the_refusal_isnt_wanted_twice() {
    let mut story = Story::default();
    story.authorise(500, "tok");
    story.record(authorised_as("pi"));
    story.capture(500);
    story.void();
    assert_eq!(story.record(Outcome::CaptureRefused), 1);
    assert!(matches!(story.payment.next_step(), Some(Step::Void { .. })));
}

#[test]
fn what_was_refused_once_is_given_back_by_another_refund() {
    let mut story = Story::captured(500, 500);
    story.refund_as(1, 500, Some(true));
    story.record(Outcome::RefundRefused(refund_id(1)));
    assert_eq!(refusal(story.refund_as(1, 500, Some(true))), NotRefunded::Declined);
    assert!(is_later(&story.refund_as(2, 500, Some(true))));
    // The second one may still be refused: nobody says that all is given back.
    assert!(is_later(&story.refund_as(1, 500, Some(true))) && is_later(&story.refund_as(3, 500, Some(true))));
    assert_eq!(refusal(story.refund(1, 500)), NotRefunded::Declined, "who wants no less is told so at once");
    assert_eq!(story.payment.refunds.len(), 2);
    story.record(Outcome::Refunded(refund_id(2)));
    for number in [1, 3] {
        assert_eq!(refusal(story.refund_as(number, 500, Some(true))), NotRefunded::NothingLeft, "{number}");
    }
    assert_eq!(story.payment.status(), Some(PaymentStatus::Refunded));
}

/// A part that was refused and given back by hand: the rest of the payment is there, and yet nothing is given twice.
#[test]
fn what_others_give_in_the_place_of_a_refused_refund_counts() {
    let instead = |number| RefundPayment {
        or_what_is_left: Some(true),
        instead_of: Some(refund_id(1)),
        ..refunding(number, 300)
    };
    let declined = || {
        let mut story = Story::captured(1_000, 1_000);
        story.refund_as(1, 300, Some(true));
        story.record(Outcome::RefundRefused(refund_id(1)));
        story
    };
    let mut story = declined();
    story.refund(7, 300);
    assert!(is_later(&story.refund_by(&instead(2))), "that one may be refused as well");
    story.record(Outcome::Refunded(refund_id(7)));
    assert_eq!(refusal(story.refund_by(&instead(2))), NotRefunded::NothingLeft);
    assert_eq!(story.payment.refunded_minor(), 300);

    // A part of the part; and what came to nothing doesn't count.
    let mut story = declined();
    for (number, outcome) in [(7, Outcome::Refunded(refund_id(7))), (8, Outcome::RefundRefused(refund_id(8)))] {
        story.refund(number, 100);
        story.record(outcome);
    }
    assert!(is_later(&story.refund_by(&instead(2))));
    story.record(Outcome::Refunded(refund_id(2)));
    let Some(Answer::Done(done)) = story.refund_by(&instead(2)).answer else { panic!("not done") };
    assert_eq!((done.amount, done.amount_refunded), (Some(euro(200)), euro(300)));

    // The last one that is asked for was refused, too: who asks about it again hears of what was given since.
    let mut story = declined();
    story.refund_by(&instead(2));
    story.record(Outcome::RefundRefused(refund_id(2)));
    assert_eq!(refusal(story.refund_by(&instead(2))), NotRefunded::Declined);
    story.refund(7, 500);
    assert!(is_later(&story.refund_by(&instead(2))));
    story.record(Outcome::Refunded(refund_id(7)));
    assert_eq!(refusal(story.refund_by(&instead(2))), NotRefunded::NothingLeft);
}

/// What was given back before has nothing to do with it.
#[test]
fn what_was_given_before_a_refund_was_refused_does_not_count() {
    let mut story = Story::captured(1_000, 1_000);
    story.refund(7, 300);
    story.record(Outcome::Refunded(refund_id(7)));
    let later = NOW + chrono::TimeDelta::seconds(1);
    let first = refund(&story.payment, &refunding(1, 300), later);
    story.take(first.events);
    story.record(Outcome::RefundRefused(refund_id(1)));
    assert!(is_later(&story.refund_by(&RefundPayment { instead_of: Some(refund_id(1)), ..refunding(2, 300) })));
    story.record(Outcome::Refunded(refund_id(2)));
    assert_eq!(story.payment.refunded_minor(), 600);
}

#[test]
fn who_was_refused_is_told_that_the_bank_has_taken_it() {
    let mut story = Story::captured(500, 500);
    story.refund(1, 500);
    story.record(Outcome::RefundRefused(refund_id(1)));
    story.record(Outcome::Disputed(disputed("dp", 500)));
    assert_eq!(refusal(story.refund(1, 500)), NotRefunded::ChargedBack);
}

#[test]
fn each_refund_can_be_asked_for_whatever_becomes_of_the_others() {
    let mut story = Story::captured(500, 500);
    (1..=3).for_each(|number| drop(story.refund(number, 100)));
    let asked = |story: &Story| -> Vec<RefundId> {
        let steps = story.payment.steps().into_iter();
        steps
            .filter_map(|step| if let Step::Refund { refund_id, .. } = step { Some(refund_id) } else { None })
            .collect()
    };
    assert_eq!(asked(&story), [1, 2, 3].map(refund_id));
    story.record(Outcome::Refunded(refund_id(2)));
    assert_eq!(asked(&story), [1, 3].map(refund_id));
}
