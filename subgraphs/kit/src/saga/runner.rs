//! What keeps sagas going: consumers of replies and events, and the waking of those whose time has come.

use std::{collections::BTreeSet, marker::PhantomData, sync::Arc};

use futures::future::{BoxFuture, join_all};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use wire::{
    bus::Bus,
    schema::Types as _,
    topic::{Purpose, Topic},
};

use super::{
    Effects,
    due::Waking,
    forget::keep_forgetting,
    hear::{Events, Replies},
};
use crate::{
    Database,
    consumer::{Consumer, ConsumerConfig, Group},
    worker::{Worker, WorkerError},
};

/// A runner's bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunnerConfig {
    /// Of each of its consumers.
    pub consumer: ConsumerConfig,
    /// Sagas that are looked up at once when they are due.
    pub batch_max: u32,
    /// Sagas being woken at once, each on a connection of the pool.
    pub connections_max: usize,
    /// How often it looks for deadlines that are new, in milliseconds: one that it knows of it meets to the millisecond.
    pub poll_ms: u64,
}

impl Default for RunnerConfig {
    /// 64 sagas: a look at the index a second or so of work. 2 connections: deadlines pass seldom, and a consumer has 4 already. 1 s:
    /// deadlines are minutes; it is also how soon a retry begins.
    fn default() -> Self {
        Self { consumer: ConsumerConfig::default(), batch_max: 64, connections_max: 2, poll_ms: 1_000 }
    }
}

/// Keeps the sagas of one kind going. Any number may run for one database, in any processes.
pub struct Runner<S> {
    database: Database,
    bus: Arc<dyn Bus>,
    config: RunnerConfig,
    saga: PhantomData<fn() -> S>,
}

impl<S> Clone for Runner<S> {
    fn clone(&self) -> Self {
        Self { database: self.database.clone(), bus: Arc::clone(&self.bus), config: self.config, saga: PhantomData }
    }
}

impl<S: Effects> Runner<S> {
    /// A runner with the usual bounds.
    #[must_use]
    pub fn new(database: Database, bus: Arc<dyn Bus>) -> Self {
        Self { database, bus, config: RunnerConfig::default(), saga: PhantomData }
    }

    /// The same with other bounds.
    #[must_use]
    pub fn with_config(self, config: RunnerConfig) -> Self {
        Self { config, ..self }
    }

    /// Runs until `stop`; then finishes the steps under way. Failures of the bus and the database are waited out.
    pub async fn run(self, stop: CancellationToken) {
        let events: BTreeSet<Topic> =
            S::Events::TYPES.iter().map(|event| Topic::of(event.domain, Purpose::Events)).collect();
        let replies = Topic::of(S::DOMAIN, Purpose::Replies);
        let replies = self.consumer(replies, Replies::<S>(PhantomData)).run(stop.clone());
        let events = events.into_iter().map(|topic| self.consumer(topic, Events::<S>(PhantomData)).run(stop.clone()));
        let events = join_all(events);
        let waking = Waking::<S> { database: self.database.clone(), config: self.config, saga: PhantomData };
        tokio::join!(replies, events, waking.run(stop.clone()), keep_forgetting(&self.database, S::KIND, stop.clone()));
    }

    fn consumer(&self, topic: Topic, handler: impl crate::Handler) -> Consumer {
        let group = Group::of(S::DOMAIN, &format!("saga-{}", S::KIND));
        let consumer = Consumer::new(self.database.clone(), Arc::clone(&self.bus), topic, group, handler);
        consumer.with_config(self.config.consumer)
    }
}

impl<S: Effects> Worker for Runner<S> {
    fn name(&self) -> String {
        format!("saga {}", S::KIND)
    }

    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>> {
        Box::pin(async {
            self.clone().run(stop).await;
            Ok(())
        })
    }
}
