//! Following a topic: what its events outdate is told, and then they are acknowledged.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use wire::{
    bus::{Bus, Delivery, Place, Subscription},
    topic::Topic,
};

use super::{Audience, Kept, Outdated};
use crate::{
    consumer::Group,
    outage::Outage,
    worker::{Worker, WorkerError},
};

/// Events told at once: one notice mostly, and one call of the shared tier a cache.
const BATCH_MAX: usize = 200;

/// Who follows what, and for whom.
pub(super) struct Following {
    pub bus: Arc<dyn Bus>,
    pub topic: Topic,
    pub group: Group,
    pub caches: Vec<Arc<dyn Kept>>,
    pub audience: Audience,
}

impl Worker for Following {
    fn name(&self) -> String {
        format!("{} of {}", self.group, self.topic)
    }

    /// What it breaks off comes again.
    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>> {
        Box::pin(async move {
            stop.run_until_cancelled(self.follow()).await;
            Ok(())
        })
    }
}

impl Following {
    /// Follows until it is dropped. What fails is tried again, however long, in order: nothing is passed over.
    async fn follow(&self) {
        let mut outage = Outage::none(format!("telling {} of {}", self.group, self.topic));
        let mut subscription = self.subscribe(&mut outage).await;
        loop {
            match subscription.next(BATCH_MAX).await {
                Ok(deliveries) => {
                    self.tell(&deliveries, &mut outage).await;
                    acknowledge(&mut *subscription, &deliveries, &mut outage).await;
                }
                Err(error) => tokio::time::sleep(outage.failed(&error)).await,
            }
        }
    }

    async fn subscribe(&self, outage: &mut Outage) -> Box<dyn Subscription> {
        loop {
            match self.bus.subscribe(&self.topic, self.group.name()).await {
                Ok(subscription) => {
                    outage.ended();
                    return subscription;
                }
                Err(error) => tokio::time::sleep(outage.failed(&error)).await,
            }
        }
    }

    async fn tell(&self, deliveries: &[Delivery], outage: &mut Outage) {
        let outdated = outdated_by(&self.caches, deliveries);
        if !outdated.is_empty() {
            while let Err(error) = self.audience.tell(&outdated).await {
                tokio::time::sleep(outage.failed(&error)).await;
            }
        }
        outage.ended();
    }
}

/// What messages outdate, of the caches of which they outdate anything.
fn outdated_by(caches: &[Arc<dyn Kept>], deliveries: &[Delivery]) -> Vec<(Arc<dyn Kept>, Outdated)> {
    let of_cache = |cache: &Arc<dyn Kept>| {
        let all = deliveries.iter().map(|delivery| cache.outdated_by(delivery));
        let outdated = all.fold(Outdated::nothing(), Outdated::and);
        (!outdated.is_nothing()).then(|| (Arc::clone(cache), outdated))
    };
    caches.iter().filter_map(of_cache).collect()
}

/// If it fails, messages come again, and are told once more.
async fn acknowledge(subscription: &mut dyn Subscription, deliveries: &[Delivery], outage: &mut Outage) {
    let places: Vec<Place> = deliveries.iter().map(|delivery| delivery.place).collect();
    if let Err(error) = subscription.acknowledge(&places).await {
        tokio::time::sleep(outage.failed(&error)).await;
    }
}
