//! Requests that come when they come, however long the answers to earlier ones take.
//!
//! Latency counts from when a request was due, not from when it could be sent: a router that stops for a second makes
//! everybody wait who came within it, and all of them count (no coordinated omission).

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::shot::{Target, shoot};
use super::tally::Tally;
use crate::failure::{Failure, Result};

/// An answer that takes longer is none.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// The same arrivals for every router.
const SEED: u64 = 0x5eed;

/// How requests come.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// In a second, at random moments (exponential gaps).
    pub per_second: f64,
    /// How long they come.
    pub duration: Duration,
    /// How many may wait for their answers at the same time; further ones wait for one of these, which counts as theirs.
    pub clients_max: usize,
}

/// What is due and not yet sent.
struct Due {
    moments: RefCell<VecDeque<Instant>>,
    /// One for each moment; at the end one more for each client.
    wakes: Semaphore,
}

/// Sends at a rate, and waits for the last answers.
pub async fn open(target: &Target, rate: Rate) -> Result<Tally> {
    let tally = Rc::new(RefCell::new(Tally::default()));
    let due = Rc::new(Due { moments: RefCell::default(), wakes: Semaphore::new(0) });
    let mut running = JoinSet::new();
    for _ in 0..rate.clients_max {
        running.spawn_local(run(target.clone(), Rc::clone(&due), Rc::clone(&tally)));
    }
    pace(&due, rate).await?;
    due.wakes.add_permits(rate.clients_max);
    let drained = async { while running.join_next().await.is_some() {} };
    // Twice the time, since a request may be sent as late as an answer may come.
    if tokio::time::timeout(2 * ANSWER_MAX, drained).await.is_err() {
        running.shutdown().await;
    }
    let mut tally = tally.take();
    tally.late += due.moments.borrow().len() as u64;
    Ok(tally)
}

/// Says of each request when it is due, at that moment. A thread of its own sleeps between them: it wakes to some
/// microseconds, where tokio's clock wakes to the millisecond, which is longer than small answers take.
async fn pace(due: &Due, rate: Rate) -> Result<()> {
    let (sender, mut moments) = mpsc::unbounded_channel();
    let pacer = std::thread::spawn(move || {
        let mut random = fastrand::Rng::with_seed(SEED);
        let start = Instant::now();
        let mut moment = start;
        loop {
            moment += Duration::from_secs_f64(-(1.0 - random.f64()).ln() / rate.per_second);
            std::thread::sleep(moment.saturating_duration_since(Instant::now()));
            if moment - start >= rate.duration || sender.send(moment).is_err() {
                return;
            }
        }
    });
    while let Some(moment) = moments.recv().await {
        due.moments.borrow_mut().push_back(moment);
        due.wakes.add_permits(1);
    }
    pacer.join().map_err(|_| Failure::Program("the pacer has panicked".into()))
}

/// One client: takes whatever has been due for longest.
async fn run(target: Target, due: Rc<Due>, tally: Rc<RefCell<Tally>>) {
    let mut wire = None;
    let mut nth = 0;
    loop {
        let Ok(wake) = due.wakes.acquire().await else { return };
        wake.forget();
        let Some(moment) = due.moments.borrow_mut().pop_front() else { return };
        let index = (nth as usize) % target.shots.len().max(1);
        let Some(shot) = target.shots.get(index) else { return };
        nth += 1;
        match tokio::time::timeout(ANSWER_MAX, shoot(&target, shot, &mut wire, nth)).await {
            Ok(verdict) => tally.borrow_mut().add(verdict, moment.elapsed()),
            Err(_) => {
                wire = None;
                tally.borrow_mut().late += 1;
            }
        }
    }
}
