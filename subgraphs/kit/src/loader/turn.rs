//! Knowing when a request can't go on without its batches.
//!
//! [`drive`] polls a whole request. Whenever all its resolvers wait, and none
//! was woken meanwhile, a turn is over: batches that are open close and load.
//! So a batch gathers every key that can be known by then, without counting
//! yields or waiting for time to pass, on any runtime.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures::task::AtomicWaker;

/// How many turns one poll of the task may take before other tasks run.
const TURNS_A_POLL: usize = 64;

tokio::task_local! {
    static TURNS: Arc<Turns>;
}

/// Runs `request` to its end, turn by turn.
pub(crate) async fn drive<F: Future>(request: F) -> F::Output {
    let turns = Arc::new(Turns::default());
    let driven = Arc::clone(&turns);
    let run = async move {
        let mut request = pin!(request);
        let watch = Arc::new(Watch::default());
        poll_fn(|context| poll_turns(request.as_mut(), &driven, &watch, context)).await
    };
    TURNS.scope(turns, run).await
}

/// Waits for the end of this turn; at once outside of [`drive`].
pub(super) fn turn_end() -> TurnEnd {
    let turns = TURNS.try_with(Arc::clone).ok();
    let since = turns.as_ref().map_or(0, |turns| turns.number());
    TurnEnd { turns, since }
}

fn poll_turns<F: Future>(
    mut request: Pin<&mut F>,
    turns: &Turns,
    watch: &Arc<Watch>,
    context: &mut Context<'_>,
) -> Poll<F::Output> {
    watch.task.register(context.waker());
    let waker = Waker::from(Arc::clone(watch));
    for _ in 0..TURNS_A_POLL {
        watch.state.store(POLLING, Ordering::Release);
        let polled = request.as_mut().poll(&mut Context::from_waker(&waker));
        if polled.is_ready() {
            return polled;
        }
        // A resolver that was woken can go on, and may have keys to add.
        let woken = watch.state.load(Ordering::Acquire) == WOKEN;
        if !woken && !turns.end() && watch.sleep() {
            return Poll::Pending;
        }
    }
    context.waker().wake_by_ref();
    Poll::Pending
}

/// The request is being polled and nothing has woken it since.
const POLLING: u8 = 0;
/// The request is to be polled again.
const WOKEN: u8 = 1;
/// The request waits, and its task must be told of a wake-up.
const ASLEEP: u8 = 2;

/// Tells wake-ups during a poll from later ones. One a request, since a waker
/// that was handed out must go on working.
#[derive(Default)]
struct Watch {
    state: AtomicU8,
    task: AtomicWaker,
}

impl Watch {
    /// Whether nothing has woken the request since it was polled.
    fn sleep(&self) -> bool {
        self.state.compare_exchange(POLLING, ASLEEP, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

impl Wake for Watch {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(WOKEN, Ordering::AcqRel) == ASLEEP {
            self.task.wake();
        }
    }
}

/// The turns of one request and who waits for the current one to end.
#[derive(Default)]
struct Turns {
    number: AtomicU64,
    waiting: Mutex<Vec<Waker>>,
}

impl Turns {
    fn number(&self) -> u64 {
        self.number.load(Ordering::Acquire)
    }

    fn wait(&self, waker: &Waker) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        // One waker a batch: the list is as short as the schema has loaders.
        if !waiting.iter().any(|known| known.will_wake(waker)) {
            waiting.push(waker.clone());
        }
    }

    /// Ends the turn; whether anyone waited for that.
    fn end(&self) -> bool {
        let waiting = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *waiting)
        };
        self.number.fetch_add(1, Ordering::AcqRel);
        for waker in &waiting {
            waker.wake_by_ref();
        }
        !waiting.is_empty()
    }
}

/// See [`turn_end`]. Polls don't count, only turns do: any number of keys may
/// poll the batch that they share.
pub(super) struct TurnEnd {
    turns: Option<Arc<Turns>>,
    since: u64,
}

impl Future for TurnEnd {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(turns) = &self.turns else {
            return Poll::Ready(());
        };
        if turns.number() != self.since {
            return Poll::Ready(());
        }
        turns.wait(context.waker());
        Poll::Pending
    }
}
