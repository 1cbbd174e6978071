use std::thread;

use super::*;

const WAITS: Duration = Duration::from_millis(200);
const RUNS: Duration = Duration::from_millis(1);

fn bounds(requests_max: usize) -> Bounds {
    Bounds { requests_max, queueing_max: Duration::from_millis(50) }
}

fn admission(least: usize) -> Arc<Admission> {
    Arc::new(Admission { least, ..Admission::new() })
}

fn admit_all(admission: &Arc<Admission>, bounds: Bounds) -> Vec<Admitted> {
    std::iter::from_fn(|| admission.admit(1, bounds)).take(100_000).collect()
}

#[test]
fn as_many_as_configured_while_nothing_waits() {
    let (admission, bounds) = (admission(4), bounds(100));
    let admitted = admit_all(&admission, bounds);
    assert_eq!(admitted.len(), 100);
    assert!(admission.is_full(bounds));
    assert!(admission.admit(0, bounds).is_some(), "nothing more is asked");
    drop(admitted);
    assert!(!admission.is_full(bounds));
    assert!(admission.admit(101, bounds).is_none(), "together or not at all");
    assert!(admission.admit(100, bounds).is_some(), "what was refused counts no longer");
}

#[test]
fn the_bound_falls_with_the_excess_and_never_below_the_least() {
    let (admission, bounds) = (admission(4), bounds(100));
    let admitted = admit_all(&admission, bounds);
    assert!(admission.learn(WAITS, bounds), "four times too long");
    assert!(admission.admit(1, bounds).is_none());
    drop(admitted);
    assert_eq!(admit_all(&admission, bounds).len(), 25);
    for _ in 0..10 {
        admission.learn(WAITS, bounds);
    }
    assert_eq!(admit_all(&admission, bounds).len(), 4);
}

#[test]
fn the_bound_is_lifted_once_nothing_waits() {
    let (admission, bounds) = (admission(4), bounds(100));
    let admitted = admit_all(&admission, bounds);
    admission.learn(WAITS, bounds);
    drop(admitted);
    let looks = (1..1000).find(|_| !admission.learn(RUNS, bounds));
    assert!(looks.is_some_and(|looks| looks < 20), "{looks:?} looks");
    assert_eq!(admit_all(&admission, bounds).len(), 100);
}

#[tokio::test]
async fn work_that_waits_is_noticed() {
    let (admission, bounds) = (admission(4), bounds(100));
    let adapting = tokio::spawn({
        let (admission, bounds) = (Arc::clone(&admission), bounds);
        async move { admission.adapt(|| bounds).await }
    });
    let admitted = admit_all(&admission, bounds);
    while admission.bound.load(Ordering::Relaxed) == usize::MAX {
        // All tasks of this test run on this thread.
        thread::sleep(WAITS);
        tokio::time::sleep(RUNS).await;
    }
    assert!(admission.is_full(bounds));
    drop(admitted);
    while admission.bound.load(Ordering::Relaxed) != usize::MAX {
        tokio::time::sleep(RUNS).await;
    }
    adapting.abort();
}
