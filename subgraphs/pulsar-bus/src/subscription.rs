//! A member of a group: one consumer a partition, whose messages are handed out through one queue.
//!
//! Taking from the queue is all that a wait does, so that a wait that is given up has lost nothing.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::future::{BoxFuture, try_join_all};
use pulsar::{Pulsar, TokioExecutor};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};
use uuid::Uuid;
use wire::bus::{BusError, Delivery, Place, Subscription};

use crate::{PulsarConfig, PulsarError, partition::Partition, topics::KnownTopic};

/// Lists of acknowledgements that wait for a partition's task, which takes them at once unless it is being reconnected.
const ACKNOWLEDGED_MAX: usize = 64;

/// Why consumers can't be opened again, by partition, as it stands: with each failure queued, those of an outage would be told, and waited
/// for, long after its end.
pub type Failing = BTreeMap<u16, Arc<PulsarError>>;

struct Member {
    handed_out: mpsc::Receiver<Delivery>,
    failing: watch::Receiver<Failing>,
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
    let (to_tell, failing) = watch::channel(Failing::new());
    // Later ones are greater: a member that joins moves as few partitions as can be.
    let member = Uuid::now_v7().to_string();
    let (mut acknowledged, mut openings) = (Vec::new(), Vec::new());
    for (number, name) in topic.partitions() {
        let (group, member) = (group.to_owned(), member.clone());
        let partition = Partition { client: client.clone(), number, name, group, member, prefetched_max };
        let (sender, receiver) = mpsc::channel(ACKNOWLEDGED_MAX);
        let (opened, opening) = oneshot::channel();
        tokio::spawn(partition.run((to_hand_out.clone(), to_tell.clone()), receiver, opened));
        acknowledged.push(sender);
        openings.push(async { opening.await.unwrap_or(Err(PulsarError::Closed)) });
    }
    try_join_all(openings).await?;
    Ok(Member { handed_out, failing, acknowledged, operation_timeout: config.operation_timeout() })
}

impl Subscription for Member {
    fn next(&mut self, most: usize) -> BoxFuture<'_, Result<Vec<Delivery>, BusError>> {
        Box::pin(async move {
            let mut deliveries = Vec::new();
            tokio::select! {
                // What has come is no later for what fails.
                biased;
                received = self.handed_out.recv_many(&mut deliveries, most.max(1)) => match received {
                    // All tasks are gone only when the runtime is ending.
                    0 => Err(PulsarError::Closed.into()),
                    _ => Ok(deliveries),
                },
                Ok(()) = self.failing.changed() => match self.failing.borrow_and_update().values().next() {
                    Some(error) => Err(BusError::Unavailable(Box::new(Arc::clone(error)))),
                    None => Ok(deliveries),
                },
            }
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
