use std::thread;

use super::*;

const WAITS: Duration = Duration::from_millis(200);
const RUNS: Duration = Duration::from_millis(1);

fn limits(concurrent_requests_max: usize) -> Limits {
    Limits { concurrent_requests_max, queueing_ms_max: 50, ..Limits::default() }
}

fn admission(least: usize) -> Arc<Admission> {
    Arc::new(Admission { least, ..Admission::new() })
}

fn admit_all(admission: &Arc<Admission>, limits: &Limits) -> Vec<Admitted> {
    std::iter::from_fn(|| admission.admit(1, limits)).take(100_000).collect()
}

#[test]
fn as_many_as_configured_while_nothing_waits() {
    let (admission, limits) = (admission(4), limits(100));
    let admitted = admit_all(&admission, &limits);
    assert_eq!(admitted.len(), 100);
    assert!(admission.is_full(&limits));
    drop(admitted);
    assert!(!admission.is_full(&limits));
    assert!(admission.admit(101, &limits).is_none(), "together or not at all");
    assert!(admission.admit(100, &limits).is_some(), "what was refused counts no longer");
}

#[test]
fn the_bound_falls_with_the_excess_and_never_below_the_least() {
    let (admission, limits) = (admission(4), limits(100));
    let admitted = admit_all(&admission, &limits);
    assert!(admission.learn(WAITS, &limits), "four times too long");
    assert!(admission.admit(1, &limits).is_none());
    drop(admitted);
    assert_eq!(admit_all(&admission, &limits).len(), 25);
    for _ in 0..10 {
        admission.learn(WAITS, &limits);
    }
    assert_eq!(admit_all(&admission, &limits).len(), 4);
}

#[test]
fn the_bound_is_lifted_once_nothing_waits() {
    let (admission, limits) = (admission(4), limits(100));
    let admitted = admit_all(&admission, &limits);
    admission.learn(WAITS, &limits);
    drop(admitted);
    let looks = (1..1000).find(|_| !admission.learn(RUNS, &limits));
    assert!(looks.is_some_and(|looks| looks < 20), "{looks:?} looks");
    assert_eq!(admit_all(&admission, &limits).len(), 100);
}

#[tokio::test]
async fn work_that_waits_is_noticed() {
    let (admission, limits) = (admission(4), limits(100));
    let adapting = tokio::spawn({
        let (admission, limits) = (Arc::clone(&admission), limits.clone());
        async move { admission.adapt(|| limits.clone()).await }
    });
    let admitted = admit_all(&admission, &limits);
    while admission.bound.load(Ordering::Relaxed) == usize::MAX {
        // All tasks of this test run on this thread.
        thread::sleep(WAITS);
        tokio::time::sleep(RUNS).await;
    }
    assert!(admission.is_full(&limits));
    drop(admitted);
    while admission.bound.load(Ordering::Relaxed) != usize::MAX {
        tokio::time::sleep(RUNS).await;
    }
    adapting.abort();
}
