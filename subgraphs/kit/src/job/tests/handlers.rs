//! What jobs do in these tests.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use diesel::{sql_query, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures::future::BoxFuture;
use tokio::sync::Semaphore;

use super::*;

/// Writes an effect.
pub(super) async fn write(connection: &mut AsyncPgConnection, key: &str, text: &str) -> Result<(), JobError> {
    let insert = sql_query("INSERT INTO effect (key, text) VALUES ($1, $2)");
    insert.bind::<Text, _>(key).bind::<Text, _>(text).execute(connection).await?;
    Ok(())
}

/// Writes its payload, after so many failures, or never.
#[derive(Default)]
pub(super) struct Writing {
    /// Attempts of each job that fail.
    pub fails: u32,
    pub is_permanent: bool,
    pub panics: bool,
    pub limits: Option<JobLimits>,
    /// Waits so long before it writes.
    pub takes: Duration,
}

impl JobHandler for Writing {
    type Payload = String;
    const KIND: &'static str = WRITE;

    fn limits(&self) -> JobLimits {
        self.limits.unwrap_or_else(quick)
    }

    fn run<'a>(&'a self, job: &'a Leased, payload: String) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            assert!(!self.panics, "as it was told");
            if job.attempt() <= self.fails {
                return Err(match self.is_permanent {
                    true => JobError::permanent("as it was told"),
                    false => JobError::transient("as it was told"),
                });
            }
            tokio::time::sleep(self.takes).await;
            job.finish(async |connection| {
                write(connection, job.key(), &payload).await?;
                Ok(payload.len())
            })
            .await
        })
    }

    fn gave_up<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        job: &'a Leased,
        _: String,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async { write(connection, job.key(), "given up").await })
    }
}

/// Jobs that wait within, and a way to let them go on.
pub(super) struct Gate {
    gate: Semaphore,
    inside: AtomicU32,
    inside_max: AtomicU32,
}

impl Gate {
    pub(super) fn open(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    pub(super) fn inside(&self) -> u32 {
        AtomicU32::load(&self.inside, Ordering::SeqCst)
    }

    pub(super) fn inside_max(&self) -> u32 {
        AtomicU32::load(&self.inside_max, Ordering::SeqCst)
    }
}

/// Waits at its gate, then writes.
pub(super) struct Gated {
    gate: Arc<Gate>,
    at_once: usize,
}

impl Gated {
    pub(super) fn shut() -> (Arc<Gate>, Self) {
        let (inside, inside_max) = (AtomicU32::new(0), AtomicU32::new(0));
        let gate = Arc::new(Gate { gate: Semaphore::new(0), inside, inside_max });
        (Arc::clone(&gate), Self { gate, at_once: JobLimits::default().at_once })
    }

    /// The same, which takes no other job while it has one: nor its own again, once that is due.
    pub(super) fn alone(self) -> Self {
        Self { at_once: 1, ..self }
    }
}

/// Counts down also when it is dropped.
struct Inside<'a>(&'a Gate);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

impl JobHandler for Gated {
    type Payload = String;
    const KIND: &'static str = "gated";

    fn limits(&self) -> JobLimits {
        JobLimits { at_once: self.at_once, ..JobLimits::default() }
    }

    fn run<'a>(&'a self, job: &'a Leased, payload: String) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let now = self.gate.inside.fetch_add(1, Ordering::SeqCst) + 1;
            self.gate.inside_max.fetch_max(now, Ordering::SeqCst);
            let _inside = Inside(&self.gate);
            self.gate.gate.acquire().await.unwrap().forget();
            job.finish(async |connection| write(connection, job.key(), &payload).await).await
        })
    }
}

/// Writes as many parts as its payload says, one a step, and is broken off after some.
pub(super) struct Stepping {
    pub breaks_after: u64,
    /// How long each step's transaction takes.
    pub takes: Duration,
}

impl JobHandler for Stepping {
    type Payload = u64;
    const KIND: &'static str = WRITE;

    fn limits(&self) -> JobLimits {
        quick()
    }

    fn run<'a>(&'a self, job: &'a Leased, parts: u64) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let first: u64 = job.resume().map_or(Ok(0), str::parse).map_err(JobError::permanent)?;
            for part in first..parts {
                if part - first == self.breaks_after {
                    return Err(JobError::transient("as it was told"));
                }
                let progress = Progress { done: part + 1, total: Some(parts), resume: Some((part + 1).to_string()) };
                job.step(&progress, async |connection| {
                    tokio::time::sleep(self.takes).await;
                    write(connection, job.key(), &part.to_string()).await
                })
                .await?;
            }
            Ok(())
        })
    }
}
