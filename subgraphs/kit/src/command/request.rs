//! Who asked, and how to answer.

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{
    Domain,
    command::{Command, Refusal, Reply},
    event::{Envelope, EnvelopeError, Event, Stamp, TypeName},
    topic::{Purpose, Topic},
};

use super::CommandError;
use crate::{event_store::Metadata, outbox, trace};

/// The namespace of replies' ids. Must never change.
const REPLIES: Uuid = Uuid::from_u128(0x2f0b_7d5e_91c3_4a68_8e04_6b1d_c7a2_53f9);

/// All that it takes to answer a command, now or later: can be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The command's id.
    pub id: Uuid,
    /// The command's type, with the version that was sent.
    pub type_name: String,
    /// Who is asked.
    pub handler: Domain,
    /// Who asks.
    pub sender: Domain,
    /// The matter: the asking saga's id, or the command's own.
    pub correlation: String,
    /// Who wants it: a user's global id, or `service:<name>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The span in which it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
}

impl Request {
    /// Who `handler` would have to answer to an envelope; `None` if that is nobody.
    pub(super) fn of(envelope: &Envelope, handler: Domain) -> Option<Self> {
        let sender = envelope.sender()?;
        Some(Self {
            id: Uuid::try_parse(&envelope.id).ok()?,
            type_name: envelope.type_name.clone(),
            handler,
            sender,
            correlation: envelope.correlation_id.clone().unwrap_or_else(|| envelope.id.clone()),
            actor: envelope.actor.clone(),
            traceparent: envelope.traceparent.clone(),
        })
    }

    /// It is done: says so to whoever asked, once the caller's transaction is committed.
    ///
    /// # Errors
    /// [`CommandError::Mismatch`] if it isn't a `C` that was asked; those of [`CommandError`].
    pub async fn done<C: Command>(
        &self,
        connection: &mut AsyncPgConnection,
        done: C::Done,
    ) -> Result<(), CommandError> {
        self.answer(connection, &Reply::<C>::Done(done)).await
    }

    /// It can't be done, and nothing was changed. `text` is for the log: it names ids, never people.
    ///
    /// # Errors
    /// As [`Request::done`].
    pub async fn refuse<C: Command>(
        &self,
        connection: &mut AsyncPgConnection,
        code: C::Refusal,
        text: impl Into<String>,
    ) -> Result<(), CommandError> {
        self.answer(connection, &Reply::<C>::Refused { code, text: text.into() }).await
    }

    /// Answers, by either.
    ///
    /// # Errors
    /// As [`Request::done`].
    pub async fn answer<C: Command>(
        &self,
        connection: &mut AsyncPgConnection,
        reply: &Reply<C>,
    ) -> Result<(), CommandError> {
        if !self.is::<C>() {
            return Err(CommandError::Mismatch { asked: self.type_name.clone(), answered: C::NAME });
        }
        let envelope = Envelope::reply(reply, &self.envelope(), self.handler, self.stamp())?;
        self.send(connection, &envelope).await
    }

    /// An event of the handling domain's that came about by this command.
    ///
    /// # Errors
    /// [`EnvelopeError`] if it can't be JSON.
    pub fn event<E: Event>(&self, event: &E) -> Result<Envelope, EnvelopeError> {
        let stamp = Stamp { id: Uuid::now_v7(), time: Utc::now() };
        Ok(Envelope::event(event, stamp)?.caused_by(&self.envelope()))
    }

    /// For the event store: how events came about.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        Metadata {
            correlation_id: Some(self.correlation.clone()),
            causation_id: Some(self.id.to_string()),
            actor: self.actor.clone(),
            traceparent: trace::here(self.traceparent.as_ref()),
        }
    }

    /// Refuses what this build can't read.
    pub(super) async fn refuse_unread(
        &self,
        connection: &mut AsyncPgConnection,
        refusal: &Refusal<'_>,
    ) -> Result<(), CommandError> {
        let envelope = Envelope::refusal(refusal, &self.envelope(), self.handler, self.stamp())?;
        self.send(connection, &envelope).await
    }

    async fn send(&self, connection: &mut AsyncPgConnection, reply: &Envelope) -> Result<(), CommandError> {
        let topic = Topic::of(self.sender, Purpose::Replies);
        Ok(outbox::append(connection, &topic, &[reply.to_message()?]).await?)
    }

    fn is<C: Command>(&self) -> bool {
        TypeName::parse(&self.type_name).is_some_and(|name| (name.domain, name.name) == (C::DOMAIN.as_str(), C::NAME))
    }

    /// The same each time: a second answer of the same handler counts as a repetition of the first.
    fn stamp(&self) -> Stamp {
        let id = Uuid::new_v5(&REPLIES, format!("{} {}", self.id, self.handler).as_bytes());
        Stamp { id, time: Utc::now() }
    }

    /// The command's envelope, as far as it takes to say what came about by it; without its data.
    fn envelope(&self) -> Envelope {
        Envelope {
            id: self.id.to_string(),
            source: Envelope::source_of(self.sender),
            type_name: self.type_name.clone(),
            subject: None,
            time: None,
            data_content_type: None,
            traceparent: trace::here(self.traceparent.as_ref()),
            sequence: None,
            correlation_id: Some(self.correlation.clone()),
            causation_id: None,
            actor: self.actor.clone(),
            extensions: std::collections::BTreeMap::new(),
            data: None,
        }
    }
}
