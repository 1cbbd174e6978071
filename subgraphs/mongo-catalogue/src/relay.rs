//! The relay: publishes what waits in documents, for as long as it runs, and takes it out by its ids once the bus has it.
//!
//! Several may run. Each publishes what waits in a document from the first on, so that whatever is published for the first time
//! comes after everything before it; what two of them publish twice is known to consumers by its id.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::products::store::StoreError;
use futures::TryStreamExt as _;
use kit::outbox::Status;
use mongodb::bson::{Document, doc};
use serde::Deserialize;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::Domain;
use wire::bus::{Bus, BusError, Message};
use wire::topic::{Purpose, Topic};

use crate::MongoCatalogue;
use crate::documents::Pending;
use crate::error::failed;

/// Where documents wait.
const COLLECTIONS: [&str; 2] = ["products", "pages"];
/// Documents of one batch, and messages of one of them: mostly they have one or two, of a kilobyte. What is more comes next.
const DOCUMENTS_MAX: i64 = 100;
const MESSAGES_MAX: i32 = 50;
/// Documents whose messages are counted: how many more there are tells nobody more, and takes longer than whoever asks waits.
const COUNTED_MAX: i64 = 10_000;
/// How often it looks without being woken: how late a message is that another process has written.
const POLL: Duration = Duration::from_millis(500);
/// How long the bus may take for a batch: a broker that changes its leader takes a few seconds.
const PUBLISH_TIMEOUT: Duration = Duration::from_secs(10);

/// Why nothing is published just now. What waits waits still.
#[derive(Debug, Error)]
pub enum RelayError {
    /// The catalogue can't be read or written.
    #[error("the catalogue can't be had")]
    Store(#[from] StoreError),
    /// The bus doesn't take it.
    #[error("the bus doesn't take what is pending")]
    Bus(#[from] BusError),
    /// The bus takes too long.
    #[error("the bus takes longer than {0:?}")]
    Slow(Duration),
}

/// A document's messages, from the oldest on.
#[derive(Debug, Deserialize)]
struct Waiting {
    #[serde(rename = "_id")]
    id: String,
    pending: Vec<Pending>,
}

/// The messages of a collection, as its server has counted them.
#[derive(Debug, Deserialize)]
struct Counted {
    waiting: i64,
    /// The least id.
    oldest: Option<String>,
}

/// Publishes until `stop`.
///
/// # Errors
/// [`RelayError`]: to be started again, after a while.
pub async fn keep_publishing(
    catalogue: MongoCatalogue,
    bus: Arc<dyn Bus>,
    stop: CancellationToken,
) -> Result<(), RelayError> {
    while !stop.is_cancelled() {
        if publish_once(&catalogue, &*bus).await? == 0 {
            let woken = tokio::time::timeout(POLL, catalogue.woken.notified());
            stop.run_until_cancelled(woken).await;
        }
    }
    Ok(())
}

/// Publishes one batch of each collection; how many messages that were.
///
/// # Errors
/// [`RelayError`]; what was published and is there still is published again.
pub async fn publish_once(catalogue: &MongoCatalogue, bus: &dyn Bus) -> Result<usize, RelayError> {
    let mut published = 0;
    for collection in COLLECTIONS {
        let waiting = read(catalogue, collection).await?;
        let messages: Vec<Message> = waiting.iter().flat_map(|waiting| &waiting.pending).map(message).collect();
        if messages.is_empty() {
            continue;
        }
        let topic = Topic::of(Domain::Products, Purpose::Events);
        let publishing = tokio::time::timeout(PUBLISH_TIMEOUT, bus.publish(&topic, &messages));
        publishing.await.map_err(|_| RelayError::Slow(PUBLISH_TIMEOUT))??;
        for waiting in &waiting {
            take_out(catalogue, collection, waiting).await?;
        }
        published += messages.len();
    }
    Ok(published)
}

/// How many messages wait, counted in the ten thousand documents that have waited longest, and since when: as the outbox of a service in
/// PostgreSQL tells it. Nothing is made for this.
///
/// # Errors
/// [`StoreError`].
pub async fn status(catalogue: &MongoCatalogue) -> Result<Status, StoreError> {
    let (mut waiting, mut oldest) = (0, None::<String>);
    for collection in COLLECTIONS {
        let documents = catalogue.bare::<Document>(collection);
        let mut counted = documents.aggregate(counting()).with_type::<Counted>().await.map_err(failed)?;
        // None, where nothing waits.
        if let Some(counted) = counted.try_next().await.map_err(failed)? {
            waiting += counted.waiting.unsigned_abs();
            oldest = oldest.into_iter().chain(counted.oldest).min();
        }
    }
    // Ids begin with the time at which they were made.
    let oldest = oldest.and_then(|id| Uuid::parse_str(&id).ok());
    let made = oldest.and_then(|id| id.get_timestamp()).map(|made| {
        let (seconds, nanoseconds) = made.to_unix();
        Duration::new(seconds, nanoseconds)
    });
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Status { waiting, oldest_age: made.map(|made| now.saturating_sub(made)) })
}

/// What waits, in the order in which it would be published if nothing came in between.
#[cfg(test)]
pub(crate) async fn peek(catalogue: &MongoCatalogue) -> Result<Vec<Message>, StoreError> {
    let mut all = Vec::new();
    for collection in COLLECTIONS {
        for waiting in read(catalogue, collection).await? {
            all.extend(waiting.pending.iter().map(message));
        }
    }
    Ok(all)
}

async fn read(catalogue: &MongoCatalogue, collection: &str) -> Result<Vec<Waiting>, StoreError> {
    let documents = catalogue.collection::<Waiting>(collection).await?;
    let found = documents
        .find(any_pending())
        // With a field beside it; else the server gives all others, too.
        .projection(doc! { "version": 1, "pending": { "$slice": MESSAGES_MAX } })
        .sort(doc! { "pending.id": 1 })
        .limit(DOCUMENTS_MAX);
    found.await.map_err(failed)?.try_collect().await.map_err(failed)
}

/// Counts on the server. A document's first message is its oldest.
fn counting() -> [Document; 4] {
    let first = doc! { "$arrayElemAt": ["$pending.id", 0] };
    [
        doc! { "$match": any_pending() },
        doc! { "$sort": { "pending.id": 1 } },
        doc! { "$limit": COUNTED_MAX },
        doc! { "$group": { "_id": null, "waiting": { "$sum": { "$size": "$pending" } }, "oldest": { "$min": first } } },
    ]
}

/// Any id: what this asks of the index is which documents have one.
fn any_pending() -> Document {
    doc! { "pending.id": { "$gt": "" } }
}

/// By ids, never all: more may have come to wait since.
async fn take_out(catalogue: &MongoCatalogue, collection: &str, published: &Waiting) -> Result<(), StoreError> {
    let ids: Vec<&str> = published.pending.iter().map(|pending| pending.id.as_str()).collect();
    let update = doc! { "$pull": { "pending": { "id": { "$in": ids } } } };
    let query = doc! { "_id": &published.id };
    let documents = catalogue.collection::<Document>(collection).await?;
    documents.update_one(query, update).await.map_err(failed)?;
    Ok(())
}

fn message(pending: &Pending) -> Message {
    Message { key: pending.key.as_str().into(), text: pending.text.as_str().into() }
}
