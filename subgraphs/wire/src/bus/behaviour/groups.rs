//! Each group has all messages of its topic, from the oldest, and no other's.

use super::compare::{Failure, compare, message, messages, sent};
use super::reader::Trial;
use crate::domain::Domain;
use crate::topic::{Purpose, Topic};

pub(super) async fn a_new_group_begins_with_the_oldest(trial: Trial<'_>) -> Result<(), Failure> {
    let published = messages(5, 10);
    trial.publish(&published).await?;
    let mut first = trial.open("first").await?;
    let taken = first.take(published.len()).await?;
    first.acknowledge(&taken).await?;
    let mut second = trial.open("second").await?;
    second.expect(&published).await
}

pub(super) async fn groups_take_nothing_from_each_other(trial: Trial<'_>) -> Result<(), Failure> {
    let published = messages(5, 10);
    let mut first = trial.open("first").await?;
    let mut second = trial.open("second").await?;
    trial.publish(&published).await?;
    let (taken, also_taken) = futures::try_join!(first.take(published.len()), second.take(published.len()))?;
    first.acknowledge(&taken).await?;
    drop(first);
    // What the first group did to its messages changes nothing for the second one.
    compare(&sent(&taken), &published)?;
    compare(&sent(&also_taken), &published)?;
    drop(second);
    trial.open("second").await?.expect(&published).await
}

pub(super) async fn topics_do_not_mix(trial: Trial<'_>) -> Result<(), Failure> {
    let topics = [
        Topic::of(Domain::Orders, Purpose::Events),
        Topic::of(Domain::Orders, Purpose::Commands),
        Topic::of(Domain::Users, Purpose::Events),
    ];
    for (at, topic) in topics.iter().enumerate() {
        trial.publish_to(topic, &[message("key", at), message("other key", at)]).await?;
    }
    for (at, topic) in topics.into_iter().enumerate() {
        let mut reader = trial.open_at(topic, "group").await?;
        reader.expect(&[message("key", at), message("other key", at)]).await?;
    }
    Ok(())
}
