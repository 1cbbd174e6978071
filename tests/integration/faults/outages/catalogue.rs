//! The catalogue's server, MongoDB's stand-in on a file, is killed while administrators write and customers buy: everything else is answered
//! meanwhile, what was confirmed is there afterwards, and what waits in documents is told once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kit::testing::wait_within;
use mongo_catalogue::{MongoCatalogue, MongoConfig, relay};
use serde_json::{Value, json};

use super::{ORDERS_BETWEEN, number};
use crate::faults::administrators::{Administrators, CATEGORY, Known, price_minor};
use crate::faults::books::Books;
use crate::faults::buyers::{Buyers, Pace};
use crate::faults::told::{Held, Told};
use crate::support::client;
use crate::support::service;
use crate::support::shop::Shop;

/// Writes that are confirmed before each kill.
const WRITES_BETWEEN: usize = 12;
/// How long what has waited may take to be told and heard; the rest is patience with a loaded machine.
const TOLD_WITHIN: Duration = Duration::from_secs(120);
/// Products of one page.
const PAGE: usize = 100;

const WHILE_AWAY: &str = "{ me { name orders(first: 1) { edges { node { status } } } } \
    products(first: 1) { edges { node { name price { amountMinor } } } } }";

const LIST: &str = "query($filter: ProductFilter, $first: Int, $after: String) { \
    products(filter: $filter, orderBy: NEWEST, first: $first, after: $after) { \
    edges { node { id sku version price { amountMinor } } } pageInfo { hasNextPage endCursor } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_mongodb_costs_its_own_fields_and_no_confirmed_write() {
    let kills = number("KILLS", 2);
    let (mut mongo, url) = service::mongo().await;
    let mut shop = Shop::start_with("small", service::mongo_config(&url)).await;
    let (graphql, databases) = (shop.dev.graphql(), shop.databases());
    let catalogue = MongoCatalogue::open(&url, MongoConfig::default()).await.expect("MongoDB");
    let books = Books::open(&databases).await;
    let (before, stocked) = (books.stand().await, books.stocked().await);
    let buyers = Buyers::start(graphql.clone(), shop.customer.clone(), Pace::OneByOne).await;
    let administrators = Administrators::start(&graphql, &shop.administrator);
    let mut survived = 0;
    for kill in 0..kills {
        buyers.buy_more(ORDERS_BETWEEN).await;
        // Every other time nothing can leave before the kill, so that something waits in documents then.
        let held = if kill % 2 == 0 { Some(Held::take(&databases).await) } else { None };
        administrators.write_more(WRITES_BETWEEN).await;
        let waiting = pending(&catalogue).await;
        mongo.kill().await;
        all_else_is_answered(&graphql, &shop.customer).await;
        mongo.start_again();
        service::mongo_is_ready(&mut mongo, &url).await;
        if held.is_some() {
            let still = pending(&catalogue).await;
            assert!(waiting > 0 && still >= waiting, "of {waiting} events {still} wait after the kill");
            survived += waiting;
        }
    }
    administrators.write_more(WRITES_BETWEEN).await;
    let known = administrators.stop().await;
    let bought = buyers.stop().await;
    assert!(!shop.dev.has_ended(), "the platform has ended");

    wait_within(TOLD_WITHIN, "all events to leave", async || (pending(&catalogue).await == 0).then_some(())).await;
    let there = products(&graphql, &shop.administrator, json!({ "category": CATEGORY })).await;
    let told = Told::read(&databases).await;
    compare(&known, &there, &told);
    let added: i64 = there.len().try_into().expect("a count");
    let are_stocked = async || (books.stocked().await == stocked + added).then_some(());
    wait_within(TOLD_WITHIN, "all products to be known to stock", are_stocked).await;
    books.settle().await;
    on_stock_as_in_its_books(&graphql, &shop.administrator, &books).await;
    let end = books.reconcile(&bought, &before).await;
    let (confirmed, repetitions) = (known.values().map(|known| known.confirmed).sum::<i64>(), told.repetitions);
    println!(
        "{kills} kills; {confirmed} confirmed writes of {added} products, {survived} events that outlived a kill in documents, \
         {repetitions} told again; {end}"
    );
}

/// Events that wait in documents, as `supergraph outbox status` counts them.
async fn pending(catalogue: &MongoCatalogue) -> u64 {
    relay::status(catalogue).await.expect("the catalogue").waiting
}

/// One operation over what is away and what isn't.
async fn all_else_is_answered(graphql: &str, customer: &str) {
    let answer = client::query(graphql, Some(customer), WHILE_AWAY).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let json = answer.json();
    let (data, errors) = (&json["data"], json["errors"].as_array().expect("errors"));
    assert!(data["me"]["name"].is_string(), "{answer:?}");
    assert!(data["me"]["orders"]["edges"][0]["node"]["status"].is_string(), "{answer:?}");
    assert_eq!(data["products"], Value::Null, "{answer:?}");
    let is_of_products = |error: &Value| error["path"][0] == "products" && error["extensions"]["code"] == "UNAVAILABLE";
    assert!(!errors.is_empty() && errors.iter().all(is_of_products), "{answer:?}");
}

/// Waits until the catalogue lists as on stock what stock has pieces of.
pub(super) async fn on_stock_as_in_its_books(graphql: &str, token: &str, books: &Books) {
    let are_same = async || {
        let listed = products(graphql, token, json!({ "inStock": true })).await;
        let listed: BTreeSet<String> = listed.into_values().map(|there| there.id).collect();
        (listed == books.on_stock().await).then_some(())
    };
    wait_within(TOLD_WITHIN, "the catalogue to know what is on stock", are_same).await;
}

/// A product as it is read.
struct There {
    id: String,
    version: i64,
    price_minor: i64,
}

/// What there is of some products, by SKU, as the store lists it.
async fn products(graphql: &str, token: &str, filter: Value) -> BTreeMap<String, There> {
    let (mut found, mut after) = (BTreeMap::new(), Value::Null);
    loop {
        let variables = json!({ "filter": filter, "first": PAGE, "after": after });
        let answer = client::post(graphql, Some(token), &json!({ "query": LIST, "variables": variables })).await;
        let json = answer.json();
        let page = &json["data"]["products"];
        for node in page["edges"].as_array().unwrap_or_else(|| panic!("{answer:?}")).iter().map(|edge| &edge["node"]) {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            let there = There {
                id: text(&node["id"]),
                version: node["version"].as_i64().expect("a version"),
                price_minor: text(&node["price"]["amountMinor"]).parse().expect("an amount"),
            };
            found.insert(text(&node["sku"]), there);
        }
        if page["pageInfo"]["hasNextPage"] != true {
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// What was confirmed is there; what is there was asked for, and each version of it was told once, in order, and nothing else was.
fn compare(known: &BTreeMap<String, Known>, there: &BTreeMap<String, There>, told: &Told) {
    for (sku, Known { confirmed, asked }) in known {
        let version = there.get(sku).map_or(0, |there| there.version);
        assert!(
            (*confirmed..=*asked).contains(&version),
            "{sku}: {version}, of {confirmed} confirmed and {asked} asked for"
        );
    }
    let mut expected = BTreeMap::new();
    for (sku, There { id, version, price_minor: minor }) in there {
        assert!(known.contains_key(sku), "{sku} that nobody has added");
        assert_eq!(*minor, price_minor(*version), "{sku} at version {version}");
        expected.insert(id.clone(), (1..=*version).map(|version| (version, price_minor(version))).collect::<Vec<_>>());
    }
    assert_eq!(told.by_product, expected, "what was told, and what there is");
}
