//! Sending a command: rows of the sender's outbox, in the transaction that decided it.

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;
use wire::{
    Domain,
    bus::Message,
    command::Command,
    event::{Envelope, Stamp},
    topic::{Purpose, Topic},
};

use super::CommandError;
use crate::{outbox, trace};

/// Who asks, and in which matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Who: replies go to this domain's replies.
    pub domain: Domain,
    /// The matter, a saga's id, under which the replies come. `None`: the command is a matter of its own, by its own id.
    pub correlation: Option<String>,
    /// The id of the message that brought this about.
    pub cause: Option<String>,
    /// Who wants it: a user's global id, or `service:<name>`.
    pub actor: Option<String>,
    /// The span in which it is decided, as W3C Trace Context writes it.
    pub traceparent: Option<String>,
}

impl Sender {
    /// A domain, of its own accord.
    #[must_use]
    pub fn of(domain: Domain) -> Self {
        Self { domain, correlation: None, cause: None, actor: None, traceparent: None }
    }
}

/// Sends a command to all of its targets once the caller's transaction is committed, and never if it isn't. Gives the id that it
/// has for each of them.
///
/// # Errors
/// [`CommandError::Envelope`] before anything is written; [`CommandError::Database`].
pub async fn send<C: Command>(
    connection: &mut AsyncPgConnection,
    sender: &Sender,
    command: &C,
) -> Result<Uuid, CommandError> {
    let id = Uuid::now_v7();
    send_as(connection, id, sender, command).await?;
    Ok(id)
}

/// [`send`] under an id of the caller's: who may take the same step again gives the same one, and so asks once.
///
/// # Errors
/// As [`send`].
pub async fn send_as<C: Command>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    sender: &Sender,
    command: &C,
) -> Result<(), CommandError> {
    let message = envelope(id, sender, command)?.to_message()?;
    let topics: Vec<Topic> = C::topics().collect();
    for topic in topics {
        outbox::append(connection, &topic, std::slice::from_ref(&message)).await?;
    }
    Ok(())
}

/// [`send`] of many, each from its own sender: one statement a target for a thousand of them.
///
/// # Errors
/// As [`send`].
pub async fn send_all<C: Command>(
    connection: &mut AsyncPgConnection,
    commands: &[(Sender, C)],
) -> Result<(), CommandError> {
    let messages = commands.iter().map(|(sender, command)| message(sender, command)).collect::<Result<Vec<_>, _>>()?;
    let topics: Vec<Topic> = C::topics().collect();
    for topic in topics {
        outbox::append(connection, &topic, &messages).await?;
    }
    Ok(())
}

/// [`send_as`] to one of the command's targets alone.
///
/// # Errors
/// As [`send`].
pub async fn send_to<C: Command>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    sender: &Sender,
    command: &C,
    target: Domain,
) -> Result<(), CommandError> {
    let message = envelope(id, sender, command)?.to_message()?;
    Ok(outbox::append(connection, &Topic::of(target, Purpose::Commands), &[message]).await?)
}

fn message<C: Command>(sender: &Sender, command: &C) -> Result<Message, CommandError> {
    Ok(envelope(Uuid::now_v7(), sender, command)?.to_message()?)
}

fn envelope<C: Command>(id: Uuid, sender: &Sender, command: &C) -> Result<Envelope, CommandError> {
    let envelope = Envelope::command(command, sender.domain, id, Stamp { id, time: Utc::now() })?;
    Ok(Envelope {
        correlation_id: sender.correlation.clone().or(envelope.correlation_id),
        causation_id: sender.cause.clone(),
        actor: sender.actor.clone(),
        traceparent: trace::here(sender.traceparent.as_ref()),
        ..envelope
    })
}
