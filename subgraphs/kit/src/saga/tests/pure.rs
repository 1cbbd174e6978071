//! Steps without a database.

use std::time::Duration;

use chrono::DateTime;
use wire::{
    Domain,
    command::Reply,
    commands::{payments::AuthorisePaymentRefusal, stock::ReserveStockDone},
};

use super::{
    super::{
        Context, Input, Saga as _, Step,
        step::{Deadline, Next},
    },
    order,
    purchase::{Answers, Change, Purchase, Wish},
};

fn context() -> Context {
    Context::new(order(10), DateTime::UNIX_EPOCH)
}

fn on(state: Option<Purchase>, input: Input<Purchase>) -> Step<Purchase> {
    Purchase::on(state, input, &context()).unwrap()
}

fn reply(reply: Answers) -> Input<Purchase> {
    Input::Reply { reply, from: Domain::Stock, command: order(1) }
}

/// What it asks for.
fn names(step: &Step<Purchase>) -> Vec<String> {
    step.commands.iter().map(|command| command.name()).collect()
}

#[test]
fn a_step_tells_what_it_asks_for_and_when_it_wants_to_be_woken() {
    let step = on(None, Input::Local(Wish::Place { patience_ms: 1_000 }));
    assert!(matches!(step.next, Next::To(Purchase::Reserving)));
    assert_eq!(names(&step), ["stock.reserve-stock"]);
    assert_eq!(step.deadline, Deadline::At(context().after(Duration::from_secs(1))));

    let expires_at = DateTime::UNIX_EPOCH;
    let step = on(Some(Purchase::Reserving), reply(Answers::Reserved(Reply::Done(ReserveStockDone { expires_at }))));
    assert!(matches!(step.next, Next::To(Purchase::Authorising)));
    assert_eq!((names(&step), step.effects), (vec!["payments.authorise-payment".to_owned()], vec![Change::Reserved]));

    let step = on(Some(Purchase::Capturing), Input::Deadline);
    assert!(matches!(step.next, Next::To(Purchase::Undoing { .. })));
    assert_eq!(names(&step), ["payments.void-payment", "stock.release-stock"]);
    assert_eq!(step.deadline, Deadline::None);

    let code = AuthorisePaymentRefusal::Declined;
    let late = Answers::Authorised(Reply::Refused { code, text: String::new() });
    assert!(matches!(on(Some(Purchase::Done), reply(late)).next, Next::Ignore));
    assert!(Purchase::on(Some(Purchase::Done), Input::Local(Wish::Cancel), &context()).is_err());
}

#[test]
fn ids_are_the_same_each_time_and_no_two_are() {
    let (first, second) = (context(), Context { version: 2, ..context() });
    let other = Context::new(order(11), DateTime::UNIX_EPOCH);
    let ids = [
        first.command_id("a", 0),
        first.command_id("a", 1),
        first.command_id("b", 0),
        second.command_id("a", 0),
        other.command_id("a", 0),
        first.id_of("payment"),
        first.id_of("refund"),
        other.id_of("payment"),
    ];
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[..at].contains(id));
    }
    assert_eq!((first.command_id("a", 0), first.id_of("payment")), (ids[0], second.id_of("payment")));
    // For ever: what is under way was sent by an earlier build.
    assert_eq!(ids[0].to_string(), "228af408-e1cf-5781-b72a-46ce63ea63a7");
    assert!(first.after(Duration::MAX) > first.now);
}
