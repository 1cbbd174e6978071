//! What was told of the catalogue, as the bus in PostgreSQL has it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kit::testing::wait_within;
use tokio_postgres::{Client, NoTls};
use wire::Domain;
use wire::event::Envelope;
use wire::events::products::{ProductAdded, ProductPriceChanged};
use wire::topic::{Purpose, Topic};

/// How long a topic may take to be made once the platform has started.
const TOPIC_MAX: Duration = Duration::from_secs(60);

const HOLD: &str = "SELECT FROM log_partition JOIN log_topic ON log_topic.id = topic_id WHERE name = $1 \
    ORDER BY partition FOR UPDATE OF log_partition";

const MESSAGES: &str = "SELECT text FROM log_message JOIN log_topic ON log_topic.id = topic_id WHERE name = $1 \
    ORDER BY partition, position";

/// The events of products, in the order of each product, without repetitions.
#[derive(Debug, Default)]
pub struct Told {
    /// Of each product, by its id: the version that an event made, and what the product costs since.
    pub by_product: BTreeMap<String, Vec<(i64, i64)>>,
    /// Messages that consumers pass over, since they have had them.
    pub repetitions: usize,
}

impl Told {
    /// Reads all of them from the bus of a server.
    pub async fn read(server: &str) -> Self {
        let rows = bus(server).await.query(MESSAGES, &[&topic()]).await.expect("the messages");
        let (mut told, mut seen) = (Self::default(), BTreeSet::new());
        for row in rows {
            let envelope = Envelope::parse(row.get(0)).expect("an envelope");
            if !seen.insert(envelope.id.clone()) {
                told.repetitions += 1;
                continue;
            }
            let version = envelope.sequence.and_then(|version| version.try_into().ok()).expect("a version");
            let event = (version, minor(&envelope));
            told.by_product.entry(envelope.subject.expect("a subject")).or_default().push(event);
        }
        told
    }
}

/// As long as it is there, nobody can publish what happens to the catalogue.
pub struct Held {
    /// Its transaction ends with it.
    _client: Client,
}

impl Held {
    /// Takes the topic's partitions on the bus of a server.
    pub async fn take(server: &str) -> Self {
        let client = bus(server).await;
        client.batch_execute("BEGIN").await.expect("a transaction");
        let is_held = async || {
            let partitions = client.query(HOLD, &[&topic()]).await.expect("the partitions");
            (!partitions.is_empty()).then_some(())
        };
        wait_within(TOPIC_MAX, "the topic", is_held).await;
        Self { _client: client }
    }
}

fn topic() -> String {
    Topic::of(Domain::Products, Purpose::Events).to_string()
}

async fn bus(server: &str) -> Client {
    let server = server.rsplit_once('/').map(|(server, _)| server).expect("a path");
    let (client, connection) = tokio_postgres::connect(&format!("{server}/bus"), NoTls).await.expect("the bus");
    tokio::spawn(connection);
    client
}

fn minor(envelope: &Envelope) -> i64 {
    let added = envelope.read::<ProductAdded>().expect("an event").map(|event| event.price);
    let changed = || envelope.read::<ProductPriceChanged>().expect("an event").map(|event| event.price);
    added.or_else(changed).unwrap_or_else(|| panic!("{envelope:?}")).amount_minor
}
