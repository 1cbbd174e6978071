//! Why the cluster can't do it. For whoever uses the bus all of it is [`BusError::Unavailable`]: none of it is the message's fault.

use std::time::Duration;

use wire::bus::BusError;

/// What went wrong with Pulsar. Tells no URL and no token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PulsarError {
    /// The broker, or the connection to it.
    #[error("Pulsar failed")]
    Broker(#[from] pulsar::Error),
    /// The way to its REST interface.
    #[error("Pulsar's REST interface can't be reached")]
    Unreachable(#[source] reqwest::Error),
    /// The REST interface refused something.
    #[error("Pulsar refused {what} with {status}: {reason}")]
    Refused {
        /// What it was asked for.
        what: &'static str,
        /// HTTP's number for it.
        status: u16,
        /// What it said, cut short.
        reason: String,
    },
    /// The REST interface said what it shouldn't, or too much.
    #[error("what Pulsar's REST interface answers can't be read")]
    Unreadable(#[source] serde_json::Error),
    /// The topic was made by somebody else, otherwise.
    #[error("the topic {topic} has {partitions} partitions, and not {expected}")]
    OtherPartitions {
        /// Its name.
        topic: String,
        /// How many it has; 0 for a topic that isn't partitioned.
        partitions: u64,
        /// How many it must have.
        expected: u16,
    },
    /// It took too long.
    #[error("Pulsar didn't answer for {0:?}")]
    Late(Duration),
    /// A task of ours ended before its answer: the process is ending.
    #[error("the bus is being closed")]
    Closed,
}

impl From<PulsarError> for BusError {
    fn from(error: PulsarError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}
