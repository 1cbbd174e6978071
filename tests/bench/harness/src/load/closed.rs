//! A number of clients, each of which asks again as soon as it is answered.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::shot::{Target, shoot};
use super::tally::Tally;

/// An answer that takes longer is none.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// Keeps `clients` connections busy for `duration`, and until the last answers have come.
pub async fn closed(target: &Target, clients: usize, duration: Duration) -> Tally {
    let tally = Rc::new(RefCell::new(Tally::default()));
    let until = Instant::now() + duration;
    let mut running = JoinSet::new();
    for client in 0..clients {
        running.spawn_local(run(target.clone(), (client, clients), until, Rc::clone(&tally)));
    }
    let drained = async { while running.join_next().await.is_some() {} };
    if tokio::time::timeout(duration + ANSWER_MAX, drained).await.is_err() {
        tally.borrow_mut().late += running.len() as u64;
        running.shutdown().await;
    }
    tally.take()
}

/// One client; which of the requests it begins with, and how many others there are, so that all together send each equally
/// often.
async fn run(target: Target, (first, step): (usize, usize), until: Instant, tally: Rc<RefCell<Tally>>) {
    let mut wire = None;
    let mut nth = 0;
    let mut started = Instant::now();
    while started < until {
        let index = (first + (nth as usize) * step) % target.shots.len().max(1);
        let Some(shot) = target.shots.get(index) else { return };
        let verdict = shoot(&target, shot, &mut wire, nth).await;
        let ended = Instant::now();
        tally.borrow_mut().add(verdict, ended - started);
        started = ended;
        nth += 1;
    }
}
