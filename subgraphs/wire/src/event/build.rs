//! Making envelopes: from an event, a command or a reply, with everything that only the sender knows handed in.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{Data, Envelope, EnvelopeError, Event, Payload, TypeName};
use crate::command::{Command, REPLY_SUFFIX, Refusal, Reply};
use crate::domain::Domain;

/// What every message gets from its sender, who alone has a clock and random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// A new UUIDv7.
    pub id: Uuid,
    /// When it happened.
    pub time: DateTime<Utc>,
}

impl Envelope {
    /// An event of its own domain, about its own subject.
    ///
    /// # Errors
    /// [`EnvelopeError::Unwritable`] if it can't be JSON.
    pub fn event<E: Event>(event: &E, stamp: Stamp) -> Result<Self, EnvelopeError> {
        Self::new(event, E::DOMAIN, event.subject(), stamp)
    }

    /// A command of `sender`'s on behalf of a saga, whose id all messages of the matter carry. It goes to [`Command::topics`].
    ///
    /// # Errors
    /// [`EnvelopeError::Unwritable`] if it can't be JSON.
    pub fn command<C: Command>(command: &C, sender: Domain, saga: Uuid, stamp: Stamp) -> Result<Self, EnvelopeError> {
        let envelope = Self::new(command, sender, command.key(), stamp)?;
        Ok(Self { correlation_id: Some(saga.to_string()), ..envelope })
    }

    /// What `handler` answers to a command. It goes to the replies of the command's [`Envelope::sender`], under the saga's id, so that
    /// one saga's answers are handled in turn.
    ///
    /// # Errors
    /// [`EnvelopeError::Missing`] for a command without a saga's id; [`EnvelopeError::Unwritable`].
    pub fn reply<C: Command>(
        reply: &Reply<C>,
        command: &Self,
        handler: Domain,
        stamp: Stamp,
    ) -> Result<Self, EnvelopeError> {
        let saga = command.correlation_id.clone().ok_or(EnvelopeError::Missing("correlationid"))?;
        Ok(Self::new(reply, handler, saga, stamp)?.caused_by(command))
    }

    /// What `handler` answers to a command that it can't read, by the command's envelope alone: to its sender it is the
    /// [`Reply::Refused`] of the command that it sent.
    ///
    /// # Errors
    /// [`EnvelopeError::Missing`] for a command without a saga's id; [`EnvelopeError::Value`] for one whose type isn't of ours.
    pub fn refusal(
        refusal: &Refusal<'_>,
        command: &Self,
        handler: Domain,
        stamp: Stamp,
    ) -> Result<Self, EnvelopeError> {
        let saga = command.correlation_id.clone().ok_or(EnvelopeError::Missing("correlationid"))?;
        let reply_type = TypeName::parse(&command.type_name).map(|name| {
            let reply = format!("{}{REPLY_SUFFIX}", name.name);
            TypeName { name: &reply, ..name }.to_string()
        });
        // Which the sender can read back: a name can be too long for it.
        let reply_type = reply_type.filter(|name| TypeName::parse(name).is_some());
        let reply_type = reply_type.ok_or_else(|| EnvelopeError::Value("type".to_owned()))?;
        Ok(Self::of(reply_type, refusal, handler, saga, stamp)?.caused_by(command))
    }

    fn new<P: Payload>(payload: &P, source: Domain, subject: String, stamp: Stamp) -> Result<Self, EnvelopeError> {
        let name = TypeName { domain: P::DOMAIN.as_str(), name: P::NAME, version: P::VERSION };
        Self::of(name.to_string(), payload, source, subject, stamp)
    }

    fn of(
        type_name: String,
        data: &impl Serialize,
        source: Domain,
        subject: String,
        stamp: Stamp,
    ) -> Result<Self, EnvelopeError> {
        Ok(Self {
            id: stamp.id.to_string(),
            source: Self::source_of(source),
            type_name,
            subject: Some(subject),
            time: Some(stamp.time),
            data_content_type: Some("application/json".to_owned()),
            traceparent: None,
            sequence: None,
            correlation_id: None,
            causation_id: None,
            actor: None,
            extensions: BTreeMap::new(),
            data: Some(Data::of(data).map_err(EnvelopeError::Unwritable)?),
        })
    }

    /// Says which message brought this one about: it is named, and the matter, the actor and the trace are that message's, unless this
    /// one has others already.
    #[must_use]
    pub fn caused_by(self, cause: &Self) -> Self {
        Self {
            causation_id: Some(cause.id.clone()),
            correlation_id: self.correlation_id.or_else(|| cause.correlation_id.clone()),
            actor: self.actor.or_else(|| cause.actor.clone()),
            traceparent: self.traceparent.or_else(|| cause.traceparent.clone()),
            ..self
        }
    }

    /// Says which version of the aggregate this event made, from 1.
    #[must_use]
    pub fn with_sequence(self, sequence: u64) -> Self {
        Self { sequence: Some(sequence), ..self }
    }

    /// Says which matter this belongs to.
    #[must_use]
    pub fn with_correlation(self, saga: Uuid) -> Self {
        Self { correlation_id: Some(saga.to_string()), ..self }
    }
}
