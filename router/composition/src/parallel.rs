//! Work side by side: subgraphs are parsed and checked, and types merged, each on its own, which is most of
//! composition's work.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::thread;

/// Items below which threads cost more than they save.
const ITEMS_MIN: usize = 8;
/// The same for types: with a hundred, either half takes a millisecond, and a thread on a busy machine waits for as long.
const TYPES_MIN: usize = 100;
/// Small items that a thread takes at a time.
const RUN_LENGTH: usize = 64;
/// More threads than this gain nothing: what follows runs on one.
const THREADS_MAX: usize = 8;
/// A thread's stack. Parsing nests as deeply as its limit on depth allows.
const STACK_BYTES: usize = 8 << 20;

/// Calls `work` on every item; results come in the items' order, whatever the number of threads.
pub(crate) fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(THREADS_MAX);
    if items.len() < ITEMS_MIN || threads < 2 {
        return items.into_iter().map(work).collect();
    }
    let waiting = Mutex::new(items.into_iter().enumerate());
    let done = Mutex::new(Vec::new());
    let worker = || {
        loop {
            let Some((index, item)) = lock(&waiting).next() else { return };
            let result = work(item);
            lock(&done).push((index, result));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where no thread is to be had, this one does all of the work.
            let _ = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, worker);
        }
        worker();
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// As [`map`], for items that are many and small: threads take a run of them at a time.
pub(crate) fn map_each<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let runs = items.len().div_ceil(RUN_LENGTH);
    let mut rest = items.into_iter();
    let runs: Vec<Vec<T>> = (0..runs).map(|_| rest.by_ref().take(RUN_LENGTH).collect()).collect();
    map(runs, |run| run.into_iter().map(&work).collect::<Vec<R>>()).into_iter().flatten().collect()
}

/// Does two things with so many types side by side.
pub(crate) fn both<A: Send, B>(types: usize, first: impl Fn() -> A + Sync, second: impl FnOnce() -> B) -> (A, B) {
    if types < TYPES_MIN {
        return (first(), second());
    }
    thread::scope(|scope| match thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, &first) {
        Ok(other) => {
            let second = second();
            (other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
        }
        // Where no thread is to be had, this one does both.
        Err(_) => (first(), second()),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_keep_the_order_of_items() {
        for count in [0, 1, 7, 8, 1_000] {
            let items: Vec<usize> = (0..count).collect();
            let doubled = (0..count).map(|item| item * 2).collect::<Vec<_>>();
            assert_eq!(super::map(items.clone(), |item| item * 2), doubled);
            assert_eq!(super::map_each(items, |item| item * 2), doubled);
        }
    }
}
