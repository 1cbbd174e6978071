//! The end of a flight: all who wait are told, the shared tier gets its part, and what is still good is kept.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    CacheConfig, CacheKey, CacheValue, Inner, Loaded, Offer, Outcome, SHARED_VALUE_BYTES_MAX, Version, Versioned,
    fly::{Task, Values},
    local::{Lead, Slot},
};
use crate::error::Result;

/// A load that came down.
pub(super) struct Landed<K, V> {
    task: Task<K>,
    brought: Brought<V>,
}

enum Brought<V> {
    Value(Version, Arc<V>),
    Absence,
    /// An error.
    Nothing,
}

impl<K: CacheKey, V: CacheValue> Inner<K, V> {
    /// Tells all who wait.
    pub(super) fn land(
        &self,
        led: &Lead<'_, K, V>,
        tasks: Vec<Task<K>>,
        loaded: Result<Loaded<K, V>>,
        landed: &mut Vec<Landed<K, V>>,
        values: &mut Values<K, V>,
    ) -> Result<()> {
        let mut loaded = match loaded {
            Ok(loaded) => loaded,
            Err(error) => {
                for task in tasks {
                    led.tell(&task.key, Err(error.clone()));
                    landed.push(Landed { task, brought: Brought::Nothing });
                }
                return Err(error);
            }
        };
        for task in tasks {
            let brought = match loaded.remove(&task.key) {
                Some(Ok(Versioned { version, value })) => {
                    let value = Arc::new(value);
                    values.insert(task.key.clone(), Ok(Arc::clone(&value)));
                    led.tell(&task.key, Ok(Some(Arc::clone(&value))));
                    Brought::Value(version, value)
                }
                Some(Err(error)) => {
                    led.tell(&task.key, Err(error.clone()));
                    values.insert(task.key.clone(), Err(error));
                    Brought::Nothing
                }
                None => {
                    led.tell(&task.key, Ok(None));
                    Brought::Absence
                }
            };
            landed.push(Landed { task, brought });
        }
        Ok(())
    }

    /// Offers the shared tier what was leased from it, and then keeps what it didn't refuse.
    pub(super) async fn end(&self, led: &mut Lead<'_, K, V>, landed: Vec<Landed<K, V>>) {
        let offers: Vec<Offer> = landed.iter().filter_map(|landed| self.offer(landed)).collect();
        let mut taken = match &self.shelf {
            Some(shelf) => shelf.put_many(&offers).await.map(Vec::into_iter),
            None => None,
        };
        for Landed { task, brought } in landed {
            // A lease that is gone: the key has changed, or may have.
            let holds = match (&task.lease, &mut taken) {
                (Some(_), Some(taken)) => taken.next().unwrap_or(false),
                _ => true,
            };
            let slot = match brought {
                Brought::Value(version, value) if version >= task.floor => {
                    Some(self.slot(&task.key, version, Some(value)))
                }
                Brought::Absence => Some(self.slot(&task.key, task.floor, None)),
                Brought::Value(..) | Brought::Nothing => None,
            };
            led.end(&task.key, slot.filter(|_| holds));
        }
    }

    fn offer(&self, landed: &Landed<K, V>) -> Option<Offer> {
        let outcome = match &landed.brought {
            Brought::Value(version, value) => match serde_json::to_vec(value.as_ref()) {
                Ok(bytes) if bytes.len() <= SHARED_VALUE_BYTES_MAX => {
                    Outcome::Value(*version, bytes.into(), CacheConfig::jittered(self.config.shared_ttl_ms))
                }
                _ => Outcome::Failed,
            },
            Brought::Absence => Outcome::Absent(CacheConfig::jittered(self.config.absence_ttl_ms)),
            Brought::Nothing => Outcome::Failed,
        };
        landed.task.lease.map(|lease| Offer { name: landed.task.key.name(), lease, outcome })
    }

    /// Lands what the shared tier had.
    pub(super) fn keep_shared(&self, led: &mut Lead<'_, K, V>, key: &K, version: Version, value: Option<Arc<V>>) {
        self.counters.shared_hits.add(1);
        led.tell(key, Ok(value.clone()));
        let slot = self.slot(key, version, value);
        led.end(key, Some(slot));
    }

    fn slot(&self, key: &K, version: Version, value: Option<Arc<V>>) -> Slot<V> {
        let ttl = if value.is_some() { self.config.ttl_ms } else { self.config.absence_ttl_ms };
        Slot::new(key, value, version, CacheConfig::jittered(ttl))
    }

    /// A value of the shared tier. One that can't be read is loaded, and stays there until its time is over: only code that
    /// broke the rule for [`CacheValue::SCHEMA`] writes such.
    pub(super) fn decode(&self, bytes: &Bytes) -> Option<Arc<V>> {
        match serde_json::from_slice(bytes) {
            Ok(value) => Some(Arc::new(value)),
            Err(error) => {
                tracing::warn!(kind = V::KIND, %error, "a shared value can't be read");
                None
            }
        }
    }
}
