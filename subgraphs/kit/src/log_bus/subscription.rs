//! A consumer's end of the bus.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use wire::{
    bus::{BusError, Delivery, Place, Subscription},
    topic::Topic,
};

use super::{
    LogBus,
    acknowledge::keep,
    groups::find_group,
    in_time,
    member::{Member, Members},
};
use crate::database::Database;

/// How often it reads all that it holds, whatever it was told: how late a message is whose notification was lost, with a connection.
pub(super) const POLL: Duration = Duration::from_secs(2);

/// A consumer of a [`LogBus`].
pub(super) struct LogSubscription {
    pub(super) database: Database,
    pub(super) member: Arc<Member>,
    /// With which partition reading begins, so that none waits for others that always have something.
    pub(super) turn: usize,
    /// When it last read all that it holds.
    pub(super) looked: Instant,
    members: Arc<Members>,
}

pub(super) async fn subscribe(bus: &LogBus, topic: &Topic, group: &str) -> Result<Box<dyn Subscription>, BusError> {
    let topic = in_time(bus.topics.find(&bus.database, topic)).await?;
    let group = in_time(find_group(&bus.database, topic, group)).await?;
    let member = Arc::new(Member::new(topic, group, &bus.members));
    bus.members.add(Arc::clone(&member));
    let (database, members) = (bus.database.clone(), Arc::clone(&bus.members));
    Ok(Box::new(LogSubscription { database, member, turn: 0, looked: Instant::now(), members }))
}

impl Subscription for LogSubscription {
    fn next(&mut self, most: usize) -> BoxFuture<'_, Result<Vec<Delivery>, BusError>> {
        Box::pin(async move {
            loop {
                let deliveries = self.read(most).await?;
                if !deliveries.is_empty() {
                    return Ok(deliveries);
                }
                if self.members.are_lost() {
                    return Err(BusError::Unavailable("the connection that shares out partitions is lost".into()));
                }
                // Nothing is lost when nobody waits any more: what wakes is kept, and there is a look before the next wait.
                let wait = POLL.saturating_sub(self.looked.elapsed());
                drop(tokio::time::timeout(wait, self.member.woken.notified()).await);
            }
        })
    }

    fn acknowledge<'a>(&'a mut self, places: &'a [Place]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            let to_keep = self.note(places);
            if to_keep.is_empty() {
                return Ok(());
            }
            in_time(keep(&self.database, self.member.group, &to_keep)).await?;
            for (partition, acknowledged) in to_keep {
                if let Some(progress) = self.member.held().get_mut(&partition).and_then(|held| held.progress.as_mut()) {
                    progress.kept(acknowledged);
                }
            }
            // Acknowledging is nothing to the session otherwise: it would look for who is there as often as something is handled.
            if self.member.is_done_with_any() {
                self.members.changed.notify_one();
            }
            Ok(())
        })
    }
}

impl LogSubscription {
    /// Notes what is acknowledged; what of it the database is to know.
    fn note(&self, places: &[Place]) -> Vec<(u16, u64)> {
        let mut held = self.member.held();
        for place in places {
            if let Some(progress) = held.get_mut(&place.partition).and_then(|held| held.progress.as_mut()) {
                progress.acknowledge(place.position.0);
            }
        }
        held.iter().filter_map(|(&partition, held)| Some((partition, held.progress.as_ref()?.to_keep()?))).collect()
    }
}

impl Drop for LogSubscription {
    fn drop(&mut self) {
        self.members.remove(&self.member);
    }
}
