//! What is done on the platform so that every arrow has something to carry.

use std::time::Duration;

use kit::Database;
use kit::database::DatabaseConfig;
use kit::testing::wait_within;
use payments::provider::test::TestProvider;
use serde_json::Value;
use wire::events::payments::ChargebackOutcome;

use super::platform::Platform;
use super::sights::rows;
use crate::support::client;

/// A purchase takes a dozen transactions and as many messages; the rest is patience with a loaded machine.
const ONE_THING_MAX: Duration = Duration::from_secs(90);

/// Which seeded user is forgotten: none of those who sign in, who are the first.
const SOMEBODY: usize = 4;

async fn ask(platform: &Platform, token: &str, query: &str) -> Value {
    let answer = client::query(&platform.dev.graphql(), Some(token), query).await;
    let json = answer.json();
    assert!(json["errors"].is_null(), "{query}: {answer:?}");
    json["data"].clone()
}

/// The first product's id.
pub async fn product(platform: &Platform) -> String {
    let data = ask(platform, &platform.customer, "{ products(first: 1) { edges { node { id } } } }").await;
    data["products"]["edges"][0]["node"]["id"].as_str().expect("an id").to_owned()
}

/// Does something of everything.
pub async fn make(platform: &Platform, product: &str) {
    change_profile(platform).await;
    change_price(platform, product).await;
    let delivered = buy(platform, product, "delivered").await;
    deliver(platform, &delivered).await;
    take_back(platform, &delivered).await;
    let cancelled = buy(platform, product, "cancelled").await;
    cancel(platform, &cancelled).await;
    erase_somebody(platform).await;
}

/// Reads what services keep of everything.
pub async fn read(platform: &Platform) {
    let orders = "orders(first: 3) { edges { node { status lines { product { name } } payments { status } } } }";
    let told = "notifications(first: 1) { edges { node { id } } }";
    let users = format!("users(first: 5) {{ edges {{ node {{ name addresses {{ city }} {orders} {told} }} }} }}");
    ask(
        platform,
        &platform.administrator,
        &format!("{{ products(first: 2) {{ edges {{ node {{ id stock }} }} }} {users} }}"),
    )
    .await;
}

/// Where an order of the customer's stands.
pub async fn status(platform: &Platform, order: &str) -> String {
    let data = ask(platform, &platform.customer, &format!("{{ order(id: \"{order}\") {{ status }} }}")).await;
    data["order"]["status"].as_str().expect("a status").to_owned()
}

/// Places an order and waits until it is paid.
pub async fn buy(platform: &Platform, product: &str, key: &str) -> String {
    let mutation = format!(
        "mutation {{ placeOrder(input: {{ idempotencyKey: \"{key}\", paymentMethod: \"pm_card_visa\", \
         lines: [{{ productId: \"{product}\", quantity: 1 }}] }}) {{ order {{ id status }} errors {{ __typename }} }} }}"
    );
    let data = ask(platform, &platform.customer, &mutation).await;
    let order = data["placeOrder"]["order"]["id"].as_str().unwrap_or_else(|| panic!("{data}")).to_owned();
    until_status(platform, &order, "PAID").await;
    order
}

async fn until_status(platform: &Platform, order: &str, wanted: &str) {
    wait_within(ONE_THING_MAX, &format!("the order to be {wanted}"), async || {
        (status(platform, order).await == wanted).then_some(())
    })
    .await;
}

async fn change_profile(platform: &Platform) {
    let mutation = "mutation { updateProfile(input: { name: \"Renamed\" }) { errors { __typename } } }";
    let data = ask(platform, &platform.customer, mutation).await;
    assert_eq!(data["updateProfile"]["errors"], Value::Array(Vec::new()), "{data}");
}

async fn change_price(platform: &Platform, product: &str) {
    let data = ask(platform, &platform.administrator, &format!("{{ product(id: \"{product}\") {{ version }} }}")).await;
    let version = &data["product"]["version"];
    let price = "price: { amountMinor: \"1234\", currency: \"EUR\" }";
    administer(platform, "changePrice", &format!("id: \"{product}\", expectedVersion: {version}, {price}")).await;
}

async fn cancel(platform: &Platform, order: &str) {
    let mutation = format!("mutation {{ cancelOrder(input: {{ id: \"{order}\" }}) {{ errors {{ __typename }} }} }}");
    let data = ask(platform, &platform.customer, &mutation).await;
    assert_eq!(data["cancelOrder"]["errors"], Value::Array(Vec::new()), "{data}");
    until_status(platform, order, "CANCELLED").await;
}

async fn deliver(platform: &Platform, order: &str) {
    for step in ["packOrder", "shipOrder", "deliverOrder"] {
        let data = ask(platform, &platform.administrator, &format!("{{ order(id: \"{order}\") {{ version }} }}")).await;
        let version = &data["order"]["version"];
        administer(platform, step, &format!("id: \"{order}\", expectedVersion: {version}")).await;
    }
    until_status(platform, order, "DELIVERED").await;
}

/// The payer's bank takes back what was paid for the only order so far, for good: then its customer is blocked, and what was seeded as placed
/// called off, until an administrator thinks better of the former.
async fn take_back(platform: &Platform, order: &str) {
    let database = Database::connect(&platform.database("payments"), DatabaseConfig::default()).await.expect("a pool");
    let client = database.bulk_connection().await.expect("a connection");
    let row = client.query_one("SELECT reference, captured_minor FROM test_provider.payment", &[]).await;
    let row = row.unwrap_or_else(|error| panic!("the payment of {order}: {error:?}"));
    let (reference, amount): (String, i64) = (row.get(0), row.get(1));
    let provider = TestProvider::open(database).await.expect("the provider");
    let dispute = provider.open_dispute(&reference, amount).await.expect("a dispute");
    provider.close_dispute(&dispute, &ChargebackOutcome::Lost).await.expect("its end");
    let data = ask(platform, &platform.customer, "{ me { id } }").await;
    let customer = data["me"]["id"].as_str().expect("an id");
    until_blocked(platform, 1).await;
    administer(platform, "unblockUser", &format!("userId: \"{customer}\"")).await;
    until_blocked(platform, 0).await;
}

/// Until orders know of so many customers from whom nothing is taken.
async fn until_blocked(platform: &Platform, customers: u64) {
    let blocked = "SELECT count(*) FROM customer WHERE blocked_at IS NOT NULL";
    wait_within(ONE_THING_MAX, &format!("{customers} blocked"), async || {
        (rows(platform, "orders", blocked).await == customers).then_some(())
    })
    .await;
}

/// A mutation that only administrators may do, by its input's text.
async fn administer(platform: &Platform, name: &str, input: &str) {
    let mutation = format!("mutation {{ {name}(input: {{ {input} }}) {{ errors {{ __typename }} }} }}");
    let data = ask(platform, &platform.administrator, &mutation).await;
    assert_eq!(data[name]["errors"], Value::Array(Vec::new()), "{name}: {data}");
}

/// Has everybody forget a user, once nothing of that user's is open.
async fn erase_somebody(platform: &Platform) {
    let orders = "orders(first: 10) { edges { node { id status version } } }";
    let query = format!("{{ users(first: {SOMEBODY}) {{ edges {{ node {{ id {orders} }} }} }} }}");
    let data = ask(platform, &platform.administrator, &query).await;
    let user = &data["users"]["edges"][SOMEBODY - 1]["node"];
    for order in user["orders"]["edges"].as_array().expect("orders").iter().map(|edge| &edge["node"]) {
        let id = order["id"].as_str().expect("an id");
        match order["status"].as_str() {
            Some("PLACED" | "PAID") => administer(platform, "cancelOrder", &format!("id: \"{id}\"")).await,
            Some("SHIPPED") => {
                let version = &order["version"];
                administer(platform, "deliverOrder", &format!("id: \"{id}\", expectedVersion: {version}")).await;
            }
            _ => {}
        }
    }
    let id = user["id"].as_str().expect("an id");
    let query = format!("{{ user(id: \"{id}\") {{ deletion {{ status }} }} }}");
    administer(platform, "deleteAccount", &format!("userId: \"{id}\", reason: \"asked\"")).await;
    wait_within(ONE_THING_MAX, "the end of a deletion", async || {
        let data = ask(platform, &platform.administrator, &query).await;
        (data["user"]["deletion"]["status"] == "ERASED").then_some(())
    })
    .await;
}
