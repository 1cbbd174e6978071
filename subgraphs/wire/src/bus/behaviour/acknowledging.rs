//! What a consumer has not acknowledged comes again once it is gone; what it has doesn't.

use super::super::Delivery;
use super::compare::{Failure, message, messages, sent};
use super::reader::Trial;

pub(super) async fn what_is_not_acknowledged_comes_again(trial: Trial<'_>) -> Result<(), Failure> {
    let published = messages(3, 8);
    trial.publish(&published).await?;
    // More than once, and whether all were taken or some.
    for count in [published.len(), 5, 1] {
        trial.open("group").await?.take(count).await?;
    }
    trial.open("group").await?.expect(&published).await
}

pub(super) async fn what_is_acknowledged_does_not_come_again(trial: Trial<'_>) -> Result<(), Failure> {
    let published = messages(3, 8);
    trial.publish(&published).await?;
    let mut reader = trial.open("group").await?;
    let taken = reader.take(published.len()).await?;
    let (done, rest) = taken.split_at(10);
    reader.acknowledge(done).await?;
    drop(reader);
    // In the order in which they came, which is each key's own.
    trial.open("group").await?.expect(&sent(rest)).await?;
    // All that was there is acknowledged by now.
    trial.publish(&[message("key-0", 100)]).await?;
    trial.open("group").await?.expect(&[message("key-0", 100)]).await
}

pub(super) async fn acknowledgements_come_in_any_order(trial: Trial<'_>) -> Result<(), Failure> {
    let published = messages(1, 10);
    trial.publish(&published).await?;
    let mut reader = trial.open("group").await?;
    let taken = reader.take(published.len()).await?;
    let at = |places: &[usize]| places.iter().filter_map(|at| taken.get(*at).cloned()).collect::<Vec<Delivery>>();
    for done in [at(&[8]), at(&[5, 2])] {
        reader.acknowledge(&done).await?;
    }
    drop(reader);
    let is_done = |at: &usize| [2, 5, 8].contains(at);
    let (done, left): (Vec<usize>, Vec<usize>) = (0..10).partition(is_done);
    let of = |numbers: Vec<usize>| numbers.into_iter().map(|number| message("key-0", number)).collect::<Vec<_>>();
    // Those behind a hole need not be remembered.
    trial.open("group").await?.expect_besides(&of(left), &of(done)).await?;
    // All that was there is acknowledged by now.
    trial.publish(&[message("key-0", 100)]).await?;
    trial.open("group").await?.expect(&[message("key-0", 100)]).await
}
