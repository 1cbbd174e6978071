//! The subgraph as its callers meet it, on a real PostgreSQL.

mod access;
mod asking;
mod blocking;
mod bounds;
mod buying;
mod cancelling;
mod cart;
mod catalogue;
mod commands;
mod disputing;
mod exporting;
mod files;
mod internal;
mod invoicing;
mod keeping;
mod migrating;
mod others;
mod owing;
mod paging;
mod placing;
mod rebuilding;
mod refunding;
mod returning;
mod shipping;
mod statements;
mod sweeping;
mod unreadable;
mod variants;
mod waiting;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::BoxFuture;
use kit::cache::CacheConfig;
use kit::objects::ObjectStorage;
use kit::seed::{CUSTOMER, Seed, SeedSize};
use kit::testing::{TestDatabase, TestIdentity};
use kit::{GlobalId, Money, Reads, Subgraph};
use serde_json::{Value, json};
use wire::identity::Identity;

use crate::catalogue::{Catalogue, CatalogueError};
use crate::domain::{Article, Quote};
use crate::payments::Payments;
use crate::{OrderId, ProductId, UserId, VariantId};

/// An orders subgraph on a database of its own, with the small seed.
struct Shop {
    database: TestDatabase,
    identity: TestIdentity,
    subgraph: Subgraph,
    catalogue: Arc<PriceList>,
    payments: Arc<refunding::TestPayments>,
}

impl Shop {
    /// With the small seed, and nobody at work: what is placed stays placed.
    async fn seeded() -> Self {
        Self::seeded_with(None).await
    }

    /// With a place for files.
    async fn seeded_with(objects: Option<Arc<dyn ObjectStorage>>) -> Self {
        let database = TestDatabase::create("orders", crate::MIGRATIONS).await;
        let seed = Seed { size: SeedSize::Small, progress: &|_| {} };
        assert!(crate::seed(database.database(), seed).await.unwrap() > 72 + 24);
        let identity = TestIdentity::new("payments");
        let catalogue = Arc::new(PriceList::default());
        // What is done behind its back is told nobody here: nothing is kept.
        let nothing = CacheConfig { bytes_max: 0, ..CacheConfig::default() };
        let reads = Reads::new(crate::NAME, database.database().clone(), None).bounded(nothing);
        let prices: Arc<dyn Catalogue> = Arc::clone(&catalogue) as Arc<dyn Catalogue>;
        let payments = Arc::new(refunding::TestPayments::default());
        let paid: Arc<dyn Payments> = Arc::clone(&payments) as Arc<dyn Payments>;
        let subgraph = crate::subgraph(&reads, prices, paid, objects, identity.access());
        Self { database, identity, subgraph, catalogue, payments }
    }

    async fn ask(&self, identity: &Identity, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let token = self.identity.token(identity);
        let answer = self.subgraph.execute(body.into(), Some(&token)).await;
        serde_json::from_slice(&answer).unwrap()
    }

    /// Asks, and counts the statements that the answer took.
    async fn count(&self, identity: &Identity, query: &str, variables: Value) -> (Value, u64) {
        let before = self.database.database().statements_executed();
        let answer = self.ask(identity, query, variables).await;
        (answer, self.database.database().statements_executed() - before)
    }

    /// How many orders there are, by SQL.
    async fn orders(&self) -> i64 {
        let client = self.database.database().bulk_connection().await.unwrap();
        client.query_one("SELECT count(*) FROM event WHERE type = 'placed'", &[]).await.unwrap().get(0)
    }
}

/// Product n costs n euros; product 100 costs dollars, 200 a fortune, 400 what nobody takes, and above 1,000 there is none. Products 300 to 302 come in two
/// variants, of which the first costs ten cents more than the product and the second twenty.
#[derive(Default)]
struct PriceList {
    asked: AtomicU64,
    /// Added to every price, to show that a stored price stays.
    surcharge: AtomicU64,
}

impl Catalogue for PriceList {
    fn quotes<'a>(&'a self, articles: &'a [Article]) -> BoxFuture<'a, Result<Vec<Quote>, CatalogueError>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let surcharge = self.surcharge.load(Ordering::Relaxed).cast_signed();
            let price = |number: u64, more: u64| {
                let minor = if number == 200 { i64::MAX / 2 } else { (number * 100 + more).cast_signed() + surcharge };
                let currency = match number {
                    100 => "USD",
                    400 => "XTS",
                    _ => "EUR",
                };
                Money::new(minor, currency.parse().unwrap())
            };
            let of_product = |number: u64| Quote {
                article: Article { product_id: product_id(number), variant_id: None },
                price: price(number, 0),
                name: format!("Product {number}"),
                sku: format!("P-{number}"),
                needs_variant: IN_VARIANTS.contains(&number),
            };
            let of_variant = |(number, variant): (u64, u64)| Quote {
                article: Article { variant_id: Some(variant_id(number, variant)), ..of_product(number).article },
                price: price(number, variant * 10),
                name: format!("Product {number} – {variant}"),
                sku: format!("P-{number}-{variant}"),
                needs_variant: false,
            };
            let variants = IN_VARIANTS.flat_map(|number| [(number, 1), (number, 2)]).map(of_variant);
            let products = (1..=1_000_u64).map(of_product).filter(|quote| articles.contains(&quote.article));
            // By the variant alone, whosever it was said to be.
            let is_asked = |quote: &Quote| articles.iter().any(|asked| asked.variant_id == quote.article.variant_id);
            Ok(products.chain(variants.filter(is_asked)).collect())
        })
    }
}

/// Products that come in variants.
const IN_VARIANTS: std::ops::RangeInclusive<u64> = 300..=302;

fn variant_id(product: u64, variant: u64) -> VariantId {
    VariantId::from_uuid(kit::seed::seeded_id("variant", product * 100 + variant))
}

fn product_id(number: u64) -> ProductId {
    ProductId::from_uuid(kit::seed::product_id(number))
}

fn order_id(number: u64) -> String {
    OrderId::from_uuid(kit::seed::order_id(number)).to_global()
}

fn user_id(number: u64) -> String {
    UserId::from_uuid(kit::seed::user_id(number)).to_global()
}

fn customer() -> Identity {
    Identity::user(user_id(CUSTOMER))
}

fn administrator() -> Identity {
    Identity::administrator(user_id(kit::seed::ADMINISTRATOR))
}
