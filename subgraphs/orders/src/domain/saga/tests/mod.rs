//! The place-order saga against models of stock and payments: every order in which answers, silences, cancellations and parcels
//! can come is gone through, and in each end everything adds up.

mod parts;
mod world;

use std::collections::HashSet;

use wire::command::Reply;
use wire::commands::payments::{AuthorisePaymentRefusal, RefundPaymentDone};
use wire::events::orders::CancellationReason;
use wire::money::{Currency, Money};

use self::world::{AMOUNT, Asked, Bank, Code, Heard, SILENCES_MAX, Stock, World, input, name, new_saga, order_id};
use super::ids::REFUND_ATTEMPT_MAX;
use super::place::{Payment, PlaceOrder, Progress};
use super::refund::RefundReturn;
use super::{Ask, Effect, Input, Step, is_of_saga, refund_id};
use crate::domain::OrderStatus;

/// An end: the order's, the money's, the pieces'.
type End = (OrderStatus, Bank, Stock);

/// All ends of an order of so much, each of which adds up.
fn ends(amount_minor: i64) -> HashSet<End> {
    let (mut known, mut left) = (HashSet::new(), vec![World::new(amount_minor)]);
    let mut ends = HashSet::new();
    while let Some(world) = left.pop() {
        if !known.insert(world.clone()) {
            continue;
        }
        if world.is_quiet() && world.order != OrderStatus::Placed {
            let waits = world.saga.as_ref().is_some_and(|saga| saga.progress != Progress::Settled);
            if !waits || world.silences == SILENCES_MAX {
                world.check_end(amount_minor);
                ends.insert((world.order, world.bank, world.stock));
            }
        }
        left.extend(world.following());
    }
    assert!(known.len() > 100, "{} states", known.len());
    ends
}

#[test]
fn in_every_end_it_is_paid_and_sold_or_nothing_is_kept() {
    let ends = ends(AMOUNT);
    for end in [
        (OrderStatus::Shipped, Bank::Captured, Stock::Committed),
        (OrderStatus::Cancelled, Bank::Unknown, Stock::Unknown),
        (OrderStatus::Cancelled, Bank::Closed, Stock::Closed),
        (OrderStatus::Cancelled, Bank::Refunded(0), Stock::Closed),
        (OrderStatus::Cancelled, Bank::Refunded(0), Stock::Committed),
        // What was refused is made good, by another refund or by somebody else.
        (OrderStatus::Cancelled, Bank::Refunded(1), Stock::Closed),
        (OrderStatus::Cancelled, Bank::Refunded(1), Stock::Committed),
        (OrderStatus::Cancelled, Bank::Refunded(2), Stock::Committed),
        (OrderStatus::Cancelled, Bank::RefundedByHand, Stock::Committed),
        // What the payer's bank keeps isn't given back as well.
        (OrderStatus::Cancelled, Bank::ChargedBack, Stock::Closed),
        (OrderStatus::Cancelled, Bank::ChargedBack, Stock::Committed),
        (OrderStatus::Shipped, Bank::ChargedBack, Stock::Committed),
    ] {
        assert!(ends.contains(&end), "{end:?} among {ends:?}");
    }
}

#[test]
fn what_costs_nothing_is_sold_without_a_payment() {
    let ends = ends(0);
    assert!(ends.iter().all(|(_, bank, _)| *bank == Bank::Unknown), "{ends:?}");
    for end in [
        (OrderStatus::Shipped, Bank::Unknown, Stock::Committed),
        (OrderStatus::Cancelled, Bank::Unknown, Stock::Unknown),
        (OrderStatus::Cancelled, Bank::Unknown, Stock::Closed),
        (OrderStatus::Cancelled, Bank::Unknown, Stock::Committed),
    ] {
        assert!(ends.contains(&end), "{end:?} among {ends:?}");
    }
}

/// What the saga has heard, what it hears then, whom it asks, and what becomes of the order.
type Row<'a> = (&'a [Heard], Heard, &'a [Asked], Vec<Effect>);

#[test]
fn each_failure_compensates() {
    let done = |asked| Heard::Answer(asked, None);
    let refused = |asked, code| Heard::Answer(asked, Some(code));
    use Asked as A;
    use CancellationReason as R;
    let kept = [done(A::Reserve)];
    let authorised = [done(A::Reserve), done(A::Authorise)];
    let captured = [done(A::Reserve), done(A::Authorise), done(A::Capture)];
    let settled = [done(A::Reserve), done(A::Authorise), done(A::Capture), done(A::Commit)];
    #[rustfmt::skip]
    let table: &[Row<'_>] = &[
        (&[], done(A::Reserve), &[A::Authorise], vec![Effect::Reserved]),
        (&kept, done(A::Authorise), &[A::Capture], vec![]),
        (&authorised, done(A::Capture), &[A::Commit], vec![]),
        (&captured, done(A::Commit), &[], vec![Effect::Paid]),
        (&[], refused(A::Reserve, Code::No), &[], vec![Effect::Cancel(R::OutOfStock)]),
        (&[], Heard::Silence, &[A::Release], vec![Effect::Cancel(R::TimedOut)]),
        (&[], Heard::Cancelled, &[A::Release], vec![Effect::Cancel(R::Customer)]),
        (&kept, refused(A::Authorise, Code::No), &[A::Release], vec![Effect::Cancel(R::PaymentDeclined)]),
        (&kept, Heard::Silence, &[A::Void, A::Release], vec![Effect::Cancel(R::TimedOut)]),
        (&kept, Heard::Cancelled, &[A::Void, A::Release], vec![Effect::Cancel(R::Customer)]),
        (&authorised, refused(A::Capture, Code::No), &[A::Void, A::Release], vec![Effect::Cancel(R::PaymentDeclined)]),
        (&authorised, Heard::Silence, &[A::Void, A::Release], vec![Effect::Cancel(R::TimedOut)]),
        (&authorised, Heard::Cancelled, &[A::Void, A::Release], vec![Effect::Cancel(R::Customer)]),
        (&captured, refused(A::Commit, Code::Closed), &[A::Refund(0)], vec![Effect::Cancel(R::OutOfStock)]),
        (&captured, Heard::Silence, &[A::Commit], vec![]),
        (&captured, Heard::Cancelled, &[A::Refund(0), A::Release], vec![Effect::Cancel(R::Customer)]),
        (&settled, Heard::Cancelled, &[A::Refund(0)], vec![Effect::Cancel(R::Customer), Effect::RestockDue]),
        (&settled, Heard::Shipped, &[], vec![]),
    ];
    for (before, heard, asks, effects) in table {
        let saga = before.iter().fold(new_saga(), |saga, heard| saga.on(input(*heard)).state);
        let step = saga.on(input(*heard));
        assert_eq!(step.asks.iter().map(name).collect::<Vec<_>>(), *asks, "{before:?} {heard:?}");
        assert_eq!(step.effects, *effects, "{before:?} {heard:?}");
    }
}

#[test]
fn what_answers_late_is_undone_again() {
    let undoing =
        |payment, is_releasing| PlaceOrder { progress: Progress::Undoing { payment, is_releasing }, ..new_saga() };
    for (saga, late, asks) in [
        (undoing(Payment::Voiding, false), Asked::Reserve, vec![Asked::Void, Asked::Release]),
        (undoing(Payment::Free, true), Asked::Authorise, vec![Asked::Void, Asked::Release]),
        (undoing(Payment::Free, true), Asked::Capture, vec![Asked::Refund(0), Asked::Release]),
    ] {
        let step = saga.on(input(Heard::Answer(late, None)));
        assert_eq!(step.asks.iter().map(name).collect::<Vec<_>>(), asks);
        assert!(!step.is_over);
    }
}

fn returned(amount_minor: i64) -> RefundReturn {
    RefundReturn { order_id: order_id(), amount_minor, currency: Currency::EUR, asked_again: 0, refund_attempt: 0 }
}

#[test]
fn a_refund_is_asked_for_until_it_is_answered() {
    let mut step = returned(300).begin();
    for _ in 0..40 {
        assert!(!step.is_over && step.deadline <= Some(super::ASK_AGAIN_LONGEST));
        step = step.state.on(Input::Deadline);
        assert_eq!(step.asks.iter().map(name).collect::<Vec<_>>(), [Asked::Refund(0)]);
    }
    let given = step.state.on(input(Heard::Answer(Asked::Refund(0), None)));
    assert_eq!((given.is_over, given.effects), (true, vec![Effect::Refunded { attempt: 0, amount_minor: 300 }]));
    let nothing = returned(300).on(input(Heard::Answer(Asked::Refund(0), Some(Code::NotCaptured))));
    assert_eq!((nothing.is_over, nothing.effects), (true, vec![Effect::Refunded { attempt: 0, amount_minor: 0 }]));
}

/// Payments never makes good what the provider has refused: the next time another one is asked for, for a while; then it is people's
/// turn, and what they do is heard of.
#[test]
fn what_is_refused_is_asked_for_by_another_refund() {
    let asked = |step: &Step<RefundReturn>| step.asks.iter().map(name).collect::<Vec<_>>();
    let mut step = returned(300).begin();
    for attempt in 0..60 {
        let id = attempt.min(REFUND_ATTEMPT_MAX);
        assert_eq!(asked(&step), [Asked::Refund(id)]);
        let [Ask::Refund(refund)] = step.asks.as_slice() else { panic!("{step:?}") };
        let first = (attempt > 0).then(|| refund_id(order_id(), 0));
        assert_eq!(refund.instead_of, first, "what others give meanwhile is not given twice");
        let declined = step.state.on(input(Heard::Answer(Asked::Refund(id), Some(Code::No))));
        assert!(!declined.is_over && declined.asks.is_empty() && declined.effects.is_empty());
        assert!(declined.deadline.is_some_and(|wait| wait <= super::ASK_AGAIN_LONGEST));
        step = declined.state.on(Input::Deadline);
    }
    let done = step.state.clone().on(input(Heard::Answer(Asked::Refund(REFUND_ATTEMPT_MAX), None)));
    let effect = Effect::Refunded { attempt: REFUND_ATTEMPT_MAX, amount_minor: 300 };
    assert_eq!((done.is_over, done.effects), (true, vec![effect]));
    let by_hand = step.state.on(input(Heard::Answer(Asked::Refund(REFUND_ATTEMPT_MAX), Some(Code::NothingLeft))));
    assert!(by_hand.is_over);
}

#[test]
fn refunds_of_sagas_are_told_from_others() {
    let ids: HashSet<_> = (0..=REFUND_ATTEMPT_MAX).map(|attempt| refund_id(order_id(), attempt)).collect();
    assert_eq!(ids.len(), REFUND_ATTEMPT_MAX as usize + 1);
    assert!(ids.iter().all(|id| is_of_saga(order_id(), *id)));
    assert!(!is_of_saga(order_id(), uuid::Uuid::from_u128(1).into()));
}

/// What was kept before there were attempts.
#[test]
fn states_of_before_are_read() {
    let mut state = serde_json::to_value(returned(300)).unwrap();
    state.as_object_mut().unwrap().remove("refund_attempt").unwrap();
    assert_eq!(serde_json::from_value::<RefundReturn>(state).unwrap(), returned(300));
    let mut state = serde_json::to_value(new_saga()).unwrap();
    state.as_object_mut().unwrap().remove("refund_attempt").unwrap();
    assert_eq!(serde_json::from_value::<PlaceOrder>(state).unwrap(), new_saga());
}

#[test]
fn an_amount_that_nobody_takes_isnt_a_declined_payment() {
    let saga = new_saga().on(input(Heard::Answer(Asked::Reserve, None))).state;
    let code = AuthorisePaymentRefusal::InvalidAmount;
    let step = saga.on(Input::Authorise(Reply::Refused { code, text: String::new() }));
    assert_eq!(step.effects, [Effect::Cancel(CancellationReason::AmountNotTaken)]);
    assert_eq!(step.asks.iter().map(name).collect::<Vec<_>>(), [Asked::Release]);
}

/// Somebody had given back a part already: so much less is given back now, and the order says so.
#[test]
fn what_was_given_back_before_is_not_given_back_again() {
    let left = Money::new(300, Currency::EUR);
    let done = |amount| {
        let amount_refunded = Money::new(AMOUNT, Currency::EUR);
        let ledger_transaction_id = uuid::Uuid::from_u128(9).into();
        let is_rest_open = None;
        Input::Refund(Reply::Done(RefundPaymentDone { amount_refunded, amount, is_rest_open, ledger_transaction_id }))
    };
    let progress = Progress::Undoing { payment: Payment::Refunding, is_releasing: false };
    for (amount, given) in [(Some(left), 300), (None, AMOUNT)] {
        let effect = Effect::Refunded { attempt: 0, amount_minor: given };
        let undone = PlaceOrder { progress, ..new_saga() }.on(done(amount));
        assert_eq!((undone.is_over, undone.effects), (true, vec![effect.clone()]));
        assert_eq!(returned(AMOUNT).on(done(amount)).effects, [effect]);
    }
}
