//! Services with databases of their own on one bus.

use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use wire::{
    Domain,
    bus::{Bus, Message},
    event::Envelope,
    topic::{Purpose, Topic},
};

use crate::{
    Database, LogBus,
    consumer::ConsumerConfig,
    database::DatabaseError,
    log_bus::LogBusConfig,
    outbox::{self, Relay},
    testing::{TestDatabase, wait_for},
    worker::{Running, Workers},
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

/// A bus.
pub(crate) struct Shop {
    pub bus: Arc<LogBus>,
    bus_database: TestDatabase,
}

/// A domain with its database.
pub(crate) struct Service {
    pub domain: Domain,
    pub test: TestDatabase,
    bus: Arc<dyn Bus>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let bus_database = TestDatabase::bus().await;
        let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
        Self { bus: Arc::new(bus), bus_database }
    }

    pub(crate) fn bus(&self) -> Arc<dyn Bus> {
        Arc::clone(&self.bus) as Arc<dyn Bus>
    }

    /// A domain with a table of what its handlers did.
    pub(crate) async fn service(&self, domain: Domain) -> Service {
        let test = TestDatabase::create("kit", MIGRATIONS).await;
        let table = "CREATE TABLE effect (number bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL)";
        test.database().bulk_connection().await.unwrap().batch_execute(table).await.unwrap();
        Service { domain, test, bus: self.bus() }
    }

    pub(crate) async fn publish(&self, topic: &Topic, messages: &[Message]) {
        self.bus.publish(topic, messages).await.unwrap();
    }

    /// All that was ever published to a topic.
    pub(crate) async fn messages(&self, domain: Domain, purpose: Purpose) -> Vec<Message> {
        let client = self.bus_database.database().bulk_connection().await.unwrap();
        let messages = "SELECT key, text FROM log_message JOIN log_topic ON log_topic.id = topic_id \
            WHERE name = $1 ORDER BY partition, position";
        let rows = client.query(messages, &[&Topic::of(domain, purpose).to_string()]).await.unwrap();
        rows.iter()
            .map(|row| Message { key: row.get::<_, &str>(0).into(), text: row.get::<_, &str>(1).into() })
            .collect()
    }

    /// Waits until so many were published.
    pub(crate) async fn wait_for_messages(&self, domain: Domain, purpose: Purpose, number: usize) -> Vec<Envelope> {
        let messages = wait_for("messages", async || {
            Some(self.messages(domain, purpose).await).filter(|messages| messages.len() >= number)
        });
        messages.await.iter().map(|message| Envelope::parse(&message.text).unwrap()).collect()
    }

    /// Waits until all groups have acknowledged all there is.
    pub(crate) async fn wait_for_acknowledgement(&self) {
        let client = self.bus_database.database().bulk_connection().await.unwrap();
        let open = "SELECT count(*) FROM log_subscription JOIN log_group ON log_group.id = group_id \
            JOIN log_partition USING (topic_id, partition) WHERE acknowledged < position";
        let is_settled = async || {
            let open: i64 = client.query_one(open, &[]).await.unwrap().get(0);
            (open == 0).then_some(())
        };
        wait_for("all to be acknowledged", is_settled).await;
    }

    /// Waits until nothing is under way any more: not in an outbox, nor on the bus.
    pub(crate) async fn wait_until_quiet(&self, services: &[&Service]) {
        let is_quiet = async || {
            self.wait_for_acknowledgement().await;
            for service in services {
                if service.outbox_waiting().await > 0 {
                    return None;
                }
            }
            // What was published last may be under way again.
            let client = self.bus_database.database().bulk_connection().await.unwrap();
            let open = "SELECT count(*) FROM log_subscription JOIN log_group ON log_group.id = group_id \
                JOIN log_partition USING (topic_id, partition) WHERE acknowledged < position";
            let open: i64 = client.query_one(open, &[]).await.unwrap().get(0);
            (open == 0).then_some(())
        };
        wait_for("quiet", is_quiet).await;
    }
}

impl Service {
    pub(crate) fn database(&self) -> &Database {
        self.test.database()
    }

    /// Its relay, and whatever else.
    pub(crate) fn workers(&self) -> Workers {
        Workers::new(self.domain.as_str()).with(Relay::new(self.database().clone(), Arc::clone(&self.bus)))
    }

    pub(crate) fn start(&self, add: impl FnOnce(Workers, Database, Arc<dyn Bus>) -> Workers) -> Running {
        add(self.workers(), self.database().clone(), Arc::clone(&self.bus)).start()
    }

    /// What its handlers did, in order.
    pub(crate) async fn effects(&self) -> Vec<String> {
        let client = self.database().bulk_connection().await.unwrap();
        let rows = client.query("SELECT text FROM effect ORDER BY number", &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    pub(crate) async fn wait_for_effects(&self, number: usize) -> Vec<String> {
        wait_for("effects", async || Some(self.effects().await).filter(|effects| effects.len() >= number)).await
    }

    pub(crate) async fn outbox_waiting(&self) -> u64 {
        outbox::status(&mut self.database().connection().await.unwrap()).await.unwrap().waiting
    }
}

/// Writes down that something was done.
pub(crate) async fn effect(connection: &mut AsyncPgConnection, text: &str) -> Result<(), DatabaseError> {
    use diesel_async::RunQueryDsl as _;
    let insert = diesel::sql_query("INSERT INTO effect (text) VALUES ($1)");
    insert.bind::<diesel::sql_types::Text, _>(text).execute(connection).await?;
    Ok(())
}

pub(crate) fn quick() -> ConsumerConfig {
    ConsumerConfig { retry_first_ms: 5, retry_longest_ms: 20, ..ConsumerConfig::default() }
}
