//! How workers are doing.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// How one worker is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkerStatus {
    /// What it is called.
    pub name: String,
    /// Since when it runs; `None` while it doesn't: not started yet, waiting to be started again, or ended.
    pub running_since: Option<DateTime<Utc>>,
    /// How often it was started again.
    pub restarts: u32,
    /// Why it was, the last time.
    pub last_error: Option<LastError>,
    /// It won't be started again: it was told to stop, or had nothing left to do.
    pub has_ended: bool,
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastError {
    /// The error with all its causes, or what a panic said.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Tells how a set of workers is doing; cheap to clone, and to be kept after they have ended.
#[derive(Clone, Debug, Default)]
pub struct Monitor {
    name: Arc<str>,
    slots: Vec<Slot>,
}

impl Monitor {
    pub(super) fn of(name: &str) -> Self {
        Self { name: name.into(), slots: Vec::new() }
    }

    pub(super) fn add(&mut self, name: String) {
        self.slots.push(Slot(Arc::new(Mutex::new(WorkerStatus { name, ..WorkerStatus::default() }))));
    }

    pub(super) fn slots(&self) -> Vec<Slot> {
        self.slots.clone()
    }

    /// Whose workers they are.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How each is doing, in the order in which they were added.
    #[must_use]
    pub fn status(&self) -> Vec<WorkerStatus> {
        self.slots.iter().map(|slot| slot.note(|status| status.clone())).collect()
    }
}

/// Where one worker's status is kept.
#[derive(Clone, Debug)]
pub(super) struct Slot(Arc<Mutex<WorkerStatus>>);

impl Slot {
    /// Looks at the status, or changes it.
    pub(super) fn note<T>(&self, change: impl FnOnce(&mut WorkerStatus) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
