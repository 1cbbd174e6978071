//! Tasks that fail, and tasks that are told to stop.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use super::*;
use crate::testing::wait_for;

/// A task that notes each of its starts, and does as `run` says in the n-th, from 0.
fn counted<Run>(
    workers: Workers,
    name: &str,
    run: impl Fn(u32, CancellationToken) -> Run + Send + Sync + 'static,
) -> (Workers, Arc<AtomicU32>)
where
    Run: Future<Output = Result<(), std::io::Error>> + Send + 'static,
{
    let starts = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&starts);
    (workers.with_task(name, move |stop| run(counted.fetch_add(1, Ordering::SeqCst), stop)), starts)
}

fn status<'a>(statuses: &'a [WorkerStatus], name: &str) -> &'a WorkerStatus {
    statuses.iter().find(|status| status.name == name).unwrap()
}

#[tokio::test]
async fn who_fails_or_panics_is_started_again_and_the_others_run_on() {
    let until_stopped = async |stop: CancellationToken| {
        stop.cancelled().await;
        Ok(())
    };
    let (workers, steady) = counted(Workers::new("orders"), "steady", move |_, stop| until_stopped(stop));
    let (workers, failing) = counted(workers, "failing", move |start, stop| async move {
        match start {
            0 => Err(std::io::Error::other("the first time")),
            1 => panic!("the second time"),
            _ => until_stopped(stop).await,
        }
    });
    let (workers, done) = counted(workers, "done", |_, _| async { Ok(()) });
    let monitor = workers.monitor();
    assert_eq!(workers.status().len(), 3);
    assert!(workers.status().iter().all(|status| status.running_since.is_none() && !status.has_ended));
    let running = workers.start();
    wait_for("two starts more", async || {
        let statuses = running.status();
        let failing = status(&statuses, "failing");
        (failing.restarts == 2 && failing.running_since.is_some()).then_some(())
    })
    .await;
    let statuses = running.status();
    assert_eq!(status(&statuses, "failing").last_error.as_ref().unwrap().text, "it panicked: the second time");
    let untouched = status(&statuses, "steady");
    assert_eq!((untouched.restarts, &untouched.last_error), (0, &None));
    assert!(untouched.running_since.is_some());
    // Nothing left to do is no failure.
    let ended = status(&statuses, "done");
    assert_eq!((ended.has_ended, ended.running_since, ended.restarts), (true, None, 0));
    running.stop().await;
    assert!(monitor.status().iter().all(|status| status.has_ended && status.running_since.is_none()));
    let starts = [steady, failing, done].map(|starts| starts.load(Ordering::SeqCst));
    assert_eq!(starts, [1, 3, 1]);
}

#[tokio::test]
async fn who_is_told_to_stop_finishes_what_it_has_begun() {
    let finished = Arc::new(AtomicU32::new(0));
    let finishing = Arc::clone(&finished);
    let (workers, _) = counted(Workers::new("orders"), "careful", move |_, stop| {
        let finishing = Arc::clone(&finishing);
        async move {
            stop.cancelled().await;
            tokio::task::yield_now().await;
            finishing.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    });
    // One that waits for its next start stops at once.
    let (workers, _) = counted(workers, "hopeless", |_, _| async { Err(std::io::Error::other("never")) });
    let running = workers.start();
    wait_for("a failure", async || status(&running.status(), "hopeless").last_error.clone()).await;
    tokio::time::timeout(std::time::Duration::from_secs(10), running.stop()).await.unwrap();
    assert_eq!(finished.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn who_does_not_stop_is_broken_off() {
    struct Told(Arc<AtomicU32>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let dropped = Arc::new(AtomicU32::new(0));
    let told = Arc::clone(&dropped);
    let (workers, starts) = counted(Workers::new("orders"), "deaf", move |_, _| {
        let told = Told(Arc::clone(&told));
        async move {
            let _told = told;
            std::future::pending().await
        }
    });
    let running = workers.start();
    wait_for("a start", async || (starts.load(Ordering::SeqCst) == 1).then_some(())).await;
    running.stop_within(std::time::Duration::from_millis(20)).await;
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn nothing_runs_on_when_they_are_dropped() {
    let (workers, starts) = counted(Workers::new("orders"), "deaf", |_, _| std::future::pending());
    let (monitor, running) = (workers.monitor(), workers.start());
    wait_for("a start", async || (starts.load(Ordering::SeqCst) == 1).then_some(())).await;
    let tasks = tokio::runtime::Handle::current().metrics();
    assert_eq!(tasks.num_alive_tasks(), 1);
    drop(running);
    wait_for("its end", async || (tasks.num_alive_tasks() == 0).then_some(())).await;
    assert_eq!(monitor.name(), "orders");
}
