//! Pending events leave for the bus in their order, and are taken out once it has them.

use std::sync::Arc;

use ::products::ProductId;
use ::products::desk::{Desk, Written};
use ::products::domain::{ProductChange, ProductDraft};
use kit::log_bus::LogBusConfig;
use kit::testing::{TestDatabase, wait_for};
use kit::{LogBus, Money};
use wire::bus::Bus;
use wire::event::Envelope;
use wire::topic::{Purpose, Topic};

use super::Mongo;
use crate::{MongoCatalogue, relay};

pub(super) fn draft(number: u32) -> ProductDraft {
    ProductDraft {
        sku: format!("POT-{number:03}"),
        name: "Pot".to_owned(),
        description: String::new(),
        price: Money::new(1_999, kit::CurrencyCode::EUR),
        category: "Pots".to_owned(),
        attributes: Vec::new(),
        weight_grams: 900,
        stock: 0,
    }
}

/// Adds a product; its id.
pub(super) async fn added(desk: &Desk, number: u32) -> ProductId {
    match desk.add(draft(number)).await.unwrap() {
        Written::Product(product) => product.id,
        refused => panic!("{refused:?}"),
    }
}

fn renamed(name: u32) -> ProductChange {
    ProductChange { name: Some(format!("Pot {name}")), ..ProductChange::default() }
}

/// The sequences of what was published under each key, repetitions left out as a consumer's inbox does.
async fn published(bus_database: &TestDatabase) -> Vec<(String, u64)> {
    let client = bus_database.database().bulk_connection().await.unwrap();
    let messages = "SELECT text FROM log_message JOIN log_topic ON log_topic.id = topic_id WHERE name = $1 \
        ORDER BY partition, position";
    let topic = Topic::of(wire::Domain::Products, Purpose::Events).to_string();
    let rows = client.query(messages, &[&topic]).await.unwrap();
    let mut seen = std::collections::BTreeSet::new();
    let envelopes = rows.iter().map(|row| Envelope::parse(row.get(0)).unwrap());
    let first = envelopes.filter(|told| seen.insert(told.id.clone()));
    first.map(|told| (told.subject.unwrap(), told.sequence.unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn several_relays_publish_everything_in_order() {
    let Mongo(catalogue) = Mongo::fresh().await;
    let bus_database = TestDatabase::bus().await;
    let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
    let bus: Arc<dyn Bus> = Arc::new(bus);
    let stop = tokio_util::sync::CancellationToken::new();
    let relays: Vec<_> = (0..3)
        .map(|_| tokio::spawn(relay::keep_publishing(catalogue.clone(), Arc::clone(&bus), stop.clone())))
        .collect();
    let desk = Desk::new(Arc::new(catalogue.clone()), None);
    for number in 0..5 {
        let id = added(&desk, number).await;
        for version in 1..=6 {
            let written = desk.change((id, version), renamed(version.unsigned_abs())).await.unwrap();
            assert!(matches!(written, Written::Product(_)), "{written:?}");
        }
    }
    wait_for("nothing to wait", async || (relay::status(&catalogue).await.unwrap().waiting == 0).then_some(())).await;
    stop.cancel();
    for relay in relays {
        relay.await.unwrap().unwrap();
    }
    let mut published = published(&bus_database).await;
    assert_eq!(published.len(), 5 * 7);
    // Of each key in its order; keys are in their partitions.
    published.sort_by(|(one, _), (other, _)| one.cmp(other));
    for of_key in published.chunks(7) {
        assert_eq!(of_key.iter().map(|(_, sequence)| *sequence).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_runs_on_it() {
    let Mongo(catalogue) = Mongo::fresh().await;
    let bus_database = TestDatabase::bus().await;
    let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
    let bus: Arc<dyn Bus> = Arc::new(bus);
    let database = TestDatabase::create("products", ::products::MIGRATIONS).await;
    let running = crate::workers(&catalogue, database.database(), &bus).start();
    let id = added(&Desk::new(Arc::new(catalogue.clone()), None), 1).await;
    on_stock(&bus, id).await;
    wait_for("the event", async || (published(&bus_database).await.len() == 1).then_some(())).await;
    wait_for("stock", async || is_in_stock(&catalogue).await.then_some(())).await;
    running.stop().await;
}

async fn on_stock(bus: &Arc<dyn Bus>, id: ProductId) {
    use kit::GlobalId as _;
    use wire::event::{Event as _, Stamp};
    let event = wire::events::stock::StockLevelChanged {
        product_id: id.uuid().into(),
        variant_id: None,
        on_hand: 2,
        reserved: 1,
        withdrawn: None,
    };
    let stamp = Stamp { id: uuid::Uuid::now_v7(), time: chrono::Utc::now() };
    let message = Envelope::event(&event, stamp).unwrap().with_sequence(1).to_message().unwrap();
    bus.publish(&wire::events::stock::StockLevelChanged::topic(), &[message]).await.unwrap();
}

async fn is_in_stock(catalogue: &MongoCatalogue) -> bool {
    use ::products::domain::{ProductFilter, ProductOrder};
    use ::products::store::ProductStore as _;
    let page = kit::PageRequest::parse(Some(1), None, None, None, kit::PageBound::new("checked")).unwrap();
    let filter = ProductFilter { in_stock: Some(true), ..ProductFilter::default() };
    !catalogue.product_list(&filter, ProductOrder::Name, &page).await.unwrap().is_empty()
}
