//! Another program on a core, which wants all of its time.

use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::on_core;
use crate::failure::{Result, Tried};

/// Busy until it is dropped.
pub struct Neighbour {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Neighbour {
    /// On a core.
    pub fn on(core: usize) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let busy = move || {
            while !stopped.load(Ordering::Relaxed) {
                spin_loop();
            }
        };
        let thread = on_core(core, || thread::Builder::new().spawn(busy).tried("starting a neighbour"))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join);
    }
}
