//! A bus that remembers, fails and waits as it is told.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use futures::future::BoxFuture;
use tokio::sync::Semaphore;
use wire::{
    bus::{Bus, BusError, Message, Subscription},
    topic::Topic,
};

/// Takes messages in memory, for as long as it is open.
pub(super) struct Recorder {
    taken: Mutex<Vec<(Topic, Message)>>,
    /// Publishing waits until it is open.
    gate: Semaphore,
    pub waiting: AtomicU32,
    /// Calls that were answered.
    pub answered: AtomicU32,
    pub fails: AtomicBool,
    /// The one topic that it never takes anything for.
    refuses: Option<Topic>,
}

impl Recorder {
    pub(super) fn open() -> Self {
        let gate = Semaphore::new(Semaphore::MAX_PERMITS);
        Self {
            taken: Mutex::default(),
            gate,
            waiting: AtomicU32::new(0),
            answered: AtomicU32::new(0),
            fails: AtomicBool::new(false),
            refuses: None,
        }
    }

    pub(super) fn shut() -> Self {
        Self { gate: Semaphore::new(0), ..Self::open() }
    }

    pub(super) fn refusing(topic: Topic) -> Self {
        Self { refuses: Some(topic), ..Self::open() }
    }

    pub(super) fn let_in(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    /// What was published under a key, in order.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let taken = self.taken.lock().unwrap();
        taken.iter().filter(|(_, message)| &*message.key == key).map(|(_, message)| message.text.to_string()).collect()
    }

    pub(super) fn count(&self) -> usize {
        self.taken.lock().unwrap().len()
    }
}

impl Bus for Recorder {
    fn publish<'a>(&'a self, topic: &'a Topic, messages: &'a [Message]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            self.gate.acquire().await.unwrap().forget();
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            self.answered.fetch_add(1, Ordering::SeqCst);
            if self.fails.load(Ordering::SeqCst) || self.refuses.as_ref() == Some(topic) {
                return Err(BusError::Unavailable("a test".into()));
            }
            let messages = messages.iter().map(|message| (topic.clone(), message.clone()));
            self.taken.lock().unwrap().extend(messages);
            Ok(())
        })
    }

    fn subscribe<'a>(&'a self, _: &'a Topic, _: &'a str) -> BoxFuture<'a, Result<Box<dyn Subscription>, BusError>> {
        Box::pin(async { Err(BusError::Unavailable("it only takes".into())) })
    }
}
