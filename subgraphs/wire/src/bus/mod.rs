//! What a message bus has to do for us, and no more: keep messages in order a key, and hand each to every group of consumers
//! until it is acknowledged.
//!
//! At least once: whoever consumes must know what it has seen (`kit::inbox`). There is no negative acknowledgement: who can't
//! handle a message tries again where it is and gives it up into a dead-letter topic, since a message handed out again later
//! would come after those of its key that it was before.
//!
//! A message that [`Bus::publish`] was acknowledged for is never lost, whatever process dies. One for which it failed may be
//! there or not, once or twice.

#[cfg(any(test, feature = "testing"))]
pub mod behaviour;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::topic::Topic;

/// Bytes of a message's text: brokers refuse megabytes, and whoever reads many holds them all.
pub const MESSAGE_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a key.
pub const KEY_BYTES_MAX: usize = 256;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Messages of one key are handed out in the order in which they were published. Aggregates' ids, mostly.
    pub key: Arc<str>,
    /// An envelope as JSON.
    pub text: Arc<str>,
}

/// Where a message stands in a topic: of one partition, later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which partition, from 0.
    pub partition: u16,
    /// Where there: two numbers of the broker's, compared in turn.
    pub position: (u64, u64),
}

/// A message handed to a consumer.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Where it stands.
    pub place: Place,
    /// What it says.
    pub message: Message,
}

/// Why a bus can't do it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BusError {
    /// The bus can't be reached, or doesn't answer: later it may.
    #[error("the message bus does not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The message can't be sent, now or later.
    #[error("a message of {bytes} bytes is longer than {bytes_max}")]
    TooLong {
        /// How long it is, or its key.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
}

/// A message bus.
pub trait Bus: Send + Sync + 'static {
    /// Adds messages to a topic, in order; they are kept durably when this returns.
    ///
    /// # Errors
    /// [`BusError::TooLong`] before anything is sent; [`BusError::Unavailable`] leaves open what was.
    fn publish<'a>(&'a self, topic: &'a Topic, messages: &'a [Message]) -> BoxFuture<'a, Result<(), BusError>>;

    /// Consumes a topic as one of a group, from the first message that the group hasn't acknowledged; a new group begins with
    /// the oldest message kept. Each message goes to one consumer of the group, those of one key to the same one as long as
    /// it lives.
    ///
    /// # Errors
    /// [`BusError::Unavailable`].
    fn subscribe<'a>(
        &'a self,
        topic: &'a Topic,
        group: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn Subscription>, BusError>>;

    /// How many messages of a topic each of its groups hasn't acknowledged, by the groups' names, for metrics: it may be a moment
    /// old. `None` of a bus that doesn't know.
    ///
    /// # Errors
    /// [`BusError::Unavailable`].
    fn backlog<'a>(&'a self, topic: &'a Topic) -> BoxFuture<'a, Result<Option<BTreeMap<String, u64>>, BusError>> {
        let _ = topic;
        Box::pin(std::future::ready(Ok(None)))
    }
}

/// A consumer of a topic. What it was handed and has not acknowledged is handed out again once it is dropped, or when its
/// connection is lost, which it may not notice: the same message may come twice.
pub trait Subscription: Send + 'static {
    /// Waits for messages: at most so many, and at least one, but for none where a failure that was told is over. The wait can be
    /// given up at any time, by dropping it, and nothing is lost by that: who waits must be able to acknowledge meanwhile.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] while the bus can't be reached; to be asked again, after a while.
    fn next(&mut self, most: usize) -> BoxFuture<'_, Result<Vec<Delivery>, BusError>>;

    /// Says that messages are done with and need not come again, in any order. Messages handed out and never acknowledged
    /// keep the ones behind them on the bus; a bus may forget that those were acknowledged when the consumer is lost.
    ///
    /// # Errors
    /// [`BusError::Unavailable`]: they may come again.
    fn acknowledge<'a>(&'a mut self, places: &'a [Place]) -> BoxFuture<'a, Result<(), BusError>>;
}

/// Refuses messages that no bus takes.
///
/// # Errors
/// [`BusError::TooLong`].
pub fn check_lengths(messages: &[Message]) -> Result<(), BusError> {
    for message in messages {
        for (bytes, bytes_max) in [(message.text.len(), MESSAGE_BYTES_MAX), (message.key.len(), KEY_BYTES_MAX)] {
            if bytes > bytes_max {
                return Err(BusError::TooLong { bytes, bytes_max });
            }
        }
    }
    Ok(())
}
