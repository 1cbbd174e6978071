//! The place-order saga against models of stock and payments: every order in which answers, silences, cancellations and parcels
//! can come is gone through, and in each end everything adds up.

mod world;

use std::collections::HashSet;

use wire::command::Reply;
use wire::commands::payments::RefundPaymentDone;
use wire::events::orders::CancellationReason;
use wire::money::{Currency, Money};

use self::world::{AMOUNT, Asked, Bank, Code, Heard, SILENCES_MAX, Stock, World, input, name, new_saga, order_id};
use super::place::{Payment, PlaceOrder, Progress};
use super::refund::RefundReturn;
use super::{Effect, Input};
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
        (OrderStatus::Cancelled, Bank::Refunded, Stock::Closed),
        (OrderStatus::Cancelled, Bank::Refunded, Stock::Committed),
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
        (&captured, refused(A::Commit, Code::Closed), &[A::Refund], vec![Effect::Cancel(R::OutOfStock)]),
        (&captured, Heard::Silence, &[A::Commit], vec![]),
        (&captured, Heard::Cancelled, &[A::Refund, A::Release], vec![Effect::Cancel(R::Customer)]),
        (&settled, Heard::Cancelled, &[A::Refund], vec![Effect::Cancel(R::Customer), Effect::RestockDue]),
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
        (undoing(Payment::Free, true), Asked::Capture, vec![Asked::Refund, Asked::Release]),
    ] {
        let step = saga.on(input(Heard::Answer(late, None)));
        assert_eq!(step.asks.iter().map(name).collect::<Vec<_>>(), asks);
        assert!(!step.is_over);
    }
}

#[test]
fn a_refund_is_asked_for_until_it_is_answered() {
    let refund = RefundReturn { order_id: order_id(), amount_minor: 300, currency: Currency::EUR, asked_again: 0 };
    let mut step = refund.clone().begin();
    for _ in 0..40 {
        assert!(!step.is_over && step.deadline <= Some(super::ASK_AGAIN_LONGEST));
        step = step.state.on(Input::Deadline);
        assert_eq!(step.asks.iter().map(name).collect::<Vec<_>>(), [Asked::Refund]);
    }
    let declined = step.state.on(input(Heard::Answer(Asked::Refund, Some(Code::No))));
    assert!(!declined.is_over && declined.asks.is_empty());
    let given = declined.state.on(input(Heard::Answer(Asked::Refund, None)));
    assert_eq!((given.is_over, given.effects), (true, vec![Effect::Refunded(300)]));
    let nothing = refund.on(input(Heard::Answer(Asked::Refund, Some(Code::NotCaptured))));
    assert_eq!((nothing.is_over, nothing.effects), (true, vec![Effect::Refunded(0)]));
}

/// Somebody had given back a part already: so much less is given back now, and the order says so.
#[test]
fn what_was_given_back_before_is_not_given_back_again() {
    let left = Money::new(300, Currency::EUR);
    let done = |amount| {
        let amount_refunded = Money::new(AMOUNT, Currency::EUR);
        let ledger_transaction_id = uuid::Uuid::from_u128(9).into();
        Input::Refund(Reply::Done(RefundPaymentDone { amount_refunded, amount, ledger_transaction_id }))
    };
    let progress = Progress::Undoing { payment: Payment::Refunding, is_releasing: false };
    for (amount, given) in [(Some(left), 300), (None, AMOUNT)] {
        let undone = PlaceOrder { progress, ..new_saga() }.on(done(amount));
        assert_eq!((undone.is_over, undone.effects), (true, vec![Effect::Refunded(given)]));
        let refund =
            RefundReturn { order_id: order_id(), amount_minor: AMOUNT, currency: Currency::EUR, asked_again: 0 };
        assert_eq!(refund.on(done(amount)).effects, [Effect::Refunded(given)]);
    }
}
