//! An administrator who looks at everything, over and over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::support::callers::Callers;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// See the module.
pub struct Reader {
    task: JoinHandle<usize>,
    enough: Arc<AtomicBool>,
}

impl Reader {
    /// Starts it.
    pub fn start(callers: Callers) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let is_enough = Arc::clone(&enough);
        let task = tokio::spawn(async move {
            let mut looks = 0;
            while !is_enough.load(Ordering::Relaxed) {
                callers.read_everything().await;
                looks += 1;
                tokio::time::sleep(PAUSE).await;
            }
            looks
        });
        Self { task, enough }
    }

    /// Lets it finish; how often it has looked, without a look that failed.
    pub async fn stop(self) -> usize {
        self.enough.store(true, Ordering::Relaxed);
        self.task.await.expect("no look that fails")
    }
}
