//! Requests that come when they come, however long the answers to earlier ones take.
//!
//! Latency counts from when a request was due, not from when it could be sent: a router that stops for a second makes
//! everybody wait who came within it, and all of them count (no coordinated omission).

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

use super::shot::{Target, shoot};
use super::tally::Tally;

/// An answer that takes longer is none.
pub const ANSWER_MAX: Duration = Duration::from_secs(10);
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

/// What is due and not yet sent, and who could send it.
#[derive(Default)]
struct Due {
    moments: RefCell<VecDeque<Instant>>,
    /// Clients with nothing to do. The one that was last busy goes first, so that there are no more connections than it takes.
    idle: RefCell<Vec<Rc<Notify>>>,
    /// Whether nothing more will be due.
    over: Cell<bool>,
}

/// Sends at a rate, and waits for the last answers.
pub async fn open(target: &Target, rate: Rate) -> Tally {
    let tally = Rc::new(RefCell::new(Tally::default()));
    let due = Rc::new(Due::default());
    let mut clients = JoinSet::new();
    let mut moments = pace(rate);
    while let Some(moment) = moments.recv().await {
        due.moments.borrow_mut().push_back(moment);
        let idle = due.idle.borrow_mut().pop();
        match idle {
            Some(client) => client.notify_one(),
            None if clients.len() < rate.clients_max => {
                let first = clients.len() as u64;
                clients.spawn_local(run(target.clone(), first, Rc::clone(&due), Rc::clone(&tally)));
            }
            // Whoever is ready first takes it.
            None => {}
        }
    }
    due.over.set(true);
    due.idle.borrow().iter().for_each(|client| client.notify_one());
    let drained = async { while clients.join_next().await.is_some() {} };
    // Twice the time, since a request may be sent as late as an answer may come.
    if tokio::time::timeout(2 * ANSWER_MAX, drained).await.is_err() {
        clients.shutdown().await;
    }
    let mut tally = tally.take();
    tally.late += due.moments.borrow().len() as u64;
    tally
}

/// Says of each request when it is due, at that moment. A thread of its own sleeps between them: it wakes to some
/// microseconds, where tokio's clock wakes to the millisecond, which is longer than small answers take.
fn pace(rate: Rate) -> mpsc::UnboundedReceiver<Instant> {
    let (sender, moments) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
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
    moments
}

/// One client: takes whatever has been due for longest, as long as there is something; `nth` is the first of the requests that
/// it sends.
async fn run(target: Target, mut nth: u64, due: Rc<Due>, tally: Rc<RefCell<Tally>>) {
    let mut wire = None;
    let woken = Rc::new(Notify::new());
    loop {
        let next = due.moments.borrow_mut().pop_front();
        let Some(moment) = next else {
            if due.over.get() {
                return;
            }
            due.idle.borrow_mut().push(Rc::clone(&woken));
            woken.notified().await;
            continue;
        };
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
