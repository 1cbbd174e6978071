//! All lanes of a consumer: hands each message to its lane and tells what is done with.

use std::sync::{Arc, Mutex};

use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use wire::bus::{Delivery, Place};

use super::{
    Consumer,
    lane::{Shared, work},
    outages::Outages,
};
use crate::key_hash::consumer_lane;

/// The lanes, each a task that ends with this.
pub(super) struct Lanes {
    queues: Vec<mpsc::Sender<Delivery>>,
    done: mpsc::Receiver<Place>,
    held: usize,
    held_max: usize,
    tasks: JoinSet<()>,
}

impl Lanes {
    /// Starts the lanes; they stop taking on messages at `stop`.
    pub(super) fn start(consumer: Consumer, stop: CancellationToken) -> Self {
        let lanes = consumer.config.lanes.max(1);
        let held_max = consumer.config.held_max.max(1);
        let outages = Outages::none(&format!("handling {} of {}", consumer.group, consumer.topic));
        let room = Semaphore::new(consumer.config.connections_max.max(1));
        let counts = consumer.database.metrics().consumer(&consumer.topic, &consumer.group, &consumer.bus);
        let shared = Arc::new(Shared { consumer, counts, room, outages: Mutex::new(outages), stop });
        // No queue is ever full: all of them together hold no more than this.
        let (tell, done) = mpsc::channel(held_max);
        let mut tasks = JoinSet::new();
        let queues = (0..lanes)
            .map(|_| {
                let (queue, messages) = mpsc::channel(held_max);
                tasks.spawn(work(Arc::clone(&shared), messages, tell.clone()));
                queue
            })
            .collect();
        Self { queues, done, held: 0, held_max, tasks }
    }

    /// How many messages more they take.
    pub(super) fn room(&self) -> usize {
        self.held_max.saturating_sub(self.held)
    }

    /// Puts a message into its lane. One that has stopped takes none: then this shall stop as well, and the message comes
    /// again.
    pub(super) async fn take(&mut self, delivery: Delivery) {
        if let Some(queue) = self.queues.get(consumer_lane(&delivery.message.key, self.queues.len()))
            && queue.send(delivery).await.is_ok()
        {
            self.held += 1;
        }
    }

    /// Waits for messages that are done with, and tells all there are. May be dropped while it waits.
    ///
    /// # Panics
    /// As a lane did, which no handler makes it do: nothing would handle that lane's messages any more.
    pub(super) async fn done(&mut self) -> Vec<Place> {
        let mut places = Vec::new();
        let most = self.held_max;
        tokio::select! {
            received = self.done.recv_many(&mut places, most) => self.held = self.held.saturating_sub(received),
            Some(Err(ended)) = self.tasks.join_next() => {
                if let Ok(panic) = ended.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
        places
    }

    /// Waits until the lanes have finished what they had begun, and tells what is done with.
    pub(super) async fn finish(mut self) -> Vec<Place> {
        drop(self.queues);
        let mut places = Vec::new();
        while let Some(place) = self.done.recv().await {
            places.push(place);
        }
        while self.tasks.join_next().await.is_some() {}
        places
    }
}
