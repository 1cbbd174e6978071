//! Each event once, whatever comes how often and in which order.

use std::sync::Arc;

use kit::{
    LogBus,
    log_bus::LogBusConfig,
    testing::{TestDatabase, wait_for},
};
use uuid::Uuid;
use wire::{
    bus::{Bus, Message},
    event::Envelope,
    events::orders::{OrderDelivered, OrderShipped},
    events::payments::PaymentCaptured,
    id::{LedgerTransactionId, OrderId, PaymentId},
    money::{Currency, Money},
    topic::{Purpose, Topic},
};

use super::{House, JOBS, event, inbox, nodes, placed};

/// What happens to one order of each of some users, by topic.
fn happenings(house: &House, users: u64) -> (Vec<Envelope>, Vec<Envelope>) {
    let (mut orders, mut payments) = (Vec::new(), Vec::new());
    for number in 1..=users {
        let user = house.user(number, &["IN_APP", "EMAIL"]);
        let (order_id, customer_id) = (OrderId::from(kit::seed::order_id(number)), user.into());
        orders.push(placed(user, number));
        orders.push(event(&OrderShipped { order_id, customer_id, carrier: None, tracking_number: None }));
        orders.push(event(&OrderDelivered { order_id, customer_id }));
        payments.push(event(&PaymentCaptured {
            payment_id: PaymentId::from(Uuid::now_v7()),
            order_id,
            customer_id,
            amount: Money::new(1_999, Currency::EUR),
            amount_captured: Money::new(1_999, Currency::EUR),
            fee: None,
            ledger_transaction_id: LedgerTransactionId::from(Uuid::now_v7()),
        }));
    }
    (orders, payments)
}

/// Ten times each, shuffled: a bus that can't be sure, and then some.
fn redelivered(events: &[Envelope]) -> Vec<Message> {
    let mut messages: Vec<Message> = events.iter().flat_map(|event| vec![event.to_message().unwrap(); 10]).collect();
    fastrand::shuffle(&mut messages);
    messages
}

#[tokio::test(flavor = "multi_thread")]
async fn events_redelivered_and_shuffled_are_told_once() {
    const USERS: u64 = 5;
    let house = House::open().await;
    let bus_database = TestDatabase::bus().await;
    let bus: Arc<dyn Bus> =
        Arc::new(LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap());
    let (orders, payments) = happenings(&house, USERS);
    bus.publish(&Topic::new("orders", Purpose::Events).unwrap(), &redelivered(&orders)).await.unwrap();
    bus.publish(&Topic::new("payments", Purpose::Events).unwrap(), &redelivered(&payments)).await.unwrap();
    // Two of everything, as in two processes.
    let running: Vec<_> =
        (0..2).map(|_| crate::workers(house.database.database(), &bus, house.ways.clone(), JOBS).start()).collect();
    let told = i64::try_from(USERS * 4).unwrap();
    wait_for("all inbox rows", async || (house.count("SELECT count(*) FROM inbox").await == told).then_some(())).await;
    wait_for("all mails", async || {
        (house.count("SELECT count(*) FROM delivery WHERE status = 'SENT'").await == told).then_some(())
    })
    .await;
    // Once more, by consumers that know nothing of it: the notifications themselves are the keys.
    house.execute("DELETE FROM inbox").await;
    bus.publish(&Topic::new("orders", Purpose::Events).unwrap(), &redelivered(&orders)).await.unwrap();
    wait_for("the inbox rows again", async || {
        (house.count("SELECT count(*) FROM inbox").await == told / 4 * 3).then_some(())
    })
    .await;
    house.wait_until_idle().await;
    for running in running {
        running.stop().await;
    }
    assert_eq!(house.mail.taken().len(), USERS as usize * 4);
    assert_eq!(house.mail.shown().len(), USERS as usize * 4);
    assert_eq!(house.count("SELECT count(*) FROM notification").await, told);
    assert_eq!(house.count("SELECT count(*) FROM dead_letter").await, 0);
    for number in 1..=USERS {
        let inbox = inbox(&house, kit::seed::user_id(number)).await;
        assert_eq!(inbox["unreadNotificationCount"], 4);
        let kinds: Vec<_> = nodes(&inbox).iter().map(|node| node["kind"].as_str().unwrap().to_owned()).collect();
        // Newest first, by when it happened and not by when it came.
        assert_eq!(kinds, ["PAYMENT_RECEIVED", "ORDER_DELIVERED", "ORDER_SHIPPED", "ORDER_PLACED"]);
        // The order's number is known from its placing, whichever came first.
        assert_eq!(nodes(&inbox)[2]["title"], format!("Your order SG-{number:08} is on its way"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_is_told_to_the_bus_once() {
    let house = House::open().await;
    let user = house.user(2, &["IN_APP", "EMAIL"]);
    let placed = placed(user, 7);
    for _ in 0..3 {
        house.hear(&placed).await;
        house.work().await;
    }
    let told = house.told().await;
    let channels: Vec<_> = told.iter().map(|(name, data)| (name.as_str(), data["channel"].as_str().unwrap())).collect();
    assert_eq!(channels, [("delivered", "IN_APP"), ("delivered", "EMAIL")]);
    assert_eq!(told[0].1["about"], placed.subject.clone().unwrap());
    let causes = house.texts("SELECT envelope::json ->> 'causationid' FROM outbox").await;
    assert_eq!(causes, [placed.id.clone(), placed.id]);
}
