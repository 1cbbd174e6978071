//! One lane: its messages one after the other.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use wire::bus::{Delivery, Place};

use super::{
    Consumer, HandlerError,
    attempt::{NotHandled, Once, give_up, handle_once},
    outages::Outages,
    unwanted::is_unwanted,
};
use crate::{
    envelope::Head,
    metrics::{ConsumerCounts, Outcome},
    trace::{Parent, Span},
};

/// What the lanes of a consumer share.
pub(super) struct Shared {
    pub consumer: Consumer,
    pub counts: ConsumerCounts,
    /// As many permits as messages may be handled at once.
    pub room: Semaphore,
    pub outages: Mutex<Outages>,
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
    /// Passes over a message that the group has no use for; handles any other, or gives it up, however long that takes. `None` when it
    /// shall stop before.
    async fn settle(&self, delivery: &Delivery) -> Option<()> {
        let head = Head::read(&delivery.message.text);
        if is_unwanted(&*self.consumer.handler, &delivery.message.text, head.as_ref()) {
            self.counts.count(Outcome::Passed);
        } else {
            self.settle_as(delivery, head.as_ref()).await?;
        }
        self.counts.consumed(head.and_then(|head| head.time));
        Some(())
    }

    async fn settle_as(&self, delivery: &Delivery, head: Option<&Head>) -> Option<()> {
        let (mut attempts, mut was_store_lost) = (0, false);
        loop {
            match self.handle(delivery, head).await? {
                Ok(_) => {
                    self.outages(Outages::database_answered);
                    if was_store_lost {
                        self.outages(Outages::store_answered);
                    }
                    return Some(());
                }
                Err(NotHandled::Lost(error)) => {
                    was_store_lost |= matches!(error, HandlerError::Lost(_));
                    let wait = self.outages(|outages| outages.lost(&error));
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
    async fn handle(&self, delivery: &Delivery, head: Option<&Head>) -> Option<Result<Once, NotHandled>> {
        let _room = self.stop.run_until_cancelled(self.room.acquire()).await?.ok()?;
        let began = Instant::now();
        let span = self.span(head);
        let outcome = span.run(handle_once(&self.consumer, delivery, head.map(|head| head.id))).await;
        let counted = match &outcome {
            Ok(Once::Handled) => Outcome::Handled,
            Ok(Once::Repeated) => Outcome::Repeated,
            Err(NotHandled::Lost(_)) => Outcome::Lost,
            // Whether it is given up is decided, and counted, by whoever counts attempts.
            Err(NotHandled::Transient(_) | NotHandled::Poison(_)) => Outcome::Retried,
        };
        if outcome.is_err() {
            span.fail(counted.as_str());
        }
        self.counts.attempt(counted, began.elapsed());
        Some(outcome)
    }

    /// One attempt, as a part of the trace in which the message was written.
    fn span(&self, head: Option<&Head>) -> Span {
        let Consumer { group, topic, .. } = &self.consumer;
        let parent = Parent::Remote(head.and_then(|head| head.traceparent.as_deref()));
        Span::consumer(parent, || {
            let mut attributes = vec![
                ("messaging.operation.type", "process".into()),
                ("messaging.destination.name", topic.to_string().into()),
                ("messaging.consumer.group.name", group.name().to_owned().into()),
            ];
            attributes.extend(head.map(|head| ("messaging.message.id", head.id.to_string().into())));
            let type_name = head.and_then(|head| head.type_name.clone());
            attributes.extend(type_name.map(|name| ("cloudevents.event_type", name.into())));
            (format!("process {topic}"), attributes)
        })
    }

    /// Writes the dead letter, as often as it takes.
    async fn give_up(&self, delivery: &Delivery, reason: &HandlerError, attempts: u32) -> Option<()> {
        let Consumer { group, topic, .. } = &self.consumer;
        loop {
            match give_up(&self.consumer, delivery, reason, attempts).await {
                Ok(()) => {
                    self.outages(Outages::database_answered);
                    self.counts.count(Outcome::DeadLettered);
                    let (place, reason) = (delivery.place, crate::database::describe(reason));
                    tracing::error!(%group, %topic, ?place, attempts, reason, "a message was given up");
                    return Some(());
                }
                Err(error) => {
                    let wait = self.outages(|outages| outages.database_lost(&error));
                    self.wait(wait).await?;
                }
            }
        }
    }

    async fn wait(&self, time: Duration) -> Option<()> {
        self.stop.run_until_cancelled(tokio::time::sleep(time)).await
    }

    fn outages<T>(&self, note: impl FnOnce(&mut Outages) -> T) -> T {
        note(&mut self.outages.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
