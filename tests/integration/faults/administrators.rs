//! Administrators who change the catalogue, and remember what was confirmed to them: products of a category of their own, whose versions
//! tell their prices.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use kit::testing::wait_within;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::buyers::ask;

/// Administrators at the same time.
const ADMINISTRATORS: usize = 3;
/// Versions of one product.
const VERSIONS: i64 = 4;
/// Between two writes of one: a catalogue isn't written as fast as it goes.
const PAUSE: Duration = Duration::from_millis(100);
/// How long one answer is waited for.
const ANSWER_MAX: Duration = Duration::from_secs(20);
/// How long some more writes may take: the catalogue's store comes back by itself.
const MORE_MAX: Duration = Duration::from_secs(120);

/// The category of what they add.
pub const CATEGORY: &str = "Outages";

const ADD: &str = "mutation($input: CreateProductInput!) { \
    written: createProduct(input: $input) { product { id version } errors { __typename } } }";

const CHANGE_PRICE: &str = "mutation($input: ChangePriceInput!) { \
    written: changePrice(input: $input) { product { id version } errors { __typename } } }";

/// What a product costs at a version.
pub fn price_minor(version: i64) -> i64 {
    version * 100
}

/// What is known of a product by who wrote it.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The version that was confirmed; 0 for none.
    pub confirmed: i64,
    /// The last one that was asked for: it may be there, confirmed or not.
    pub asked: i64,
}

/// Administrators who write until they are told to stop.
pub struct Administrators {
    tasks: JoinSet<BTreeMap<String, Known>>,
    confirmed: Arc<AtomicUsize>,
    enough: Arc<AtomicBool>,
}

impl Administrators {
    /// Starts them.
    pub fn start(graphql: &str, token: &str) -> Self {
        let (confirmed, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let mut tasks = JoinSet::new();
        for administrator in 0..ADMINISTRATORS {
            let one = Administrator {
                client: reqwest::Client::builder().timeout(ANSWER_MAX).build().expect("a client"),
                graphql: graphql.to_owned(),
                token: token.to_owned(),
                confirmed: Arc::clone(&confirmed),
                enough: Arc::clone(&enough),
            };
            tasks.spawn(async move { one.write(administrator).await });
        }
        Self { tasks, confirmed, enough }
    }

    /// Waits until so many more writes are confirmed to them, within a bound.
    pub async fn write_more(&self, writes: usize) {
        let before = self.confirmed.load(Ordering::Relaxed);
        let has_more = async || (self.confirmed.load(Ordering::Relaxed) >= before + writes).then_some(());
        wait_within(MORE_MAX, &format!("{writes} more writes than {before}"), has_more).await;
    }

    /// Lets them finish; what they know of each product, by its SKU.
    pub async fn stop(self) -> BTreeMap<String, Known> {
        self.enough.store(true, Ordering::Relaxed);
        self.tasks.join_all().await.into_iter().flatten().collect()
    }
}

struct Administrator {
    client: reqwest::Client,
    graphql: String,
    token: String,
    confirmed: Arc<AtomicUsize>,
    enough: Arc<AtomicBool>,
}

impl Administrator {
    async fn write(&self, administrator: usize) -> BTreeMap<String, Known> {
        let mut known = BTreeMap::new();
        for number in 0.. {
            if self.is_enough() {
                break;
            }
            let sku = format!("OUTAGE-{administrator}-{number}");
            known.insert(sku.clone(), self.write_product(&sku).await);
        }
        known
    }

    /// Adds a product and changes its price, version by version, until a write isn't confirmed: what isn't may be done, and the next
    /// version unknown.
    async fn write_product(&self, sku: &str) -> Known {
        let mut known = Known { confirmed: 0, asked: 1 };
        let input = json!({ "sku": sku, "name": "Lamp", "price": price(1), "category": CATEGORY, "weight": 100 });
        let Some(added) = self.confirmed_version(ADD, input, 1).await else { return known };
        known.confirmed = 1;
        while known.confirmed < VERSIONS && !self.is_enough() {
            known.asked = known.confirmed + 1;
            let input = json!({ "id": added["id"], "expectedVersion": known.confirmed, "price": price(known.asked) });
            if self.confirmed_version(CHANGE_PRICE, input, known.asked).await.is_none() {
                return known;
            }
            known.confirmed = known.asked;
        }
        known
    }

    /// The product as a write has left it, at a version; `None` if nobody answers, or with a coded error.
    async fn confirmed_version(&self, mutation: &str, input: Value, version: i64) -> Option<Value> {
        tokio::time::sleep(PAUSE).await;
        let body = json!({ "query": mutation, "variables": { "input": input } });
        let answer = ask(&self.client, &self.graphql, &self.token, &body).await?;
        let written = &answer["data"]["written"];
        if written.is_null() {
            assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{body}: {answer}");
            return None;
        }
        // Nobody else writes this, so nothing is refused.
        assert_eq!(written["product"]["version"], version, "{body}: {answer}");
        self.confirmed.fetch_add(1, Ordering::Relaxed);
        Some(written["product"].clone())
    }

    fn is_enough(&self) -> bool {
        self.enough.load(Ordering::Relaxed)
    }
}

fn price(version: i64) -> Value {
    json!({ "amountMinor": price_minor(version).to_string(), "currency": "EUR" })
}
