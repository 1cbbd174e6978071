//! A bus under trial, and a consumer of it that waits for everything with a bound.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::super::{Bus, BusError, Delivery, Message, Place, Subscription};
use super::compare::{Failure, compare, ensure, sent};
use crate::domain::Domain;
use crate::topic::{Purpose, Topic};

/// How long a check waits for what must come: a broker that has just lost a consumer takes seconds to hand out its messages.
pub const WAIT: Duration = Duration::from_secs(20);

/// Messages asked for at once; an odd number, so that no batch of a bus ends where one of ours does.
const MOST: usize = 37;
/// The text of a message behind which there is no other of its key.
const END: &str = "{\"end\":true}";

/// The topic of checks that need one only.
pub(super) fn topic() -> Topic {
    Topic::of(Domain::Orders, Purpose::Events)
}

/// A bus under trial.
#[derive(Clone, Copy)]
pub(super) struct Trial<'a> {
    pub(super) bus: &'a dyn Bus,
    /// How long to wait for what must come.
    pub(super) wait: Duration,
}

impl<'a> Trial<'a> {
    /// Waits, but not for ever.
    pub(super) async fn within<T>(self, what: &str, future: impl Future<Output = T>) -> Result<T, Failure> {
        let late = |_| Failure::new(format!("waited {:?} for {what}", self.wait));
        tokio::time::timeout(self.wait, future).await.map_err(late)
    }

    pub(super) async fn publish(self, messages: &[Message]) -> Result<(), Failure> {
        self.publish_to(&topic(), messages).await
    }

    pub(super) async fn publish_to(self, topic: &Topic, messages: &[Message]) -> Result<(), Failure> {
        Ok(self.within("messages to be published", self.bus.publish(topic, messages)).await??)
    }

    pub(super) async fn open(self, group: &str) -> Result<Reader<'a>, Failure> {
        self.open_at(topic(), group).await
    }

    pub(super) async fn open_at(self, topic: Topic, group: &str) -> Result<Reader<'a>, Failure> {
        let subscription = self.within("a subscription", self.bus.subscribe(&topic, group)).await??;
        Ok(Reader { trial: self, topic, subscription })
    }
}

/// A consumer.
pub(super) struct Reader<'a> {
    trial: Trial<'a>,
    topic: Topic,
    subscription: Box<dyn Subscription>,
}

impl Reader<'_> {
    /// The next messages: at least one.
    pub(super) async fn next(&mut self) -> Result<Vec<Delivery>, Failure> {
        self.next_of(MOST).await
    }

    async fn next_of(&mut self, most: usize) -> Result<Vec<Delivery>, Failure> {
        let deliveries = self.trial.within("a message", self.subscription.next(most)).await??;
        ensure((1..=most).contains(&deliveries.len()), || {
            format!("{} messages came where 1 to {most} were asked for", deliveries.len())
        })?;
        Ok(deliveries)
    }

    /// Waits for messages without a bound, to be given up.
    pub(super) async fn wait(&mut self, most: usize) -> Result<Vec<Delivery>, BusError> {
        self.subscription.next(most).await
    }

    /// So many messages, and no more, unacknowledged.
    pub(super) async fn take(&mut self, count: usize) -> Result<Vec<Delivery>, Failure> {
        let mut taken = Vec::new();
        while taken.len() < count {
            taken.extend(self.next_of(MOST.min(count - taken.len())).await?);
        }
        Ok(taken)
    }

    pub(super) async fn acknowledge(&mut self, deliveries: &[Delivery]) -> Result<(), Failure> {
        let places: Vec<Place> = deliveries.iter().map(|delivery| delivery.place).collect();
        Ok(self.trial.within("an acknowledgement", self.subscription.acknowledge(&places)).await??)
    }

    /// Reads all that there is and acknowledges it; fails unless it is what is expected, in order a key, each once.
    pub(super) async fn expect(&mut self, expected: &[Message]) -> Result<(), Failure> {
        self.expect_besides(expected, &[]).await
    }

    /// The same where some others may come as well.
    pub(super) async fn expect_besides(&mut self, expected: &[Message], others: &[Message]) -> Result<(), Failure> {
        let keys: BTreeSet<Arc<str>> = expected.iter().map(|message| Arc::clone(&message.key)).collect();
        let ends: Vec<Message> = keys.into_iter().map(|key| Message { key, text: Arc::from(END) }).collect();
        self.trial.publish_to(&self.topic, &ends).await?;
        let (mut came, mut ended) = (Vec::new(), 0);
        while ended < ends.len() {
            let deliveries = self.next().await?;
            self.acknowledge(&deliveries).await?;
            ended += deliveries.iter().filter(|delivery| &*delivery.message.text == END).count();
            came.extend(sent(&deliveries).into_iter().filter(|message| !others.contains(message)));
        }
        compare(&came, &[expected, &ends].concat())
    }
}
