//! What is done again and again.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use super::*;

struct Planned;

impl JobHandler for Planned {
    type Payload = Scheduled;
    const KIND: &'static str = "planned";

    fn run<'a>(&'a self, job: &'a Leased, planned: Scheduled) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let due = planned.due.to_rfc3339();
            job.finish(async |connection| handlers::write(connection, job.key(), &due).await).await
        })
    }
}

/// Two runners of one schedule: each time has one run, at its time, by the database's clock.
#[tokio::test(flavor = "multi_thread")]
async fn each_time_has_one_run() {
    let service = Service::open().await;
    let schedule = Schedule::every("planned", Duration::from_millis(200));
    let runners = [0, 1].map(|_| {
        let runner = JobRunner::new(service.database().clone(), JobConfig::default());
        Running::start(runner.handler(Planned).schedule(schedule))
    });
    let effects = wait_for("some runs", async || Some(service.effects().await).filter(|runs| runs.len() >= 5)).await;
    for running in runners {
        running.stop().await;
    }
    let times: Vec<DateTime<Utc>> = effects.iter().map(|(_, due)| due.parse().unwrap()).collect();
    assert_eq!(times.iter().collect::<BTreeSet<_>>().len(), times.len(), "{times:?}");
    assert!(times.iter().all(|time| time.timestamp_millis() % 200 == 0), "{times:?}");
    let mut connection = service.database().connection().await.unwrap();
    let jobs = list(&mut connection, &Listed::default()).await.unwrap();
    for job in jobs.iter().filter(|job| job.state == JobState::Done) {
        let planned: DateTime<Utc> = job.key.parse().unwrap();
        assert!(job.finished_at.unwrap() >= planned, "{job:?}");
    }
}
