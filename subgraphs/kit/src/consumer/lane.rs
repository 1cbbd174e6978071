//! One lane: its messages one after the other.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::bus::{Delivery, Place};

use super::{
    Consumer, HandlerError,
    attempt::{NotHandled, Once, give_up, handle_once},
};
use crate::{
    envelope::Head,
    metrics::{ConsumerCounts, Outcome},
    outage::Outage,
};

/// What the lanes of a consumer share.
pub(super) struct Shared {
    pub consumer: Consumer,
    pub counts: ConsumerCounts,
    /// As many permits as messages may be handled at once.
    pub room: Semaphore,
    pub outage: Mutex<Outage>,
    pub stop: CancellationToken,
}

/// Works until its messages end or it shall stop, and tells the places of those that are done with. What it has begun it
/// finishes; what waits comes again to whoever consumes next.
pub(super) async fn work(shared: Arc<Shared>, mut messages: mpsc::Receiver<Delivery>, done: mpsc::Sender<Place>) {
    while let Some(Some(delivery)) = shared.stop.run_until_cancelled(messages.recv()).await {
        if shared.settle(&delivery).await.is_none() || done.send(delivery.place).await.is_err() {
            return;
        }
    }
}

impl Shared {
    /// Handles a message or gives it up, however long that takes; `None` when it shall stop before.
    async fn settle(&self, delivery: &Delivery) -> Option<()> {
        let head = Head::read(&delivery.message.text);
        self.settle_as(delivery, head.as_ref().map(|head| head.id)).await?;
        self.counts.consumed(head.and_then(|head| head.time));
        Some(())
    }

    async fn settle_as(&self, delivery: &Delivery, id: Option<Uuid>) -> Option<()> {
        let mut attempts = 0;
        loop {
            match self.handle(delivery, id).await? {
                Ok(_) => {
                    self.outage(Outage::ended);
                    return Some(());
                }
                Err(NotHandled::Lost(error)) => {
                    let wait = self.outage(|outage| outage.failed(&error));
                    self.wait(wait).await?;
                }
                Err(NotHandled::Transient(error)) => {
                    attempts += 1;
                    if attempts >= self.consumer.config.attempts_max {
                        return self.give_up(delivery, &error, attempts).await;
                    }
                    tracing::debug!(group = %self.consumer.group, error = %crate::database::describe(&error), attempts, "a message is tried again");
                    self.wait(self.consumer.config.retry_after(attempts)).await?;
                }
                Err(NotHandled::Poison(error)) => return self.give_up(delivery, &error, attempts + 1).await,
            }
        }
    }

    /// One attempt, once there is room for it.
    async fn handle(&self, delivery: &Delivery, id: Option<Uuid>) -> Option<Result<Once, NotHandled>> {
        let _room = self.stop.run_until_cancelled(self.room.acquire()).await?.ok()?;
        let began = Instant::now();
        let outcome = handle_once(&self.consumer, delivery, id).await;
        let counted = match &outcome {
            Ok(Once::Handled) => Outcome::Handled,
            Ok(Once::Repeated) => Outcome::Repeated,
            Err(NotHandled::Lost(_)) => Outcome::Lost,
            // Whether it is given up is decided, and counted, by whoever counts attempts.
            Err(NotHandled::Transient(_) | NotHandled::Poison(_)) => Outcome::Retried,
        };
        self.counts.attempt(counted, began.elapsed());
        Some(outcome)
    }

    /// Writes the dead letter, as often as it takes.
    async fn give_up(&self, delivery: &Delivery, reason: &HandlerError, attempts: u32) -> Option<()> {
        let Consumer { group, topic, .. } = &self.consumer;
        loop {
            match give_up(&self.consumer, delivery, reason, attempts).await {
                Ok(()) => {
                    self.outage(Outage::ended);
                    self.counts.count(Outcome::DeadLettered);
                    let (place, reason) = (delivery.place, crate::database::describe(reason));
                    tracing::error!(%group, %topic, ?place, attempts, reason, "a message was given up");
                    return Some(());
                }
                Err(error) => {
                    let wait = self.outage(|outage| outage.failed(&error));
                    self.wait(wait).await?;
                }
            }
        }
    }

    async fn wait(&self, time: Duration) -> Option<()> {
        self.stop.run_until_cancelled(tokio::time::sleep(time)).await
    }

    fn outage<T>(&self, note: impl FnOnce(&mut Outage) -> T) -> T {
        note(&mut self.outage.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
