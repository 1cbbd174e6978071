//! Leases are kept whatever the pool does, and end in time when they can't be.

use std::time::Instant;

use tokio_postgres::Client;

use super::{
    handlers::{Gated, Stepping},
    *,
};
use crate::job::leases::Leases;

/// Long enough for a slow machine to renew it.
const LEASE_SECONDS: f64 = 6.0;

fn lasting() -> JobConfig {
    JobConfig { lease_ms: 6_000, ..patient() }
}

/// Waits until the one job's lease lasts to so long after the job was made.
async fn wait_for_renewal(client: &Client, seconds: f64) {
    let renewed = "SELECT state = 'running' AND due_at > created_at + make_interval(secs => $1) FROM job";
    wait_for("the lease to be renewed", async || {
        client.query_one(renewed, &[&seconds]).await.unwrap().get::<_, bool>(0).then_some(())
    })
    .await;
}

/// All of the pool's connections are taken, as they are when there is most to do, and the runner's own are lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_lease_needs_no_connection_of_the_pool() {
    let service = Service::open().await;
    let (gate, handler) = Gated::shut();
    let running = service.run(handler, lasting());
    service.enqueue("gated", "a", "b").await;
    wait_for("it to run", async || (gate.inside() == 1).then_some(())).await;
    let mut taken = Vec::new();
    for _ in 0..service.database().pool_size_max() {
        taken.push(service.database().connection().await.unwrap());
    }
    let client = service.database().bulk_connection().await.unwrap();
    wait_for_renewal(&client, LEASE_SECONDS + 1.0).await;
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    client.query_one(kill, &[]).await.unwrap();
    wait_for_renewal(&client, 2.0 * LEASE_SECONDS).await;
    assert_eq!(gate.inside(), 1);
    drop(taken);
    gate.open();
    wait_for("it to end", async || (service.effects().await.len() == 1).then_some(())).await;
    running.stop().await;
    let attempts = client.query_one("SELECT attempts FROM job WHERE state = 'done'", &[]).await.unwrap();
    assert_eq!(attempts.get::<_, i32>(0), 1);
}

/// It is begun again once the database can be had.
#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_renew_does_not_go_on() {
    let service = Service::open().await;
    let (gate, handler) = Gated::shut();
    let running = service.run(handler, JobConfig { lease_ms: 1_000, ..patient() });
    service.enqueue("gated", "a", "b").await;
    wait_for("it to run", async || (gate.inside() == 1).then_some(())).await;
    let client = service.database().bulk_connection().await.unwrap();
    client.batch_execute("BEGIN; LOCK TABLE job").await.unwrap();
    wait_for("it to be broken off", async || (gate.inside() == 0).then_some(())).await;
    gate.open();
    client.batch_execute("ROLLBACK").await.unwrap();
    wait_for("it to be done again", async || (service.effects().await.len() == 1).then_some(())).await;
    running.stop().await;
    let attempts = client.query_one("SELECT attempts FROM job", &[]).await.unwrap();
    assert!(attempts.get::<_, i32>(0) > 1);
}

/// Nobody could renew it meanwhile, and another runner waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_step_may_take_longer_than_a_lease() {
    let service = Service::open().await;
    let config = JobConfig { lease_ms: 3_000, ..patient() };
    let stepping = || Stepping { breaks_after: u64::MAX, takes: Duration::from_secs(4) };
    let runners = [service.run(stepping(), config), service.run(stepping(), config)];
    service.enqueue(WRITE, "a", 2).await;
    let job = service.wait_for_state("a", JobState::Done).await;
    assert_eq!(job.attempts, 1);
    for running in runners {
        running.stop().await;
    }
    assert_eq!(service.effects().await.len(), 2);
}

/// Whatever the database does: nobody asks it here.
#[tokio::test(flavor = "multi_thread")]
async fn leases_end_at_their_time() {
    let leases = Leases::new(Duration::from_secs(3_600));
    let ending = tokio::spawn({
        let leases = leases.clone();
        async move { leases.keep_ending().await }
    });
    let now = Instant::now();
    let hold = |after: Duration| leases.hold(Uuid::now_v7(), 1, now + after);
    let (late, soon, past) = (hold(Duration::from_secs(3_600)), hold(Duration::from_millis(100)), hold(Duration::ZERO));
    for ended in [past, soon] {
        wait_for("a lease to end", async || ended.lost().is_cancelled().then_some(())).await;
    }
    assert!(now.elapsed() >= Duration::from_millis(100));
    assert!(!late.lost().is_cancelled());
    ending.abort();
}
