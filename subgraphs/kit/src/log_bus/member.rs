//! The consumers of this process, as its session and their subscriptions see them.
//!
//! The session decides which partitions a member holds; the subscription works on those, and never on one that was taken from
//! it meanwhile: each grant has a number.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use tokio::sync::Notify;

use super::{
    progress::{HandedOut, Progress},
    topics::TopicRow,
};

/// One consumer.
pub(super) struct Member {
    pub topic: TopicRow,
    pub group: i16,
    /// By which the consumers of a group know each other: random, and held as an advisory lock.
    pub key: i32,
    held: Mutex<BTreeMap<u16, Held>>,
    memory: Arc<Memory>,
    /// There may be something to read.
    pub woken: Notify,
}

/// A partition that a member holds.
#[derive(Debug)]
pub(super) struct Held {
    /// Which grant of the partition this is; never the same twice.
    pub grant: u64,
    /// Unknown until the subscription has asked where the group is.
    pub progress: Option<Progress>,
    /// Since when it is to be given up, once its messages are acknowledged.
    pub leaving_since: Option<Instant>,
}

impl Held {
    /// A new grant.
    pub(super) fn new() -> Self {
        static GRANTS: AtomicU64 = AtomicU64::new(0);
        Self { grant: GRANTS.fetch_add(1, Ordering::Relaxed), progress: None, leaving_since: None }
    }

    /// How many messages of it are handed out and not acknowledged.
    pub(super) fn outstanding(&self) -> usize {
        self.progress.as_ref().map_or(0, Progress::outstanding)
    }

    /// Whether it is to be given up and nothing is in the way of that any more.
    fn is_done_with(&self) -> bool {
        self.leaving_since.is_some() && self.outstanding() == 0
    }
}

impl Member {
    pub(super) fn new(topic: TopicRow, group: i16, members: &Members) -> Self {
        let memory = Arc::clone(&members.memory);
        Self { topic, group, key: fastrand::i32(..), held: Mutex::default(), memory, woken: Notify::new() }
    }

    /// What it holds. Never to be kept across a point of suspension.
    pub(super) fn held(&self) -> MutexGuard<'_, BTreeMap<u16, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the session may take a partition back at once that it is to give up.
    pub(super) fn is_done_with_any(&self) -> bool {
        self.held().values().any(Held::is_done_with)
    }

    /// Begins with a partition that it holds where its group is, unless it has begun.
    pub(super) fn begin(&self, partition: u16, held: &mut Held, acknowledged: u64) {
        held.progress.get_or_insert_with(|| {
            let before = self.memory.lock().remove(&(self.group, partition));
            Progress::from(acknowledged, before.unwrap_or_default())
        });
    }

    /// Gives away the partitions that it shall not keep; which those are.
    pub(super) fn give_away(&self, shall_keep: impl Fn(u16, &mut Held) -> bool) -> Vec<u16> {
        let mut held = self.held();
        let mut memory = self.memory.lock();
        let given = held.extract_if(.., |&partition, held| !shall_keep(partition, held));
        given
            .map(|(partition, held)| {
                if let Some(progress) = held.progress {
                    memory.insert((self.group, partition), progress.into_before());
                }
                partition
            })
            .collect()
    }
}

/// What this process was handed of partitions that it doesn't hold, by group and partition.
#[derive(Default)]
struct Memory(Mutex<BTreeMap<(i16, u16), HandedOut>>);

impl Memory {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(i16, u16), HandedOut>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All members of this process: as many as it has consumers.
#[derive(Default)]
pub(super) struct Members {
    all: Mutex<Vec<Arc<Member>>>,
    memory: Arc<Memory>,
    /// Somebody came, went, or has finished with a partition that it is to give up.
    pub changed: Notify,
    /// Whether the session is lost: nobody holds anything until it is there again.
    lost: AtomicBool,
}

impl Members {
    pub(super) fn add(&self, member: Arc<Member>) {
        self.lock().push(member);
        self.changed.notify_one();
    }

    pub(super) fn remove(&self, member: &Arc<Member>) {
        self.lock().retain(|other| !Arc::ptr_eq(other, member));
        member.give_away(|_, _| false);
        self.changed.notify_one();
    }

    pub(super) fn all(&self) -> Vec<Arc<Member>> {
        self.lock().clone()
    }

    /// The session is lost, and with it everything that anybody held.
    pub(super) fn lose(&self) {
        self.lost.store(true, Ordering::Release);
        for member in self.all() {
            member.give_away(|_, _| false);
            member.woken.notify_one();
        }
    }

    pub(super) fn found(&self) {
        self.lost.store(false, Ordering::Release);
    }

    pub(super) fn are_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Member>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One that stays is no news to the session, however much of it is acknowledged.
    #[test]
    fn is_done_with_what_it_is_to_give_up_and_has_acknowledged() {
        let member = Member::new(TopicRow { id: 1, partitions: 8 }, 1, &Members::default());
        for partition in [0, 1] {
            let mut held = Held::new();
            member.begin(partition, &mut held, 0);
            held.progress.as_mut().unwrap().hand_out(1);
            member.held().insert(partition, held);
        }
        let acknowledge =
            |partition: u16| member.held().get_mut(&partition).unwrap().progress.as_mut().unwrap().acknowledge(1);
        member.held().get_mut(&1).unwrap().leaving_since = Some(Instant::now());
        acknowledge(0);
        assert!(!member.is_done_with_any());
        acknowledge(1);
        assert!(member.is_done_with_any());
    }
}
