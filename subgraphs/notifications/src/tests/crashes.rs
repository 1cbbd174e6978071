//! Workers that die anywhere between taking a job and ending it.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
};

use futures::future::BoxFuture;
use kit::job::{JobConfig, JobError, JobHandler, JobRunner, Leased};
use kit::testing::wait_for;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{House, JOBS, placed};
use crate::{
    delivery::{Errand, email::Email, handing_over::HandingOver, plan::Planning},
    mail::InDoubt,
};

/// A handler that is dropped when it was polled so often, in the midst of whatever it awaits, and never heard of again: as if its
/// process were killed. The first attempt only.
struct Mortal<H> {
    handler: H,
    polls: AtomicU32,
    died: Arc<Notify>,
}

impl<H: JobHandler<Payload = Errand>> JobHandler for Mortal<H> {
    type Payload = Errand;
    const KIND: &'static str = H::KIND;

    fn run<'a>(&'a self, job: &'a Leased, errand: Errand) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let mut living = Some(self.handler.run(job, errand));
            poll_fn(move |context| {
                let left =
                    self.polls.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(1)));
                if left == Ok(0) {
                    living = None;
                    self.died.notify_one();
                }
                living.as_mut().map_or(Poll::Pending, |living| Pin::new(living).poll(context))
            })
            .await
        })
    }
}

/// Lets a worker die after so many polls; whether it did before it was through.
async fn die_after<H: JobHandler<Payload = Errand>>(house: &House, handler: H, polls: u32) -> bool {
    let died = Arc::new(Notify::new());
    let mortal = Mortal { handler, polls: AtomicU32::new(polls), died: Arc::clone(&died) };
    // What it asks the database for in the moment of its death may still be done: a job that is taken by the dead so.
    let config = JobConfig { lease_ms: 3_000, ..JOBS };
    let runner = JobRunner::new(house.database.database().clone(), config).handler(mortal);
    let running = runner.run(CancellationToken::new());
    // The runner goes with the handler: nothing renews its lease, and nothing notes what became of the job.
    let idle = async {
        let left = format!(
            "SELECT count(*) FROM job WHERE kind = '{}' AND (state = 'running' OR (state = 'waiting' AND due_at <= now()))",
            H::KIND
        );
        wait_for("no mail to be left", async || (house.count(&left).await == 0).then_some(())).await;
    };
    let has_died = tokio::select! {
        () = running => false,
        () = died.notified() => true,
        () = idle => false,
    };
    // Nobody renews its lease any more; it ends.
    house.execute("UPDATE job SET due_at = now() WHERE state = 'running'").await;
    has_died
}

/// Kills the worker of one mail after each number of polls, until it is through before it dies, and lets another one finish.
async fn mails_of_mortals(in_doubt: InDoubt) {
    let mut house = House::open().await;
    house.ways.in_doubt = in_doubt;
    let user = house.user(2, &["EMAIL"]);
    let (mut deaths, mut doubts) = (0, 0);
    for polls in 0.. {
        house.hear(&placed(user, u64::from(polls) + 1)).await;
        // Plans it alone: the mail's job waits for its mortal.
        let planning = Planning::new(house.database.database().clone(), Arc::new(house.ways.clone()));
        assert!(!die_after(&house, planning, u32::MAX).await);
        let ways = Arc::new(house.ways.clone());
        let before = house.mail.taken().len();
        let died = die_after(&house, HandingOver::new(house.database.database().clone(), ways, Email), polls).await;
        let status = house.texts("SELECT status FROM delivery ORDER BY created_at DESC LIMIT 1").await.remove(0);
        house.work().await;
        let taken = house.mail.taken().len() - before;
        let end = house.texts("SELECT status FROM delivery ORDER BY created_at DESC LIMIT 1").await.remove(0);
        match (status.as_str(), in_doubt) {
            ("SENDING", InDoubt::SendAgain) => {
                doubts += 1;
                assert!((1..=2).contains(&taken) && end == "SENT", "{polls} {taken} {end}");
            }
            ("SENDING", InDoubt::GiveUp) => {
                doubts += 1;
                assert!(taken <= 1 && end == "BOUNCED", "{polls} {taken} {end}");
            }
            _ => assert_eq!((taken, end.as_str()), (1, "SENT"), "{polls} {status}"),
        }
        if !died {
            break;
        }
        deaths += 1;
    }
    // Every await was died at: a mail takes a dozen and more, and some of them lie where nobody can know.
    assert!(deaths > 12 && doubts > 0 && doubts < deaths, "{deaths} {doubts}");
    let mails = usize::try_from(deaths).unwrap() + 1;
    if in_doubt == InDoubt::SendAgain {
        assert_eq!(house.mail.shown().len(), mails, "each is shown once");
        assert_eq!(house.told().await.len(), mails, "each is told once");
        for id in house.mail.shown() {
            let copies: Vec<_> = house.mail.taken().into_iter().filter(|taken| taken.text.contains(&id)).collect();
            assert!(copies.windows(2).all(|pair| pair[0] == pair[1]), "copies are the same to the byte");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_shown_once_wherever_its_worker_dies() {
    mails_of_mortals(InDoubt::SendAgain).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_never_doubled_where_doubt_gives_it_up() {
    mails_of_mortals(InDoubt::GiveUp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_is_planned_once_wherever_its_worker_dies() {
    let house = House::open().await;
    let user = house.user(2, &["IN_APP", "EMAIL"]);
    let mut number = 0;
    for polls in 0.. {
        number += 1;
        house.hear(&placed(user, number)).await;
        let planning = Planning::new(house.database.database().clone(), Arc::new(house.ways.clone()));
        let died = die_after(&house, planning, polls).await;
        house.work().await;
        if !died {
            break;
        }
    }
    assert!(number > 6, "{number}");
    let number = usize::try_from(number).unwrap();
    assert_eq!(house.mail.taken().len(), number);
    assert_eq!(house.told().await.len(), 2 * number);
}
