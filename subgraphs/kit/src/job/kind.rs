//! The jobs of one kind: taken as there is room, and waited for at the end.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    JobConfig, Leased,
    attempt::Attempts,
    claim::{Found, claim},
    leases::Leases,
};
use crate::{database::DatabaseError, outage::Outage};

/// How long to wait for a job that is due and that somebody has locked: he is taking or ending it.
const LOCKED: Duration = Duration::from_millis(50);

/// How long handing jobs back may take: two statements each. Those that aren't are taken when their lease ends.
const HAND_BACK: Duration = Duration::from_secs(5);

/// What a look for jobs has shown.
#[derive(Clone, Copy)]
struct Look {
    /// How long there will be nothing else.
    wait: Duration,
    /// Whether there was room for more than there was.
    is_all: bool,
}

/// A runner's work on one kind.
pub(super) struct Kind {
    pub attempts: Arc<Attempts>,
    pub config: JobConfig,
    pub owner: Uuid,
    pub leases: Leases,
    /// When there may be something new.
    pub woken: Arc<Notify>,
}

impl Kind {
    /// Runs until `stop`, then waits for those under way as long as the configuration says, and hands the others back.
    pub(super) async fn run(&self, stop: &CancellationToken) {
        let apart = Duration::from_millis(self.config.looks_apart_ms);
        let mut outage = Outage::none(format!("taking jobs of kind {}", self.attempts.handler.kind()));
        let mut running = JoinSet::new();
        while !stop.is_cancelled() {
            let looked = Instant::now();
            let room = self.at_once().saturating_sub(running.len());
            let look = match self.take(room, &mut running).await {
                Ok(look) => {
                    outage.ended();
                    look
                }
                Err(error) => Look { wait: outage.failed(&error), is_all: false },
            };
            let something_new = async {
                self.wait(look, &mut running).await;
                tokio::time::sleep(apart.saturating_sub(looked.elapsed())).await;
            };
            stop.run_until_cancelled(something_new).await;
            while running.try_join_next().is_some() {}
        }
        self.finish(running).await;
    }

    fn at_once(&self) -> usize {
        self.attempts.handler.limits().at_once.max(1)
    }

    /// Waits until there may be something to take, and room for it.
    async fn wait(&self, look: Look, running: &mut JoinSet<bool>) {
        let began = Instant::now();
        loop {
            let is_full = running.len() >= self.at_once();
            tokio::select! {
                // What is finished makes room, which was there anyway if all was taken; what isn't may be due again at any time.
                Some(is_finished) = running.join_next() => {
                    if !look.is_all || !is_finished.unwrap_or(false) {
                        return;
                    }
                }
                () = self.woken.notified(), if !is_full => return,
                () = tokio::time::sleep(look.wait.saturating_sub(began.elapsed())), if !is_full => return,
            }
        }
    }

    /// Takes what there is room for.
    async fn take(&self, room: usize, running: &mut JoinSet<bool>) -> Result<Look, DatabaseError> {
        let poll = Duration::from_millis(self.config.poll_ms);
        if room == 0 {
            return Ok(Look { wait: poll, is_all: false });
        }
        let Attempts { database, handler, .. } = &*self.attempts;
        let (kind, lease) = (handler.kind(), self.config.lease());
        let mut connection = database.connection().await?;
        let until = Instant::now() + lease;
        let Found { claimed, next_due } = claim(&mut connection, kind, self.owner, lease, room).await?;
        let is_all = claimed.len() < room;
        for claimed in claimed {
            let held = self.leases.hold(claimed.id, claimed.fence, until);
            let job = Leased::new(database.clone(), kind, claimed, held);
            let attempts = Arc::clone(&self.attempts);
            running.spawn(async move { attempts.attempt(job).await });
        }
        Ok(Look { wait: next_due.map_or(poll, |next| next.max(LOCKED).min(poll)), is_all })
    }

    async fn finish(&self, mut running: JoinSet<bool>) {
        let all_done = async { while running.join_next().await.is_some() {} };
        let grace = Duration::from_millis(self.config.stop_grace_ms);
        if tokio::time::timeout(grace, all_done).await.is_err() {
            self.attempts.halt.cancel();
            // Each has two statements left to do, on a database that answers or not.
            let handed_back = async { while running.join_next().await.is_some() {} };
            drop(tokio::time::timeout(HAND_BACK, handed_back).await);
        }
    }
}
