//! Who is woken by what, and how often the database is asked.

use std::{collections::BTreeSet, sync::Arc};

use tokio::sync::mpsc;
use wire::{
    bus::Message,
    topic::{Purpose, Topic},
};

use super::*;
use crate::{
    database::{hear_of_jobs, wake_on_commit},
    job::claim::{Found, claim},
    testing::WAIT_MAX,
};

async fn next(heard: &mut mpsc::UnboundedReceiver<Option<String>>) -> Option<String> {
    tokio::time::timeout(WAIT_MAX, heard.recv()).await.expect("to be told").expect("somebody who listens")
}

/// Of two kinds in one unit each is told once, and of a unit that has none nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_tells_which_kinds_have_a_new_job() {
    let service = Service::open().await;
    let database = service.database();
    let (tell, mut heard) = mpsc::unbounded_channel();
    let listening = hear_of_jobs(database, move |kind| drop(tell.send(kind.map(str::to_owned))));
    let message = Message { key: "a".into(), text: "{}".into() };
    let work = async {
        assert_eq!(next(&mut heard).await, None);
        for kinds in [vec![], vec![WRITE, "other", WRITE], vec!["last"]] {
            let (kinds, message) = (&kinds, std::slice::from_ref(&message));
            let unit = database.unit(async |connection| {
                for (number, kind) in kinds.iter().enumerate() {
                    let key = format!("{} {number}", kinds.len());
                    enqueue(connection, &NewJob { kind, key: &key, payload: "", run_at: RunAt::Now }).await?;
                }
                crate::outbox::append(connection, &Topic::new("users", Purpose::Events).unwrap(), message).await
            });
            unit.await.unwrap();
        }
        let both = BTreeSet::from([next(&mut heard).await, next(&mut heard).await]);
        assert_eq!(both, BTreeSet::from([Some(WRITE.to_owned()), Some("other".to_owned())]));
        assert_eq!(next(&mut heard).await.as_deref(), Some("last"));
    };
    tokio::select! {
        () = listening => unreachable!(),
        () = work => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_wakes_nobody_who_waits_for_messages() {
    let service = Service::open().await;
    let woken = Arc::new(tokio::sync::Notify::new());
    let work = async {
        woken.notified().await;
        service.enqueue(WRITE, "a", "").await;
        let waited = tokio::time::timeout(Duration::from_millis(300), woken.notified()).await;
        assert!(waited.is_err());
    };
    tokio::select! {
        () = wake_on_commit(service.database(), &woken) => unreachable!(),
        () = work => {}
    }
}

/// With a poll that comes too late for the test.
#[tokio::test(flavor = "multi_thread")]
async fn other_kinds_and_messages_make_a_runner_ask_nothing() {
    let service = Service::open().await;
    let running = service.run(handlers::Writing::default(), patient());
    service.enqueue(WRITE, "a", "b").await;
    service.wait_for_state("a", JobState::Done).await;
    let client = service.database().bulk_connection().await.unwrap();
    let before = service.database().statements_executed();
    for _ in 0..30 {
        client.batch_execute("NOTIFY job, 'other'; NOTIFY outbox").await.unwrap();
        // So that it could look because of each.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(service.database().statements_executed() - before < 15);
    let retried = "UPDATE job SET state = 'waiting', due_at = now(), finished_at = NULL; NOTIFY job, 'write'";
    client.batch_execute(retried).await.unwrap();
    wait_for("the other", async || (service.effects().await.len() == 2).then_some(())).await;
    running.stop().await;
}

/// Each finds more room than there are jobs, so that none is looked for when it has ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_finished_is_no_reason_to_look() {
    let service = Service::open().await;
    let running =
        service.run(handlers::Writing { takes: Duration::from_millis(30), ..handlers::Writing::default() }, patient());
    service.enqueue(WRITE, "first", "").await;
    service.wait_for_state("first", JobState::Done).await;
    let client = service.database().bulk_connection().await.unwrap();
    let before = service.database().statements_executed();
    for number in 0..20 {
        let insert =
            "INSERT INTO job (id, kind, key, payload, due_at) VALUES (gen_random_uuid(), 'write', $1, '\"\"', now())";
        client.execute(insert, &[&number.to_string()]).await.unwrap();
        client.batch_execute("NOTIFY job, 'write'").await.unwrap();
        wait_for("it to be done", async || (service.effects().await.len() == number + 2).then_some(())).await;
    }
    running.stop().await;
    // BEGIN, the job's row, the effect, the job's end, whether the transaction is whole, COMMIT; and a look.
    let (attempt, look) = (6, 1);
    let asked = service.database().statements_executed() - before;
    assert!(asked < 20 * (attempt + look) + 20, "{asked}");
}

/// What is taken, what another has locked, and what is due later.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_tells_what_it_takes_and_when_the_next_is_due() {
    let service = Service::open().await;
    let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3_600));
    let look = async |room: usize| {
        let mut connection = service.database().connection().await.unwrap();
        let Found { claimed, next_due } = claim(&mut connection, WRITE, Uuid::now_v7(), hour, room).await.unwrap();
        (claimed.into_iter().map(|job| job.key).collect::<Vec<_>>(), next_due)
    };
    assert_eq!(look(4).await, (vec![], None));
    service.enqueue("other", "other's", "").await;
    service.enqueue_at(WRITE, "later", "", RunAt::After(minute)).await;
    let (taken, next) = look(4).await;
    assert!(taken.is_empty() && next.is_some_and(|next| next <= minute && next > minute / 2), "{taken:?} {next:?}");
    for key in ["first", "second", "third"] {
        service.enqueue(WRITE, key, "").await;
    }
    let (taken, next) = look(1).await;
    assert_eq!((taken, next), (vec!["first".to_owned()], Some(Duration::ZERO)));
    let client = service.database().bulk_connection().await.unwrap();
    client.batch_execute("BEGIN; SELECT FROM job WHERE key = 'second' FOR UPDATE").await.unwrap();
    let (taken, next) = look(4).await;
    assert_eq!((taken, next), (vec!["third".to_owned()], Some(Duration::ZERO)));
    client.batch_execute("ROLLBACK; DELETE FROM job WHERE key = 'later'").await.unwrap();
    let (taken, next) = look(4).await;
    assert_eq!(taken, ["second"]);
    assert!(next.is_some_and(|next| next <= hour && next > hour / 2), "{next:?}");
}
