//! Customers who buy, and ask again under the same key until they are answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use kit::testing::wait_within;
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Buyers at the same time.
const BUYERS: usize = 4;
/// Between two orders of one, and before asking again: workers shall keep up, so that each step is seen alone.
const PAUSE: Duration = Duration::from_millis(250);
/// How long one answer is waited for.
const ANSWER_MAX: Duration = Duration::from_secs(20);
/// How long some more orders may take: processes and stores that are away come back by themselves.
const MORE_MAX: Duration = Duration::from_secs(120);
/// How often is asked under one key: processes are away for seconds.
const TRIES_MAX: usize = 200;

const PLACE: &str =
    "mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } errors { __typename } } }";

const RESTOCK: &str = "mutation($input: RestockInput!) { restock(input: $input) { errors { __typename } } }";

/// When a customer buys again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// After a pause, whatever becomes of the last order.
    Steady,
    /// When the last order has come to its end, so that few are under way: with hundreds of them in a queue each step is to be seen
    /// at any time, and a process that is killed there need have nothing to do with it.
    OneByOne,
}

/// Customers who buy until they are told to stop.
pub struct Buyers {
    tasks: JoinSet<BTreeMap<String, String>>,
    placed: Arc<AtomicUsize>,
    failed: Arc<AtomicUsize>,
    enough: Arc<AtomicBool>,
}

impl Buyers {
    /// Starts them.
    pub async fn start(graphql: String, token: String, pace: Pace) -> Self {
        let (mut tasks, enough) = (JoinSet::new(), Arc::new(AtomicBool::new(false)));
        let (placed, failed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let products = products(&graphql, &token).await;
        for buyer in 0..BUYERS {
            let (graphql, token, products) = (graphql.clone(), token.clone(), products.clone());
            let (placed, failed, enough) = (Arc::clone(&placed), Arc::clone(&failed), Arc::clone(&enough));
            tasks.spawn(async move {
                let client = reqwest::Client::builder().timeout(ANSWER_MAX).build().expect("a client");
                let mut bought = BTreeMap::new();
                for number in 0.. {
                    if enough.load(Ordering::Relaxed) {
                        break;
                    }
                    let key = format!("buyer-{buyer}-{number}");
                    let product = &products[(buyer + number) % products.len()];
                    let order = buy_and_count(&client, (&graphql, &token), (&key, product), &failed).await;
                    placed.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(PAUSE).await;
                    while pace == Pace::OneByOne && is_under_way(&client, &graphql, &token, &order).await {
                        if enough.load(Ordering::Relaxed) {
                            break;
                        }
                        tokio::time::sleep(PAUSE).await;
                    }
                    bought.insert(key, order);
                }
                bought
            });
        }
        Self { tasks, placed, failed, enough }
    }

    /// How many orders were confirmed to them until now.
    pub fn placed(&self) -> usize {
        self.placed.load(Ordering::Relaxed)
    }

    /// How often one of them wasn't told of an order until now, and had to ask again.
    pub fn failed(&self) -> usize {
        self.failed.load(Ordering::Relaxed)
    }

    /// Waits until so many more are, within a bound.
    pub async fn buy_more(&self, orders: usize) {
        let before = self.placed();
        let has_more = async || (self.placed() >= before + orders).then_some(());
        wait_within(MORE_MAX, &format!("{orders} more orders than {before}"), has_more).await;
    }

    /// Lets them finish; the ids of all orders that were confirmed to them, by key.
    pub async fn stop(self) -> BTreeMap<String, String> {
        self.enough.store(true, Ordering::Relaxed);
        self.tasks.join_all().await.into_iter().flatten().collect()
    }
}

/// Products of one currency to choose from.
pub async fn products(graphql: &str, token: &str) -> Vec<String> {
    let query = json!({ "query": "{ products(first: 50) { edges { node { id stock } } } }" });
    let client = reqwest::Client::new();
    let answer: Value = ask(&client, graphql, token, &query).await.expect("an answer");
    let nodes = answer["data"]["products"]["edges"].as_array().expect("products").iter().map(|edge| &edge["node"]);
    let plenty = nodes.filter(|node| node["stock"].as_i64() >= Some(100));
    plenty.map(|node| node["id"].as_str().expect("an id").to_owned()).take(8).collect()
}

/// Has more pieces delivered of each of those products.
pub async fn stock_up(graphql: &str, administrator: &str, pieces: u64) {
    let client = reqwest::Client::new();
    for product in products(graphql, administrator).await {
        let input = json!({ "id": product, "quantity": pieces });
        let body = json!({ "query": RESTOCK, "variables": { "input": input } });
        let answer = ask(&client, graphql, administrator, &body).await.unwrap_or_default();
        assert_eq!(answer["data"]["restock"]["errors"], json!([]), "{answer}");
    }
}

/// Buys one piece under a key, however often that takes; the order's id.
pub async fn buy(client: &reqwest::Client, graphql: &str, token: &str, key: &str, product: &str) -> String {
    buy_and_count(client, (graphql, token), (key, product), &AtomicUsize::new(0)).await
}

async fn buy_and_count(
    client: &reqwest::Client,
    (graphql, token): (&str, &str),
    (key, product): (&str, &str),
    failed: &AtomicUsize,
) -> String {
    let input = json!({
        "idempotencyKey": key,
        "paymentMethod": "pm_card_visa",
        "lines": [{ "productId": product, "quantity": 1 }],
    });
    let body = json!({ "query": PLACE, "variables": { "input": input } });
    let mut last = None;
    for _ in 0..TRIES_MAX {
        let answer = ask(client, graphql, token, &body).await;
        if let Some(order) = answer.as_ref().and_then(|answer| answer["data"]["placeOrder"]["order"]["id"].as_str()) {
            return order.to_owned();
        }
        last = answer;
        failed.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(PAUSE).await;
    }
    panic!("{key} was never answered: {last:?}");
}

/// Whether an order is yet to be paid or called off, or nobody answers.
async fn is_under_way(client: &reqwest::Client, graphql: &str, token: &str, order: &str) -> bool {
    let body = json!({ "query": "query($id: ID!) { order(id: $id) { status } }", "variables": { "id": order } });
    let answer = ask(client, graphql, token, &body).await.unwrap_or_default();
    !matches!(answer["data"]["order"]["status"].as_str(), Some("PAID" | "CANCELLED"))
}

/// The answer to a request; `None` if nobody answers.
pub async fn ask(client: &reqwest::Client, graphql: &str, token: &str, body: &Value) -> Option<Value> {
    let text = body.to_string();
    let request = client.post(graphql).header("content-type", "application/json").bearer_auth(token).body(text);
    let bytes = request.send().await.ok()?.bytes().await.ok()?;
    serde_json::from_slice(&bytes).ok()
}
