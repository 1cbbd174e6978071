//! Each effect once: several runners, killed anywhere.

use std::{
    collections::BTreeSet,
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use super::{handlers::Writing, *};
use crate::job::{attempt::Attempts, claim::claim, leases::Leases};

async fn assert_each_once(service: &Service, jobs: usize) {
    let effects = service.effects().await;
    let keys: BTreeSet<&String> = effects.iter().map(|(key, _)| key).collect();
    assert_eq!((keys.len(), effects.len()), (jobs, jobs));
}

async fn wait_until_done(service: &Service, jobs: i64) {
    let client = service.database().bulk_connection().await.unwrap();
    let done = "SELECT count(*) FROM job WHERE state = 'done'";
    wait_for("all to be done", async || {
        (client.query_one(done, &[]).await.unwrap().get::<_, i64>(0) == jobs).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_runners_share_the_jobs() {
    let service = Service::open().await;
    for number in 0..200 {
        service.enqueue(WRITE, &number.to_string(), "a").await;
    }
    let runners: Vec<Running> = (0..3).map(|_| service.run(Writing::default(), JobConfig::default())).collect();
    wait_until_done(&service, 200).await;
    for running in runners {
        running.stop().await;
    }
    assert_each_once(&service, 200).await;
}

/// Runners killed at random moments, and others in their place.
#[tokio::test(flavor = "multi_thread")]
async fn killed_runners_lose_and_double_nothing() {
    let service = Service::open().await;
    for number in 0..60 {
        service.enqueue(WRITE, &number.to_string(), "a").await;
    }
    let limits = JobLimits { attempts_max: 1_000, ..quick() };
    let start = |lease_ms| {
        let takes = Duration::from_millis(fastrand::u64(0..3));
        let config = JobConfig { lease_ms, ..JobConfig::default() };
        service.run(Writing { limits: Some(limits), takes, ..Writing::default() }, config)
    };
    let mut runners = vec![start(60), start(60)];
    for _ in 0..80 {
        tokio::time::sleep(Duration::from_micros(fastrand::u64(0..12_000))).await;
        runners.remove(0).kill().await;
        runners.push(start(60));
    }
    for running in runners {
        running.kill().await;
    }
    let last = start(30_000);
    wait_until_done(&service, 60).await;
    last.stop().await;
    assert_each_once(&service, 60).await;
}

/// A future that is given up after it was polled so often.
struct Polls<F> {
    future: Pin<Box<F>>,
    left: u32,
}

impl<F: Future> Future for Polls<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                self.future.as_mut().poll(context).map(Some)
            }
            None => Poll::Ready(None),
        }
    }
}

/// One attempt dropped at its first await, another at its second, and so on, until one comes through.
#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_may_be_dropped_at_any_await() {
    let service = Service::open().await;
    service.enqueue(WRITE, "a", "b").await;
    let database = service.database().clone();
    let limits = JobLimits { attempts_max: 1_000, ..quick() };
    let handler = Arc::new(Writing { limits: Some(limits), ..Writing::default() });
    let attempts = Attempts { database: database.clone(), handler, halt: CancellationToken::new() };
    for polls in 1.. {
        assert!(polls < 200, "it never comes through");
        let lease = Duration::from_millis(1);
        let claimed = wait_for("the lease before to end", async || {
            let mut connection = database.connection().await.unwrap();
            let claimed = claim(&mut connection, WRITE, Uuid::now_v7(), lease, 1).await.unwrap().claimed;
            let is_done = service.find("a").await.state == JobState::Done;
            (is_done || !claimed.is_empty()).then_some(claimed)
        })
        .await;
        let Some(claimed) = claimed.into_iter().next() else { break };
        let minute = Duration::from_secs(60);
        let held = Leases::new(minute).hold(claimed.id, claimed.fence, Instant::now() + minute);
        let job = Leased::new(database.clone(), WRITE, claimed, held);
        let attempt = Polls { future: Box::pin(attempts.attempt(job)), left: polls };
        let _came_through = pin!(attempt).await;
    }
    assert_eq!(service.effects().await, [("a".to_owned(), "b".to_owned())]);
}
