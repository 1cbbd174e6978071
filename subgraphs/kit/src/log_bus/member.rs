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
    notice::Partitions,
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
    /// How often there may have been something new in it, the first time when it was granted.
    heard: u64,
    /// How much of that was heard when a reading began that came to its end.
    read: u64,
}

/// A reading that has begun: what it finds is of this grant of the partition, and all that it was heard of by then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    grant: u64,
    heard: u64,
}

impl Held {
    /// A new grant.
    pub(super) fn new() -> Self {
        static GRANTS: AtomicU64 = AtomicU64::new(0);
        let grant = GRANTS.fetch_add(1, Ordering::Relaxed);
        Self { grant, progress: None, leaving_since: None, heard: 1, read: 0 }
    }

    /// Whether there may be something in it that wasn't read.
    pub(super) fn has_news(&self) -> bool {
        self.heard > self.read
    }

    /// Begins to read it.
    pub(super) fn reading(&self) -> Reading {
        Reading { grant: self.grant, heard: self.heard }
    }

    /// Whether it is still held as it was when the reading began.
    pub(super) fn is_read_by(&self, reading: Reading) -> bool {
        self.grant == reading.grant
    }

    /// The reading came to its end: there is nothing else but what was heard of since it began.
    fn read_to_its_end(&mut self, reading: Reading) {
        if self.is_read_by(reading) {
            self.read = self.read.max(reading.heard);
        }
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

    /// There may be something new in some partitions, which wakes it if it holds one of them: the others are others'.
    pub(super) fn hear(&self, partitions: &Partitions) {
        let mut is_concerned = false;
        for (_, held) in self.held().iter_mut().filter(|(partition, _)| partitions.contain(**partition)) {
            held.heard = held.heard.saturating_add(1);
            is_concerned = true;
        }
        if is_concerned {
            self.woken.notify_one();
        }
    }

    /// Readings came to their partitions' ends.
    pub(super) fn read_to_their_ends(&self, readings: &BTreeMap<u16, Reading>) {
        let mut held = self.held();
        for (partition, &reading) in readings {
            if let Some(held) = held.get_mut(partition) {
                held.read_to_its_end(reading);
            }
        }
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

    /// What is heard while it is read may have come too late for the reading, and so may what a reading of an earlier grant found.
    #[test]
    fn is_read_again_when_it_was_heard_of_since_the_reading_began() {
        let mut held = Held::new();
        let first = held.reading();
        assert!(held.has_news());
        held.read_to_its_end(first);
        assert!(!held.has_news());
        held.heard += 1;
        let second = held.reading();
        held.heard += 1;
        held.read_to_its_end(second);
        assert!(held.has_news());
        held.read_to_its_end(held.reading());
        assert!(!held.has_news());
        let mut again = Held::new();
        again.read_to_its_end(held.reading());
        assert!(again.has_news());
    }

    #[test]
    fn is_woken_by_what_it_holds_alone() {
        let member = Member::new(TopicRow { id: 1, partitions: 8 }, 1, &Members::default());
        member.held().insert(3, Held::new());
        let these = |partitions: &[u16]| Partitions::These(partitions.iter().copied().collect());
        for (partitions, is_concerned) in [(these(&[0, 4]), false), (these(&[0, 3]), true), (Partitions::Any, true)] {
            member.hear(&partitions);
            let woken = futures::FutureExt::now_or_never(member.woken.notified());
            assert_eq!(woken.is_some(), is_concerned, "{partitions:?}");
        }
        assert_eq!(member.held()[&3].heard, 3);
    }

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
