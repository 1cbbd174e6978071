//! MongoDB is away when the platform is started, and while stock has something to tell of what can be bought: everything but products is there,
//! and what was told meanwhile counts afterwards.

use std::time::Duration;

use kit::testing::wait_within;
use serde_json::{Value, json};

use super::catalogue::on_stock_as_in_its_books;
use super::number;
use crate::faults::books::Books;
use crate::faults::fleet::Fleet;
use crate::support::client;
use crate::support::service;
use crate::support::shop::Shop;

/// How long products may take to be answered once MongoDB is back; the rest is patience with a loaded machine.
const BACK_WITHIN: Duration = Duration::from_secs(60);

const ASK: &str = "{ me { name } products(first: 1) { edges { node { name } } } }";

const SELL_OUT: &str = "mutation($input: AdjustStockInput!) { adjustStock(input: $input) { \
    item { onHand } errors { __typename } } }";

#[tokio::test(flavor = "multi_thread")]
async fn processes_start_without_mongodb_and_what_stock_tells_waits_for_it() {
    let away = Duration::from_secs(number("OUTAGE_SECONDS", 20));
    let (mut mongo, url) = service::mongo().await;
    let shop = Shop::start_with("small", service::mongo_config(&url)).await;
    let (customer, administrator) = (shop.customer.clone(), shop.administrator.clone());
    let books = Books::open(&shop.databases()).await;
    on_stock_as_in_its_books(&shop.dev.graphql(), &administrator, &books).await;

    mongo.kill().await;
    let mut fleet = Fleet::start(shop).await;
    let graphql = fleet.graphql();
    let answer = client::query(&graphql, Some(&customer), ASK).await;
    let json = answer.json();
    assert!(json["data"]["me"]["name"].is_string(), "{answer:?}");
    assert_eq!(json["data"]["products"], Value::Null, "{answer:?}");
    assert_eq!(json["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer:?}");
    let (product, pieces, version) = books.a_product().await;
    let input = json!({ "id": product, "expectedVersion": version, "change": -pieces, "reason": "LOST" });
    let body = json!({ "query": SELL_OUT, "variables": { "input": input } });
    let answer = client::post(&graphql, Some(&administrator), &body).await;
    assert_eq!(answer.json()["data"]["adjustStock"]["item"]["onHand"], 0, "{answer:?}");
    tokio::time::sleep(away).await;

    mongo.start_again();
    service::mongo_is_ready(&mut mongo, &url).await;
    let is_back = async || client::query(&graphql, Some(&customer), ASK).await.json()["errors"].is_null().then_some(());
    wait_within(BACK_WITHIN, "products to be answered", is_back).await;
    on_stock_as_in_its_books(&graphql, &administrator, &books).await;
    assert!(!books.on_stock().await.contains(&product));
    assert_eq!(books.dead_letters("products").await, 0);
    assert!(fleet.is_whole(), "a process has ended");
}
