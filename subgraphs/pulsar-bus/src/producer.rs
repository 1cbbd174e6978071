//! Publishes messages in order a key, whatever fails on the way.
//!
//! A client that has several messages of a key on their way can't promise that: the first may be given up and the second be sent again
//! after a reconnection and kept, and whoever publishes both again puts the first behind the second. So messages go out in rounds,
//! one of each key, and the next round waits until the broker has all of the last. Keys do not wait for each other within a round; a batch
//! of one key takes a round trip a message.
//!
//! There is a producer a partition: one that failed is replaced alone, and which partition a key is in doesn't hang on the order in which
//! the client's producer for the whole topic has opened its own.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use futures::future::{join_all, try_join_all};
use pulsar::{Producer, ProducerOptions, Pulsar, TokioExecutor, producer};
use tokio::{sync::Mutex, time::Instant};
use wire::bus::Message;

use crate::{PulsarError, topics::KnownTopic};

/// The producer of a partition, opened when it is first used and again after a failure.
pub struct PartitionProducer {
    partition_name: String,
    /// Held while it is opened and while messages are put into the client's queue, which is in order; not for their receipts.
    open: Mutex<Option<Producer<TokioExecutor>>>,
}

/// Adds messages to a topic, in order a key. Once it has begun it goes on when nobody waits any more: a connection that is given
/// up while it is being made hangs the client.
pub async fn publish(
    client: Pulsar<TokioExecutor>,
    topic: Arc<KnownTopic>,
    messages: Vec<Message>,
    timeout: Duration,
) -> Result<(), PulsarError> {
    let until = Instant::now() + timeout;
    let publishing = tokio::spawn(async move {
        for round in rounds(&messages) {
            if Instant::now() > until {
                return Err(PulsarError::Late(timeout));
            }
            let sent = round.into_iter().map(|(partition, messages)| {
                let producer = topic.producers.get(partition);
                let client = &client;
                async move { producer.ok_or(PulsarError::Closed)?.send(client, &messages).await }
            });
            try_join_all(sent).await?;
        }
        Ok(())
    });
    publishing.await.unwrap_or(Err(PulsarError::Closed))
}

/// One message of each key at a time, in order, by partition.
fn rounds(messages: &[Message]) -> Vec<BTreeMap<usize, Vec<&Message>>> {
    let (mut rounds, mut counts) = (Vec::<BTreeMap<usize, Vec<&Message>>>::new(), HashMap::<&str, usize>::new());
    for message in messages {
        let round = counts.entry(&message.key).or_default();
        if *round == rounds.len() {
            rounds.push(BTreeMap::new());
        }
        if let Some(round) = rounds.get_mut(*round) {
            round.entry(KnownTopic::partition_of(&message.key)).or_default().push(message);
        }
        *round += 1;
    }
    rounds
}

impl PartitionProducer {
    pub fn new(partition_name: String) -> Self {
        Self { partition_name, open: Mutex::default() }
    }

    /// Sends messages at the same time; the broker has them all when this returns.
    async fn send(&self, client: &Pulsar<TokioExecutor>, messages: &[&Message]) -> Result<(), PulsarError> {
        let sent = self.send_now(client, messages).await;
        if sent.is_err() {
            // It may have been closed for good: the next one starts afresh. What it still has to send again comes at most twice.
            self.open.lock().await.take();
        }
        sent
    }

    async fn send_now(&self, client: &Pulsar<TokioExecutor>, messages: &[&Message]) -> Result<(), PulsarError> {
        let mut receipts = Vec::with_capacity(messages.len());
        {
            let mut open = self.open.lock().await;
            let producer = match &mut *open {
                Some(producer) => producer,
                closed => closed.insert(self.open(client).await?),
            };
            for message in messages {
                let message = producer::Message {
                    payload: message.text.as_bytes().to_vec(),
                    partition_key: Some(message.key.to_string()),
                    ..Default::default()
                };
                receipts.push(producer.send_non_blocking(message).await?);
            }
        }
        for receipt in join_all(receipts).await {
            receipt?;
        }
        Ok(())
    }

    async fn open(&self, client: &Pulsar<TokioExecutor>) -> Result<Producer<TokioExecutor>, PulsarError> {
        // Waiting for room beats failing; batches stay off: an entry of the broker's is one message.
        let options = ProducerOptions { block_queue_if_full: true, ..Default::default() };
        Ok(client.producer().with_topic(&self.partition_name).with_options(options).build().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_has_one_message_of_each_key_in_order() {
        let messages: Vec<Message> = ["a1", "a2", "b1", "c1", "a3", "b2"]
            .map(|text| Message { key: text[..1].into(), text: text.into() })
            .into();
        let texts = |round: BTreeMap<usize, Vec<&Message>>| {
            let mut texts: Vec<String> =
                round.into_values().flatten().map(|message| message.text.to_string()).collect();
            texts.sort();
            texts
        };
        let rounds: Vec<Vec<String>> = rounds(&messages).into_iter().map(texts).collect();
        assert_eq!(rounds, [vec!["a1", "b1", "c1"], vec!["a2", "b2"], vec!["a3"]]);
    }
}
