//! Money of which the payer's bank has a part: the rest is given back at once, that part when it is ours again.

use wire::command::Reply;
use wire::commands::payments::RefundPaymentDone;
use wire::money::{Currency, Money};

use super::super::ids::REFUND_ATTEMPT_MAX;
use super::super::place::{Payment, PlaceOrder, Progress};
use super::super::refund::RefundReturn;
use super::super::{Ask, Effect, Input, Step, refund_id};
use super::returned;
use super::world::{AMOUNT, Asked, Code, Heard, input, name, new_saga, order_id};

const PART: i64 = 300;
const REST: i64 = AMOUNT - PART;

/// So much was given back.
fn done(minor: i64, is_rest_open: Option<bool>) -> Input {
    let amount = Money::new(minor, Currency::EUR);
    let (amount_refunded, ledger_transaction_id) = (amount, uuid::Uuid::from_u128(9).into());
    let amount = Some(amount);
    Input::Refund(Reply::Done(RefundPaymentDone { amount_refunded, amount, is_rest_open, ledger_transaction_id }))
}

fn lost() -> Input {
    input(Heard::Answer(Asked::Refund(1), Some(Code::ChargedBack)))
}

/// The part is given back, and the rest asked for.
fn check_part<S: std::fmt::Debug>(step: &Step<S>) {
    assert_eq!(step.effects, [Effect::RefundedInPart { attempt: 0, amount_minor: PART }]);
    assert_eq!(step.asks.iter().map(name).collect::<Vec<_>>(), [Asked::Refund(1)]);
    assert!(!step.is_over && step.deadline.is_some(), "{step:?}");
}

#[test]
fn of_a_cancelled_order_the_rest_is_given_back_when_it_is_won() {
    let progress = Progress::Undoing { payment: Payment::Refunding, is_releasing: false };
    let part = PlaceOrder { progress, ..new_saga() }.on(done(PART, Some(true)));
    check_part(&part);
    let waiting = part.state.on(Input::Deadline);
    assert_eq!(waiting.asks.iter().map(name).collect::<Vec<_>>(), [Asked::Refund(1)]);
    let won = waiting.state.clone().on(done(REST, None));
    assert_eq!((won.is_over, won.effects), (true, vec![Effect::Refunded { attempt: 1, amount_minor: REST }]));
    let lost = waiting.state.on(lost());
    assert_eq!((lost.is_over, lost.effects), (true, vec![]));
}

#[test]
fn what_came_back_is_settled_when_the_rest_is_won_or_lost() {
    let part = returned(AMOUNT).on(done(PART, Some(true)));
    check_part(&part);
    let [Ask::Refund(rest)] = part.asks.as_slice() else { panic!("{part:?}") };
    assert_eq!(
        (rest.amount.amount_minor, rest.instead_of),
        (AMOUNT, Some(refund_id(order_id(), 0))),
        "the part counts towards the whole"
    );
    for (heard, amount_minor) in [(done(REST, None), REST), (lost(), 0)] {
        let end = part.state.clone().on(heard);
        assert_eq!((end.is_over, end.effects), (true, vec![Effect::Refunded { attempt: 1, amount_minor }]));
    }
}

#[test]
fn after_the_last_attempt_the_rest_is_peoples_turn() {
    let last = RefundReturn { refund_attempt: REFUND_ATTEMPT_MAX, ..returned(AMOUNT) }.on(done(PART, Some(true)));
    let effect = Effect::Refunded { attempt: REFUND_ATTEMPT_MAX, amount_minor: PART };
    assert_eq!((last.is_over, last.effects), (true, vec![effect]));
}
