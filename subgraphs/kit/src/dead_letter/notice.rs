//! What is told of a dead letter on `<domain>/dead-letters`: an event `supergraph.<domain>.dead-letter.v1`, keyed as the
//! message was.

use chrono::Utc;
use serde::Serialize;
use uuid::Uuid;
use wire::bus::{MESSAGE_BYTES_MAX, Message};

use super::write::GivenUp;
use crate::{database::storable, envelope::NewEnvelope};

/// Told with the message's text while all of it is no longer than a message may be, else without: the letter itself has it.
pub(super) fn notice(id: Uuid, given_up: &GivenUp<'_>) -> Message {
    let message = &given_up.delivery.message;
    let mut text = envelope(id, given_up, Some(&message.text));
    if text.len() > MESSAGE_BYTES_MAX {
        text = envelope(id, given_up, None);
    }
    Message { key: storable(&message.key, usize::MAX).into(), text: text.into() }
}

#[derive(Serialize)]
struct Data<'a> {
    /// The letter's, by which it is shown and replayed.
    letter: Uuid,
    topic: String,
    partition: u16,
    /// Where in the partition, in decimal: they are greater than what numbers of JSON hold everywhere.
    position: [String; 2],
    group: &'a str,
    key: &'a str,
    reason: &'a str,
    attempts: u32,
    /// The message's own.
    text: Option<&'a str>,
}

fn envelope(id: Uuid, given_up: &GivenUp<'_>, text: Option<&str>) -> String {
    let GivenUp { group, topic, delivery, reason, attempts, .. } = *given_up;
    let domain = group.dead_letters().domain();
    let (first, second) = delivery.place.position;
    let data = Data {
        letter: id,
        topic: topic.to_string(),
        partition: delivery.place.partition,
        position: [first.to_string(), second.to_string()],
        group: group.name(),
        key: &delivery.message.key,
        reason,
        attempts,
        text,
    };
    let envelope = NewEnvelope {
        specversion: "1.0",
        id,
        source: format!("/supergraph/{domain}"),
        kind: format!("supergraph.{domain}.dead-letter.v1"),
        subject: &delivery.message.key,
        time: Utc::now(),
        datacontenttype: "application/json",
        data,
    };
    // Of strings and numbers: it can't fail.
    serde_json::to_string(&envelope).unwrap_or_default()
}
