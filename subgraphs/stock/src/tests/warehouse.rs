//! Stock with a database of its own, and the commands that it is sent.

use std::num::NonZeroU32;

use chrono::{DateTime, Duration, Utc};
use kit::database::Freshness;
use kit::testing::{TestDatabase, TestIdentity};
use kit::{Database, GlobalId, Reads, Subgraph};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::command::Reply;
use wire::commands::stock::{CommitStock, ReleaseStock, ReserveStock};
use wire::event::Envelope;
use wire::events::stock::StockLine;
use wire::identity::Identity;

use crate::StockStore;
use crate::domain::{Item, ItemKey};
use crate::store::{
    Cause, Delivery, Received, Reconciliation, StoreError, commit, item_open, reconcile, release, reserve,
};

pub(super) struct Warehouse {
    pub test: TestDatabase,
    identity: TestIdentity,
    subgraph: Subgraph,
}

impl Warehouse {
    pub(super) async fn empty() -> Self {
        let test = TestDatabase::create("stock", crate::MIGRATIONS).await;
        let identity = TestIdentity::new("orders");
        let subgraph = crate::subgraph(&Reads::new("stock", test.database().clone(), None), identity.access());
        Self { test, identity, subgraph }
    }

    /// With so many pieces of product 1, product 2, and so on.
    pub(super) async fn with(quantities: &[i32]) -> Self {
        let warehouse = Self::empty().await;
        for (number, quantity) in (1..).zip(quantities) {
            warehouse.stocked(product(number), *quantity).await;
        }
        warehouse
    }

    pub(super) fn database(&self) -> &Database {
        self.test.database()
    }

    pub(super) fn store(&self) -> StockStore {
        StockStore::new(self.database().clone())
    }

    /// Opens an item and delivers its pieces.
    pub(super) async fn stocked(&self, item: ItemKey, quantity: i32) {
        self.database().unit(async |connection| item_open(connection, &item).await).await.unwrap();
        if quantity > 0 {
            let delivery = Delivery { item, quantity, cause: format!("delivery:{}", Uuid::now_v7()) };
            let received = self.store().receive(&Cause::default(), &delivery).await.unwrap();
            assert!(matches!(received, Received::Booked(_)), "{received:?}");
        }
    }

    pub(super) async fn reserve(&self, command: &ReserveStock) -> Reply<ReserveStock> {
        reserve_in(self.database(), command).await.unwrap()
    }

    pub(super) async fn release(&self, command: &ReleaseStock) -> Reply<ReleaseStock> {
        release_in(self.database(), command).await.unwrap()
    }

    pub(super) async fn commit(&self, command: &CommitStock) -> Reply<CommitStock> {
        commit_in(self.database(), command).await.unwrap()
    }

    pub(super) async fn item(&self, item: ItemKey) -> Item {
        self.store().item_list(&[item.id()], Freshness::Latest).await.unwrap().remove(0)
    }

    /// On hand and reserved.
    pub(super) async fn level(&self, item: ItemKey) -> (i32, i32) {
        let item = self.item(item).await;
        (item.on_hand, item.reserved)
    }

    pub(super) async fn reconciled(&self) -> Reconciliation {
        let found = reconcile(&mut self.database().connection().await.unwrap()).await.unwrap();
        assert!(found.is_clean(), "{found:?}");
        found
    }

    /// What waits to be told, in the order in which it was decided.
    pub(super) async fn told(&self) -> Vec<Envelope> {
        let client = self.database().bulk_connection().await.unwrap();
        let rows = client.query("SELECT envelope FROM outbox ORDER BY position", &[]).await.unwrap();
        rows.iter().map(|row| Envelope::parse(row.get(0)).unwrap()).collect()
    }

    pub(super) async fn ask(&self, identity: &Identity, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let token = self.identity.token(identity);
        let answer = self.subgraph.execute(body.into(), Some(&token)).await;
        serde_json::from_slice(&answer).unwrap()
    }

    pub(super) async fn ask_as_anyone(&self, query: &str, variables: Value) -> Value {
        self.ask(&Identity::anonymous(), query, variables).await
    }

    pub(super) async fn ask_as_administrator(&self, query: &str, variables: Value) -> Value {
        let subject = kit::id::encode("User", kit::seed::user_id(kit::seed::ADMINISTRATOR));
        self.ask(&Identity::administrator(subject), query, variables).await
    }
}

pub(super) async fn reserve_in(database: &Database, command: &ReserveStock) -> Result<Reply<ReserveStock>, StoreError> {
    database.unit(async |connection| reserve(connection, &Cause::default(), command).await).await
}

pub(super) async fn release_in(database: &Database, command: &ReleaseStock) -> Result<Reply<ReleaseStock>, StoreError> {
    database.unit(async |connection| release(connection, &Cause::default(), command).await).await
}

pub(super) async fn commit_in(database: &Database, command: &CommitStock) -> Result<Reply<CommitStock>, StoreError> {
    database.unit(async |connection| commit(connection, &Cause::default(), command).await).await
}

/// A product that is sold as it is.
pub(super) fn product(number: u64) -> ItemKey {
    ItemKey::product(crate::ProductId::from_uuid(kit::seed::product_id(number)))
}

/// A variant of a product.
pub(super) fn variant(number: u64, variant: u64) -> ItemKey {
    let variant_id = kit::seed::seeded_id("variant", number * 100 + variant);
    ItemKey { variant_id: Some(crate::VariantId::from_uuid(variant_id)), ..product(number) }
}

pub(super) fn line(item: ItemKey, quantity: u32) -> StockLine {
    StockLine {
        product_id: item.product_id.uuid().into(),
        variant_id: item.variant_id.map(|variant| variant.uuid().into()),
        quantity: NonZeroU32::new(quantity).unwrap(),
    }
}

/// An order, of which `reservation` is.
pub(super) fn order(number: u64) -> wire::id::OrderId {
    kit::seed::order_id(number).into()
}

/// A reservation of the order of its number.
pub(super) fn reservation(number: u64, lines: &[StockLine]) -> ReserveStock {
    ReserveStock {
        reservation_id: kit::seed::seeded_id("reservation", number).into(),
        order_id: order(number),
        lines: lines.to_vec(),
        expires_at: in_an_hour(),
    }
}

pub(super) fn release_of(reserve: &ReserveStock) -> ReleaseStock {
    ReleaseStock { reservation_id: reserve.reservation_id, order_id: reserve.order_id }
}

pub(super) fn commit_of(reserve: &ReserveStock) -> CommitStock {
    CommitStock { reservation_id: reserve.reservation_id, order_id: reserve.order_id }
}

/// Of the precision that the database keeps.
fn in_an_hour() -> DateTime<Utc> {
    let at = Utc::now() + Duration::hours(1);
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap()
}
