//! A member of a group: one consumer a partition, whose messages are handed out through one queue.
//!
//! Taking from the queue is all that a wait does, so that a wait that is given up has lost nothing.

use std::time::Duration;

use futures::future::{BoxFuture, try_join_all};
use pulsar::{Pulsar, TokioExecutor};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use uuid::Uuid;
use wire::bus::{BusError, Delivery, Place, Subscription};

use crate::{PulsarConfig, PulsarError, partition::Partition, topics::KnownTopic};

/// Lists of acknowledgements that wait for a partition's task, which takes them at once unless it is being reconnected.
const ACKNOWLEDGED_MAX: usize = 64;

struct Member {
    handed_out: mpsc::Receiver<Result<Delivery, PulsarError>>,
    /// By partition. The tasks end when these are dropped.
    acknowledged: Vec<mpsc::Sender<Vec<Place>>>,
    operation_timeout: Duration,
}

/// Opens a consumer of every partition.
pub async fn open(
    client: &Pulsar<TokioExecutor>,
    topic: &KnownTopic,
    group: &str,
    config: &PulsarConfig,
) -> Result<impl Subscription + use<>, PulsarError> {
    let prefetched_max = config.prefetched_max.max(1);
    let (to_hand_out, handed_out) = mpsc::channel(usize::try_from(prefetched_max).unwrap_or(usize::MAX >> 4));
    // Later ones are greater: a member that joins moves as few partitions as can be.
    let member = Uuid::now_v7().to_string();
    let (mut acknowledged, mut openings) = (Vec::new(), Vec::new());
    for (number, name) in topic.partitions() {
        let (group, member) = (group.to_owned(), member.clone());
        let partition = Partition { client: client.clone(), number, name, group, member, prefetched_max };
        let (sender, receiver) = mpsc::channel(ACKNOWLEDGED_MAX);
        let (opened, opening) = oneshot::channel();
        tokio::spawn(partition.run(to_hand_out.clone(), receiver, opened));
        acknowledged.push(sender);
        openings.push(async { opening.await.unwrap_or(Err(PulsarError::Closed)) });
    }
    try_join_all(openings).await?;
    Ok(Member { handed_out, acknowledged, operation_timeout: config.operation_timeout() })
}

impl Subscription for Member {
    fn next(&mut self, most: usize) -> BoxFuture<'_, Result<Vec<Delivery>, BusError>> {
        Box::pin(async move {
            // All tasks are gone only when the runtime is ending.
            let first = self.handed_out.recv().await.unwrap_or(Err(PulsarError::Closed))?;
            let mut deliveries = vec![first];
            while deliveries.len() < most {
                match self.handed_out.try_recv() {
                    Ok(Ok(delivery)) => deliveries.push(delivery),
                    // A failure is told again if it lasts.
                    Ok(Err(_)) => {}
                    Err(_) => break,
                }
            }
            Ok(deliveries)
        })
    }

    fn acknowledge<'a>(&'a mut self, places: &'a [Place]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            for (partition, sender) in (0..).zip(&self.acknowledged) {
                let of_it: Vec<Place> = places.iter().copied().filter(|place| place.partition == partition).collect();
                if of_it.is_empty() {
                    continue;
                }
                match timeout(self.operation_timeout, sender.send(of_it)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return Err(PulsarError::Closed.into()),
                    Err(_) => return Err(PulsarError::Late(self.operation_timeout).into()),
                }
            }
            Ok(())
        })
    }
}
