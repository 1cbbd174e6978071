//! What leaves the catalogue when it is written, and what it follows.

use std::sync::Arc;

use kit::log_bus::LogBusConfig;
use kit::testing::{TestDatabase, wait_for};
use kit::{GlobalId, LogBus};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::bus::Bus;
use wire::event::{Envelope, Event, Stamp};
use wire::events::products::ProductEvent;
use wire::events::stock::StockLevelChanged;

use super::{Catalogue, product};

const CREATE: &str = "mutation ($input: CreateProductInput!) { createProduct(input: $input) { \
    product { id version } errors { __typename } } }";
const UPDATE: &str = "mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { \
    product { version } errors { __typename } } }";
const PRICE: &str = "mutation ($input: ChangePriceInput!) { changePrice(input: $input) { \
    product { version } errors { __typename } } }";

pub(super) async fn told(catalogue: &Catalogue) -> Vec<Envelope> {
    let client = catalogue.database.database().bulk_connection().await.unwrap();
    let rows = client.query("SELECT envelope FROM outbox ORDER BY position", &[]).await.unwrap();
    rows.iter().map(|row| Envelope::parse(row.get(0)).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_told_with_its_version_and_no_refusal_is() {
    let catalogue = Catalogue::seeded().await;
    let teapot = json!({ "sku": "POT-1", "name": "Teapot", "price": { "amountMinor": "1999", "currency": "EUR" },
        "category": "Kitchen", "weight": 900, "stock": 3 });
    let mut id = Value::Null;
    for _ in 0..2 {
        let answer = catalogue.ask_as_administrator(CREATE, json!({ "input": teapot })).await;
        if id.is_null() {
            id = answer["data"]["createProduct"]["product"]["id"].clone();
        }
    }
    let change =
        |version: i32| json!({ "input": { "id": id, "expectedVersion": version, "name": "Pot", "weight": 900 } });
    let price = |version: i32| json!({ "input": { "id": id, "expectedVersion": version, "price": { "amountMinor": "5", "currency": "EUR" } } });
    for version in [1, 1] {
        catalogue.ask_as_administrator(UPDATE, change(version)).await;
    }
    for version in [2, 2] {
        catalogue.ask_as_administrator(PRICE, price(version)).await;
    }
    // The same name once more is a version and no news.
    let answer = catalogue.ask_as_administrator(UPDATE, change(3)).await;
    assert_eq!(answer["data"]["updateProduct"]["product"]["version"], 4, "{answer}");
    let told = told(&catalogue).await;
    let sequences: Vec<_> = told.iter().map(|told| told.sequence).collect();
    assert_eq!(sequences, [Some(1), Some(2), Some(3)]);
    let administrator = kit::id::encode("User", kit::seed::user_id(kit::seed::ADMINISTRATOR));
    assert!(
        told.iter().all(|told| told.subject.as_deref() == id.as_str() && told.actor.as_ref() == Some(&administrator))
    );
    let events: Vec<ProductEvent> = told.iter().map(|told| ProductEvent::read(told).unwrap().unwrap()).collect();
    assert!(matches!(&events[0], ProductEvent::Added(added) if added.initial_stock.map(u32::from) == Some(3)));
    assert!(matches!(&events[1], ProductEvent::Changed(changed) if changed.fields == ["name"]));
    assert!(matches!(&events[2], ProductEvent::PriceChanged(changed)
        if (changed.price_before.amount_minor, changed.price.amount_minor) == (1999, 5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_what_is_on_stock_follow_it() {
    let catalogue = Catalogue::seeded().await;
    let bus_database = TestDatabase::bus().await;
    let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
    let bus: Arc<dyn Bus> = Arc::new(bus);
    let running = crate::workers(catalogue.database.database(), &bus).start();
    let of = |number: u64, variant: Option<u128>, on_hand: u32, reserved: u32| StockLevelChanged {
        product_id: kit::seed::product_id(number).into(),
        variant_id: variant.map(|variant| Uuid::from_u128(variant).into()),
        on_hand,
        reserved,
        withdrawn: None,
    };
    let tell = async |event: StockLevelChanged| {
        let stamp = Stamp { id: Uuid::now_v7(), time: chrono::Utc::now() };
        let message = Envelope::event(&event, stamp).unwrap().to_message().unwrap();
        bus.publish(&StockLevelChanged::topic(), &[message.clone(), message]).await.unwrap();
    };
    let level = async |number: u64, variant: Option<u128>, on_hand: u32, reserved: u32| {
        tell(of(number, variant, on_hand, reserved)).await;
    };
    let is_listed = async |number: u64| {
        let query = "query { products(first: 100, filter: { inStock: true }) { edges { node { id } } } }";
        let answer = catalogue.ask_as_anyone(query, json!({})).await;
        let edges = answer["data"]["products"]["edges"].as_array().unwrap().clone();
        edges.iter().any(|edge| edge["node"]["id"] == product(number))
    };
    let wait_for_listed = async |number: u64, listed: bool| {
        wait_for("the list", async || (is_listed(number).await == listed).then_some(())).await;
    };
    assert!(is_listed(1).await);
    level(1, None, 5, 5).await;
    wait_for_listed(1, false).await;
    // As long as one variant is on stock the product is.
    level(1, Some(7), 2, 1).await;
    wait_for_listed(1, true).await;
    level(1, Some(8), 1, 0).await;
    level(1, Some(7), 1, 1).await;
    level(2, None, 1, 0).await;
    wait_for_listed(2, true).await;
    level(1, Some(8), 0, 0).await;
    wait_for_listed(1, false).await;
    // A product's own pieces don't count while it is sold by its variants, nor do those of a variant that is sold no more.
    level(1, Some(7), 4, 0).await;
    wait_for_listed(1, true).await;
    tell(StockLevelChanged { withdrawn: Some(true), ..of(1, None, 9, 0) }).await;
    tell(StockLevelChanged { withdrawn: Some(true), ..of(1, Some(7), 4, 0) }).await;
    wait_for_listed(1, false).await;
    level(1, None, 9, 0).await;
    wait_for_listed(1, true).await;
    running.stop().await;
    let version = "query ($id: ID!) { product(id: $id) { version } }";
    let answer = catalogue.ask_as_anyone(version, json!({ "id": product(1) })).await;
    assert_eq!(answer["data"]["product"]["version"], 1, "stock is none of the catalogue's versions");
}

#[test]
fn global_ids_are_one() {
    let id = crate::ProductId::from_uuid(Uuid::from_u128(7));
    assert_eq!(id.to_global(), wire::id::ProductId::from(Uuid::from_u128(7)).to_string());
}
