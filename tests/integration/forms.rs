//! The platform in one process and the platform split into processes answer alike, to the byte.

use serde_json::{Map, Value, json};

use crate::support::client;
use crate::support::shop::Shop;

/// The operations with their callers; see the folder's README.
const OPERATIONS: &str = include_str!("../fixtures/operations/operations.graphql");

fn operations() -> Vec<(&'static str, &'static str)> {
    let parts = OPERATIONS.split("# as ").filter(|part| !part.trim().is_empty());
    parts.map(|part| part.split_once('\n').expect("a caller, then an operation")).collect()
}

/// Ids of seeded data, under the names that the operations use.
async fn variables(shop: &Shop) -> Map<String, Value> {
    let url = shop.dev.graphql();
    let own = client::query(&url, Some(&shop.customer), "{ me { id orders(first: 1) { edges { node { id } } } } }")
        .await
        .json();
    let others =
        client::query(&url, Some(&shop.administrator), "{ users(last: 1) { edges { node { id } } } }").await.json();
    let products = client::query(&url, None, "{ products(first: 1) { edges { node { id } } } }").await.json();
    let values = json!({
        "userId": own["data"]["me"]["id"],
        "orderId": own["data"]["me"]["orders"]["edges"][0]["node"]["id"],
        "otherId": others["data"]["users"]["edges"][0]["node"]["id"],
        "productId": products["data"]["products"]["edges"][0]["node"]["id"],
        "yes": true,
        "no": false,
    });
    let values = values.as_object().expect("an object").clone();
    assert!(values.values().all(|value| !value.is_null()), "{values:?}");
    values
}

fn request(operation: &str, values: &Map<String, Value>) -> Value {
    let used = values.iter().filter(|(name, _)| operation.contains(&format!("${name}:")));
    let variables: Map<String, Value> = used.map(|(name, value)| (name.clone(), value.clone())).collect();
    json!({ "query": operation, "variables": variables })
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_and_many_answer_with_equal_bytes() {
    let shop = Shop::start("small").await;
    let split = shop.split().await;
    let values = variables(&shop).await;
    let operations = operations();
    assert!(operations.len() >= 50);
    let mut with_data = 0;
    for (caller, operation) in operations {
        let body = request(operation, &values);
        let in_process = client::post(&shop.dev.graphql(), shop.token(caller), &body).await;
        let over_http = client::post(&split.router.graphql(), shop.token(caller), &body).await;
        assert_eq!(in_process.text, over_http.text, "{caller}: {operation}");
        assert_eq!(
            (in_process.status, &in_process.content_type),
            (over_http.status, &over_http.content_type),
            "{operation}"
        );
        assert!(!in_process.text.contains("INTERNAL_SERVER_ERROR"), "{operation}: {}", in_process.text);
        with_data += usize::from(in_process.json()["data"].is_object());
    }
    assert!(with_data >= 40, "only {with_data} operations have data");
}
