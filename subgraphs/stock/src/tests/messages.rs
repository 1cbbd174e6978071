//! Stock on a bus: commands come in and are answered, events go out, the catalogue and returns are followed.

use std::sync::Arc;

use kit::log_bus::LogBusConfig;
use kit::testing::{TestDatabase, wait_for};
use kit::{GlobalId, LogBus};
use uuid::Uuid;
use wire::Domain;
use wire::bus::{Bus, Message};
use wire::command::{Command, Reply};
use wire::commands::stock::{CommitStock, ReserveStock, ReserveStockRefusal};
use wire::event::{Envelope, Event, Stamp};
use wire::events::orders::{OrderRestockDue, OrderReturned, ReturnedLine};
use wire::events::stock::StockEvent;
use wire::topic::{Purpose, Topic};

use super::warehouse::commit_of;
use super::{Warehouse, line, product, reservation};

struct Shop {
    warehouse: Warehouse,
    bus: Arc<dyn Bus>,
    bus_database: TestDatabase,
}

impl Shop {
    async fn with(quantities: &[i32]) -> Self {
        let bus_database = TestDatabase::bus().await;
        let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
        Self { warehouse: Warehouse::with(quantities).await, bus: Arc::new(bus), bus_database }
    }

    async fn publish(&self, topic: &Topic, message: Message) {
        self.bus.publish(topic, &[message]).await.unwrap();
    }

    /// As orders send it, for the saga of a number.
    async fn send<C: Command>(&self, command: &C, saga: u128) -> Message {
        let envelope = Envelope::command(command, Domain::Orders, Uuid::from_u128(saga), stamp()).unwrap();
        let envelope = Envelope { actor: Some("service:orders".to_owned()), ..envelope };
        let message = envelope.to_message().unwrap();
        self.publish(&Topic::of(Domain::Stock, Purpose::Commands), message.clone()).await;
        message
    }

    async fn tell<E: Event>(&self, event: &E) -> Message {
        let message = Envelope::event(event, stamp()).unwrap().to_message().unwrap();
        self.publish(&E::topic(), message.clone()).await;
        message
    }

    /// All that was ever published to a topic, once it is so many.
    async fn published(&self, domain: Domain, purpose: Purpose, number: usize) -> Vec<Envelope> {
        let client = self.bus_database.database().bulk_connection().await.unwrap();
        let messages = "SELECT text FROM log_message JOIN log_topic ON log_topic.id = topic_id \
            WHERE name = $1 ORDER BY published_at, partition, position";
        let topic = Topic::of(domain, purpose).to_string();
        let rows = wait_for("messages", async || {
            Some(client.query(messages, &[&topic]).await.unwrap()).filter(|rows| rows.len() >= number)
        });
        rows.await.iter().map(|row| Envelope::parse(row.get(0)).unwrap()).collect()
    }

    async fn wait_for_level(&self, number: u64, level: (i32, i32)) {
        let is_there = async || (self.warehouse.level(product(number)).await == level).then_some(());
        wait_for("a level", is_there).await;
    }
}

fn stamp() -> Stamp {
    Stamp { id: Uuid::now_v7(), time: chrono::Utc::now() }
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_answered_and_events_are_told() {
    let shop = Shop::with(&[3]).await;
    let running = crate::workers(shop.warehouse.database(), &shop.bus).start();
    assert_eq!(running.status().len(), 8);
    let (kept, short) = (reservation(1, &[line(product(1), 2)]), reservation(2, &[line(product(1), 2)]));
    let sent = shop.send(&kept, 7).await;
    shop.wait_for_level(1, (3, 2)).await;
    shop.send(&short, 8).await;
    // The same message again is passed over; the same command in another is answered again.
    shop.publish(&Topic::of(Domain::Stock, Purpose::Commands), sent.clone()).await;
    shop.send(&kept, 7).await;
    shop.send::<CommitStock>(&commit_of(&kept), 7).await;
    shop.wait_for_level(1, (1, 0)).await;
    // While the relay still runs: of other keys it may have told nothing yet.
    let replies = shop.published(Domain::Orders, Purpose::Replies, 4).await;
    // Two deliveries' events, then three of each of the two commands that did something.
    let told = shop.published(Domain::Stock, Purpose::Events, 6).await;
    running.stop().await;
    let of_saga = |saga: u128| {
        let saga = Uuid::from_u128(saga).to_string();
        replies.iter().filter(move |reply| reply.correlation_id.as_ref() == Some(&saga))
    };
    let reserved: Vec<_> = of_saga(7).filter_map(|reply| reply.read::<Reply<ReserveStock>>().unwrap()).collect();
    assert_eq!(reserved.len(), 2);
    assert!(reserved.iter().all(|reply| matches!(reply, Reply::Done(done) if done.expires_at == kept.expires_at)));
    let refused: Vec<_> = of_saga(8).filter_map(|reply| reply.read::<Reply<ReserveStock>>().unwrap()).collect();
    assert!(matches!(&refused[..], [Reply::Refused { code: ReserveStockRefusal::OutOfStock, .. }]), "{refused:?}");
    assert_eq!(replies.len(), 4);
    let by_saga = told.iter().filter(|told| told.correlation_id == Some(Uuid::from_u128(7).to_string()));
    let by_saga: Vec<_> = by_saga.collect();
    assert_eq!(by_saga.len(), 4);
    assert!(by_saga.iter().all(|told| told.actor.as_deref() == Some("service:orders") && told.causation_id.is_some()));
    let last = told.iter().filter_map(|told| match StockEvent::read(told).unwrap() {
        Some(StockEvent::LevelChanged(level)) => Some((level.on_hand, level.reserved)),
        _ => None,
    });
    // In the order in which they came about, since all are of one product.
    assert_eq!(last.collect::<Vec<_>>(), [(3, 0), (3, 2), (1, 0)]);
    shop.warehouse.reconciled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_is_booked_once() {
    let shop = Shop::with(&[3, 0]).await;
    let running = crate::workers(shop.warehouse.database(), &shop.bus).start();
    let returned = |number: u64, quantity: u32| ReturnedLine {
        product_id: product(number).product_id.uuid().into(),
        variant_id: None,
        quantity: std::num::NonZeroU32::new(quantity).unwrap(),
    };
    let event = OrderReturned {
        order_id: super::order(1),
        customer_id: kit::seed::user_id(2).into(),
        // The catalogue has forgotten the last one.
        lines: vec![returned(1, 2), returned(2, 1), returned(77, 1)],
    };
    let message = shop.tell(&event).await;
    shop.publish(&OrderReturned::topic(), message).await;
    shop.wait_for_level(2, (1, 0)).await;
    shop.wait_for_level(1, (5, 0)).await;
    // An event of the same key behind it: when that is done both before it are.
    shop.tell(&OrderReturned { lines: vec![returned(2, 4)], ..event }).await;
    shop.wait_for_level(2, (5, 0)).await;
    let told = shop.published(Domain::Stock, Purpose::Events, 7).await;
    running.stop().await;
    assert_eq!(shop.warehouse.level(product(1)).await, (5, 0));
    let returns = told.iter().filter(|told| {
        matches!(StockEvent::read(told), Ok(Some(StockEvent::Received(received))) if received.order_id.is_some())
    });
    assert_eq!(returns.count(), 3);
    shop.warehouse.reconciled().await;
}

/// Of an order that was called off once its pieces were sold: by the same message again, and by another one that says the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_sold_to_an_order_that_is_called_off_is_booked_back_once() {
    let shop = Shop::with(&[3, 4]).await;
    let running = crate::workers(shop.warehouse.database(), &shop.bus).start();
    let sold = reservation(1, &[line(product(1), 2), line(product(2), 1)]);
    let other = reservation(2, &[line(product(2), 1)]);
    for reserved in [&sold, &other] {
        shop.warehouse.reserve(reserved).await;
        shop.warehouse.commit(&commit_of(reserved)).await;
    }
    assert_eq!(shop.warehouse.level(product(2)).await, (2, 0));
    let due = |reserved: &ReserveStock| OrderRestockDue {
        order_id: sold.order_id,
        customer_id: kit::seed::user_id(2).into(),
        reservation_id: reserved.reservation_id,
    };
    let message = shop.tell(&due(&sold)).await;
    shop.publish(&OrderRestockDue::topic(), message).await;
    shop.tell(&due(&sold)).await;
    // What wasn't sold to the order is nobody's to book back: it is put aside, and those behind it go on.
    shop.tell(&due(&other)).await;
    shop.tell(&due(&reservation(3, &[line(product(1), 1)]))).await;
    let returned = ReturnedLine {
        product_id: product(1).product_id.uuid().into(),
        variant_id: None,
        quantity: std::num::NonZeroU32::MIN,
    };
    let customer_id = kit::seed::user_id(2).into();
    shop.tell(&OrderReturned { order_id: sold.order_id, customer_id, lines: vec![returned] }).await;
    shop.wait_for_level(1, (4, 0)).await;
    running.stop().await;
    assert_eq!(shop.warehouse.level(product(2)).await, (3, 0));
    let client = shop.warehouse.database().bulk_connection().await.unwrap();
    let put_aside = client.query_one("SELECT count(*) FROM dead_letter", &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(put_aside, 2);
    shop.warehouse.reconciled().await;
}
