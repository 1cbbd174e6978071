//! The message bus over Apache Pulsar: [`wire::bus`] for installations of more than one machine.
//!
//! A topic is a partitioned topic of the tenant, `persistent://<tenant>/<domain>/<purpose>`, made when it is first used. Messages go to
//! the partition that their key's hash says, and each member of a group has a Failover consumer on every partition: the broker
//! gives a partition to one member at a time, spread evenly by the members' names, and to another one when that is gone.
//!
//! What holds, and what doesn't:
//! - At least once. The broker doesn't confirm acknowledgements: [`Subscription::acknowledge`] returns when they are on their way, and
//!   those that a lost connection swallows come again.
//! - When a consumer joins a group, some partitions are moved to it at once, with all that is not yet acknowledged: the one that had them
//!   may still be working on it. Whoever dedupes in the transaction of the effect keeps each key's order through that.
//! - Messages are not batched into the broker's entries: an entry is one message, so that its place is a pair of numbers and an
//!   acknowledgement of it acknowledges nothing else. Nobody else may publish to these topics.
//! - Of a key, one message at a time is on its way: [`producer`] says why.
//!
//! Connections are made again by themselves. Memory is bounded: see [`PulsarConfig::prefetched_max`].

mod admin;
mod backlog;
mod config;
mod error;
mod partition;
mod producer;
mod subscription;
#[cfg(test)]
mod tests;
mod topics;

use futures::future::BoxFuture;
use pulsar::{Authentication, ConnectionRetryOptions, OperationRetryOptions, Pulsar, TokioExecutor};
use std::{collections::BTreeMap, time::Duration};
use wire::bus::{Bus, BusError, Message, Subscription, check_lengths};
use wire::topic::Topic;

pub use config::PulsarConfig;
pub use error::PulsarError;

/// How long to wait before a connection is tried again, at first and at most: a broker is back in seconds, and is noticed at once.
const RECONNECT_AFTER: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(500));
/// How long to wait before an operation is tried again that the broker wasn't ready for, as while it loads a topic.
const RETRY_AFTER: Duration = Duration::from_millis(300);
/// How often connections are tried: one that died silently is found within two of these.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// How long an unused connection is kept. They are few: one a broker.
const IDLE_MAX: Duration = Duration::from_secs(60 * 60);
/// Messages waiting to be written to one connection; publishing waits while it is full. Each connection sets aside a kilobyte for each of them
/// at once, and when a broker goes away the client makes as many connections as it had producers and consumers: hundreds.
const OUTBOUND_FRAMES_MAX: usize = 64;

/// A message bus in a Pulsar cluster. One a process: it shares its connections.
pub struct PulsarBus {
    client: Pulsar<TokioExecutor>,
    topics: topics::Topics,
    config: PulsarConfig,
}

impl PulsarBus {
    /// Connects to a cluster. `token` is sent to the broker and its REST interface if there is one (a JWT, mostly).
    ///
    /// # Errors
    /// [`PulsarError`] when it can't be reached within about the operation time-out.
    pub async fn connect(config: PulsarConfig, token: Option<String>) -> Result<Self, PulsarError> {
        let operation_timeout = config.operation_timeout();
        let tries =
            |pause: Duration| u32::try_from(operation_timeout.as_millis() / pause.as_millis()).unwrap_or(u32::MAX);
        let (min_backoff, max_backoff) = RECONNECT_AFTER;
        let mut builder = Pulsar::builder(config.service_url.as_str(), TokioExecutor)
            .with_connection_retry_options(ConnectionRetryOptions {
                min_backoff,
                max_backoff,
                max_retries: tries(max_backoff),
                connection_timeout: operation_timeout,
                keep_alive: KEEP_ALIVE,
                connection_max_idle: IDLE_MAX,
            })
            .with_operation_retry_options(OperationRetryOptions {
                operation_timeout,
                retry_delay: RETRY_AFTER,
                max_retries: Some(tries(RETRY_AFTER)),
            })
            .with_outbound_channel_size(OUTBOUND_FRAMES_MAX);
        if let Some(token) = &token {
            builder = builder.with_auth(Authentication { name: "token".to_owned(), data: token.clone().into_bytes() });
        }
        let client = builder.build().await?;
        let topics = topics::Topics::new(admin::Admin::new(&config, token)?);
        Ok(Self { client, topics, config })
    }
}

impl Bus for PulsarBus {
    fn publish<'a>(&'a self, topic: &'a Topic, messages: &'a [Message]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            check_lengths(messages)?;
            if messages.is_empty() {
                return Ok(());
            }
            let topic = self.topics.get(topic).await?;
            let timeout = self.config.operation_timeout();
            Ok(producer::publish(self.client.clone(), topic, messages.to_vec(), timeout).await?)
        })
    }

    fn subscribe<'a>(
        &'a self,
        topic: &'a Topic,
        group: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn Subscription>, BusError>> {
        Box::pin(async move {
            let topic = self.topics.get(topic).await?;
            Ok(Box::new(subscription::open(&self.client, &topic, group, &self.config).await?) as Box<dyn Subscription>)
        })
    }

    fn backlog<'a>(&'a self, topic: &'a Topic) -> BoxFuture<'a, Result<Option<BTreeMap<String, u64>>, BusError>> {
        Box::pin(async move { Ok(Some(backlog::backlog(&self.topics.admin, topic).await?)) })
    }
}
