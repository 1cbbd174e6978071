//! Long computations over large answers, made where they keep no other request waiting.

use std::sync::LazyLock;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;

/// Bytes of answers from which on reading, merging or writing them counts as long: some milliseconds. Handing a thread's
/// other tasks over wakes another one, which smaller ones are not worth. What answers brought once and the response has
/// several times counts once: it is copied, which takes a tenth of the time.
const LONG_BYTES: usize = 4 << 20;

/// All of the process, as its processors are what they share.
static HANDOVERS: LazyLock<Handovers> =
    LazyLock::new(|| Handovers::new(std::thread::available_parallelism().map_or(1, usize::from)));

/// Does work on so many bytes. If that is long, the thread's other tasks go on elsewhere meanwhile.
pub fn bulk<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    if bytes < LONG_BYTES { work() } else { HANDOVERS.hand_over(work) }
}

/// How many threads may work while their other tasks go on elsewhere.
///
/// Who finds none left works where it is, and so begins nothing else before this is done. If everybody handed over, all
/// requests there are would be worked on at once, each on a thread and in memory of its own, and none would be done any
/// sooner.
struct Handovers(Semaphore);

impl Handovers {
    fn new(threads: usize) -> Self {
        Self(Semaphore::new(threads))
    }

    fn hand_over<T>(&self, work: impl FnOnce() -> T) -> T {
        let is_multi_threaded = |handle: Handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread;
        if !Handle::try_current().is_ok_and(is_multi_threaded) {
            return work();
        }
        match self.0.try_acquire() {
            Ok(_permit) => tokio::task::block_in_place(work),
            Err(_) => work(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn much_work_at_once_takes_few_threads() {
        let threads = Arc::new(AtomicUsize::new(0));
        let started = Arc::clone(&threads);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .on_thread_start(move || {
                started.fetch_add(1, Ordering::Relaxed);
            })
            .build()
            .unwrap();
        let handovers = Arc::new(Handovers::new(2));
        let work = |_| {
            let handovers = Arc::clone(&handovers);
            runtime.spawn(async move { handovers.hand_over(|| std::thread::sleep(Duration::from_millis(2))) })
        };
        let all: Vec<_> = (0..50).map(work).collect();
        runtime.block_on(futures::future::join_all(all)).into_iter().for_each(Result::unwrap);
        let threads = threads.load(Ordering::Relaxed);
        // One that serves and two that it was handed over by; others may still be on their way to rest.
        assert!((2..10).contains(&threads), "{threads} threads");
        assert_eq!(handovers.0.available_permits(), 2);
    }
}
