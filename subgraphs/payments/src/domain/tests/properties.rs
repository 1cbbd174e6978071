//! What holds whatever happens, in whatever order: thousands of random stories.

use wire::commands::payments::RefundPaymentRefusal;
use wire::events::payments::{ChargebackOutcome, DeclineReason, VoidReason};

use super::*;
use crate::domain::CaptureState;
use crate::ledger::Booking;

const STORIES: u64 = 3_000;
const EVENTS_EACH: usize = 40;

#[test]
fn never_more_is_taken_than_kept_nor_given_back_than_taken_and_the_ledger_is_at_zero() {
    let (mut captured, mut refunded, mut disputed) = (0, 0, 0);
    for seed in 0..STORIES {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut story = Story::default();
        for _ in 0..EVENTS_EACH {
            happen(&mut story, &mut random);
            check(&story, seed);
        }
        captured += u32::from(story.payment.captured_minor() > 0);
        refunded += u32::from(story.payment.refunded_minor() > 0);
        disputed += u32::from(!story.payment.disputes.is_empty());
        let again = story.events.iter().fold(Payment::default(), |mut payment, event| {
            payment.apply(event);
            payment
        });
        assert_eq!(again, story.payment, "seed {seed}");
        let stored = serde_json::to_string(&story.payment).unwrap();
        assert_eq!(serde_json::from_str::<Payment>(&stored).unwrap(), story.payment, "seed {seed}");
    }
    let enough = STORIES as u32 / 20;
    assert!(captured > enough && refunded > enough && disputed > enough, "{captured} {refunded} {disputed}");
}

/// A command or an answer, sensible or not.
fn happen(story: &mut Story, random: &mut fastrand::Rng) {
    let minor = match random.u8(..8) {
        0 => random.i64(..),
        _ => random.i64(1..1_200),
    };
    let number = random.u128(1..6);
    match random.u8(..12) {
        0 | 1 => drop(story.authorise(1_000, "tok")),
        2 => drop(story.authorise(minor, "tok")),
        3 => drop(story.capture(minor)),
        4 if random.u8(..8) == 0 => drop(story.void()),
        5 => drop(story.refund(number, minor / 4)),
        6 => give_what_is_left(story, number, minor / 4),
        7 if random.u8(..10) == 0 => drop(story.record(Outcome::Disputed(Disputed {
            outcome: random.bool().then(|| random.choice([ChargebackOutcome::Won, ChargebackOutcome::Lost])).flatten(),
            ..disputed(&number.to_string(), random.i64(1..1_000))
        }))),
        8 if random.u8(..12) == 0 => drop(story.record(Outcome::RefundFailed(refund_id(number)))),
        8 if random.u8(..8) == 0 => drop(story.record(Outcome::Captured { amount: euro(minor), fee: None })),
        9 if random.u8(..8) == 0 => drop(story.record(Outcome::Voided(VoidReason::Expired))),
        _ => answer(story, random),
    }
}

/// Nobody is told that the bank has taken it for good as long as we may win any of it.
fn give_what_is_left(story: &mut Story, number: u128, minor: i64) {
    let Some(Answer::Refused(code, _)) = story.refund_as(number, minor, Some(true)).answer else { return };
    assert!(code != RefundPaymentRefusal::ChargedBack || story.payment.winnable_minor() == 0, "{:?}", story.payment);
}

/// The provider answers what it is asked, one way or the other.
fn answer(story: &mut Story, random: &mut fastrand::Rng) {
    let refuses = random.u8(..6) == 0;
    let outcome = match story.payment.next_step() {
        None => return,
        Some(Step::Authorise(_)) if refuses => Outcome::Declined(DeclineReason::Unspecified),
        Some(Step::Authorise(_)) => authorised_as("pi"),
        Some(Step::Capture { .. }) if refuses => Outcome::CaptureRefused,
        Some(Step::Capture { amount, .. }) => Outcome::Captured { amount, fee: Some(euro(amount.amount_minor / 50)) },
        Some(Step::Void { .. }) => Outcome::Voided(VoidReason::Cancelled),
        Some(Step::Refund { refund_id, .. }) if refuses => Outcome::RefundRefused(refund_id),
        Some(Step::Refund { refund_id, .. }) => Outcome::Refunded(refund_id),
    };
    // What can't be captured is let go of as well.
    let made_most = if outcome == Outcome::CaptureRefused { 2 } else { 1 };
    let made = story.record(outcome.clone());
    assert!((1..=made_most).contains(&made), "an answer to the question asked was lost, or is too many");
    assert_eq!(story.record(outcome), 0, "an answer counted twice");
}

fn check(story: &Story, seed: u64) {
    let payment = &story.payment;
    let refused = payment.capture.as_ref().is_some_and(|capture| capture.state == CaptureState::Refused);
    assert!(
        !refused || payment.status() != Some(PaymentStatus::Authorised) || payment.next_step().is_some(),
        "seed {seed}"
    );
    let authorised = payment.terms.as_ref().map_or(0, |terms| terms.amount.amount_minor);
    assert!((0..=authorised).contains(&payment.captured_minor()), "seed {seed}");
    assert!((0..=payment.captured_minor()).contains(&payment.refunded_minor()), "seed {seed}");
    assert!(payment.unrefunded_minor() >= 0 && payment.refundable_minor() >= 0, "seed {seed}");
    for event in &story.events {
        let Some(booking) = Booking::of(event) else { continue };
        assert!(booking.entries.len() >= 2 && booking.entries.iter().all(|entry| entry.amount_minor != 0));
        let sum: i128 = booking.entries.iter().map(|entry| i128::from(entry.amount_minor)).sum();
        assert_eq!(sum, 0, "seed {seed}: {booking:?}");
    }
}
