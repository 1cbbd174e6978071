//! One load of one key under way, and all who wait for it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::watch;

use crate::{cache::Version, error::Result};

/// How a flight ended.
pub(crate) enum Landing<V> {
    /// With a value, with none, or with an error.
    Landed(Result<Option<Arc<V>>>),
    /// Its leader went away; somebody who waits has to lead another.
    Abandoned,
}

impl<V> Clone for Landing<V> {
    fn clone(&self) -> Self {
        match self {
            Self::Landed(outcome) => Self::Landed(outcome.clone()),
            Self::Abandoned => Self::Abandoned,
        }
    }
}

/// A load under way.
pub(crate) struct Flight<V> {
    /// Which version the key was known to have when the flight began.
    pub floor: Version,
    /// Whether the key was known to have changed lately: then only the primary surely has it.
    pub changed: bool,
    /// Whether the key has changed since. Read and written under the ledger's lock.
    outdated: AtomicBool,
    landing: watch::Sender<Option<Landing<V>>>,
}

impl<V> Flight<V> {
    pub fn new(floor: Version, changed: bool) -> Self {
        Self { floor, changed, outdated: AtomicBool::new(false), landing: watch::Sender::new(None) }
    }

    /// Whether it began when a change to `version` was known, and so brings it.
    pub fn knows(&self, version: Option<Version>) -> bool {
        self.changed && version.is_some_and(|version| self.floor >= version)
    }

    pub fn set_outdated(&self) {
        self.outdated.store(true, Ordering::Relaxed);
    }

    pub fn is_outdated(&self) -> bool {
        self.outdated.load(Ordering::Relaxed)
    }

    /// Tells who waits; only the first time counts.
    pub fn land(&self, landing: Landing<V>) {
        self.landing.send_if_modified(|told| {
            let first = told.is_none();
            if first {
                *told = Some(landing);
            }
            first
        });
    }

    pub fn wait(&self) -> Waiting<V> {
        Waiting(self.landing.subscribe())
    }
}

/// Waits for a flight.
pub(crate) struct Waiting<V>(watch::Receiver<Option<Landing<V>>>);

impl<V> Waiting<V> {
    pub async fn landing(mut self) -> Landing<V> {
        match self.0.wait_for(Option::is_some).await {
            Ok(landing) => landing.clone().unwrap_or(Landing::Abandoned),
            // A flight lives as long as its leader, who tells before going.
            Err(_) => Landing::Abandoned,
        }
    }
}
