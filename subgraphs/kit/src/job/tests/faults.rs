//! Leases that are lost, attempts that fail, runners that stop.

use super::{
    handlers::{Gated, Stepping, Writing},
    *,
};

/// A runner that stood still while another one took its job over can't finish it.
#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_lease_cannot_finish() {
    let service = Service::open().await;
    let (gate, handler) = Gated::shut();
    let first = service.run(handler.alone(), JobConfig { lease_ms: 3_600_000, ..patient() });
    service.enqueue("gated", "a", "first").await;
    wait_for("the first to have it", async || (gate.inside() == 1).then_some(())).await;
    // As if its lease had ended while it stood still: it renews the next one in twenty minutes.
    service.execute("UPDATE job SET due_at = clock_timestamp()").await;
    let (open, handler) = Gated::shut();
    open.open();
    let second = service.run(handler, patient());
    wait_for("the second to do it", async || (service.effects().await.len() == 1).then_some(())).await;
    gate.open();
    wait_for("the first to go on", async || (gate.inside() == 0).then_some(())).await;
    first.stop().await;
    second.stop().await;
    assert_eq!(service.effects().await.len(), 1);
    let mut connection = service.database().connection().await.unwrap();
    let job = find(&mut connection, "gated", "a").await.unwrap().unwrap();
    assert_eq!((job.state, job.attempts, job.error), (JobState::Done, 2, None));
}

/// It is told by its next renewal, and its handler is dropped.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_job_is_broken_off() {
    let service = Service::open().await;
    let (gate, handler) = Gated::shut();
    let running = service.run(handler, short_leases());
    let id = service.enqueue("gated", "a", "").await.unwrap();
    wait_for("it to run", async || (gate.inside() == 1).then_some(())).await;
    let mut connection = service.database().connection().await.unwrap();
    assert!(cancel(&mut connection, id).await.unwrap());
    assert!(!cancel(&mut connection, id).await.unwrap());
    wait_for("it to be dropped", async || (gate.inside() == 0).then_some(())).await;
    gate.open();
    running.stop().await;
    assert_eq!(service.effects().await, []);
    let job = find(&mut connection, "gated", "a").await.unwrap().unwrap();
    assert_eq!(job.state, JobState::Cancelled);
}

/// A renewed lease outlasts its length, with another runner waiting for its end.
#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_kept_as_long_as_its_runner_lives() {
    let service = Service::open().await;
    let lease = Duration::from_secs(6);
    let config = JobConfig { lease_ms: 6_000, ..patient() };
    let (gate, handler) = Gated::shut();
    let (open, other) = Gated::shut();
    open.open();
    let running = service.run(handler, config);
    service.enqueue("gated", "a", "b").await;
    wait_for("it to run", async || (gate.inside() == 1).then_some(())).await;
    let waiting = service.run(other, config);
    let find = async || {
        let mut connection = service.database().connection().await.unwrap();
        find(&mut connection, "gated", "a").await.unwrap().unwrap()
    };
    let first_end = find().await.created_at + lease;
    wait_for("the lease to be renewed twice over", async || (find().await.due_at > first_end + lease).then_some(()))
        .await;
    gate.open();
    wait_for("it to end", async || (find().await.state == JobState::Done).then_some(())).await;
    assert_eq!((find().await.attempts, open.inside_max()), (1, 0));
    running.stop().await;
    waiting.stop().await;
    assert_eq!(service.effects().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_tried_again_and_then_given_up() {
    let service = Service::open().await;
    let limits = JobLimits { attempts_max: 3, ..quick() };
    let running = service.run(Writing { fails: 2, limits: Some(limits), ..Writing::default() }, patient());
    service.enqueue(WRITE, "a", "third time").await;
    let job = service.wait_for_state("a", JobState::Done).await;
    assert_eq!((job.attempts, job.error), (3, None));
    running.stop().await;
    let running = service.run(Writing { fails: 3, limits: Some(limits), ..Writing::default() }, patient());
    service.enqueue(WRITE, "b", "never").await;
    let job = service.wait_for_state("b", JobState::Failed).await;
    assert_eq!((job.attempts, job.error.as_deref()), (3, Some("not now: as it was told")));
    assert!(job.finished_at.is_some());
    running.stop().await;
    let effects = service.effects().await;
    assert_eq!(effects.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["third time", "given up"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_succeeds_is_given_up_at_once() {
    let service = Service::open().await;
    let permanent = Writing { fails: u32::MAX, is_permanent: true, ..Writing::default() };
    let running = service.run(permanent, patient());
    service.enqueue(WRITE, "refused", "").await;
    let job = service.wait_for_state("refused", JobState::Failed).await;
    assert_eq!((job.attempts, job.error.as_deref()), (1, Some("never: as it was told")));
    service.enqueue(WRITE, "not a text", 7).await;
    let job = service.wait_for_state("not a text", JobState::Failed).await;
    assert!(job.error.unwrap().contains("invalid type"));
    running.stop().await;
    let running = service.run(Writing { panics: true, ..Writing::default() }, patient());
    service.enqueue(WRITE, "panics", "").await;
    let job = service.wait_for_state("panics", JobState::Failed).await;
    assert_eq!(job.error.as_deref(), Some("the handler panicked: as it was told"));
    running.stop().await;
    let given_up: Vec<String> = service.effects().await.into_iter().map(|(key, _)| key).collect();
    assert_eq!(given_up, ["refused", "panics"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_hangs_is_broken_off() {
    let service = Service::open().await;
    let limits = JobLimits { attempts_max: 2, attempt_timeout_ms: 50, ..quick() };
    let hanging = Writing { takes: Duration::from_secs(3_600), limits: Some(limits), ..Writing::default() };
    let running = service.run(hanging, patient());
    service.enqueue(WRITE, "a", "").await;
    let job = service.wait_for_state("a", JobState::Failed).await;
    assert_eq!((job.attempts, job.error.as_deref()), (2, Some("it takes longer than 50ms")));
    running.stop().await;
}

/// It takes its runners with it: none is left to say how it went.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_kills_its_runners_is_given_up() {
    let service = Service::open().await;
    service.enqueue(WRITE, "a", "").await;
    service.execute("UPDATE job SET attempts = 10").await;
    let running = service.run(Writing::default(), patient());
    let job = service.wait_for_state("a", JobState::Failed).await;
    assert_eq!(job.error.as_deref(), Some("not done after 10 attempts"));
    running.stop().await;
    assert_eq!(service.effects().await, [("a".to_owned(), "given up".to_owned())]);
}

/// What follows from giving up is written with it, or the job stays open.
#[tokio::test(flavor = "multi_thread")]
async fn giving_up_is_tried_until_it_is_written() {
    let service = Service::open().await;
    service.execute("ALTER TABLE effect ADD CONSTRAINT no CHECK (text <> 'given up')").await;
    let permanent = Writing { fails: u32::MAX, is_permanent: true, ..Writing::default() };
    let running = service.run(permanent, patient());
    service.enqueue(WRITE, "a", "").await;
    wait_for("several attempts", async || (service.find("a").await.attempts > 3).then_some(())).await;
    service.execute("ALTER TABLE effect DROP CONSTRAINT no").await;
    let job = service.wait_for_state("a", JobState::Failed).await;
    assert_eq!(job.error.as_deref(), Some("never: as it was told"));
    running.stop().await;
    assert_eq!(service.effects().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn goes_on_where_it_was() {
    let service = Service::open().await;
    let running = service.run(Stepping { breaks_after: 4, takes: Duration::ZERO }, patient());
    service.enqueue(WRITE, "a", 10).await;
    let job = service.wait_for_state("a", JobState::Done).await;
    assert_eq!((job.attempts, job.done, job.total), (3, Some(10), Some(10)));
    running.stop().await;
    let parts: Vec<String> = service.effects().await.into_iter().map(|(_, part)| part).collect();
    assert_eq!(parts, (0..10).map(|part| part.to_string()).collect::<Vec<_>>());
}

/// Those that can't end in time are left to others at once, and that was no attempt.
#[tokio::test(flavor = "multi_thread")]
async fn a_runner_that_stops_hands_its_jobs_back() {
    let service = Service::open().await;
    let (gate, handler) = Gated::shut();
    let config = JobConfig { lease_ms: 3_600_000, stop_grace_ms: 50, ..patient() };
    let running = service.run(handler, config);
    service.enqueue("gated", "a", "b").await;
    wait_for("it to run", async || (gate.inside() == 1).then_some(())).await;
    running.stop().await;
    assert_eq!(gate.inside(), 0);
    let mut connection = service.database().connection().await.unwrap();
    let job = find(&mut connection, "gated", "a").await.unwrap().unwrap();
    assert_eq!((job.state, job.attempts), (JobState::Waiting, 0));
    let (open, handler) = Gated::shut();
    open.open();
    let running = service.run(handler, config);
    wait_for("another to do it", async || (service.effects().await.len() == 1).then_some(())).await;
    running.stop().await;
}

/// All connections of the pool, the runner's ear included.
#[tokio::test(flavor = "multi_thread")]
async fn lost_connections_lose_no_job() {
    let service = Service::open().await;
    let limits = Some(JobLimits { attempts_max: 1_000, ..quick() });
    let running =
        service.run(Writing { takes: Duration::from_millis(2), limits, ..Writing::default() }, short_leases());
    let client = service.database().bulk_connection().await.unwrap();
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for number in 0..50 {
        let insert =
            "INSERT INTO job (id, kind, key, payload, due_at) VALUES (gen_random_uuid(), 'write', $1, '\"\"', now())";
        client.execute(insert, &[&number.to_string()]).await.unwrap();
        if number % 10 == 5 {
            client.query_one(kill, &[]).await.unwrap();
        }
        client.batch_execute("NOTIFY job, 'write'").await.unwrap();
    }
    let done = "SELECT count(*) FROM job WHERE state = 'done'";
    wait_for("all to be done", async || {
        (client.query_one(done, &[]).await.unwrap().get::<_, i64>(0) == 50).then_some(())
    })
    .await;
    running.stop().await;
    assert_eq!(service.effects().await.len(), 50);
}
