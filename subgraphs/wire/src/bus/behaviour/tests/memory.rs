//! A bus in memory, whole or broken in one way: what the behaviour test is tested with. It is no bus to run anything on.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use tokio::sync::Notify;

use crate::bus::{Bus, BusError, Delivery, Message, Place, Subscription, check_lengths};
use crate::topic::{PARTITIONS, Topic};

/// How a bus can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    LosesOrder,
    LosesOrderOfWhatComesAgain,
    LosesWhatADroppedConsumerHad,
    LosesAThousandth,
    LosesGivenUpWaits,
    Doubles,
    ForgetsAcknowledgements,
    AcknowledgesWhatWasBefore,
    CountsWhatIsAcknowledged,
    LeavesOutWhatIsHandedOut,
    KnowsNoBacklog,
    NewGroupsBeginAtTheEnd,
    HasOneGroup,
    HasOneTopic,
    HandsAKeyToBoth,
    HandsAllToOne,
    SendsWhatIsShortEnough,
    TakesNothingLong,
    PutsKeysTogether,
    PutsTextsInOrder,
    RefusesNothing,
    WakesNobody,
    HandsOutMore,
    SpreadsKeys,
}

#[derive(Default)]
struct TopicState {
    partitions: Vec<Vec<Message>>,
    groups: HashMap<String, Group>,
}

#[derive(Default)]
struct Group {
    begin: HashMap<u16, usize>,
    done: HashSet<Place>,
    handed: BTreeMap<Place, u64>,
    consumers: Vec<u64>,
    owners: HashMap<u16, u64>,
    next_consumer: u64,
}

#[derive(Default)]
struct State {
    topics: HashMap<String, TopicState>,
    published: usize,
}

#[derive(Clone)]
pub struct MemoryBus {
    fault: Option<Fault>,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

struct Consumer {
    bus: MemoryBus,
    topic: String,
    group: String,
    id: u64,
}

impl MemoryBus {
    pub fn new(fault: Option<Fault>) -> Self {
        Self { fault, state: Arc::default(), changed: Arc::default() }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn with_topic<T>(&self, name: &str, change: impl FnOnce(&mut TopicState) -> T) -> T {
        let mut state = self.state.lock().unwrap();
        let topic = state.topics.entry(name.to_owned()).or_default();
        topic.partitions.resize_with(PARTITIONS.into(), Vec::new);
        change(topic)
    }

    fn name_of(&self, topic: &Topic) -> String {
        if self.has(Fault::HasOneTopic) { "topic".to_owned() } else { topic.to_string() }
    }

    fn add(&self, topic: &Topic, message: &Message) {
        let published = {
            let mut state = self.state.lock().unwrap();
            state.published += 1;
            state.published
        };
        let mut message = message.clone();
        if self.has(Fault::PutsKeysTogether) {
            message.key = message.key.trim().to_lowercase().into();
        }
        if self.has(Fault::PutsTextsInOrder) {
            message.text = serde_json::from_str::<serde_json::Value>(&message.text).unwrap().to_string().into();
        }
        let mut hasher = DefaultHasher::new();
        message.key.hash(&mut hasher);
        let spread = if self.has(Fault::SpreadsKeys) { published as u64 } else { 0 };
        let partition = (hasher.finish().wrapping_add(spread) % u64::from(PARTITIONS)) as usize;
        self.with_topic(&self.name_of(topic), |topic| {
            let partition = &mut topic.partitions[partition];
            if self.has(Fault::LosesAThousandth) && published.is_multiple_of(1_000) {
                return;
            }
            if self.has(Fault::Doubles) && published.is_multiple_of(17) {
                partition.push(message.clone());
            }
            partition.push(message);
            let length = partition.len();
            if self.has(Fault::LosesOrder) && length.is_multiple_of(10) {
                partition.swap(length - 1, length - 2);
            }
        });
    }

    fn behind(&self, group: &Group, places: &[Place]) -> u64 {
        let counts = |place: &&Place| {
            let is_done = group.done.contains(*place) && !self.has(Fault::CountsWhatIsAcknowledged);
            let is_handed = group.handed.contains_key(*place) && self.has(Fault::LeavesOutWhatIsHandedOut);
            !is_done && !is_handed
        };
        places.iter().filter(counts).count() as u64
    }

    fn is_refused(&self, messages: &[Message]) -> Result<(), BusError> {
        if self.has(Fault::RefusesNothing) {
            return Ok(());
        }
        if self.has(Fault::TakesNothingLong) && messages.iter().any(|message| message.text.len() > 200_000) {
            return Err(BusError::Unavailable("too long".into()));
        }
        check_lengths(messages)
    }
}

impl Bus for MemoryBus {
    fn publish<'a>(&'a self, topic: &'a Topic, messages: &'a [Message]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            let checked = self.is_refused(messages);
            if checked.is_err() && !self.has(Fault::SendsWhatIsShortEnough) {
                return checked;
            }
            for message in messages.iter().filter(|message| checked.is_ok() || message.text.len() < 100) {
                self.add(topic, message);
            }
            if !self.has(Fault::WakesNobody) {
                self.changed.notify_waiters();
            }
            checked
        })
    }

    fn subscribe<'a>(
        &'a self,
        topic: &'a Topic,
        group: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn Subscription>, BusError>> {
        let group = if self.has(Fault::HasOneGroup) { "group" } else { group }.to_owned();
        let topic = self.name_of(topic);
        let id = self.with_topic(&topic, |topic| {
            let lengths = topic.partitions.iter().map(Vec::len).enumerate();
            let state = topic.groups.entry(group.clone()).or_insert_with(|| {
                let begin = lengths.filter(|_| self.has(Fault::NewGroupsBeginAtTheEnd));
                Group {
                    begin: begin.map(|(partition, length)| (partition as u16, length)).collect(),
                    ..Group::default()
                }
            });
            state.next_consumer += 1;
            state.consumers.push(state.next_consumer);
            state.next_consumer
        });
        let consumer = Consumer { bus: self.clone(), topic, group, id };
        Box::pin(async move { Ok(Box::new(consumer) as Box<dyn Subscription>) })
    }

    fn backlog<'a>(&'a self, topic: &'a Topic) -> BoxFuture<'a, Result<Option<BTreeMap<String, u64>>, BusError>> {
        let backlog: BTreeMap<String, u64> = self.with_topic(&self.name_of(topic), |topic| {
            let places = places(&topic.partitions);
            let of = |(name, group): (&String, &Group)| (name.clone(), self.behind(group, &places));
            topic.groups.iter().map(of).collect()
        });
        let backlog = (!self.has(Fault::KnowsNoBacklog)).then_some(backlog);
        Box::pin(std::future::ready(Ok(backlog)))
    }
}

/// Where there are messages.
fn places(partitions: &[Vec<Message>]) -> Vec<Place> {
    let of = |(partition, messages): (u16, &Vec<Message>)| {
        (0..messages.len() as u64).map(move |at| Place { partition, position: (0, at) })
    };
    (0..).zip(partitions).flat_map(of).collect()
}

impl Consumer {
    fn with_group<T>(&self, change: impl FnOnce(&[Vec<Message>], &mut Group) -> T) -> T {
        self.bus.with_topic(&self.topic, |topic| {
            let TopicState { partitions, groups } = topic;
            change(partitions, groups.get_mut(&self.group).unwrap())
        })
    }

    /// Whether a partition is this consumer's: shared out in turn, but only taken from one that has nothing of it in hand.
    fn owns(&self, partition: u16, group: &mut Group) -> bool {
        if self.bus.has(Fault::HandsAKeyToBoth) {
            return true;
        }
        let position =
            if self.bus.has(Fault::HandsAllToOne) { 0 } else { usize::from(partition) % group.consumers.len() };
        let entitled = group.consumers[position];
        let owner = *group.owners.entry(partition).or_insert(entitled);
        let is_busy = group.handed.iter().any(|(place, who)| place.partition == partition && *who == owner);
        if owner != entitled && !is_busy {
            group.owners.insert(partition, entitled);
        }
        group.owners[&partition] == self.id
    }

    fn take(&self, most: usize) -> Vec<Delivery> {
        let most = if self.bus.has(Fault::HandsOutMore) { most + 1 } else { most };
        self.with_group(|partitions, group| {
            let mut taken = Vec::new();
            for (partition, messages) in (0..).zip(partitions) {
                if !self.owns(partition, group) {
                    continue;
                }
                let begin = group.begin.get(&partition).copied().unwrap_or(0);
                for (at, message) in messages.iter().enumerate().skip(begin) {
                    let place = Place { partition, position: (0, at as u64) };
                    if taken.len() < most && !group.done.contains(&place) && !group.handed.contains_key(&place) {
                        group.handed.insert(place, self.id);
                        taken.push(Delivery { place, message: message.clone() });
                    }
                }
            }
            if self.bus.has(Fault::LosesOrderOfWhatComesAgain) && self.id > 1 {
                taken.reverse();
            }
            taken
        })
    }
}

impl Subscription for Consumer {
    fn next(&mut self, most: usize) -> BoxFuture<'_, Result<Vec<Delivery>, BusError>> {
        Box::pin(async move {
            loop {
                let changed = Arc::clone(&self.bus.changed);
                let changed = changed.notified();
                let taken = self.take(most);
                if self.bus.has(Fault::LosesGivenUpWaits) {
                    // What was taken is on its way while the wait can be given up.
                    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                }
                if !taken.is_empty() {
                    return Ok(taken);
                }
                changed.await;
            }
        })
    }

    fn acknowledge<'a>(&'a mut self, places: &'a [Place]) -> BoxFuture<'a, Result<(), BusError>> {
        self.with_group(|_, group| {
            for place in places {
                group.handed.remove(place);
                if !self.bus.has(Fault::ForgetsAcknowledgements) || place.position.1 % 5 != 0 {
                    group.done.insert(*place);
                }
                if self.bus.has(Fault::AcknowledgesWhatWasBefore) {
                    let before = |at| Place { partition: place.partition, position: (0, at) };
                    group.done.extend((0..place.position.1).map(before));
                }
            }
        });
        self.bus.changed.notify_waiters();
        Box::pin(async { Ok(()) })
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.with_group(|_, group| {
            let had: Vec<Place> =
                group.handed.extract_if(.., |_, who| *who == self.id).map(|(place, _)| place).collect();
            if self.bus.has(Fault::LosesWhatADroppedConsumerHad) {
                group.done.extend(had);
            }
            group.consumers.retain(|consumer| *consumer != self.id);
            group.owners.retain(|_, owner| *owner != self.id);
        });
        self.bus.changed.notify_waiters();
    }
}
