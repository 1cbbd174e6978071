//! What is too long is refused whole, what is just short enough is taken, and nothing is fine.

use std::sync::Arc;

use super::super::{BusError, KEY_BYTES_MAX, MESSAGE_BYTES_MAX, Message};
use super::compare::{Failure, ensure, message, messages};
use super::reader::{Trial, topic};

/// A message with a key and a text of so many bytes.
fn sized(key: usize, text: usize) -> Message {
    Message { key: Arc::from("k".repeat(key)), text: Arc::from(format!("\"{}\"", "t".repeat(text - 2))) }
}

pub(super) async fn what_is_too_long_is_refused_before_anything_is_sent(trial: Trial<'_>) -> Result<(), Failure> {
    for too_long in [sized(1, MESSAGE_BYTES_MAX + 1), sized(KEY_BYTES_MAX + 1, 10)] {
        let mut published = messages(5, 20);
        published.push(too_long);
        let result = trial.bus.publish(&topic(), &published).await;
        ensure(matches!(result, Err(BusError::TooLong { .. })), || format!("publishing said {result:?}"))?;
    }
    let published = (0..5).map(|key| message(&format!("key-{key}"), 100)).collect::<Vec<_>>();
    trial.publish(&published).await?;
    trial.open("group").await?.expect(&published).await
}

pub(super) async fn the_longest_messages_are_taken(trial: Trial<'_>) -> Result<(), Failure> {
    let longest = sized(KEY_BYTES_MAX, MESSAGE_BYTES_MAX);
    let published = [message(&longest.key, 0), longest.clone(), longest.clone(), message(&longest.key, 1)];
    trial.publish(&published).await?;
    trial.open("group").await?.expect(&published).await
}

pub(super) async fn nothing_can_be_published(trial: Trial<'_>) -> Result<(), Failure> {
    trial.publish(&[]).await?;
    let published = messages(1, 2);
    trial.publish(&published).await?;
    trial.publish(&[]).await?;
    trial.open("group").await?.expect(&published).await
}
