//! Hearing notices, in every process.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::{
    Kept,
    notice::{self, CHANNEL},
};
use crate::{
    database::{Database, Listening},
    outage::Outage,
    worker::{Worker, WorkerError},
};

/// Notices that wait: each takes microseconds, unless the shared tier has to be told. Of more it is enough to know that there
/// were any.
const WAITING_MAX: usize = 1_024;

/// Who hears, for which caches.
pub(super) struct Hearing {
    pub database: Database,
    pub caches: Vec<Arc<dyn Kept>>,
}

impl Worker for Hearing {
    fn name(&self) -> String {
        "caches".to_owned()
    }

    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>> {
        Box::pin(async move {
            stop.run_until_cancelled(self.hear()).await;
            Ok(())
        })
    }
}

impl Hearing {
    /// Hears until it is dropped. The connection is made again when it is lost.
    async fn hear(&self) {
        let mut outage = Outage::none("hearing what caches are told");
        loop {
            let (notices, waiting) = mpsc::channel(WAITING_MAX);
            let missed = Arc::new(Notify::new());
            let misses = Arc::clone(&missed);
            let heard = move |notification: &tokio_postgres::Notification| {
                if notices.try_send(notification.payload().to_owned()).is_err() {
                    misses.notify_one();
                }
            };
            match self.database.listen(CHANNEL, heard).await {
                Ok(listening) => {
                    outage.ended();
                    attend(&self.caches, listening, waiting, &missed).await;
                }
                Err(error) => tokio::time::sleep(outage.failed(&error)).await,
            }
        }
    }
}

/// Does what notices say, until the connection is lost.
async fn attend(
    caches: &[Arc<dyn Kept>],
    mut listening: Listening,
    mut waiting: mpsc::Receiver<String>,
    missed: &Notify,
) {
    // What was told while nobody listened here.
    everything(caches);
    loop {
        tokio::select! {
            biased;
            () = listening.ended() => return,
            () = missed.notified() => everything(caches),
            Some(notice) = waiting.recv() => act(caches, &notice).await,
        }
    }
}

async fn act(caches: &[Arc<dyn Kept>], notice: &str) {
    // Of a kind that this process doesn't keep, or of other code: none of its business.
    let Some((kind, outdated)) = notice::read(notice) else { return };
    for cache in caches.iter().filter(|cache| cache.kind() == kind) {
        cache.hear(&outdated).await;
    }
}

fn everything(caches: &[Arc<dyn Kept>]) {
    caches.iter().for_each(|cache| cache.expect_everything());
}
