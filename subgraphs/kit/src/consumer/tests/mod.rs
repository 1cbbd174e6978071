//! A consumer on a real bus and a real database: each message works once, in the order of its key, whatever comes between.

mod dead_letters;
mod faults;
mod handlers;
mod once;
mod unwanted;

use std::{collections::BTreeMap, sync::Arc};

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::{
    bus::{Bus, Message},
    topic::{Purpose, Topic},
};

use self::handlers::Recording;
use super::{Consumer, ConsumerConfig, Group};
use crate::{
    LogBus,
    database::Database,
    log_bus::LogBusConfig,
    testing::{TestDatabase, wait_for},
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

/// A service's database with a table of effects, and a bus.
struct Shop {
    service: TestDatabase,
    bus: Arc<LogBus>,
    bus_database: TestDatabase,
}

impl Shop {
    async fn open() -> Self {
        let (service, bus_database) = (TestDatabase::create("kit", MIGRATIONS).await, TestDatabase::bus().await);
        let table = "CREATE TABLE effect (number bigint GENERATED ALWAYS AS IDENTITY, key text, value int, event uuid)";
        service.database().bulk_connection().await.unwrap().batch_execute(table).await.unwrap();
        let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
        Self { service, bus: Arc::new(bus), bus_database }
    }

    fn database(&self) -> &Database {
        self.service.database()
    }

    fn bus(&self) -> Arc<dyn Bus> {
        Arc::clone(&self.bus) as Arc<dyn Bus>
    }

    async fn publish(&self, messages: &[Message]) {
        self.bus.publish(&events(), messages).await.unwrap();
    }

    fn consume(&self, handler: Recording, config: ConsumerConfig) -> Running {
        let consumer = Consumer::new(self.database().clone(), self.bus(), events(), group(), handler);
        let stop = CancellationToken::new();
        Running { task: tokio::spawn(consumer.with_config(config).run(stop.clone())), stop }
    }

    /// What handlers did, by key and in order.
    async fn effects(&self) -> BTreeMap<String, Vec<i32>> {
        let client = self.database().bulk_connection().await.unwrap();
        let mut effects: BTreeMap<String, Vec<i32>> = BTreeMap::new();
        for row in client.query("SELECT key, value FROM effect ORDER BY number", &[]).await.unwrap() {
            effects.entry(row.get(0)).or_default().push(row.get(1));
        }
        effects
    }

    async fn wait_for_effects(&self, number: usize) -> BTreeMap<String, Vec<i32>> {
        wait_for("effects", async || {
            let effects = self.effects().await;
            (effects.values().map(Vec::len).sum::<usize>() >= number).then_some(effects)
        })
        .await
    }

    /// Waits until the group has acknowledged all there is.
    async fn wait_for_acknowledgement(&self) {
        let client = self.bus_database.database().bulk_connection().await.unwrap();
        let open = "SELECT count(*) FROM log_subscription JOIN log_group ON log_group.id = group_id \
            JOIN log_partition USING (topic_id, partition) WHERE acknowledged < position";
        wait_for("all to be acknowledged", async || {
            (client.query_one(open, &[]).await.unwrap().get::<_, i64>(0) == 0).then_some(())
        })
        .await;
    }
}

struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

fn events() -> Topic {
    Topic::new("orders", Purpose::Events).unwrap()
}

fn group() -> Group {
    Group::new("shipping", "orders").unwrap()
}

/// An event of a key that says a number; its id is made of both.
fn event(key: &str, value: i32) -> Message {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{key} {value}").as_bytes());
    let text = json!({ "specversion": "1.0", "id": id, "subject": key, "data": { "value": value } });
    Message { key: key.into(), text: text.to_string().into() }
}

fn quick() -> ConsumerConfig {
    ConsumerConfig { retry_first_ms: 5, retry_longest_ms: 20, ..ConsumerConfig::default() }
}
