//! What people see of jobs, and do with them.

use super::{handlers::Writing, *};

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_is_listed_and_tried_again() {
    let service = Service::open().await;
    let config = patient();
    let permanent = Writing { fails: u32::MAX, is_permanent: true, ..Writing::default() };
    let running = service.run(permanent, config);
    let id = service.enqueue(WRITE, "a", "b").await.unwrap();
    service.wait_for_state("a", JobState::Failed).await;
    running.stop().await;
    let mut connection = service.database().connection().await.unwrap();
    let failed = Listed { state: Some(JobState::Failed), ..Listed::default() };
    let listed = list(&mut connection, &failed).await.unwrap();
    assert_eq!(listed.iter().map(|job| job.id).collect::<Vec<_>>(), [id]);
    let running = service.run(Writing::default(), config);
    assert!(retry(&mut connection, id).await.unwrap());
    let job = service.wait_for_state("a", JobState::Done).await;
    assert_eq!((job.attempts, job.error), (1, None));
    assert!(!retry(&mut connection, id).await.unwrap());
    running.stop().await;
    assert_eq!(list(&mut connection, &failed).await.unwrap(), []);
    let after = Listed { after: Some(id), ..Listed::default() };
    assert_eq!(list(&mut connection, &after).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_failed_of_a_kind_are_tried_again_and_no_others() {
    let service = Service::open().await;
    for key in ["one", "two", "cancelled", "done"] {
        service.enqueue(WRITE, key, "what it says").await;
    }
    let other = service.enqueue("other", "three", "").await.unwrap();
    service
        .execute(
            "UPDATE job SET state = 'failed', attempts = 10, finished_at = now() WHERE key IN ('one', 'two', 'three'); \
            UPDATE job SET state = key, finished_at = now() WHERE key IN ('cancelled', 'done')",
        )
        .await;
    assert_eq!(retry_failed(service.database(), WRITE).await.unwrap(), 2);
    assert_eq!(retry_failed(service.database(), WRITE).await.unwrap(), 0);
    let mut connection = service.database().connection().await.unwrap();
    let waiting = Listed { state: Some(JobState::Waiting), ..Listed::default() };
    let waiting = list(&mut connection, &waiting).await.unwrap();
    let seen: Vec<_> = waiting.iter().map(|job| (job.key.as_str(), job.attempts)).collect();
    assert_eq!(seen, [("one", 0), ("two", 0)]);
    let shown = show(&mut connection, waiting[0].id).await.unwrap().unwrap();
    assert_eq!((shown.job.clone(), shown.resume), (waiting[0].clone(), None));
    assert!(shown.payload.contains("what it says"));
    assert_eq!(show(&mut connection, other).await.unwrap().unwrap().job.state, JobState::Failed);
    assert_eq!(show(&mut connection, uuid::Uuid::nil()).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn tells_what_waits_and_for_how_long() {
    let service = Service::open().await;
    let mut connection = service.database().connection().await.unwrap();
    assert_eq!(status(&mut connection).await.unwrap(), []);
    for key in ["old", "new", "taken", "failed", "done"] {
        service.enqueue(WRITE, key, "").await;
    }
    service.enqueue_at("other", "a", "", RunAt::After(Duration::from_secs(3_600))).await;
    service
        .execute(
            "UPDATE job SET due_at = now() - interval '1 hour' WHERE key = 'old'; \
            UPDATE job SET state = 'running', lease_owner = id, due_at = now() - interval '2 hours' WHERE key = 'taken'; \
            UPDATE job SET state = key, finished_at = now() WHERE key IN ('failed', 'done')",
        )
        .await;
    let status = status(&mut connection).await.unwrap();
    let numbers: Vec<_> =
        status.iter().map(|kind| (kind.kind.as_str(), kind.waiting, kind.running, kind.failed)).collect();
    assert_eq!(numbers, [("other", 1, 0, 0), (WRITE, 2, 1, 1)]);
    assert_eq!(status[0].oldest_waiting, None);
    assert_eq!(status[1].oldest_waiting.unwrap().as_secs() / 60, 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_long_ago_is_forgotten() {
    let service = Service::open().await;
    for key in ["waiting", "done", "failed", "cancelled", "done lately"] {
        service.enqueue(WRITE, key, "").await;
    }
    service
        .execute(
            "UPDATE job SET state = key, finished_at = now() - interval '2 hours' WHERE key IN ('done', 'failed', 'cancelled'); \
            UPDATE job SET state = 'done', finished_at = now() WHERE key = 'done lately'",
        )
        .await;
    let (hour, day) = (Duration::from_secs(3_600), Duration::from_secs(86_400));
    assert_eq!(forget(service.database(), hour, day).await.unwrap(), 2);
    assert_eq!(forget(service.database(), hour, hour).await.unwrap(), 1);
    let mut connection = service.database().connection().await.unwrap();
    let left = list(&mut connection, &Listed::default()).await.unwrap();
    assert_eq!(left.iter().map(|job| job.key.as_str()).collect::<Vec<_>>(), ["waiting", "done lately"]);
    assert!(service.enqueue(WRITE, "done", "").await.is_some());
}
