//! Random lives of orders: nothing that the table doesn't allow ever happens, and sums are exact.

use chrono::DateTime;
use kit::event_store::Aggregate as _;
use kit::seed::Random;
use kit::{CurrencyCode, GlobalId, Money};
use uuid::Uuid;
use wire::events::orders::CancellationReason;

use super::state::action_of;
use super::{Action, CART_CHANGES_MAX, Command, Order, OrderEvent, OrderStatus, Refusal, next};
use crate::domain::{Article, LINES_MAX, PricedLine, PricedOrder, QUANTITY_MAX, RequestedLine};
use crate::{ProductId, UserId, VariantId};

/// Lives lived, and what is tried in each.
const LIVES: u64 = 3_000;
const TRIES: usize = 60;

/// Each second one is a variant of the product that the one before is.
fn article(number: u128) -> Article {
    let variant_id = (number % 2 == 1).then(|| VariantId::from_uuid(Uuid::from_u128(number)));
    Article { product_id: ProductId::from_uuid(Uuid::from_u128(number / 2)), variant_id }
}

fn customer() -> UserId {
    UserId::from_uuid(Uuid::from_u128(1))
}

fn line(number: u128, quantity: i32) -> RequestedLine {
    let Article { product_id, variant_id } = article(number);
    RequestedLine { product_id, variant_id, quantity }
}

fn priced(lines: &[(u128, i32, i64)]) -> PricedOrder {
    let money = |minor| Money::new(minor, CurrencyCode::EUR);
    let of = |&(number, quantity, minor): &(u128, i32, i64)| PricedLine {
        article: article(number),
        quantity,
        unit_price: money(minor),
        name: format!("Product {number}"),
        sku: format!("P-{number}"),
    };
    let total = lines.iter().map(|(_, quantity, minor)| i64::from(*quantity) * minor).sum();
    PricedOrder { lines: lines.iter().map(of).collect(), total: money(total) }
}

fn random_command(random: &mut Random) -> Command {
    let lines = |random: &mut Random| (0..random.u8(..3)).map(|_| line(random.u128(..4), random.i32(-1..6))).collect();
    match random.u8(..15) {
        0 => Command::SetLine { customer_id: customer(), line: line(random.u128(..4), random.i32(-1..6)) },
        1 => Command::RemoveLine(article(random.u128(..4))),
        2 => Command::Place {
            customer_id: customer(),
            number: 7,
            placed_at: DateTime::UNIX_EPOCH,
            priced: priced(&[(0, random.i32(1..6), random.i64(0..1_000)), (1, random.i32(1..6), random.i64(0..1_000))]),
        },
        3 => Command::Reserve(Uuid::from_u128(2)),
        4 => Command::Pay(Uuid::from_u128(3)),
        5 => Command::Pack,
        6 => Command::Ship { carrier: None, tracking_number: Some("T".into()) },
        7 => Command::Deliver,
        // Rare, so that many lives get far.
        8 if random.u8(..6) == 0 => Command::Cancel(CancellationReason::Customer),
        8 | 9 => Command::RequestReturn(lines(random)),
        10 => Command::ReceiveReturn(lines(random)),
        11 => Command::Refund {
            payment_id: Uuid::from_u128(3),
            refund_id: Uuid::from_u128(4),
            amount_minor: random.i64(-1..2_000),
        },
        12 => {
            let refund_id = Uuid::from_u128(random.u128(4..6));
            Command::NoteRefundFailed { payment_id: Uuid::from_u128(3), refund_id }
        }
        13 => Command::NoteRefund {
            payment_id: Uuid::from_u128(3),
            refund_id: Uuid::from_u128(5),
            amount_minor: random.i64(1..1_000),
        },
        _ => Command::NoteRestock,
    }
}

#[test]
fn nothing_happens_that_the_table_does_not_allow() {
    let mut seen = std::collections::BTreeSet::new();
    for life in 0..LIVES {
        let mut random = Random::with_seed(life);
        let mut order = Order::default();
        for _ in 0..TRIES {
            let command = random_command(&mut random);
            let (before, allowed) = (order.clone(), next(order.status, command.action()));
            match order.decide(command.clone()) {
                Ok(events) => {
                    assert!(!events.is_empty());
                    events.iter().for_each(|event| order.apply(event));
                    assert!(allowed.is_some(), "{before:?} {command:?}");
                    // Each step on the way.
                    let to = events.iter().filter_map(action_of).try_fold(before.status, next);
                    assert_eq!(Some(order.status), to, "{before:?} {command:?}");
                }
                Err(Refusal::IllegalTransition { status, action }) => {
                    assert_eq!((allowed, status, action), (None, before.status, command.action()));
                }
                Err(_) => assert!(allowed.is_some()),
            }
            check(&order);
            seen.insert(order.status);
        }
    }
    assert_eq!(seen.len(), OrderStatus::ALL.len(), "all statuses were lived through");
}

/// What holds of any order at any time.
fn check(order: &Order) {
    let sum = |terms: &super::state::Terms| {
        terms.lines.iter().map(|line| i64::from(line.quantity) * line.unit_price_minor).sum::<i64>()
    };
    let total = order.placed.as_ref().map_or(0, sum);
    assert_eq!(total, order.placed.as_ref().map_or(0, |terms| terms.total_minor));
    assert_eq!(order.placed.is_some(), order.status != OrderStatus::Cart);
    assert!((0..=total).contains(&order.refunded_minor));
    assert_eq!(order.refunds.values().sum::<i64>(), order.refunded_minor);
    assert!(order.return_refunds.iter().all(|(refund, minor)| order.refunds.get(refund) >= Some(minor)));
    assert!((0..=order.refundable_minor()).contains(&order.owed_minor));
    assert!(order.owed_minor == 0 || order.status == OrderStatus::Returned);
    assert!((0..=total - order.refunded_minor).contains(&order.returned_minor()));
    assert!(order.cart.iter().all(|line| (1..=QUANTITY_MAX).contains(&line.quantity)));
    assert_eq!(order.cancellation.is_some(), order.status == OrderStatus::Cancelled);
}

/// Rows of years ago make the same order.
#[test]
fn a_state_is_its_events_and_reads_back() {
    let mut order = Order::default();
    let mut events: Vec<OrderEvent> = Vec::new();
    let place = Command::Place {
        customer_id: customer(),
        number: 7,
        placed_at: DateTime::UNIX_EPOCH,
        priced: priced(&[(1, 2, 300), (2, 1, 50)]),
    };
    for command in [
        Command::SetLine { customer_id: customer(), line: line(1, 2) },
        place,
        Command::Reserve(Uuid::from_u128(2)),
        Command::Pay(Uuid::from_u128(3)),
        Command::Pack,
        Command::Ship { carrier: Some("DHL".into()), tracking_number: None },
        Command::Deliver,
        Command::RequestReturn(vec![line(1, 1), line(1, 1)]),
        Command::ReceiveReturn(vec![line(1, 1)]),
    ] {
        let happened = order.decide(command).unwrap();
        happened.iter().for_each(|event| order.apply(event));
        events.extend(happened);
    }
    assert_eq!((order.status, order.returned_minor(), order.refundable_minor()), (OrderStatus::Returned, 300, 650));
    let mut again = Order::default();
    for event in &events {
        use kit::event_store::EventSet as _;
        let stored = event.to_stored().unwrap();
        again.apply(&OrderEvent::from_stored(stored.name, stored.version, &stored.data).unwrap());
    }
    assert_eq!(again, order);
    let snapshot = serde_json::to_string(&order).unwrap();
    assert_eq!(serde_json::from_str::<Order>(&snapshot).unwrap(), order);
}

#[test]
fn carts_are_bounded_in_lines_pieces_and_changes() {
    let mut order = Order::default();
    let mut set = |number, quantity| {
        let events = order.decide(Command::SetLine { customer_id: customer(), line: line(number, quantity) })?;
        events.iter().for_each(|event| order.apply(event));
        Ok(order.cart.len())
    };
    for quantity in [0, -1, QUANTITY_MAX + 1] {
        assert_eq!(set(0, quantity), Err(Refusal::Quantity(article(0))));
    }
    for number in 0..LINES_MAX as u128 {
        assert_eq!(set(number, 1), Ok(number as usize + 1));
    }
    assert_eq!(set(LINES_MAX as u128, 1), Err(Refusal::TooManyLines));
    for change in LINES_MAX as u32..CART_CHANGES_MAX {
        assert_eq!(set(0, change.cast_signed() % 7 + 1), Ok(LINES_MAX));
    }
    assert_eq!(set(0, 1), Err(Refusal::TooManyChanges));
}

/// As much as the order has said, whatever was given back in all; and once.
#[test]
fn a_refund_that_comes_again_isnt_given_back() {
    let mut order = Order::default();
    let place = Command::Place {
        customer_id: customer(),
        number: 7,
        placed_at: DateTime::UNIX_EPOCH,
        priced: priced(&[(1, 2, 300)]),
    };
    let payment_id = Uuid::from_u128(3);
    let note = |refund: u128, amount_minor| Command::NoteRefund {
        payment_id,
        refund_id: Uuid::from_u128(refund),
        amount_minor,
    };
    let failed = |refund: u128| Command::NoteRefundFailed { payment_id, refund_id: Uuid::from_u128(refund) };
    for (command, refunded) in [
        (place, 0),
        (Command::Reserve(Uuid::nil()), 0),
        (note(1, 200), 200),
        (note(2, 1_000), 600),
        (failed(2), 200),
        (note(3, 100), 300),
        (failed(1), 100),
    ] {
        order.decide(command).unwrap().iter().for_each(|event| order.apply(event));
        assert_eq!((order.refunded_minor, order.status == OrderStatus::Cart), (refunded, false));
    }
    for refund in [1, 2, 4] {
        assert_eq!(order.decide(failed(refund)), Err(Refusal::NoSuchRefund), "{refund}");
    }
}

/// Two pieces at 300 each.
fn delivered() -> Order {
    let mut order = Order::default();
    let place = Command::Place {
        customer_id: customer(),
        number: 7,
        placed_at: DateTime::UNIX_EPOCH,
        priced: priced(&[(1, 2, 300)]),
    };
    let ship = Command::Ship { carrier: None, tracking_number: None };
    for command in
        [place, Command::Reserve(Uuid::nil()), Command::Pay(Uuid::nil()), Command::Pack, ship, Command::Deliver]
    {
        order.decide(command).unwrap().iter().for_each(|event| order.apply(event));
    }
    order
}

#[test]
fn money_for_what_came_back_is_owed_again_when_it_comes_again() {
    let (payment_id, refund) = (Uuid::from_u128(3), Uuid::from_u128);
    let note = |by: u128, amount_minor| Command::NoteRefund { payment_id, refund_id: refund(by), amount_minor };
    let failed = |by: u128| Command::NoteRefundFailed { payment_id, refund_id: refund(by) };
    let mut order = delivered();
    for (command, status, owed, refunded) in [
        // Of goodwill, which has nothing to do with what comes back.
        (note(1, 50), OrderStatus::Delivered, 0, 50),
        (Command::RequestReturn(vec![line(1, 1)]), OrderStatus::ReturnRequested, 0, 50),
        (Command::ReceiveReturn(Vec::new()), OrderStatus::Returned, 0, 50),
        (Command::Refund { payment_id, refund_id: refund(2), amount_minor: 300 }, OrderStatus::Refunded, 0, 350),
        (failed(1), OrderStatus::Refunded, 0, 300),
        (failed(2), OrderStatus::Returned, 300, 0),
        // By hand, in parts, of which one comes again as well.
        (note(3, 100), OrderStatus::Returned, 200, 100),
        (note(4, 250), OrderStatus::Refunded, 0, 350),
        (failed(3), OrderStatus::Returned, 100, 250),
        (note(5, 100), OrderStatus::Refunded, 0, 350),
        // What was more than owed isn't owed when it comes again.
        (failed(4), OrderStatus::Returned, 200, 100),
        (note(6, 500), OrderStatus::Refunded, 0, 600),
    ] {
        let shown = format!("{command:?}");
        order.decide(command).unwrap().iter().for_each(|event| order.apply(event));
        assert_eq!((order.status, order.owed_minor, order.refunded_minor), (status, owed, refunded), "{shown}");
        check(&order);
    }
}

/// One of the two pieces came back, and its price is to be given back.
fn returned() -> Order {
    let mut order = delivered();
    for command in [Command::RequestReturn(vec![line(1, 1)]), Command::ReceiveReturn(Vec::new())] {
        order.decide(command).unwrap().iter().for_each(|event| order.apply(event));
    }
    order
}

/// The provider has refused the refund that was asked for first, so somebody gives the money back by hand, and payments gives the rest.
#[test]
fn what_others_gave_back_instead_is_owed_when_it_comes_again() {
    use OrderStatus::{Refunded, Returned};
    let (payment_id, refund) = (Uuid::from_u128(3), Uuid::from_u128);
    let note = |by: u128, amount_minor| Command::NoteRefund { payment_id, refund_id: refund(by), amount_minor };
    let failed = |by: u128| Command::NoteRefundFailed { payment_id, refund_id: refund(by) };
    let own = |amount_minor| Command::Refund { payment_id, refund_id: refund(2), amount_minor };
    let lives = [
        // All of it.
        vec![
            (note(7, 300), Returned, 0, 300),
            (own(0), Refunded, 0, 300),
            (failed(7), Returned, 300, 0),
            (note(8, 300), Refunded, 0, 300),
            (failed(8), Returned, 300, 0),
        ],
        // A part of it.
        vec![
            (note(7, 100), Returned, 0, 100),
            (own(200), Refunded, 0, 300),
            (failed(2), Returned, 200, 100),
            (failed(7), Returned, 300, 0),
        ],
        // Which is told later.
        vec![(own(0), Refunded, 0, 0), (note(7, 300), Refunded, 0, 300), (failed(7), Returned, 300, 0)],
        // And has come again before.
        vec![
            (note(7, 300), Returned, 0, 300),
            (failed(7), Returned, 0, 0),
            (own(0), Returned, 300, 0),
            (note(8, 300), Refunded, 0, 300),
        ],
        // It came again so early that payments has given it.
        vec![(note(7, 300), Returned, 0, 300), (failed(7), Returned, 0, 0), (own(300), Refunded, 0, 300)],
        // Of goodwill: all that was due was given for what came back.
        vec![(note(7, 250), Returned, 0, 250), (own(300), Refunded, 0, 550), (failed(7), Refunded, 0, 300)],
        // More than was due.
        vec![(note(7, 400), Returned, 0, 400), (own(0), Refunded, 0, 400), (failed(7), Returned, 300, 0)],
    ];
    for life in lives {
        let mut order = returned();
        for (command, status, owed, refunded) in life {
            let shown = format!("{command:?}");
            order.decide(command).unwrap().iter().for_each(|event| order.apply(event));
            assert_eq!((order.status, order.owed_minor, order.refunded_minor), (status, owed, refunded), "{shown}");
            check(&order);
        }
    }
}

#[test]
fn no_more_comes_back_than_was_ordered() {
    let order = delivered();
    for (lines, refusal) in [
        (vec![], Refusal::NoLines),
        (vec![line(1, 3)], Refusal::TooManyPieces(article(1))),
        (vec![line(1, 1), line(1, 2)], Refusal::TooManyPieces(article(1))),
        (vec![line(1, 0)], Refusal::Quantity(article(1))),
        (vec![line(1, i32::MAX), line(1, i32::MAX)], Refusal::TooManyPieces(article(1))),
        (vec![line(2, 1)], Refusal::NoSuchLine(article(2))),
        (vec![line(0, 1)], Refusal::NoSuchLine(article(0))),
    ] {
        assert_eq!(order.decide(Command::RequestReturn(lines)), Err(refusal));
    }
    assert_eq!(order.status, OrderStatus::Delivered);
    assert_eq!(
        order.decide(Command::Cancel(CancellationReason::Customer)),
        Err(Refusal::IllegalTransition { status: OrderStatus::Delivered, action: Action::Cancel })
    );
}
