//! Consuming a topic: each message is handled once, in the order of its key, whatever happens in between.
//!
//! ```text
//! bus → lanes by key → [ inbox row · handler ] in one transaction → acknowledgement
//!              │          └ fails → again, later and later → dead letter, and the lane goes on
//!              └ of a type that the handler doesn't want → acknowledgement
//! ```
//!
//! Messages of one key are handled one after the other, those of different keys at the same time. A message that its handler
//! can't handle is tried again where it is, so that none of its key overtakes it, and given up after some attempts. While the
//! database can't be had nothing is given up, nor while a handler's own store can't: a message waits then, however long.

mod attempt;
mod config;
mod group;
mod handled;
mod handler;
mod lane;
mod lanes;
mod outages;
mod run;
#[cfg(test)]
mod tests;
mod unwanted;

use std::sync::Arc;

use wire::{bus::Bus, topic::Topic};

pub use config::ConsumerConfig;
pub use group::Group;
pub use handler::{Handler, HandlerError};

use crate::Database;

/// One group's consumer of a topic. [`Consumer::run`] does the work; several with the same group, in any processes, share the
/// topic's partitions.
#[derive(Clone)]
pub struct Consumer {
    database: Database,
    bus: Arc<dyn Bus>,
    topic: Topic,
    group: Group,
    handler: Arc<dyn Handler>,
    config: ConsumerConfig,
}

impl Consumer {
    /// A consumer with the usual bounds. What it does, and what it has handled, is kept in `database`.
    #[must_use]
    pub fn new(database: Database, bus: Arc<dyn Bus>, topic: Topic, group: Group, handler: impl Handler) -> Self {
        let config = ConsumerConfig::default();
        Self { database, bus, topic, group, handler: Arc::new(handler), config }
    }

    /// Who consumes.
    #[must_use]
    pub fn group(&self) -> &Group {
        &self.group
    }

    /// What is consumed.
    #[must_use]
    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    /// The same with other bounds.
    #[must_use]
    pub fn with_config(self, config: ConsumerConfig) -> Self {
        Self { config, ..self }
    }
}
