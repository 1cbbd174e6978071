//! What a group has not acknowledged is its backlog, whether it was handed out or not; what it has isn't.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::compare::{Failure, ensure, messages};
use super::reader::{Trial, topic};

/// Messages of one publication.
const COUNT: u64 = 24;
/// What is told may be a moment old: how long until it is asked for again.
const PACE: Duration = Duration::from_millis(50);

pub(super) async fn the_backlog_is_what_is_not_acknowledged(trial: Trial<'_>) -> Result<(), Failure> {
    // There is no topic, and there are no groups.
    wait_for(trial, [0, 0]).await?;
    let published = messages(3, 8);
    let mut first = trial.open("first").await?;
    wait_for(trial, [0, 0]).await?;
    trial.publish(&published).await?;
    wait_for(trial, [COUNT, 0]).await?;
    let _second = trial.open("second").await?;
    wait_for(trial, [COUNT, COUNT]).await?;
    let taken = first.take(published.len()).await?;
    wait_for(trial, [COUNT, COUNT]).await?;
    let (done, rest) = taken.split_at(10);
    first.acknowledge(done).await?;
    wait_for(trial, [COUNT - 10, COUNT]).await?;
    first.acknowledge(rest).await?;
    wait_for(trial, [0, COUNT]).await?;
    // A group without consumers has one as well.
    drop(first);
    trial.publish(&published).await?;
    wait_for(trial, [COUNT, 2 * COUNT]).await
}

/// Waits until the two groups' backlogs are these; that of a group that isn't known is none.
async fn wait_for(trial: Trial<'_>, expected: [u64; 2]) -> Result<(), Failure> {
    let started = Instant::now();
    loop {
        let told = match trial.within("the backlog", trial.bus.backlog(&topic())).await? {
            Ok(Some(groups)) => Ok(["first", "second"].map(|group| groups.get(group).copied().unwrap_or(0))),
            Ok(None) => return Err(Failure::new("the bus doesn't know how far behind groups are")),
            // A broker that is busy may not say so now.
            Err(error) => Err(format!("{error:?}")),
        };
        if told == Ok(expected) {
            return Ok(());
        }
        ensure(started.elapsed() < trial.wait, || format!("the backlogs should be {expected:?} and are {told:?}"))?;
        sleep(PACE).await;
    }
}
