//! The platform in one process and the platform split into processes answer alike, to the byte.

use std::time::Duration;

use kit::testing::wait_within;
use serde_json::{Map, Value, json};

use crate::support::client;
use crate::support::shop::Shop;

/// A purchase takes a dozen transactions and as many messages; the rest is patience with a loaded machine.
const PURCHASE_MAX: Duration = Duration::from_secs(60);

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
    let mut values = json!({
        "userId": own["data"]["me"]["id"],
        "orderId": own["data"]["me"]["orders"]["edges"][0]["node"]["id"],
        "otherId": others["data"]["users"]["edges"][0]["node"]["id"],
        "productId": products["data"]["products"]["edges"][0]["node"]["id"],
        "yes": true,
        "no": false,
    });
    let (user, product) = (values["userId"].clone(), values["productId"].clone());
    values["paidOrderId"] = paid_order(shop, &user, &product).await;
    let values = values.as_object().expect("an object").clone();
    assert!(values.values().all(|value| !value.is_null()), "{values:?}");
    values
}

/// An order that the seeded customer has paid, once every service has heard of it and nothing more happens by itself. Without it
/// there would be neither payments nor notifications to compare.
async fn paid_order(shop: &Shop, user: &Value, product: &Value) -> Value {
    let url = shop.dev.graphql();
    let mutation = format!(
        "mutation {{ placeOrder(input: {{ idempotencyKey: \"bought\", paymentMethod: \"pm_card_visa\", \
         lines: [{{ productId: {product}, quantity: 1 }}] }}) {{ order {{ id }} errors {{ __typename }} }} }}"
    );
    let placed = client::query(&url, Some(&shop.customer), &mutation).await.json();
    let order = &placed["data"]["placeOrder"]["order"]["id"];
    assert!(order.is_string(), "{placed}");
    let query = format!(
        "{{ order(id: {order}) {{ status }} payments(first: 1) {{ edges {{ node {{ status }} }} }} \
         orderHistory(customerId: {user}, first: 1) {{ edges {{ node {{ status }} }} }} \
         user(id: {user}) {{ notifications {{ edges {{ node {{ deliveries {{ status }} }} }} }} }} \
         product(id: {product}) {{ stockItems {{ reserved }} }} }}"
    );
    let told = json!({ "node": { "deliveries": [{ "status": "SENT" }] } });
    let settled = json!({
        "order": { "status": "PAID" },
        "payments": { "edges": [{ "node": { "status": "CAPTURED" } }] },
        "orderHistory": { "edges": [{ "node": { "status": "PAID" } }] },
        "user": { "notifications": { "edges": [told, told] } },
        "product": { "stockItems": [{ "reserved": 0 }] },
    });
    wait_within(PURCHASE_MAX, "the order to be paid and told", async || {
        let answer = client::query(&url, Some(&shop.administrator), &query).await.json();
        (answer["data"] == settled).then_some(())
    })
    .await;
    order.clone()
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
    assert!(operations.len() >= 100);
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
    assert!(with_data >= 95, "only {with_data} operations have data");
}
