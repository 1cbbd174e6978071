//! Orders, stock and payments, and what must have become of each order.

use std::collections::BTreeMap;

use uuid::Uuid;
use wire::Domain;

use super::{
    super::{Listed, Runner, RunnerConfig, Status, begin, list},
    payments::Payments,
    purchase::{Purchase, Wish},
    stock::Stock,
    things::{TABLE, things},
};
use crate::{
    command::{
        CommandConsumer,
        tests::shop::{Service, Shop, quick},
    },
    consumer::ConsumerConfig,
    event_store::Metadata,
    testing::wait_for,
    worker::{Running, Workers},
};

/// Three domains on one bus.
pub(super) struct World {
    pub shop: Shop,
    pub orders: Service,
    pub stock: Service,
    pub payments: Service,
}

/// What an order's number makes go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    OutOfStock,
    Declined,
    CaptureDeclined,
    CommitRefused,
}

impl Fault {
    pub(super) fn of(id: Uuid) -> Self {
        match id.as_u128() % 5 {
            1 => Self::OutOfStock,
            2 => Self::Declined,
            3 => Self::CaptureDeclined,
            4 => Self::CommitRefused,
            _ => Self::None,
        }
    }
}

pub(super) fn config() -> RunnerConfig {
    let consumer = ConsumerConfig { connections_max: 2, ..quick() };
    RunnerConfig { consumer, batch_max: 5, poll_ms: 20, ..RunnerConfig::default() }
}

impl World {
    pub(super) async fn open() -> Self {
        let shop = Shop::open().await;
        let (orders, stock, payments) =
            tokio::join!(shop.service(Domain::Orders), shop.service(Domain::Stock), shop.service(Domain::Payments));
        for service in [&stock, &payments] {
            service.database().bulk_connection().await.unwrap().batch_execute(TABLE).await.unwrap();
        }
        Self { shop, orders, stock, payments }
    }

    pub(super) fn start_orders(&self, runners: usize) -> Running {
        self.orders.start(|workers, database, bus| {
            let runner = Runner::<Purchase>::new(database, bus).with_config(config());
            (0..runners).fold(workers, |workers, _| workers.with(runner.clone()))
        })
    }

    pub(super) fn start_stock(&self) -> Running {
        self.stock.start(|workers: Workers, database, bus| {
            workers.with(CommandConsumer::new(database, bus, Domain::Stock, Stock).with_config(quick()))
        })
    }

    pub(super) fn start_payments(&self) -> Running {
        self.payments.start(|workers: Workers, database, bus| {
            workers.with(CommandConsumer::new(database, bus, Domain::Payments, Payments).with_config(quick()))
        })
    }

    pub(super) async fn place(&self, id: Uuid, patience_ms: u64) -> bool {
        let place = Wish::Place { patience_ms };
        let placing = self
            .orders
            .database()
            .unit(async |connection| begin::<Purchase>(connection, id, &place, &Metadata::default()).await);
        placing.await.unwrap()
    }

    /// Waits until that many have ended.
    pub(super) async fn wait_for_ends(&self, number: usize) {
        wait_for("sagas to end", async || {
            let mut connection = self.orders.database().connection().await.ok()?;
            let ended = Listed { status: Some(Status::Ended), ..Listed::default() };
            (list(&mut connection, &ended).await.ok()?.len() >= number).then_some(())
        })
        .await;
    }

    /// The states of all sagas, by order.
    pub(super) async fn states(&self) -> BTreeMap<Uuid, Purchase> {
        let client = self.orders.database().bulk_connection().await.unwrap();
        let rows = client.query("SELECT id::text, state FROM saga WHERE kind = 'purchase'", &[]).await.unwrap();
        let read = |row: &tokio_postgres::Row| {
            let (id, state): (&str, &str) = (row.get(0), row.get(1));
            (id.parse().unwrap(), serde_json::from_str(state).unwrap())
        };
        rows.iter().map(read).collect()
    }

    /// What happened to an order, in order.
    pub(super) async fn changes(&self, id: Uuid) -> Vec<String> {
        let prefix = format!("{} ", id.as_u128());
        let effects = self.orders.effects().await;
        effects.iter().filter_map(|effect| effect.strip_prefix(&prefix)).map(str::to_owned).collect()
    }

    /// Nothing is left reserved or owed, and each order has come to the end that its number says.
    pub(super) async fn reconcile(&self, ids: &[Uuid]) {
        let (states, stock, payments) = (self.states().await, things(&self.stock).await, things(&self.payments).await);
        for &id in ids {
            let (state, changes) = (states[&id].clone(), self.changes(id).await);
            let (stock, payment) = (stock.get(&id).map(String::as_str), payments.get(&id).map(String::as_str));
            let cancelled = |why: &str| Purchase::Cancelled { why: why.to_owned() };
            let expected: (_, &[&str], _, _) = match Fault::of(id) {
                Fault::None => (Purchase::Done, &["Reserved", "Paid"], Some("committed"), Some("captured")),
                Fault::OutOfStock => (cancelled("OUT_OF_STOCK"), &["Cancelled(\"OUT_OF_STOCK\")"], None, None),
                Fault::Declined => {
                    (cancelled("DECLINED"), &["Reserved", "Cancelled(\"DECLINED\")"], Some("closed"), None)
                }
                Fault::CaptureDeclined => {
                    (cancelled("DECLINED"), &["Reserved", "Cancelled(\"DECLINED\")"], Some("closed"), Some("closed"))
                }
                Fault::CommitRefused => (
                    cancelled("RESERVATION_CLOSED"),
                    &["Reserved", "Cancelled(\"RESERVATION_CLOSED\")"],
                    Some("closed"),
                    Some("refunded"),
                ),
            };
            let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
            assert_eq!((state, &*changes, stock, payment), expected, "order {}", id.as_u128());
        }
    }
}
