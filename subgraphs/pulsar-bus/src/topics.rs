//! The topics that this process has used: each is made once, and has a producer a partition from then on.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use pulsar::routing_policy::RoutingPolicy;
use tokio::sync::OnceCell;
use wire::topic::{PARTITIONS, Topic};

use crate::{PulsarError, admin::Admin, producer::PartitionProducer};

/// All of them. As many as there are domains and purposes, which is the bound.
pub struct Topics {
    pub admin: Admin,
    known: Mutex<HashMap<Topic, Arc<OnceCell<Arc<KnownTopic>>>>>,
}

/// A topic that is there.
pub struct KnownTopic {
    name: String,
    /// In their order.
    pub producers: Vec<PartitionProducer>,
}

impl Topics {
    pub fn new(admin: Admin) -> Self {
        Self { admin, known: Mutex::default() }
    }

    /// A topic, which is there from now on.
    pub async fn get(&self, topic: &Topic) -> Result<Arc<KnownTopic>, PulsarError> {
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(topic.clone()).or_default())
        };
        let made = cell.get_or_try_init(async || {
            self.admin.ensure(topic).await?;
            Ok(Arc::new(KnownTopic::new(self.admin.name(topic))))
        });
        made.await.map(Arc::clone)
    }
}

impl KnownTopic {
    fn new(name: String) -> Self {
        let producer = |partition| PartitionProducer::new(partition_name(&name, partition));
        Self { producers: (0..PARTITIONS).map(producer).collect(), name }
    }

    /// The names of its partitions' topics, in their order.
    pub fn partitions(&self) -> impl Iterator<Item = (u16, String)> {
        (0..PARTITIONS).map(|partition| (partition, partition_name(&self.name, partition)))
    }

    /// Which partition a key is in. The same for ever and in all versions of the client: others would mix a key's messages up.
    pub fn partition_of(key: &str) -> usize {
        RoutingPolicy::compute_partition_index_for_key(key, PARTITIONS.into())
    }
}

fn partition_name(topic: &str, partition: u16) -> String {
    format!("{topic}-partition-{partition}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_in_the_same_partition_for_ever() {
        let partitions =
            ["", "key-0", "key-1", "0195d3c4-7a10-7000-8000-000000000001", "\u{1f980}"].map(KnownTopic::partition_of);
        assert_eq!(partitions, [0, 7, 0, 2, 4]);
    }
}
