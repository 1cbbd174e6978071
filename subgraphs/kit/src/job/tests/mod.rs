//! Jobs on a real server: each effect once, whatever happens to runners and connections in between.

mod faults;
mod handlers;
mod leases;
mod managing;
mod once;
mod scheduling;
mod waking;

use std::time::Duration;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use serde::Serialize;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::*;
use crate::{
    database::{Database, DatabaseError},
    testing::{TestDatabase, wait_for},
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");
/// The kind of most jobs here.
const WRITE: &str = "write";

/// A service's database with a table of effects.
struct Service {
    test: TestDatabase,
}

impl Service {
    async fn open() -> Self {
        let test = TestDatabase::create("kit", MIGRATIONS).await;
        let table = "CREATE TABLE effect (number bigint GENERATED ALWAYS AS IDENTITY, key text NOT NULL, text text)";
        test.database().bulk_connection().await.unwrap().batch_execute(table).await.unwrap();
        Self { test }
    }

    fn database(&self) -> &Database {
        self.test.database()
    }

    async fn enqueue<P: Serialize + Sync>(&self, kind: &str, key: &str, payload: P) -> Option<Uuid> {
        self.enqueue_at(kind, key, payload, RunAt::Now).await
    }

    async fn enqueue_at<P: Serialize + Sync>(&self, kind: &str, key: &str, payload: P, run_at: RunAt) -> Option<Uuid> {
        let job = NewJob { kind, key, payload, run_at };
        let mut connection = self.database().connection().await.unwrap();
        enqueue(&mut connection, &job).await.unwrap()
    }

    async fn find(&self, key: &str) -> Job {
        let mut connection = self.database().connection().await.unwrap();
        find(&mut connection, WRITE, key).await.unwrap().unwrap()
    }

    async fn wait_for_state(&self, key: &str, state: JobState) -> Job {
        wait_for(&format!("{key} to be {}", state.as_str()), async || {
            Some(self.find(key).await).filter(|job| job.state == state)
        })
        .await
    }

    /// What was written, in order.
    async fn effects(&self) -> Vec<(String, String)> {
        let client = self.database().bulk_connection().await.unwrap();
        let rows = client.query("SELECT key, text FROM effect ORDER BY number", &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    async fn execute(&self, text: &str) {
        self.database().bulk_connection().await.unwrap().batch_execute(text).await.unwrap();
    }

    fn run(&self, handler: impl JobHandler, config: JobConfig) -> Running {
        Running::start(JobRunner::new(self.database().clone(), config).handler(handler))
    }
}

struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(runner: JobRunner) -> Self {
        let stop = CancellationToken::new();
        Self { task: tokio::spawn(runner.run(stop.clone())), stop }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }

    /// Ends it in the midst of what it does, as a crash would.
    async fn kill(self) {
        self.task.abort();
        drop(self.task.await);
    }
}

/// Leases that outlast any standstill of a slow machine, and no polling that a test would notice.
fn patient() -> JobConfig {
    JobConfig { poll_ms: 3_600_000, ..JobConfig::default() }
}

/// The same with leases that soon end, and may do so under who is only slow.
fn short_leases() -> JobConfig {
    JobConfig { lease_ms: 300, ..patient() }
}

fn quick() -> JobLimits {
    JobLimits { retry_first_ms: 5, retry_longest_ms: 20, ..JobLimits::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rolled_back_is_not_done() {
    let service = Service::open().await;
    let running = service.run(handlers::Writing::default(), JobConfig::default());
    let never = NewJob { kind: WRITE, key: "never", payload: "a", run_at: RunAt::Now };
    let failed = service
        .database()
        .unit(async |connection| {
            enqueue(connection, &never).await?;
            Err::<(), _>(DatabaseError::Statement(diesel::result::Error::RollbackTransaction))
        })
        .await;
    assert!(failed.is_err());
    service.enqueue(WRITE, "kept", "b").await.unwrap();
    service.wait_for_state("kept", JobState::Done).await;
    running.stop().await;
    assert_eq!(service.effects().await, [("kept".to_owned(), "b".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_one_job_also_when_it_is_done() {
    let service = Service::open().await;
    let first = service.enqueue(WRITE, "a", "first").await;
    assert!(first.is_some());
    assert_eq!(service.enqueue(WRITE, "a", "second").await, None);
    assert!(service.enqueue("other", "a", "another kind").await.is_some());
    let running = service.run(handlers::Writing::default(), JobConfig::default());
    let done = service.wait_for_state("a", JobState::Done).await;
    assert_eq!((Some(done.id), done.attempts, done.result.as_deref()), (first, 1, Some("5")));
    assert_eq!(service.enqueue(WRITE, "a", "third").await, None);
    running.stop().await;
    assert_eq!(service.effects().await, [("a".to_owned(), "first".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_job_is_refused_before_anything_is_written() {
    let service = Service::open().await;
    let mut connection = service.database().connection().await.unwrap();
    let long = "x".repeat(256 * 1024 + 1);
    for (kind, key, payload) in [
        ("", "a", ""),
        (WRITE, "", ""),
        (WRITE, "\0", ""),
        (&long[..65], "a", ""),
        (WRITE, &long[..257], ""),
        (WRITE, "a", &long),
    ] {
        let job = NewJob { kind, key, payload, run_at: RunAt::Now };
        let refused = enqueue(&mut connection, &job).await;
        assert!(matches!(refused, Err(DatabaseError::Job(_))), "{refused:?}");
    }
    let job = NewJob { kind: &long[..64], key: &long[..256], payload: &long[..256 * 1024 - 2], run_at: RunAt::Now };
    assert!(enqueue(&mut connection, &job).await.unwrap().is_some());
}

/// With a poll that comes too late for the test.
#[tokio::test(flavor = "multi_thread")]
async fn is_woken_by_a_commit_and_by_the_clock() {
    let service = Service::open().await;
    let running = service.run(handlers::Writing::default(), patient());
    service.enqueue(WRITE, "now", "a").await;
    service.wait_for_state("now", JobState::Done).await;
    service.enqueue_at(WRITE, "later", "b", RunAt::After(Duration::from_millis(700))).await;
    let done = service.wait_for_state("later", JobState::Done).await;
    assert!(done.finished_at.unwrap() - done.created_at >= chrono::TimeDelta::milliseconds(700), "{done:?}");
    running.stop().await;
}

/// Kinds have room of their own, and those without a handler wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_kind_never_waits_for_another() {
    let service = Service::open().await;
    let (gate, handler) = handlers::Gated::shut();
    let runner = JobRunner::new(service.database().clone(), JobConfig::default());
    let running = Running::start(runner.handler(handler).handler(handlers::Writing::default()));
    for number in 0..20 {
        service.enqueue("gated", &number.to_string(), "").await;
        service.enqueue("nobody's", &number.to_string(), "").await;
    }
    wait_for("all room to be taken", async || (gate.inside() == 4).then_some(())).await;
    service.enqueue(WRITE, "a", "b").await;
    service.wait_for_state("a", JobState::Done).await;
    assert_eq!(gate.inside(), 4);
    gate.open();
    wait_for("the others", async || (service.effects().await.len() == 21).then_some(())).await;
    running.stop().await;
    assert_eq!(gate.inside_max(), 4);
}
